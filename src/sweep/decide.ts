import { keyOf } from '../plan/identity.ts';
import { KEY_LABEL, SERIES_LABEL } from '../plan/labels.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';

const RUN_LABEL = 'run-id';

/** How a workflow run stands, as GitHub tells it. */
export interface WorkflowRun {
  /** `queued`, `in_progress`, `completed`, … */
  readonly status: string;
  /** `success`, `failure`, `cancelled`, `timed_out`, …; undefined while it runs. */
  readonly conclusion: string | undefined;
}

/** What is known of the run behind a job; `gone` where GitHub has none of that id any more. */
export type KnownRun = WorkflowRun | 'gone' | 'unknown';

/**
 * The workflow run that made a job; undefined where its labels do not say so for sure. Anybody may set labels: the key
 * is a hash of series and run, so that only a run id that belongs to the job counts.
 */
export function runOf({ labels }: Pick<Job, 'labels'>): string | undefined {
  const { [SERIES_LABEL]: series = '', [KEY_LABEL]: key = '', [RUN_LABEL]: run = '' } = labels;
  return /^\d{1,20}$/.test(run) && keyOf(series, run) === key ? run : undefined;
}

/** What becomes of a job, and why. */
export interface Verdict {
  readonly course: 'leave' | 'end';
  readonly why: string;
}

/** Runs that came to such an end watch over their jobs no more, and did not leave them on purpose. */
const BROKEN: ReadonlySet<string> = new Set(['cancelled', 'failure', 'timed_out', 'startup_failure', 'stale']);

/** A job is ended only where its run is surely over and did not end well: a job that was left on purpose goes on. */
export function judge(job: Job, run: KnownRun): Verdict {
  if (hasEnded(job)) return { course: 'leave', why: `it is ${job.state}` };
  if (run === 'unknown') return { course: 'leave', why: 'its workflow run could not be looked up' };
  if (run === 'gone') return { course: 'leave', why: 'GitHub has its workflow run no more' };
  if (run.status !== 'completed') return { course: 'leave', why: `its workflow run is ${run.status}` };
  const { conclusion = 'unknown' } = run;
  return BROKEN.has(conclusion)
    ? { course: 'end', why: `its workflow run ended in ${conclusion}` }
    : { course: 'leave', why: `its workflow run ended in ${conclusion}: it was left to run on` };
}

/** Whether a job may be told of at all: one that lives although its run is over. */
export const isLeftover = (job: Job, run: KnownRun): boolean =>
  !hasEnded(job) && (run === 'gone' || (typeof run === 'object' && run.status === 'completed'));
