import { harmless, splitLines } from '../log.ts';

/** Not seen, and no part of a name: what stands before it and after it is no mention, reference or emoji. */
const APART = '&#8203;';

/**
 * Text from outside as Markdown that shows it and nothing else: no markup, no link, no line of its own. GitHub looks for
 * mentions, references and emoji in what a page shows, after entities have been read; a space without width keeps it from them.
 */
export function escaped(text: string): string {
  return oneLine(text)
    .trim()
    .split(/(?<=@)|(?<=#)(?=\d)|(?<=\bGH-)(?=\d)|(?<=:)(?=[\w+-]+:)/i)
    .map(entities)
    .join(APART)
    .replace(/^[-+=](?=[-+=\s]|$)/, entity)
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, number: string, sign: string) => number + entity(sign));
}

/** The same as inline code: to be copied, as nothing is put between its characters. */
export const code = (text: string): string => `<code>${entities(oneLine(text))}</code>`;

/** A name in a sentence or a heading: never empty. */
export const nameText = (text: string, length = 100): string => escaped(cut(text, length)) || '?';

/** The same as escaped, emphasised; empty for text of which nothing is shown. */
export function strong(text: string): string {
  const shown = escaped(text);
  return shown === '' ? '' : `**${shown}**`;
}

/** Text from outside, at most so many characters of it. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\ud800-\udbff]$/, '')}…`;
}

const oneLine = (text: string) => splitLines(text).map(harmless).join(' ');

const entity = (sign: string) => `&#${sign.charCodeAt(0)};`;

const entities = (line: string) =>
  line
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]#|~$@]|:(?=\/\/|[\w+-]+:|$)|(?<=\bwww)\./gi, entity);

/** A fenced block that the text cannot leave. */
export function fenced(lines: readonly string[]): string {
  const text = lines.flatMap(splitLines).map(harmless).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

/** A table; every cell is escaped. */
export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableOf(
    header.map(escaped),
    rows.map((cells) => cells.map(escaped)),
  );

/** A table of Markdown: cells that are escaped already. */
export const tableOf = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [rowOf(header), `|${' --- |'.repeat(header.length)}`, ...rows.map(rowOf)].join('\n');

/** A row of a table: cells that are escaped already. */
export const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A folded part; its title and its body are Markdown that is escaped already. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;

/** An address that this action made, as a link; undefined where it is none of the web. */
export function link(text: string, url: string | undefined): string | undefined {
  if (url === undefined || !/^https?:\/\/[^/]/.test(url)) return undefined;
  const address = url.replace(/[^\w.~:/?#@!$&'+,;=%-]/gu, (sign) =>
    [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return `[${escaped(text)}](${address.replaceAll('&', '&amp;')})`;
}
