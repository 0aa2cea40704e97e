import type { Clock } from '../../../src/retry.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

const MOST_WAKES = 3_000_000;

/**
 * Simulated time for several that sleep at once: it passes only while all of them wait, and to the next moment at which one of
 * them wakes. Whatever they do without sleeping is done first (a turn of the event loop is left to it).
 */
export class VirtualClock implements Clock {
  #now: number;
  #sleepers: Sleeper[] = [];
  #wakes = 0;
  #turning = false;

  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  /** Lets `action` happen at a moment, if anybody still sleeps then. */
  at(at: number, action: () => void): void {
    this.#add({ at, wake: action });
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#add(sleeper);
    });
  }

  #add(sleeper: Sleeper): void {
    const index = this.#sleepers.findIndex(({ at }) => at > sleeper.at);
    this.#sleepers.splice(index === -1 ? this.#sleepers.length : index, 0, sleeper);
    this.#turn();
  }

  #turn(): void {
    if (this.#turning) return;
    this.#turning = true;
    setImmediate(() => {
      this.#turning = false;
      const next = this.#sleepers.shift();
      if (next === undefined) return;
      this.#wakes += 1;
      if (this.#wakes > MOST_WAKES) throw new Error(`woke ${MOST_WAKES} times and somebody still sleeps`);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      if (this.#sleepers.length > 0) this.#turn();
    });
  }
}
