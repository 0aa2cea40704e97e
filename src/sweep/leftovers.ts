import { outermost, runOf } from '../job/origin.ts';
import { byAge } from '../job/submit/age.ts';
import type { Job } from '../vertex/jobs.ts';
import { isLeftover, judge, type KnownRun, type Verdict } from './decide.ts';
import type { PlacedJob, SweptPlace } from './list.ts';

/** A live job whose workflow run is over. */
export interface Leftover {
  readonly job: Job;
  readonly place: SweptPlace;
  readonly runId: string;
  readonly run: KnownRun;
  readonly verdict: Verdict;
}

/** The repository's live jobs, by how they stand to their workflow runs. */
export interface Sorted {
  /** Oldest first. */
  readonly leftovers: readonly Leftover[];
  /** How many belong to runs that go on, or are ending. */
  readonly watched: number;
  /** Those whose run GitHub did not tell of. */
  readonly unjudged: number;
  /** Those whose labels do not say for sure which run made them. */
  readonly nobodys: readonly Job[];
}

/** The jobs that stand for themselves; what the service runs for another job ends with that. */
export function outermostOf(jobs: readonly PlacedJob[]): readonly PlacedJob[] {
  const standing = new Set(outermost(jobs.map(({ job }) => job)));
  return jobs.filter(({ job }) => standing.has(job));
}

/** Sorts live jobs by what `runs` tells of the workflow run behind each. */
export function sorted(jobs: readonly PlacedJob[], runs: (runId: string) => KnownRun): Sorted {
  const leftovers: Leftover[] = [];
  const nobodys: Job[] = [];
  let unjudged = 0;
  for (const { job, place } of jobs) {
    const runId = runOf(job);
    const run = runId === undefined ? 'unknown' : runs(runId);
    if (runId === undefined) nobodys.push(job);
    else if (run === 'unknown') unjudged += 1;
    else if (isLeftover(job, run)) leftovers.push({ job, place, runId, run, verdict: judge(job, run) });
  }
  leftovers.sort((a, b) => byAge(a.job, b.job));
  const watched = jobs.length - leftovers.length - nobodys.length - unjudged;
  return { leftovers, watched, unjudged, nobodys };
}
