import type { MadeImage } from '../image/image.ts';
import { type Cause, causeWith } from '../job/cause/cause.ts';
import type { Submitted } from '../job/submit/submit.ts';
import { limitText, type TimeLimit } from '../job/watch/deadline.ts';
import { detachText, resumeLines } from '../job/watch/detach.ts';
import { writeTrials } from '../report/conclude.ts';
import { jobOutputs, trialOutputs } from '../report/outputs.ts';
import { summaryOf } from '../report/summary.ts';
import { JobFailedError } from '../report/tell.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import type { MetricSpec } from '../vertex/types.ts';
import type { Detach } from './follow.ts';
import { pageOf } from './page.ts';
import type { Base } from './run.ts';

/** How the step's part of a job came to its end. */
export interface Ending {
  readonly job: Job;
  /** Why the step leaves the job, which runs on. */
  readonly stopped: Detach | undefined;
  /** Why the job did not succeed; undefined where it did, or runs on. */
  readonly cause: Cause | undefined;
}

/** What is reported of a job beside its end. */
export interface About {
  readonly metrics: readonly MetricSpec[];
  /** `NAME: why`, a line for each kind of machine. */
  readonly machines: readonly string[];
  /** What runs; undefined where nothing was built. */
  readonly image: MadeImage | undefined;
}

/** What the next steps need of a job is handed to them as soon as there is one. */
export function tellJob(
  { step, log, clock, setOutputs }: Base,
  { job, how }: Pick<Submitted, 'job' | 'how'>,
  limit: TimeLimit | undefined,
): void {
  const page = pageOf(step, job);
  setOutputs(jobOutputs(job, page));
  const where = page === '' ? job.name : `${job.name}: ${page}`;
  if (how !== 'created') {
    log.info(`The job of this step is ${where}`);
    return;
  }
  const limitLine = limit === undefined ? '' : `\n${limitText(limit, clock.now())}`;
  log.notice(`Submitted ${where}${limitLine}`);
}

/** Outputs and summary of the job as it now is. Throws JobFailedError where it did not succeed. */
export async function conclude(base: Base, { job, stopped, cause }: Ending, about: About): Promise<void> {
  const { step, log, signal, clock, setOutputs } = base;
  const { metrics } = about;
  const page = pageOf(step, job);
  setOutputs({ ...jobOutputs(job, page), ...trialOutputs(job, metrics) });
  if (job.trials.length > 0) setOutputs({ trials_file: writeTrials(job, step.tempFolder) });
  await base.writeSummary(summaryOf({ ...about, job, consoleUrl: page, cause, now: clock.now() }));
  if (stopped !== undefined) {
    tellLeft(job, stopped, log);
    return;
  }
  // Left on purpose: nothing of it failed.
  if (signal.aborted && !hasEnded(job) && step.inputs.course.onCancel === 'detach') throw signal.reason;
  if (cause !== undefined || job.state !== 'SUCCEEDED') throw new JobFailedError(job, cause ?? unexplained(job));
}

/** No job that did not succeed passes for one that did, whatever is known of why. */
const unexplained = ({ state, error }: Job): Cause =>
  causeWith(error?.message || `the job is ${state}, and nothing tells why.`);

function tellLeft(job: Job, { because }: Detach, log: Base['log']): void {
  if (because !== 'wait') {
    log.warning(detachText({ job, because }));
    return;
  }
  const lines = ['wait is false: the job runs on, and this step ends here.', ...resumeLines(job.name)];
  for (const line of lines) log.info(line);
}
