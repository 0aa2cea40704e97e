import { together, UserError } from '../faults.ts';
import type { MadeImage } from '../image/image.ts';
import { type Cause, causeWith } from '../job/cause/cause.ts';
import type { Submitted } from '../job/submit/submit.ts';
import { limitText, type TimeLimit } from '../job/watch/deadline.ts';
import { detachText, resumeLines } from '../job/watch/detach.ts';
import type { ModelUpload } from '../plan/model/upload.ts';
import { writeTrials } from '../report/conclude.ts';
import { jobOutputs } from '../report/outputs.ts';
import { GateFailedError, JobFailedError } from '../report/tell.ts';
import type { Baseline } from '../results/types.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import type { MetricSpec } from '../vertex/types.ts';
import type { Detach } from './follow.ts';
import { pagesOf } from './page.ts';
import { report } from './report.ts';
import { makeResults } from './results.ts';
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
  readonly baseline: Baseline | undefined;
  /** The model that this step uploads once the job has passed its gate. */
  readonly upload: ModelUpload | undefined;
}

/** What the next steps need of a job is handed to them as soon as there is one. */
export function tellJob(
  { step, log, clock, setOutputs }: Base,
  { job, how }: Pick<Submitted, 'job' | 'how'>,
  limit: TimeLimit | undefined,
): void {
  const pages = pagesOf(step, job);
  setOutputs(jobOutputs(job, pages));
  const where = pages.console === undefined ? job.name : `${job.name}: ${pages.console}`;
  if (how !== 'created') {
    log.info(`The job of this step is ${where}`);
    return;
  }
  const lines = [
    `Submitted ${where}`,
    ...(pages.logs === undefined ? [] : [`Its log: ${pages.logs}`]),
    ...(limit === undefined ? [] : [limitText(limit, clock.now())]),
  ];
  log.notice(lines.join('\n'));
}

/**
 * Everything that is told and made of the job as it now is. Throws what stands against it, once all else is told: JobFailedError
 * where it did not succeed, GateFailedError, and what could not be read, uploaded or downloaded.
 */
export async function conclude(base: Base, ending: Ending, about: About): Promise<void> {
  const { step, log, signal, setOutputs } = base;
  const { job, stopped, cause } = ending;
  setOutputs(jobOutputs(job, pagesOf(step, job)));
  const unwritten = tellTrials(base, job, about);
  const { results, failures: unmade } = await makeResults(base, job, about);
  const failures = [...unwritten, ...unmade];
  await report(base, { ...ending, results, failures }, about);
  if (stopped !== undefined) {
    tellLeft(job, stopped, log);
    return;
  }
  // Left on purpose: nothing of it failed.
  if (signal.aborted && !hasEnded(job) && step.inputs.course.onCancel === 'detach') throw signal.reason;
  if (cause !== undefined || job.state !== 'SUCCEEDED') throw new JobFailedError(job, cause ?? unexplained(job));
  const failed = results.gate.filter(({ passed }) => !passed);
  const all = [...(failed.length === 0 ? [] : [new GateFailedError(failed)]), ...failures];
  if (all.length > 0) throw together(all);
}

/** Hands on the file of all trials; what stands against that is no reason to keep the rest back. */
function tellTrials({ step, redact, setOutputs }: Base, job: Job, { metrics }: About): Error[] {
  if (job.trials.length === 0) return [];
  try {
    const selecting = { metrics, selection: job.study?.selection };
    setOutputs({ trials_file: writeTrials(job, selecting, step.tempFolder, redact) });
    return [];
  } catch (cause) {
    return [new UserError('trials_file: the file of all trials could not be written', { cause })];
  }
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
