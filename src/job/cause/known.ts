import { decisiveLines, linesBeforeSignal } from './decisive.ts';
import type { ReplicaExit } from './exit.ts';
import { exitMeaning } from './exits.ts';
import type { Meaning } from './meaning.ts';
import { SIGNS } from './signs.ts';

/** Lines come from outside and may be of any length; what is known stands near their start. */
const LONG_LINE = 2_000;

/** What the last of the lines that is known means; undefined where none is. */
export function lineMeaning(lines: readonly string[], code: number | undefined): Meaning | undefined {
  for (const line of lines.map((each) => each.slice(0, LONG_LINE)).toReversed()) {
    for (const { rule, sign, codes, means } of SIGNS) {
      const match = sign.exec(line);
      const sure = codes === undefined || code === undefined || codes.includes(code);
      if (match !== null && sure) return { rule, text: means(...match.slice(1)) };
    }
  }
  return undefined;
}

/** Whether a signal ended the program: shells and Docker give 128 and its number. */
export const isSignal = (code: number | undefined) => code !== undefined && code > 128 && code < 160;

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
  const code = exit?.code;
  const told = lineMeaning(isSignal(code) ? linesBeforeSignal(lines) : decisiveLines(lines), code);
  return startMeaning(message) ?? told ?? (exit && exitMeaning(exit));
}

/** A container that did not start left no lines; the service's message quotes why. */
function startMeaning(message: string): Meaning | undefined {
  if (!/Termination log message|failed to create|could not be started/.test(message)) return undefined;
  return lineMeaning(message.split('\n'), undefined);
}
