import { setImmediate as drained } from 'node:timers/promises';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** Far more than any run needs: whoever waits for ever is found out. */
const MOST_EVENTS = 200_000;

/**
 * Time for many processes at once: it stands still while any of them has something to do, then leaps to the next moment
 * at which something is due. What is due at the same moment happens in the order in which it was asked for.
 */
export class VirtualTime {
  #now: number;
  #events: Event[] = [];
  #order = 0;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): void {
    this.#order += 1;
    const event = { at: this.#now + Math.max(0, ms), order: this.#order, action };
    const index = this.#events.findLastIndex(({ at }) => at <= event.at);
    this.#events.splice(index + 1, 0, event);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Lets time pass until the story is over. Throws what it throws, and where it waits for something that never comes. */
  async pass(story: Promise<void>): Promise<void> {
    let over = false;
    const told = story.finally(() => {
      over = true;
    });
    for (let count = 0; ; count += 1) {
      // Everything that waits for no moment but for another promise has its turn before time goes on.
      await drained();
      const next = over ? undefined : this.#events.shift();
      if (next === undefined) break;
      if (count > MOST_EVENTS) throw new Error(`after ${MOST_EVENTS} events the story is not over`);
      this.#now = next.at;
      next.action();
    }
    if (!over) throw new Error('nothing is due any more, and the story is not over');
    await told;
  }
}
