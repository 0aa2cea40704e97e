import type { Clock } from '../../src/retry.ts';

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
    this.slept.push(ms);
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
