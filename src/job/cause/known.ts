import { decisiveLines } from './decisive.ts';
import type { ReplicaExit } from './exit.ts';
import { exitMeaning } from './exits.ts';
import type { Meaning } from './meaning.ts';
import { SIGNS } from './signs.ts';

/** What the lines that decide mean, the last that is known first. */
export function lineMeaning(lines: readonly string[]): Meaning | undefined {
  for (const line of decisiveLines(lines).toReversed()) {
    for (const { rule, sign, means } of SIGNS) {
      const match = sign.exec(line);
      if (match !== null) return { rule, text: means(...match.slice(1)) };
    }
  }
  return undefined;
}

/**
 * The known meaning of a failure: that the kernel killed it for its memory stands above all; else what its lines say is more
 * than its exit code.
 */
export function knownMeaning(
  exit: ReplicaExit | undefined,
  message: string,
  lines: readonly string[],
): Meaning | undefined {
  if (exit?.outOfMemory === true) return exitMeaning(exit);
  return lineMeaning(lines) ?? startMeaning(message) ?? (exit && exitMeaning(exit));
}

/** A container that did not start left no lines; the service's message quotes why. */
function startMeaning(message: string): Meaning | undefined {
  return /Termination log message|failed to create|could not be started/.test(message)
    ? lineMeaning(message.split('\n'))
    : undefined;
}
