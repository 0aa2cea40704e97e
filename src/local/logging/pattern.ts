import { setFlagsFromString } from 'node:v8';

/** What RE2, which Google's services use, has and JavaScript's expressions have not, or read otherwise. */
const OTHERWISE = /\\[pPAzQECB](?!$)|\[\[:|\(\?(?!:)/;

/** The letter in both cases. */
const either = (letter: string) =>
  letter.toLowerCase() === letter.toUpperCase() ? letter : `${letter.toLowerCase()}${letter.toUpperCase()}`;

function swapped(letter: string): string {
  const lower = letter.toLowerCase();
  return letter === lower ? letter.toUpperCase() : lower;
}

/** Takes an expression apart: what is escaped, whole classes, and letters. */
const PARTS = /\\.|\[\^?(?:\\.|[^\\\]])*\]|[\s\S]/g;

/** A class with the other case of all that it holds. */
function classOfBoth(text: string): string {
  const body = text.slice(1, -1).replace(/-$/, '\\-');
  const other = body.replace(/^\^/, '').replace(/\\.|[a-z]/gis, (part) => (part.length > 1 ? part : swapped(part)));
  return `[${body}${other}]`;
}

/** The expression that takes letters of either case: the engine that needs no backtracking has no flag for it. */
function ofBothCases(source: string): string {
  return source.replace(PARTS, (part) => {
    if (part.startsWith('\\')) return part;
    if (part.startsWith('[')) return classOfBoth(part);
    return either(part).length > 1 ? `[${either(part)}]` : part;
  });
}

/**
 * A regular expression of RE2's common part, with `(?i)` at its beginning or without, that is never slow: one that would need
 * backtracking without end is run by V8's own linear engine. Throws SyntaxError for one that is none, or that only the other
 * kind of engine could run.
 */
export function linearPattern(text: string): RegExp {
  const [, flag, source = ''] = /^(\(\?i\))?(.*)$/s.exec(text) ?? [];
  if (OTHERWISE.test(source)) throw new SyntaxError('it is not of the part of RE2 that is known here');
  const pattern = flag === undefined ? source : ofBothCases(source);
  // Both hold for the whole process, and for expressions that are made afterwards.
  setFlagsFromString('--enable-experimental-regexp-engine');
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  // Made to be refused where it cannot be run in linear time; the other starts faster, and falls back on its engine.
  new RegExp(pattern, 'ls');
  return new RegExp(pattern, 's');
}
