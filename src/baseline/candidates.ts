import type { WorkflowRun } from '../github/runs.ts';
import { outermost, runOf } from '../job/origin.ts';
import { byAge } from '../job/submit/age.ts';
import { SERIES_LABEL } from '../plan/labels.ts';
import type { Job } from '../vertex/jobs.ts';

/** A job that is the baseline if its workflow run ended well. */
export interface Candidate {
  readonly job: Job;
  readonly runId: string;
}

/** A job that is none, and why. */
export interface PassedOver {
  readonly job: Job;
  readonly why: string;
}

/** The jobs of a series, told apart. */
export interface Sorted {
  /** Newest first. */
  readonly candidates: readonly Candidate[];
  readonly passedOver: readonly PassedOver[];
}

/** Whose baseline is looked for. */
interface Asker {
  /** The step's series on the default branch. */
  readonly series: string;
  /** The run that made the job to compare: what that made, in whichever attempt, is no baseline. */
  readonly ownRunId: string;
}

/** Sorts the jobs that were listed for a series. What the service runs for another of them is told nowhere. */
export function candidatesOf(jobs: readonly Job[], asker: Asker): Sorted {
  const candidates: Candidate[] = [];
  const passedOver: PassedOver[] = [];
  for (const job of [...outermost(jobs)].sort(byAge).reverse()) {
    // Whatever the service makes of the filter.
    if (job.labels[SERIES_LABEL] !== asker.series) continue;
    const runId = runOf(job);
    if (runId === undefined) passedOver.push({ job, why: 'its labels do not say for sure which workflow run made it' });
    else if (runId === asker.ownRunId) passedOver.push({ job, why: 'this workflow run made it' });
    else if (job.state !== 'SUCCEEDED') passedOver.push({ job, why: `it is ${job.state}` });
    else candidates.push({ job, runId });
  }
  return { candidates, passedOver };
}

/**
 * Why a run is none that a baseline comes from; undefined where it is one. A run of pull_request_target is on the default branch
 * by its ref, though it is a pull request that it works for.
 */
export function refusalOf(run: WorkflowRun | 'gone'): string | undefined {
  if (run === 'gone') return 'GitHub has its workflow run no more';
  const { status, conclusion, event = '' } = run;
  if (status !== 'completed') return `its workflow run is ${status}`;
  if (conclusion !== 'success') return `its workflow run ended in ${conclusion ?? 'no conclusion'}`;
  return event.startsWith('pull_request') ? 'its workflow run is that of a pull request' : undefined;
}
