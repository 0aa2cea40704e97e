import type { VertexApi } from '../../../src/google/vertex.ts';
import type { Clock } from '../../../src/retry.ts';
import type { VirtualTime } from './time.ts';

const forEver = <T>(): Promise<T> => new Promise(() => {});

/** What happens to a process, at which of its moments; they are counted from 1. */
export interface Fate {
  readonly killAt: number;
  readonly died: () => void;
  readonly interruptAt?: number | undefined;
  readonly interrupt?: () => void;
}

/**
 * One operating-system process, as the world sees it: what it asks for, what it waits for and what it writes. Every one of
 * these is a moment at which it can be killed; from then on nothing reaches the world, and nothing reaches it.
 */
export class Life {
  readonly #time: VirtualTime;
  readonly #fate: Fate;
  #moments = 0;
  #dead = false;

  constructor(time: VirtualTime, fate: Fate) {
    this.#time = time;
    this.#fate = fate;
  }

  get moments(): number {
    return this.#moments;
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#fate.died();
  }

  /** One moment; false once the process is dead. */
  #lives(): boolean {
    if (this.#dead) return false;
    this.#moments += 1;
    if (this.#moments >= this.#fate.killAt) this.kill();
    if (this.#moments === this.#fate.interruptAt) this.#fate.interrupt?.();
    return !this.#dead;
  }

  /** Something that reaches the world at once, or not at all. */
  does(effect: () => void): void {
    if (this.#lives()) effect();
  }

  /** Something that is asked of the world, and its answer. */
  async asks<T>(question: () => Promise<T>): Promise<T> {
    if (!this.#lives()) return forEver();
    try {
      const answer = await question();
      return this.#lives() ? answer : await forEver();
    } catch (error) {
      if (this.#lives()) throw error;
      return forEver();
    }
  }

  readonly clock: Clock = {
    now: () => this.#time.now(),
    sleep: (ms, signal) => this.asks(() => sleep(this.#time, ms, signal)),
  };

  vertex(api: VertexApi): VertexApi {
    return {
      create: (...request) => this.asks(() => api.create(...request)),
      get: (name) => this.asks(() => api.get(name)),
      list: (...request) => this.asks(() => api.list(...request)),
      cancel: (name) => this.asks(() => api.cancel(name)),
      modelExists: (name) => this.asks(() => api.modelExists(name)),
    };
  }
}

function sleep(time: VirtualTime, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    time.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}
