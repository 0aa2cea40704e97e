import { type Backoff, retry } from '../../retry.ts';
import { DockerFailure } from './run.ts';
import type { BuildEdges } from './types.ts';

/** A registry that restarts is back within a few of these. */
const BACKOFF: Backoff = { firstMs: 3_000, capMs: 20_000, attempts: 4 };
/** A login that is refused within this time of being made has not expired: it may not push. In milliseconds. */
const FRESH_MS = 60_000;
/** A token of five minutes lets a push of half an hour through. */
const MOST_LOGINS = 6;

export type PersistEdges = Pick<BuildEdges, 'log' | 'clock' | 'signal' | 'signIn'> & {
  readonly random?: (() => number) | undefined;
};

/**
 * Runs a command that pushes until it succeeds: again after a pause where the connection or the registry failed, and again
 * with a new login where the old one may have expired. What it has pushed by then is not pushed again. Throws the last
 * failure.
 */
export function persist<T>(push: () => Promise<T>, edges: PersistEdges): Promise<T> {
  const { clock, signal, log, random } = edges;
  const logins: Logins = { count: 0, lastMs: undefined };
  return retry(() => withNewLogins(push, edges, logins), {
    clock,
    signal,
    random,
    backoff: BACKOFF,
    transient: (error) => error instanceof DockerFailure && error.failure === 'transient',
    onRetry: (error, waitMs) => {
      const reason = error instanceof DockerFailure ? error.reason : String(error);
      log.warning(`The push failed, and is tried again in ${(waitMs / 1000).toFixed(1)} s: ${reason}`);
    },
  });
}

/** The logins that refusals have brought about so far. */
interface Logins {
  count: number;
  lastMs: number | undefined;
}

async function withNewLogins<T>(push: () => Promise<T>, edges: PersistEdges, logins: Logins): Promise<T> {
  for (;;) {
    try {
      return await push();
    } catch (error) {
      if (!mayHaveExpired(error, logins, edges.clock.now())) throw error;
      edges.log.info(`The registry refused the login, which may have expired: signs in again. ${error.reason}`);
      await edges.signIn();
      logins.count += 1;
      logins.lastMs = edges.clock.now();
    }
  }
}

function mayHaveExpired(error: unknown, { count, lastMs }: Logins, nowMs: number): error is DockerFailure {
  if (!(error instanceof DockerFailure) || error.failure !== 'login' || count >= MOST_LOGINS) return false;
  return lastMs === undefined || nowMs - lastMs >= FRESH_MS;
}
