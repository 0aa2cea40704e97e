const COMPARATORS = ['!=', '<=', '>=', '=', '<', '>', ':'] as const;
/** Cloud Logging compares with regular expressions too. */
const PATTERNS = ['=~', '!~'] as const;
export type Comparator = (typeof COMPARATORS)[number] | (typeof PATTERNS)[number];

/** Whose filter it is: the lists' (google.aip.dev/160), or that of Cloud Logging, which knows comments and patterns too. */
export type Dialect = 'list' | 'logging';

const KNOWN: Readonly<Record<Dialect, readonly Comparator[]>> = {
  list: COMPARATORS,
  logging: [...PATTERNS, ...COMPARATORS],
};

export interface Token {
  readonly kind: 'sign' | 'comparator' | 'word' | 'text';
  /** For a quoted text, what stands between the quotes. */
  readonly text: string;
  /** Where it begins and ends in the filter, in characters. */
  readonly at: number;
  readonly end: number;
  /** The word's parts at its dots; a part may be quoted, as in `labels."a.b/c"`. */
  readonly path: readonly string[];
}

const SPACE = /\s+/y;
/** Up to the line's end; a minus that is no comment stands once, before what it negates. */
const SPACE_OR_COMMENT = /(?:\s|--[^\n]*)+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/y;
/** A name, with quoted parts after its dots. */
const WORD = /[^\s()=!<>:"',]+(?:(?<=\.)"(?:[^"\\]|\\.)*"(?:\.[^\s()=!<>:"',]*)?)*/y;
const SEGMENT = /"((?:[^"\\]|\\.)*)"|[^."]+/g;
/** After a comparator a value may hold signs, as a time does. */
const VALUE = /[^\s()"',]+/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function unquoted(match: RegExpExecArray): string {
  return (match[1] ?? match[2] ?? '').replace(/\\(.)/gs, '$1');
}

/** A token without its place. */
type Bare = Omit<Token, 'at' | 'end'>;

function sign(text: string): Bare {
  return { kind: 'sign', text, path: [] };
}

function pathOf(word: string): string[] {
  return [...word.matchAll(SEGMENT)].map((match) => match[1]?.replace(/\\(.)/gs, '$1') ?? match[0]);
}

/** The token at `at` where no value is expected, or undefined when none can start there. */
function tokenAt(text: string, at: number, comparators: readonly Comparator[]): Token | undefined {
  const character = text[at] ?? '';
  const found = (token: Bare, length: number): Token => ({ ...token, at, end: at + length });
  if (character === '(' || character === ')') return found(sign(character), 1);
  const comparator = comparators.find((known) => text.startsWith(known, at));
  if (comparator !== undefined) return found({ kind: 'comparator', text: comparator, path: [] }, comparator.length);
  if (character === '-') return found(sign('-'), 1);
  const quoted = matchAt(QUOTED, text, at);
  if (quoted !== null) {
    const inner = unquoted(quoted);
    return found({ kind: 'text', text: inner, path: [inner] }, quoted[0].length);
  }
  const word = matchAt(WORD, text, at)?.[0];
  if (word === undefined) return undefined;
  const isKeyword = ['AND', 'OR', 'NOT'].includes(word);
  return found(isKeyword ? sign(word) : { kind: 'word', text: word, path: pathOf(word) }, word.length);
}

/** The filter's tokens. What cannot start one becomes a sign of its own, which the parser refuses by name. */
export function tokens(text: string, dialect: Dialect = 'list'): Token[] {
  const found: Token[] = [];
  const between = dialect === 'logging' ? SPACE_OR_COMMENT : SPACE;
  let at = 0;
  while (at < text.length) {
    const space = matchAt(between, text, at);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const value = found.at(-1)?.kind === 'comparator' ? matchAt(VALUE, text, at)?.[0] : undefined;
    const next: Token =
      value !== undefined
        ? { kind: 'word', text: value, path: [value], at, end: at + value.length }
        : (tokenAt(text, at, KNOWN[dialect]) ?? { ...sign(text[at] ?? ''), at, end: at + 1 });
    found.push(next);
    at = next.end;
  }
  return found;
}
