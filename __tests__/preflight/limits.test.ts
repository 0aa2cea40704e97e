import { describe, expect, test } from '@jest/globals';
import { untilAborted } from '../../src/abort.ts';
import { inParallel, limitOf } from '../../src/preflight/limits.ts';
import { ManualClock } from './manual-clock.ts';

describe('a limit', () => {
  test('ends with its time', () => {
    const clock = new ManualClock();
    const limit = limitOf(15_000, clock, new AbortController().signal);
    clock.advance(14_999);
    return Promise.resolve()
      .then(() => expect(limit.signal.aborted).toBe(false))
      .then(() => clock.advance(1))
      .then(() => undefined)
      .then(() => expect(limit.signal.reason).toMatchObject({ message: 'no answer within 15 seconds' }));
  });

  test('ends with the signal around it, for its reason', () => {
    const outer = new AbortController();
    const limit = limitOf(1, new ManualClock(), outer.signal);
    const reason = new Error('cancelled');
    outer.abort(reason);
    expect(limit.signal.reason).toBe(reason);
  });

  test('that has ended leaves nobody asleep', () => {
    const clock = new ManualClock();
    const limit = limitOf(1, clock, new AbortController().signal);
    expect(clock.asleep).toBe(1);
    limit.end();
    expect([limit.signal.aborted, clock.asleep]).toEqual([true, 0]);
  });

  test('does not begin after the end', () => {
    expect(() => limitOf(1, new ManualClock(), AbortSignal.abort(new Error('cancelled')))).toThrow('cancelled');
  });
});

describe('until it is aborted', () => {
  test('a promise is what it was', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(5), signal)).toBe(5);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  test('then it is waited for no longer, and what it does is nobody’s concern', async () => {
    const stop = new AbortController();
    let fail: (error: Error) => void = () => {};
    const late = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const waited = untilAborted(late, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waited).rejects.toThrow('enough');
    fail(new Error('too late'));
    await expect(untilAborted(new Promise(() => {}), stop.signal)).rejects.toThrow('enough');
  });
});

describe('in parallel', () => {
  test('outcomes keep the order of the items, whichever comes first', async () => {
    const release: (() => void)[] = [];
    const made = inParallel(['a', 'b', 'c'], 3, async (item) => {
      await new Promise<void>((resolve) => release.push(resolve));
      return item.toUpperCase();
    });
    for (const each of release.toReversed()) each();
    expect(await made).toEqual(['A', 'B', 'C']);
  });

  test('no more than so many at a time, and each once', async () => {
    let open = 0;
    let most = 0;
    const made = await inParallel(
      Array.from({ length: 50 }, (_, index) => index),
      8,
      async (item) => {
        open += 1;
        most = Math.max(most, open);
        await new Promise<void>((resolve) => setImmediate(resolve));
        open -= 1;
        return item;
      },
    );
    expect([most, made]).toEqual([8, Array.from({ length: 50 }, (_, index) => index)]);
  });

  test('of nothing is nothing', async () => {
    expect(await inParallel([], 8, async () => 1)).toEqual([]);
  });
});
