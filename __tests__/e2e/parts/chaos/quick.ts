import { join } from 'node:path';

/** A time that passes faster than the clock on the wall, the same for all processes that are given it. */
export class QuickTime {
  readonly #originMs: number;
  readonly #speed: number;

  constructor(speed: number, originMs = Date.now()) {
    this.#speed = speed;
    this.#originMs = originMs;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return Math.round(this.#originMs + (Date.now() - this.#originMs) * this.#speed);
  }

  /** How long it really takes until so many milliseconds have passed. */
  realMs(ms: number): number {
    return ms / this.#speed;
  }

  /** The environment of a process for which time passes so, and for which Google is at that address. */
  env(google?: string): Readonly<Record<string, string>> {
    return {
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'quick-process.ts')}`,
      QUICK_TIME: `${this.#originMs},${this.#speed}`,
      ...(google === undefined ? {} : { GOOGLE_AT: google }),
    };
  }
}
