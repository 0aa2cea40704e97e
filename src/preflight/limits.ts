import { untilAborted } from '../abort.ts';
import type { Clock } from '../retry.ts';

/** What a signal that time ended is aborted with. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';

  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`);
  }
}

/** A signal that aborts with another, or by itself once its time is up. */
export interface Limit {
  readonly signal: AbortSignal;
  /** Aborts it, so that whatever still goes on under it ends too. */
  end(): void;
}

/** A limit of `ms` milliseconds; time that is up aborts it with OutOfTime, `outer` with its own reason. */
export function limitOf(ms: number, clock: Clock, outer: AbortSignal): Limit {
  outer.throwIfAborted();
  const inner = new AbortController();
  const onAbort = () => inner.abort(outer.reason);
  outer.addEventListener('abort', onAbort, { once: true });
  const onTime = () => inner.abort(new OutOfTime(ms));
  clock.sleep(ms, inner.signal).then(onTime, () => {});
  const end = () => {
    outer.removeEventListener('abort', onAbort);
    inner.abort();
  };
  return { signal: inner.signal, end };
}

/** Runs `body` for at most `ms` milliseconds, under a signal that has ended with it. */
export async function within<T>(
  ms: number,
  clock: Clock,
  outer: AbortSignal,
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = limitOf(ms, clock, outer);
  try {
    return await untilAborted(body(limit.signal), limit.signal);
  } finally {
    limit.end();
  }
}

/** Runs `body` on every item, `most` at a time, begun in their order; the outcomes are in that order too. */
export async function inParallel<T, R>(
  items: readonly T[],
  most: number,
  body: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const outcomes: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) outcomes[index] = await body(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  return outcomes;
}
