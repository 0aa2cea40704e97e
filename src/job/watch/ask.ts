import { untilAborted } from '../../abort.ts';
import { ApiError, isTransient } from '../../google/api-error.ts';
import type { Clock } from '../../retry.ts';

interface AskOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long an answer is waited for, in milliseconds. */
  readonly withinMs: number;
}

/**
 * The answer to a request, if it comes in time. Throws the signal's reason as soon as that aborts, and ApiError without a
 * status (`action` says what was asked) where no answer came.
 */
export async function ask<T>(action: string, request: () => Promise<T>, options: AskOptions): Promise<T> {
  const { clock, signal, withinMs } = options;
  signal.throwIfAborted();
  const over = new AbortController();
  const late = clock.sleep(withinMs, over.signal).then(
    () => {
      throw new ApiError(`${action}: no answer within ${Math.round(withinMs / 1_000)} s`, undefined);
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return await untilAborted(Promise.race([request(), late]), signal);
  } finally {
    over.abort();
  }
}

/** Refusals for want of a good token in a row after which no renewal is hoped for. */
const MOST_UNAUTHENTICATED = 3;

/**
 * Whether to ask again after `count` failures in a row, this one included: where another attempt may help, and a few times
 * where the token had just run out.
 */
export function mayAskAgain(error: unknown, count: number): boolean {
  if (isTransient(error)) return true;
  return error instanceof ApiError && error.httpStatus === 401 && count < MOST_UNAUTHENTICATED;
}

/** The wait that a failure asks for by Retry-After, in milliseconds; undefined where it names none. */
export function retryAfterOf(error: unknown): number | undefined {
  return error instanceof ApiError ? error.retryAfterMs : undefined;
}
