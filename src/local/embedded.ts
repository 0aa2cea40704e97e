import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UserError } from '../faults.ts';
import { textAt } from '../json.ts';

/** How long the service outlives the action's process without being asked anything, so that its post step finds it. */
const IDLE_MS = 60_000;

function tokenIn(line: string): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  const token = textAt(value, 'token');
  if (token === undefined || token === '') throw new UserError('The first line on stdin must be {"token":"…"}.');
  return token;
}

/** What the action hands the service on stdin: a token in one line of JSON; after that stdin only has to stay open. */
export interface Lifeline {
  readonly token: string;
  /** Resolves when stdin has closed: the process that started the service is gone. */
  readonly closed: Promise<void>;
}

export function readLifeline(stdin: Readable): Promise<Lifeline> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
    const closed = new Promise<void>((done) => lines.once('close', done));
    lines.once('line', (line) => {
      try {
        resolve({ token: tokenIn(line), closed });
      } catch (error) {
        reject(error);
      }
    });
    closed.then(() => reject(new UserError('stdin closed before it gave a token.')));
    stdin.on('error', () => lines.close());
  });
}

/** Calls `onIdle` once no request has come for a minute since the lifeline broke. */
export class IdleWatch {
  readonly #onIdle: () => void;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(onIdle: () => void, idleMs = IDLE_MS) {
    this.#onIdle = onIdle;
    this.#idleMs = idleMs;
  }

  /** The lifeline has broken. */
  begin(): void {
    this.#timer = setTimeout(this.#onIdle, this.#idleMs);
  }

  /** A request has come. */
  touch(): void {
    this.#timer?.refresh();
  }
}
