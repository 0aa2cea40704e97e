import { createInterface } from 'node:readline/promises';

/** How the preparation speaks to whoever started it, and asks before it changes the machine. */
export interface Teller {
  tell(line: string): void;
  /** Announces a step that installs something; false when a person at a terminal said no. */
  agree(step: string): Promise<boolean>;
}

/** Why a part cannot be had on this machine. */
export type Reason =
  | 'declined'
  | 'no-engine'
  | 'not-debian'
  | 'not-root'
  | 'install-failed'
  | 'start-failed'
  | 'no-image';

/** A part that this machine cannot give; `reason` says which kind of obstacle, the message says what mends it. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  readonly reason: Reason;

  constructor(reason: Reason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

function atTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && process.env['CI'] !== 'true';
}

async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await lines.question(question);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/** Tells on standard output; asks where a person sits at a terminal, and goes on where none does (CI). */
export const terminalTeller: Teller = {
  tell: (line) => {
    process.stdout.write(`${line}\n`);
  },
  agree: async (step) => {
    if (atTerminal()) return ask(`${step}. Go on? [y/N] `);
    process.stdout.write(`${step}.\n`);
    return true;
  },
};

/** Announces `step` and throws when it was declined. */
export async function mustAgree(teller: Teller, step: string): Promise<void> {
  if (!(await teller.agree(step))) throw new Unavailable('declined', `Declined: ${step}.`);
}
