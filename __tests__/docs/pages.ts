import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Token } from 'marked';

export const root = join(import.meta.dirname, '../..');

/** A block of code in a page. */
export interface Block {
  /** Path of its page below the repository's root. */
  readonly page: string;
  /** Line of the part of the page that it stands in, from 1. */
  readonly line: number;
  /** The heading that it stands under, of whatever level. */
  readonly section: string;
  /** What its fence names; empty where it names nothing, and for a block that is only indented. */
  readonly language: string;
  /** Its text, ending with a line feed. */
  readonly text: string;
}

export interface Heading {
  readonly depth: number;
  readonly text: string;
  /** As GitHub makes it, unique in its page. */
  readonly anchor: string;
}

export interface Link {
  readonly page: string;
  readonly line: number;
  readonly href: string;
}

/** A page of the documentation. */
export interface Page {
  /** Below the repository's root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly headings: readonly Heading[];
  /** Of links and pictures, in Markdown and in HTML. */
  readonly links: readonly Link[];
  /** Everything that a fragment can name. */
  readonly anchors: ReadonlySet<string>;
}

const HREF = /\s(?:href|src|srcset)="([^"]*)"/g;
const NAMED = /<[a-z][^>]*\s(?:id|name)="([^"]*)"/g;

const nestedIn = (token: Token): readonly Token[] => ('tokens' in token ? (token.tokens ?? []) : []);

/** What a reader sees of a heading, without its markup. */
function seen(token: Token): string {
  const inner = nestedIn(token);
  if (inner.length > 0) return inner.map(seen).join('');
  return token.type === 'html' || !('text' in token) ? '' : String(token.text);
}

/** A heading's anchor before its number: GitHub keeps Ruby's word characters, spaces and hyphens. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{Nd}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** The anchors of all headings of a page: those that others have before them get a number. */
export function anchorsOf(headings: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  return headings.map((heading) => {
    const plain = anchorOf(heading);
    let anchor = plain;
    while (counts.has(anchor)) {
      const count = (counts.get(plain) ?? 0) + 1;
      counts.set(plain, count);
      anchor = `${plain}-${count}`;
    }
    counts.set(anchor, 0);
    return anchor;
  });
}

/** A token of a page's first level with all that is within it, and its line. */
interface Part {
  readonly line: number;
  readonly tokens: readonly Token[];
}

function partsOf(text: string): readonly Part[] {
  let line = 1;
  return marked.lexer(text).map((token) => {
    const tokens: Token[] = [];
    marked.walkTokens([token], (each) => {
      tokens.push(each);
    });
    const part = { line, tokens };
    line += token.raw.split('\n').length - 1;
    return part;
  });
}

function hrefsOf(token: Token): readonly string[] {
  if (token.type === 'link' || token.type === 'image') return [String(token.href)];
  // A source set's addresses have sizes behind them.
  if (token.type === 'html') return [...token.raw.matchAll(HREF)].flatMap(([, value = '']) => value.split(/[ ,]/, 1));
  return [];
}

/** Reads a page: its blocks of code, headings, anchors and links. */
export function pageOf(path: string, text: string): Page {
  const blocks: Block[] = [];
  const headings: Omit<Heading, 'anchor'>[] = [];
  const links: Link[] = [];
  for (const { line, tokens } of partsOf(text)) {
    for (const token of tokens) {
      if (token.type === 'heading') headings.push({ depth: Number(token.depth), text: seen(token) });
      if (token.type === 'code') {
        const section = headings.at(-1)?.text ?? '';
        blocks.push({ page: path, line, section, language: String(token.lang ?? ''), text: `${token.text}\n` });
      }
      links.push(...hrefsOf(token).map((href) => ({ page: path, line, href })));
    }
  }
  const anchors = anchorsOf(headings.map((heading) => heading.text));
  const named = [...text.matchAll(NAMED)].map(([, name = '']) => name);
  return {
    path,
    text,
    blocks,
    headings: headings.map((heading, index) => ({ ...heading, anchor: anchors[index] ?? '' })),
    links,
    anchors: new Set([...anchors, ...named]),
  };
}

const PATTERNS = ['README*.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/**/*.md', 'examples/**/*.md'];

/** Every page that readers are led to, by its path. */
export const pages: ReadonlyMap<string, Page> = new Map(
  PATTERNS.flatMap((pattern) => globSync(pattern, { cwd: root }))
    .sort()
    .map((path) => [path, pageOf(path, readFileSync(join(root, path), 'utf8'))]),
);

/** The page at that path. Throws where there is none. */
export function pageAt(path: string): Page {
  const page = pages.get(path);
  if (page === undefined) throw new Error(`there is no page ${path}`);
  return page;
}

/** The rows of every table under a heading, without the tables' heads; each cell as its Markdown. */
export function rowsUnder(page: Page, heading: string): readonly (readonly string[])[] {
  const tokens = marked.lexer(page.text);
  const start = tokens.findIndex((token) => token.type === 'heading' && seen(token) === heading);
  if (start === -1) throw new Error(`${page.path} has no heading ${heading}`);
  const rest = tokens.slice(start + 1);
  const end = rest.findIndex((token) => token.type === 'heading');
  return rest.slice(0, end === -1 ? rest.length : end).flatMap((token) => {
    if (token.type !== 'table') return [];
    const rows = token.rows as readonly (readonly { readonly text: string }[])[];
    return rows.map((row) => row.map(({ text }) => text));
  });
}
