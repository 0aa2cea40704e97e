import { stripVTControlCharacters } from 'node:util';
import { Marked } from 'marked';
import { markedTerminal } from 'marked-terminal';
import type { StepLog } from '../../__tests__/e2e/parts/step-log.ts';

/** The summary as a terminal can show it: what GitHub folds is shown open, and charts are left to the tables beside them. */
export function renderSummary(markdown: string): string {
  const open = markdown
    .replace(/```mermaid\n[\s\S]*?\n```\n/g, '')
    .replace(/<details><summary>(.*?)<\/summary>/g, '**$1**')
    .replaceAll('</details>', '')
    .replace(/<\/?code>/g, '')
    .replaceAll('&#8203;', '')
    .replace(/&#(\d+);/g, (_, code: string) => `\\${String.fromCharCode(Number(code))}`);
  const marked = new Marked(markedTerminal({ reflowText: false, emoji: false }) as object);
  return String(marked.parse(open)).trimEnd();
}

/** Prints the lines that were added to a step's log since the last look. */
export function liveLog(read: () => StepLog, write: (line: string) => void): () => void {
  let shown = 0;
  return () => {
    const { log } = read();
    for (const line of log.slice(shown)) write(`  ${line}`);
    shown = log.length;
  };
}

/** Whether colours are wanted: at a terminal, unless NO_COLOR holds anything (https://no-color.org). */
export const wantsColour = (isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean =>
  isTerminal && !env['NO_COLOR'];

/** The text as it can be written where colours are wanted, or not. */
export const coloured = (text: string, colours: boolean): string => (colours ? text : stripVTControlCharacters(text));

const LONG = 160;

/** An output on one line of a terminal; the next step has all of it. */
export function outputLine(name: string, value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length <= LONG
    ? `${name} = ${line}`
    : `${name} = ${line.slice(0, LONG)}… (${value.length} characters in all)`;
}
