import type { Clock } from './retry.ts';

/**
 * What `promise` comes to, unless the signal aborts first: then its reason is thrown at once, as a cancelled step waits for
 * nobody's answer. What the promise does after that is nobody's concern, its failure included.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Waits for `promise`, whatever it comes to, for at most `ms` milliseconds. */
export async function within(ms: number, promise: Promise<unknown>, clock: Clock): Promise<void> {
  const stop = new AbortController();
  const quiet = () => {};
  try {
    await Promise.race([promise.then(quiet, quiet), clock.sleep(ms, stop.signal).catch(quiet)]);
  } finally {
    stop.abort();
  }
}
