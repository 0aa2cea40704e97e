import type { Cause } from '../../job/cause/cause.ts';
import { cut, escaped, fenced, strong } from '../markdown.ts';
import type { Section } from './fit.ts';

/** Texts are cut to so many characters, and so many of the last lines are shown. */
interface Length {
  readonly text: number;
  readonly line: number;
  readonly lines: number;
}
const LONG: Length = { text: 4_000, line: 1_000, lines: 40 };
const SHORT: Length = { text: 400, line: 200, lines: 15 };

/** Why the job did not succeed: what the service says, what it means, what the program said last. */
export const causeSection = (cause: Cause): Section => ({
  name: 'words of the cause',
  forms: [causeText(cause, LONG), causeText(cause, SHORT)],
  worth: 9,
});

function causeText({ message, source, lines, exitCode, meaning }: Cause, length: Length): string {
  const shownLines = lines.slice(-length.lines).map((line) => cut(line, length.line));
  const exit = exitCode === undefined ? '' : ` (exit code ${exitCode})`;
  const said = source === undefined ? [] : [`Last lines of ${escaped(cut(source, 200))}${exit}:`, fenced(shownLines)];
  const means = meaning === undefined ? [] : [strong(cut(meaning.text.trim(), length.text))];
  return [escaped(cut(message.trim(), length.text)), ...means, ...said].filter((text) => text !== '').join('\n\n');
}
