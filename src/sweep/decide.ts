import type { WorkflowRun } from '../github/runs.ts';
import { isLive } from '../job/submit/decide.ts';
import type { Job } from '../vertex/jobs.ts';

/** What is known of the run behind a job; `gone` where GitHub has none of that id any more. */
export type KnownRun = WorkflowRun | 'gone' | 'unknown';

/** What becomes of a job, and why. */
export interface Verdict {
  readonly course: 'leave' | 'end';
  readonly why: string;
}

/** Runs that came to such an end watch over their jobs no more, and did not leave them on purpose. */
const BROKEN: ReadonlySet<string> = new Set(['cancelled', 'failure', 'timed_out', 'startup_failure', 'stale']);

/** A job is ended only where its run is surely over and did not end well: a job that was left on purpose goes on. */
export function judge(job: Job, run: KnownRun): Verdict {
  if (!isLive(job)) return { course: 'leave', why: `it is ${job.state}` };
  if (run === 'unknown') return { course: 'leave', why: 'its workflow run could not be looked up' };
  if (run === 'gone') return { course: 'leave', why: 'GitHub has its workflow run no more' };
  if (run.status !== 'completed') return { course: 'leave', why: `its workflow run is ${run.status}` };
  const { conclusion } = run;
  if (conclusion === undefined) return { course: 'leave', why: 'its workflow run has no conclusion' };
  const why = `its workflow run ended in ${conclusion}`;
  if (BROKEN.has(conclusion)) return { course: 'end', why };
  return {
    course: 'leave',
    why: conclusion === 'success' ? `${why}: it was left to run on` : `${why}, which is no failure`,
  };
}

/** Whether a job may be told of at all: one that lives although its run is over. */
export const isLeftover = (job: Job, run: KnownRun): boolean =>
  isLive(job) && (run === 'gone' || (typeof run === 'object' && run.status === 'completed'));
