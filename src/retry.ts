import { setTimeout as delay } from 'node:timers/promises';

/** Time as the rooms see it: passed in, so that a test can run a week in a second. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

export interface Backoff {
  /** The wait before the second attempt, in milliseconds. */
  readonly firstMs: number;
  /** No wait is longer than this, in milliseconds. */
  readonly capMs: number;
  /** Attempts in all, the first included. */
  readonly attempts: number;
}

/** The wait after attempt `attempt` (1 upward): doubled each time, capped, with full jitter from `random` in [0, 1). */
export function backoffMs(backoff: Backoff, attempt: number, random: number): number {
  const ceiling = Math.min(backoff.capMs, backoff.firstMs * 2 ** (attempt - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Whether the error is worth another attempt. */
  readonly transient: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onRetry?: ((error: unknown, waitMs: number) => void) | undefined;
  readonly random?: (() => number) | undefined;
}

/** Runs `action` until it succeeds, fails for good, or the attempts are used up; throws the last error as it was. */
export async function retry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, backoff, transient, signal, onRetry, random = Math.random } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (attempt >= backoff.attempts || !transient(error)) throw error;
      const waitMs = backoffMs(backoff, attempt, random());
      onRetry?.(error, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}
