import { ApiError } from '../../../src/google/api-error.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './time.ts';

/** What goes wrong with a call. `before` and `after` say whether the service had done what was asked. */
const KINDS = [
  'refused before', // 429, 500, 503: an answer, and nothing done
  'answer lost after', // 500, 503 or a reset, and all done
  'reset before',
  'hang before', // until the client's own time limit
  'hang after',
  'late', // a reset at once, and the effect up to a minute later
  'slow',
  'malformed after', // done, and an answer that nobody can read
] as const;
type Kind = (typeof KINDS)[number];

/** The client's time limit (src/google/vertex.ts), and so the longest that a request may still be under way. */
export const CALL_LIMIT_MS = 60_000;
/** The same call fails no oftener in a row. */
const MOST_IN_A_ROW = 3;
/** What a client waits at most after a failure, before it asks again. */
const BACKOFF_MS = 60_000;

export interface FaultyWireOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How often a call goes wrong, from 0 to 1. */
  readonly rate: number;
  readonly trace: (line: string) => void;
}

/** The way between a process and the service: what is asked takes time, and may go wrong. */
export class FaultyWire {
  /** Times lost to faults: nobody can be blamed for what is late by that. */
  readonly troubles: { readonly at: number; readonly ms: number }[] = [];
  readonly #options: FaultyWireOptions;
  #inARow = 0;

  constructor(options: FaultyWireOptions) {
    this.#options = options;
  }

  /** `effect` is what the service does, at once, when the request reaches it; it may throw an ApiError as its answer. */
  async send<T>(action: string, effect: () => T): Promise<T> {
    const { time, random } = this.#options;
    const kind = this.#fault(action);
    await time.sleep(random.between(5, 150));
    if (kind === undefined) {
      const answer = effect();
      await time.sleep(random.between(5, 150));
      return answer;
    }
    const since = time.now();
    try {
      return await this.#fail(kind, action, effect);
    } finally {
      this.troubles.push({ at: since, ms: time.now() - since + (kind === 'slow' ? 0 : BACKOFF_MS) });
    }
  }

  #fault(action: string): Kind | undefined {
    const { random, rate, trace } = this.#options;
    const kind = random.pick(KINDS);
    // Only a create's answer goes unread: what cannot be read is no fault of the moment to whoever only looks.
    const possible = kind !== 'malformed after' || action.startsWith('create');
    if (!random.chance(rate) || !possible || this.#inARow >= MOST_IN_A_ROW) {
      this.#inARow = 0;
      return undefined;
    }
    this.#inARow += 1;
    trace(`fault: ${kind}: ${action}`);
    return kind;
  }

  async #fail<T>(kind: Kind, action: string, effect: () => T): Promise<T> {
    const { time, random } = this.#options;
    const answer = (status: number | undefined) => new ApiError(`${action}: ${status ?? 'no answer'}`, status);
    switch (kind) {
      case 'refused before':
        throw answer(random.pick([429, 500, 503]));
      case 'answer lost after':
        quietly(effect);
        throw answer(random.pick([500, 502, 503, undefined]));
      case 'reset before':
        throw answer(undefined);
      case 'hang before':
        await time.sleep(CALL_LIMIT_MS);
        throw answer(504);
      case 'hang after': {
        const ms = random.between(0, CALL_LIMIT_MS - 1_000);
        await time.sleep(ms);
        quietly(effect);
        await time.sleep(CALL_LIMIT_MS - ms);
        throw answer(504);
      }
      case 'late':
        time.after(random.between(0, CALL_LIMIT_MS - 1_000), () => quietly(effect));
        throw answer(random.pick([502, undefined]));
      case 'slow': {
        await time.sleep(random.between(0, 10_000));
        const done = effect();
        await time.sleep(random.between(0, 20_000));
        return done;
      }
      case 'malformed after':
        effect();
        throw new Error(`${action}: Unexpected token < in JSON`);
    }
  }
}

/** Does what was asked; nobody hears of it. */
function quietly(effect: () => unknown): void {
  try {
    effect();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
