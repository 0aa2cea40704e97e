import { describe, expect, it } from '@jest/globals';
import { ShiftedClock } from '../../../src/local/faults/clock.ts';
import type { Clock } from '../../../src/retry.ts';

/** A clock that stands still, and whose sleepers wake when they are told to. */
class StandingClock implements Clock {
  ms = 1_000;
  readonly sleeps: { readonly ms: number; readonly wake: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      this.sleeps.push({ ms, wake: resolve });
    });
  }

  /** Lets its own time pass to the end of the last sleep. */
  pass(): void {
    const last = this.sleeps.pop();
    this.ms += last?.ms ?? 0;
    last?.wake();
  }
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a promise has resolved, or why it has rejected. */
function watched(promise: Promise<void>): { is: unknown } {
  const state: { is: unknown } = { is: 'waiting' };
  promise.then(
    () => {
      state.is = 'done';
    },
    (error: unknown) => {
      state.is = error;
    },
  );
  return state;
}

describe('ShiftedClock', () => {
  it('shows the time advanced and wrong', () => {
    const clock = new ShiftedClock(new StandingClock(), { advancedMs: 10, skewMs: 5 });
    expect([clock.now(), clock.unskewed()]).toEqual([1_015, 1_010]);
    clock.move({ advanceMs: 100, skewMs: -7 });
    clock.move({ advanceMs: 100 });
    expect([clock.now(), clock.unskewed(), clock.shift]).toEqual([1_203, 1_210, { advancedMs: 210, skewMs: -7 }]);
  });

  it('wakes a sleeper once the time that was let pass suffices', async () => {
    const base = new StandingClock();
    const clock = new ShiftedClock(base);
    const sleeper = watched(clock.sleep(100));
    clock.move({ advanceMs: 60 });
    await turns();
    expect([sleeper.is, base.sleeps.map(({ ms }) => ms)]).toEqual(['waiting', [100, 40]]);
    clock.move({ advanceMs: 40 });
    await turns();
    expect(sleeper.is).toBe('done');
  });

  it('wakes nobody when it becomes wrong', async () => {
    const clock = new ShiftedClock(new StandingClock());
    const sleeper = watched(clock.sleep(100));
    clock.move({ skewMs: 1_000 });
    await turns();
    expect(sleeper.is).toBe('waiting');
  });

  it('sleeps longer than a timer can', async () => {
    const base = new StandingClock();
    const sleeper = watched(new ShiftedClock(base).sleep(2 ** 31 + 10));
    await turns();
    base.pass();
    await turns();
    expect([sleeper.is, base.sleeps.map(({ ms }) => ms)]).toEqual(['waiting', [11]]);
    base.pass();
    await turns();
    expect(sleeper.is).toBe('done');
  });

  it('ends a sleep with the reason of its signal, also one that began too late', async () => {
    const clock = new ShiftedClock(new StandingClock());
    const controller = new AbortController();
    const reason = new Error('enough');
    const sleeper = watched(clock.sleep(100, controller.signal));
    controller.abort(reason);
    await turns();
    expect(sleeper.is).toBe(reason);
    await expect(clock.sleep(1, controller.signal)).rejects.toBe(reason);
  });
});
