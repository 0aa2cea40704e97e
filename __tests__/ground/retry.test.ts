import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Backoff, backoffMs, retry, systemClock } from '../../src/retry.ts';
import { SimulatedClock } from './clock.ts';

const BACKOFF: Backoff = { firstMs: 100, capMs: 1_000, attempts: 6 };

/** An action that fails with each of the errors in turn and then gives 'done'. */
function failing(...errors: unknown[]) {
  const calls = { count: 0 };
  const action = async () => {
    const index = calls.count;
    calls.count += 1;
    if (index < errors.length) throw errors[index];
    return 'done';
  };
  return { calls, action };
}

describe('the wait after an attempt', () => {
  test.each([
    { name: 'first, least', attempt: 1, random: 0, ms: 50 },
    { name: 'first, most', attempt: 1, random: 1, ms: 100 },
    { name: 'doubled', attempt: 3, random: 1, ms: 400 },
    { name: 'capped', attempt: 20, random: 1, ms: 1_000 },
    { name: 'capped, where the doubling overflows', attempt: 5_000, random: 0, ms: 500 },
  ])('$name', ({ attempt, random, ms }) => {
    expect(backoffMs(BACKOFF, attempt, random)).toBe(ms);
  });

  test('is at least half of what is due, and never above the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const due = Math.min(1_000, 100 * 2 ** (attempt - 1));
        const ms = backoffMs(BACKOFF, attempt, random);
        expect(ms).toBeGreaterThanOrEqual(due / 2);
        expect(ms).toBeLessThanOrEqual(due);
      }),
    );
  });
});

describe('retry', () => {
  test('gives what the action gives, and waits longer each time', async () => {
    const clock = new SimulatedClock();
    const { action, calls } = failing('a', 'b', 'c');
    const told: unknown[] = [];
    const result = await retry(action, {
      clock,
      backoff: BACKOFF,
      transient: () => true,
      random: () => 1,
      onRetry: (error, ms) => told.push([error, ms]),
    });
    expect([result, calls.count]).toEqual(['done', 4]);
    expect(clock.slept).toEqual([100, 200, 400]);
    expect(told).toEqual([
      ['a', 100],
      ['b', 200],
      ['c', 400],
    ]);
  });

  test('throws the last error as it was, once the attempts are used up', async () => {
    const errors = Array.from({ length: 9 }, (_, index) => new Error(`${index}`));
    const { action, calls } = failing(...errors);
    const clock = new SimulatedClock();
    await expect(retry(action, { clock, backoff: BACKOFF, transient: () => true })).rejects.toBe(errors[5]);
    expect([calls.count, clock.slept.length]).toEqual([6, 5]);
  });

  test('does not repeat what cannot be mended by it', async () => {
    const { action, calls } = failing('busy', 'forbidden', 'busy');
    const clock = new SimulatedClock();
    const answer = retry(action, { clock, backoff: BACKOFF, transient: (error) => error === 'busy' });
    await expect(answer).rejects.toBe('forbidden');
    expect(calls.count).toBe(2);
  });

  test('ends at once when the signal aborts in a wait', async () => {
    const clock = new SimulatedClock();
    const controller = new AbortController();
    clock.at(10, () => controller.abort('stop'));
    const { action, calls } = failing('a', 'b');
    const answer = retry(action, { clock, backoff: BACKOFF, transient: () => true, signal: controller.signal });
    await expect(answer).rejects.toBe('stop');
    expect(calls.count).toBe(1);
  });

  test('does not begin with a signal that has aborted', async () => {
    const { action, calls } = failing();
    const clock = new SimulatedClock();
    const signal = AbortSignal.abort('stop');
    await expect(retry(action, { clock, backoff: BACKOFF, transient: () => true, signal })).rejects.toBe('stop');
    expect(calls.count).toBe(0);
  });
});

describe('the real clock', () => {
  test('does not sleep with a signal that has aborted', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort('stop'))).rejects.toBe('stop');
  });

  test("wakes with the signal's own reason", async () => {
    const controller = new AbortController();
    const slept = systemClock.sleep(60_000, controller.signal);
    controller.abort('stop');
    await expect(slept).rejects.toBe('stop');
  });
});
