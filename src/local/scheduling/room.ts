import { isWithin, type Resources, sumOf } from './resources.ts';

/** A job that has a place in the room or waits for one. */
interface Guest {
  readonly need: Resources;
  readonly admitted: () => void;
}

/**
 * A machine's room, given to jobs in the order in which they ask: one that needs little waits for those before it, so that
 * one that needs much comes to its turn. A job that needs more than the machine has runs alone.
 */
export class Room {
  readonly total: Resources;
  readonly #inside = new Set<Guest>();
  readonly #waiting = new Set<Guest>();

  constructor(total: Resources) {
    this.total = total;
  }

  /**
   * Gives, once there is room, the function that leaves it again; undefined where the signal aborts before. `onWait` is
   * called where there is none yet.
   */
  async enter(need: Resources, signal: AbortSignal, onWait: () => void): Promise<(() => void) | undefined> {
    if (signal.aborted) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const guest = { need, admitted: resolve };
    this.#waiting.add(guest);
    this.#admit();
    const leave = () => {
      this.#inside.delete(guest);
      this.#waiting.delete(guest);
      this.#admit();
    };
    if (this.#inside.has(guest)) return leave;
    onWait();
    signal.addEventListener('abort', resolve as () => void, { once: true });
    await promise;
    signal.removeEventListener('abort', resolve as () => void);
    if (this.#inside.has(guest) && !signal.aborted) return leave;
    leave();
    return undefined;
  }

  /**
   * Takes room at once, whether there is any or not, and gives the function that leaves it: for a job that runs already.
   * Those that wait go on waiting until what is inside fits again.
   */
  hold(need: Resources): () => void {
    const guest = { need, admitted: () => {} };
    this.#inside.add(guest);
    return () => {
      this.#inside.delete(guest);
      this.#admit();
    };
  }

  #fits(need: Resources): boolean {
    return (
      this.#inside.size === 0 || isWithin(sumOf([...this.#inside].map((guest) => guest.need).concat(need)), this.total)
    );
  }

  /** Lets in those who are next, as far as there is room. */
  #admit(): void {
    for (const guest of this.#waiting) {
      if (!this.#fits(guest.need)) return;
      this.#waiting.delete(guest);
      this.#inside.add(guest);
      guest.admitted();
    }
  }
}
