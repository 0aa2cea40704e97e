import type { Clock } from '../../retry.ts';

/** Sleeps that can be cut short without ending whatever they are part of. */
export class Sleeper {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #current: AbortController | undefined;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Sleeps `ms` milliseconds; false where it was woken before. Throws the signal's reason as soon as that aborts. */
  async sleep(ms: number): Promise<boolean> {
    this.#signal.throwIfAborted();
    const current = new AbortController();
    this.#current = current;
    const onAbort = () => current.abort();
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#clock.sleep(ms, current.signal);
      return true;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!current.signal.aborted) throw error;
      return false;
    } finally {
      this.#current = undefined;
      this.#signal.removeEventListener('abort', onAbort);
    }
  }

  /** Ends the sleep that is under way, if any. */
  wake(): void {
    this.#current?.abort();
  }
}
