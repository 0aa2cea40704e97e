import { byId } from '../../results/trials.ts';
import { spanText } from '../../span.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { timesOf } from '../../vertex/times.ts';
import type { MetricSpec } from '../../vertex/types.ts';
import { stateWords } from './states.ts';
import { TrialNews } from './trial-news.ts';

interface NewsOptions {
  /** The study's metrics; none for a job that is no study. */
  readonly metrics: readonly MetricSpec[];
  /** How many trials the study runs; undefined where that is not known. */
  readonly maxTrials: number | undefined;
}

/** The lines to tell of a job as it is now seen, each once; `now` in milliseconds since the epoch. */
export type Newscaster = (job: Job, now: number) => readonly string[];

/**
 * Tells what is new of a job, whatever was told before: answers that lag behind earlier ones are no news. What a study that is
 * joined on its way has done so far is told in one line.
 */
export function newscaster(options: NewsOptions): Newscaster {
  const trials = new TrialNews(options);
  let state: string | undefined;
  return (job, now) => {
    const joining = state === undefined;
    const sorted = [...job.trials].sort(byId);
    const selection = job.study?.selection;
    const lines = joining ? trials.begin(sorted, now, selection) : trials.linesOf(sorted, now, selection);
    if (job.state !== state) lines.push(stateLine(job, state, now));
    state = job.state;
    return lines;
  };
}

/** The job's new state, with the times it took to get there. */
function stateLine(job: Job, before: string | undefined, now: number): string {
  const { queuedMs, runningMs } = timesOf(job, now);
  if (hasEnded(job)) return endLine(job.state, queuedMs, runningMs);
  if (job.state !== 'RUNNING') return `Job is ${stateWords(job.state)}.`;
  if (before === undefined) {
    return `Job is RUNNING${runningMs === undefined ? '' : `, for ${spanText(runningMs)} now`}.`;
  }
  const wasWaiting = before === 'QUEUED' || before === 'PENDING' || before === 'UNSPECIFIED';
  return `Job is RUNNING${wasWaiting ? ` after ${spanText(queuedMs)} in the queue` : ' again'}.`;
}

function endLine(state: string, queuedMs: number, runningMs: number | undefined): string {
  const queue = `${spanText(queuedMs)} in the queue`;
  if (runningMs === undefined) return `Job is ${state} after ${queue}; it never ran.`;
  return `Job is ${state} after ${spanText(runningMs)} of running and ${queue}.`;
}
