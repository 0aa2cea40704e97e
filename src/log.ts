/** Where a finding belongs: shown by GitHub as an annotation on that file and line. */
export interface Place {
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * What every room may say. Whoever implements it keeps all text from acting as a workflow command; `untrusted` marks the
 * text that comes from outside (training programs, build output).
 */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  notice(message: string): void;
  warning(message: string, place?: Place): void;
  error(message: string, place?: Place): void;
  /** Lines from outside, each shown behind `source`. */
  untrusted(source: string, text: string): void;
  /** Runs `body` inside a folded group. */
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
  /** Makes the runner hide `value` from here on. Call it before the first use of a secret. */
  mask(value: string): void;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]+[0-~]|[0-~])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise; tab is kept
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;
/** Characters that show nothing, or reorder what is shown: formats, and the line and paragraph separators. */
const INVISIBLE = /\p{Cf}|\p{Zl}|\p{Zp}|\u034f|\u115f|\u1160|\u3164|\uffa0|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Splits text where the runner does: at `\n`, `\r\n` and a lone `\r` (a progress bar's), so that no part of a line
 * reaches the log as a line of its own unseen. One line end at the very end opens no empty line.
 */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * One line of text that can neither be a workflow command nor move the cursor. The runner takes `::name::` at the start
 * of a line (after white space) and `##[name]` anywhere in it, on stdout and stderr alike
 * (actions/runner, ActionCommand.cs); both get a visible backslash. ANSI sequences, control characters and characters
 * that reorder or hide text are removed.
 */
export function harmless(line: string): string {
  return line
    .replace(ANSI, '')
    .replace(CONTROL, '')
    .replace(INVISIBLE, '')
    .replace(/##\[/g, '##\\[')
    .replace(/^(\s*)::/u, '$1\\::');
}
