import type { Instruction } from './instructions.ts';

/** An ENTRYPOINT or CMD as the builder takes it. */
export interface StartForm {
  readonly keyword: string;
  /** The words of the exec form; undefined is the shell form. */
  readonly words: readonly string[] | undefined;
  /** As written. */
  readonly text: string;
  /** What made a JSON array the shell form, if that happened. */
  readonly slip: Slip | undefined;
  readonly line: number;
  readonly column: number;
}

export interface Slip {
  /** Such as 'a comma before the closing bracket'. */
  readonly what: string;
  /** The words that were meant, where they can be told. */
  readonly meant: readonly string[] | undefined;
}

/**
 * Docker takes the exec form only where the whole text is a JSON array of strings; whatever else begins with a bracket is
 * silently the shell form (BuildKit, line_parsers.go, parseMaybeJSON). An array that holds something other than text is
 * refused by the builder itself and is left to it.
 */
export function readStartForm({ keyword, text, line, column }: Instruction): StartForm | undefined {
  const form = { keyword, text, line, column };
  const parsed = parsedArray(text);
  if (parsed !== undefined) return isStrings(parsed) ? { ...form, words: parsed, slip: undefined } : undefined;
  return { ...form, words: undefined, slip: slipOf(text) };
}

function parsedArray(text: string): unknown[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStrings(values: unknown[]): values is string[] {
  return values.every((value) => typeof value === 'string');
}

interface Mend {
  readonly what: string;
  readonly apply: (text: string) => string;
}

const MENDS: readonly Mend[] = [
  { what: 'typographic quotes', apply: (text) => text.replace(/[\u201c\u201d\u2018\u2019]/g, '"') },
  { what: 'single quotes', apply: (text) => text.replace(/'/g, '"') },
  { what: 'a comma before the closing bracket', apply: (text) => text.replace(/,\s?\]/g, ']') },
  { what: 'no closing bracket', apply: (text) => (text.includes(']') ? text : `${text.replace(/,$/, '')}]`) },
  { what: 'no opening bracket', apply: (text) => (text.startsWith('[') ? text : `[${text}`) },
  { what: 'no comma between two words', apply: (text) => text.replace(/" ?"(?=[^,\]\s])/g, '", "') },
  { what: 'text behind the closing bracket', apply: (text) => text.slice(0, text.lastIndexOf(']') + 1) },
];

/** Finds what kept a text from being an array: the first mends that, one upon the other, make it one. */
function slipOf(text: string): Slip | undefined {
  const opens = text.startsWith('[');
  // `[ -f x ] && python y` is a shell's own test.
  if (opens ? /^\[\s+[^\s"'\u201c\u2018]/.test(text) : !/^["'][^"']*["'],.*\]$/.test(text)) return undefined;
  if (text.length > 2000) return { what: 'no valid JSON', meant: undefined };
  const squeezed = text.replace(/\s+/g, ' ');
  for (const { what, apply } of MENDS) {
    const meant = arrayOfText(apply(squeezed));
    if (meant) return { what, meant };
  }
  return severalSlips(squeezed);
}

function severalSlips(text: string): Slip {
  let mended = text;
  const done: string[] = [];
  for (const { what, apply } of MENDS) {
    const next = apply(mended);
    if (next !== mended) done.push(what);
    mended = next;
    const meant = arrayOfText(mended);
    if (meant) return { what: done.join(' and '), meant };
  }
  return { what: 'no valid JSON', meant: undefined };
}

function arrayOfText(text: string): string[] | undefined {
  const parsed = parsedArray(text);
  return parsed && isStrings(parsed) ? parsed : undefined;
}
