import { GithubError, refusesAll } from '../github/error.ts';
import type { GithubRuns } from '../github/runs.ts';
import { inParallel } from '../preflight/limits.ts';
import type { KnownRun } from './decide.ts';

interface KnownRuns {
  of(runId: string): KnownRun;
  /** Why some could not be looked up, each reason once. */
  readonly faults: readonly string[];
}

/** How many runs are asked for at the same time: GitHub wants few, and counts what is asked within an hour. */
const AT_ONCE = 4;

/**
 * Asks GitHub how each of the runs stands, once, however many jobs it has; no more is asked once GitHub has refused to
 * answer at all. Never throws: what cannot be had is `unknown`.
 */
export async function lookUpRuns(runIds: readonly string[], github: GithubRuns): Promise<KnownRuns> {
  const runs = new Map<string, KnownRun | GithubError>();
  let refusal: GithubError | undefined;
  const wanted = [...new Set(runIds)].sort((a, b) => Number(a) - Number(b));
  await inParallel(wanted, AT_ONCE, async (runId) => {
    const run = refusal ?? (await lookUp(runId, github));
    if (run instanceof GithubError && refusesAll(run)) refusal ??= run;
    runs.set(runId, run);
  });
  return {
    of: (runId) => {
      const run = runs.get(runId);
      return run === undefined || run instanceof GithubError ? 'unknown' : run;
    },
    faults: faultsOf(wanted, (runId) => runs.get(runId)),
  };
}

async function lookUp(runId: string, github: GithubRuns): Promise<KnownRun | GithubError> {
  try {
    return await github.get(runId);
  } catch (error) {
    if (error instanceof GithubError) return error;
    throw error;
  }
}

function faultsOf(runIds: readonly string[], of: (runId: string) => KnownRun | GithubError | undefined): string[] {
  const reasons = new Map<string, string[]>();
  for (const runId of runIds) {
    const run = of(runId);
    if (run instanceof GithubError) reasons.set(run.message, [...(reasons.get(run.message) ?? []), runId]);
  }
  return [...reasons].map(([reason, ids]) => {
    const [which, whose] = ids.length === 1 ? ['Workflow run', 'its jobs'] : ['Workflow runs', 'their jobs'];
    return `${which} ${ids.join(', ')} could not be looked up, so that ${whose} are left alone: ${reason}`;
  });
}
