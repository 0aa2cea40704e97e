import { harmless, splitLines } from '../log.ts';

/** Text from outside as Markdown that shows it and nothing else: no markup, no link, no line of its own. */
export function escaped(text: string): string {
  return splitLines(text)
    .map(harmless)
    .join(' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]#|~$@]|:(?=\/\/|[\w+-]+:)|(?<=\bwww)\./g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A fenced block that the text cannot leave. */
export function fenced(lines: readonly string[]): string {
  const text = lines.flatMap(splitLines).map(harmless).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table; every cell is escaped. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(line)].join('\n');
}
