import { inParallel } from '../preflight/limits.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import type { KnownRun } from './decide.ts';
import { GITHUB_MEND, GithubError, type GithubRuns } from './github.ts';

interface RunLookUp {
  readonly github: GithubRuns;
  /** The run that sweeps: a token that may see any of the repository's runs sees this one. */
  readonly ownRunId: string;
  readonly clock: Clock;
}

interface KnownRuns {
  of(runId: string): KnownRun;
  /** Why some could not be looked up, each reason once. */
  readonly faults: readonly string[];
}

/** How many runs are asked for at the same time: GitHub wants few, and counts what is asked within an hour. */
const AT_ONCE = 4;
const BACKOFF: Backoff = { firstMs: 500, capMs: 5_000, attempts: 4 };

/**
 * Asks GitHub how each of the runs stands, once, however many jobs it has; no more is asked once GitHub has refused to
 * answer at all. Never throws: what cannot be had is `unknown`.
 */
export async function lookUpRuns(runIds: readonly string[], options: RunLookUp): Promise<KnownRuns> {
  const runs = new Map<string, KnownRun | GithubError>();
  let refusal: GithubError | undefined;
  const see = async (runId: string): Promise<KnownRun | GithubError> => {
    const run = runs.get(runId) ?? refusal ?? (await lookUp(runId, options));
    if (run instanceof GithubError && run.prospect === 'nothing') refusal ??= run;
    runs.set(runId, run);
    return run;
  };
  const wanted = [...new Set(runIds)].sort((a, b) => Number(a) - Number(b));
  await inParallel(wanted, AT_ONCE, see);
  const gone = wanted.filter((runId) => runs.get(runId) === 'gone');
  const blind = gone.length > 0 ? blindness(await see(options.ownRunId)) : undefined;
  if (blind !== undefined) for (const runId of gone) runs.set(runId, blind);
  return {
    of: (runId) => {
      const run = runs.get(runId);
      return run === undefined || run instanceof GithubError ? 'unknown' : run;
    },
    faults: faultsOf(wanted, (runId) => runs.get(runId)),
  };
}

async function lookUp(runId: string, { github, clock }: RunLookUp): Promise<KnownRun | GithubError> {
  const transient = (error: unknown) => error instanceof GithubError && error.prospect === 'again';
  try {
    return (await retry(() => github.get(runId), { clock, backoff: BACKOFF, transient })) ?? 'gone';
  } catch (error) {
    if (error instanceof GithubError) return error;
    throw error;
  }
}

/** To a token that may not see a private repository GitHub answers as if nothing were there. */
function blindness(own: KnownRun | GithubError): GithubError | undefined {
  if (own instanceof GithubError) return own;
  const message = `GitHub does not even show the run that sweeps to this token. ${GITHUB_MEND}`;
  return own === 'gone' ? new GithubError(message, 'nothing') : undefined;
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
