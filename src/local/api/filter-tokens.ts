const COMPARATORS = ['!=', '<=', '>=', '=', '<', '>', ':'] as const;
export type Comparator = (typeof COMPARATORS)[number];

export interface Token {
  readonly kind: 'sign' | 'comparator' | 'word' | 'text';
  /** For a quoted text, what stands between the quotes. */
  readonly text: string;
  /** The word's parts at its dots; a part may be quoted, as in `labels."a.b/c"`. */
  readonly path: readonly string[];
}

const SPACE = /\s+/y;
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

function sign(text: string): Token {
  return { kind: 'sign', text, path: [] };
}

function pathOf(word: string): string[] {
  return [...word.matchAll(SEGMENT)].map((match) => match[1]?.replace(/\\(.)/gs, '$1') ?? match[0]);
}

/** The token at `at` where no value is expected, or undefined when none can start there. */
function tokenAt(text: string, at: number): { readonly token: Token; readonly end: number } | undefined {
  const character = text[at] ?? '';
  if (character === '(' || character === ')') return { token: sign(character), end: at + 1 };
  const comparator = COMPARATORS.find((known) => text.startsWith(known, at));
  if (comparator !== undefined) {
    return { token: { kind: 'comparator', text: comparator, path: [] }, end: at + comparator.length };
  }
  if (character === '-') return { token: sign('-'), end: at + 1 };
  const quoted = matchAt(QUOTED, text, at);
  if (quoted !== null) {
    const inner = unquoted(quoted);
    return { token: { kind: 'text', text: inner, path: [inner] }, end: at + quoted[0].length };
  }
  const word = matchAt(WORD, text, at)?.[0];
  if (word === undefined) return undefined;
  const isKeyword = ['AND', 'OR', 'NOT'].includes(word);
  return { token: isKeyword ? sign(word) : { kind: 'word', text: word, path: pathOf(word) }, end: at + word.length };
}

/** The filter's tokens. What cannot start one becomes a sign of its own, which the parser refuses by name. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const space = matchAt(SPACE, text, at);
    if (space !== null) {
      at += space[0].length;
      continue;
    }
    const value = found.at(-1)?.kind === 'comparator' ? matchAt(VALUE, text, at) : null;
    const next =
      value !== null
        ? { token: { kind: 'word', text: value[0], path: [value[0]] } as const, end: at + value[0].length }
        : (tokenAt(text, at) ?? { token: sign(text[at] ?? ''), end: at + 1 });
    found.push(next.token);
    at = next.end;
  }
  return found;
}
