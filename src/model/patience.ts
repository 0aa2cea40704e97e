import { untilAborted } from '../abort.ts';
import { messageOf } from '../faults.ts';
import { ApiError, isTransient } from '../google/api-error.ts';
import { failureWaitMs } from '../job/watch/interval.ts';
import { type Backoff, retry } from '../retry.ts';
import type { Asking } from './ask.ts';
import type { RegisterOptions } from './options.ts';

type Means = Pick<RegisterOptions, 'clock' | 'signal' | 'random' | 'log'>;

/** Bridges an outage of about twenty minutes before it gives up. */
const PATIENCE: Backoff = { firstMs: 1_000, capMs: 60_000, attempts: 28 };

/** Repeats a question while it fails for the time being, and gives it up as soon as the signal aborts. */
export function patiently<T>({ clock, signal, random, log }: Means, question: () => Promise<T>): Promise<T> {
  return retry(() => untilAborted(question(), signal), {
    clock,
    signal,
    random,
    backoff: PATIENCE,
    transient: isTransient,
    onRetry: (error, waitMs) => log.debug(`${messageOf(error)}; asked again in ${waitMs} ms`),
  });
}

/** Between two looks for a version that may turn up, at most, in milliseconds. */
const LOOK_CAP_MS = 10_000;

/** Waits for the next look, or before the upload is asked for again: as long as the service asked for, at least. */
export async function pause({ clock, signal, random = Math.random }: Means, asking: Asking): Promise<void> {
  asking.waits += 1;
  const { error } = asking.setback ?? {};
  const retryAfterMs = error instanceof ApiError ? error.retryAfterMs : undefined;
  const waitMs = failureWaitMs({ count: asking.waits, retryAfterMs }, 1_000, random());
  const left = asking.lookUntil - clock.now();
  await clock.sleep(left > 0 ? Math.min(waitMs, left, LOOK_CAP_MS) : waitMs, signal);
}
