import type { Clock } from '../../src/retry.ts';

const MOST_SLEEPS = 200_000;

/** Time that passes only where somebody sleeps: a week takes no time, and what is due on the way happens in its order. */
export class SimulatedClock implements Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly slept: number[] = [];
  #now: number;
  #due: { readonly at: number; readonly action: () => void }[] = [];

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Lets `action` happen as soon as somebody sleeps up to or past `at`. */
  at(at: number, action: () => void): void {
    this.#due.push({ at, action });
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // Whoever waits for ever would else do so in real time too, and no time limit of the test would be heard.
    if (this.slept.push(ms) > MOST_SLEEPS) throw new Error(`slept ${MOST_SLEEPS} times and is still waiting`);
    const until = this.#now + ms;
    for (const { at, action } of this.#dueBy(until)) {
      this.#now = Math.max(this.#now, at);
      action();
      signal?.throwIfAborted();
    }
    this.#now = until;
    await Promise.resolve();
  }

  #dueBy(until: number) {
    const due = this.#due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
    this.#due = this.#due.filter(({ at }) => at > until);
    return due;
  }
}
