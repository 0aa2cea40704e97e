import { ApiError, isTransient } from '../google/api-error.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';

/** What waits and chance are taken from, and who hears of a wait. */
export interface Patience {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onRetry: (error: unknown, waitMs: number) => void;
}

/** About a minute in all: Cloud Storage asks for waits that double up to half a minute. */
const BACKOFF: Backoff = { firstMs: 500, capMs: 30_000, attempts: 8 };
/** No service is waited for longer at a time, whatever it asks for, in milliseconds. */
const MOST_ASKED_MS = 5 * 60_000;

/** Runs a call again while it fails for the time being, each time after at least the wait that the answer asks for. */
export function patiently<T>(call: () => Promise<T>, { clock, random, signal, onRetry }: Patience): Promise<T> {
  let asked = 0;
  return retry(call, {
    clock: { now: () => clock.now(), sleep: (ms, waitSignal) => clock.sleep(Math.max(ms, asked), waitSignal) },
    backoff: BACKOFF,
    transient: isTransient,
    signal,
    random,
    onRetry: (error, waitMs) => {
      asked = Math.min((error instanceof ApiError ? error.retryAfterMs : undefined) ?? 0, MOST_ASKED_MS);
      onRetry(error, Math.max(waitMs, asked));
    },
  });
}
