import type { Clock } from '../../retry.ts';

/** The most that a timer holds. */
const LONGEST_MS = 2 ** 31 - 1;

/** How far a clock has been moved, in milliseconds. */
export interface Shift {
  /** Time that was made to pass: whoever sleeps wakes the sooner. */
  readonly advancedMs: number;
  /** How far the clock is wrong: what it shows is shifted, and nobody wakes sooner or later. */
  readonly skewMs: number;
}

/** A clock that can be moved. */
export class ShiftedClock implements Clock {
  readonly #base: Clock;
  #shift: Shift;
  #moved = new AbortController();

  constructor(base: Clock, shift: Shift = { advancedMs: 0, skewMs: 0 }) {
    this.#base = base;
    this.#shift = shift;
  }

  get shift(): Shift {
    return this.#shift;
  }

  now(): number {
    return this.unskewed() + this.#shift.skewMs;
  }

  /** Lets time pass, and sets by how much the clock is wrong. */
  move({
    advanceMs = 0,
    skewMs = this.#shift.skewMs,
  }: {
    readonly advanceMs?: number;
    readonly skewMs?: number;
  }): void {
    this.#shift = { advancedMs: this.#shift.advancedMs + advanceMs, skewMs };
    if (advanceMs === 0) return;
    this.#moved.abort();
    this.#moved = new AbortController();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const due = this.unskewed() + ms;
    do {
      signal?.throwIfAborted();
      await this.#doze(Math.min(Math.max(0, due - this.unskewed()), LONGEST_MS), signal);
    } while (this.unskewed() < due);
  }

  /** Sleeps until the time is over or the clock is moved. */
  async #doze(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const moved = this.#moved.signal;
    const either = signal === undefined ? moved : AbortSignal.any([signal, moved]);
    try {
      await this.#base.sleep(ms, either);
    } catch (error) {
      signal?.throwIfAborted();
      if (!moved.aborted) throw error;
    }
  }

  /** The time as it is where nothing is wrong with the clock. */
  unskewed(): number {
    return this.#base.now() + this.#shift.advancedMs;
  }
}
