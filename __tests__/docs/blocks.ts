import { readFileSync } from 'node:fs';

/** A block of code in a page, and the heading that it stands under. */
export interface Block {
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

export const root = new URL('../..', import.meta.url).pathname;

/** The page as it stands. */
export const localRegion = (): string => readFileSync(`${root}docs/local-region.md`, 'utf8');

/** Every section of the second level by its heading, with its text. */
export function sectionsOf(page: string): ReadonlyMap<string, string> {
  const parts = page.split(/^## (.*)\n/m).slice(1);
  return new Map(parts.flatMap((heading, index) => (index % 2 === 0 ? [[heading, parts[index + 1] ?? '']] : [])));
}

/** All blocks of a page, in their order. */
export function blocksOf(page: string): readonly Block[] {
  return [...sectionsOf(page)].flatMap(([section, text]) =>
    [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
      section,
      language,
      text: code,
    })),
  );
}

/** The rows of the first table of a section, without its head: their cells' Markdown. */
export function rowsOf(section: string): readonly (readonly string[])[] {
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
