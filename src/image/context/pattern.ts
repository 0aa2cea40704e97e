import { checkGlob } from './glob.ts';
import { goRegExp } from './go-regexp.ts';
import type { ContextPath } from './paths.ts';

/**
 * Compiles a cleaned pattern as moby/patternmatcher (patternmatcher.go) does. Throws SyntaxError where Docker would end
 * the build with 'syntax error in pattern'.
 */
export function compilePattern(pattern: string): (path: Pick<ContextPath, 'text'>) => boolean {
  checkGlob(pattern);
  const { kind, source } = translate(pattern);
  if (kind === 'exact') return ({ text }) => text === pattern;
  if (kind === 'prefix') {
    const prefix = pattern.slice(0, -2);
    return ({ text }) => text.startsWith(prefix);
  }
  if (kind === 'suffix') {
    // Docker takes off two bytes: of a byte order mark, which it skips, something is left that no path ends with.
    const suffix = pattern.startsWith('\ufeff') ? '\0' : pattern.slice(2);
    return ({ text }) => text.endsWith(suffix) || (suffix.startsWith('/') && text === suffix.slice(1));
  }
  const expression = goRegExp(`${source}$`);
  // Go's expressions see U+FFFD where a byte is no part of UTF-8.
  return ({ text }) => expression.test(text.toWellFormed());
}

type Kind = 'exact' | 'prefix' | 'suffix' | 'expression';

/** Docker escapes these alone: `{`, `|` and `}` are in its list too, but fall out of its table of 64 characters. */
const ESCAPED = new Set('.+()$');

/**
 * The expression, and how the pattern is matched. That a class in brackets is no context of its own here, and that a
 * pattern which begins with `**` and has no other wildcard matches any path with that end (`**foo` takes `barfoo`), is
 * Docker's own.
 */
function translate(pattern: string): { readonly kind: Kind; readonly source: string } {
  const parts = readParts(pattern);
  const sources = parts.map(({ kind, source }, index) =>
    kind !== 'deep' ? source : index === parts.length - 1 ? '.*' : '(.*/)?',
  );
  return { kind: kindOf(parts.map(({ kind }) => kind)), source: `^${sources.join('')}` };
}

function kindOf(parts: readonly Part['kind'][]): Kind {
  const [first, ...rest] = parts;
  if (first !== 'deep' && rest.at(-1) === 'deep' && parts.indexOf('deep') === rest.length) {
    return parts.includes('wild') ? 'expression' : 'prefix';
  }
  if (rest.some((kind) => kind !== 'plain') || first === 'wild') return 'expression';
  return first === 'deep' ? 'suffix' : 'exact';
}

function readParts(pattern: string): readonly Part[] {
  const points = [...pattern];
  const parts: Part[] = [];
  for (let at = points[0] === '\ufeff' ? 1 : 0; at < points.length; ) {
    const part = readPart(points, at);
    parts.push(part);
    at += part.length;
  }
  return parts;
}

interface Part {
  readonly kind: 'plain' | 'wild' | 'deep';
  readonly source: string;
  /** Characters of the pattern. */
  readonly length: number;
}

function readPart(points: readonly string[], at: number): Part {
  const [point = '', next, afterNext] = points.slice(at, at + 3);
  if (point === '*' && next === '*') return { kind: 'deep', source: '', length: afterNext === '/' ? 3 : 2 };
  if (point === '\\') return { kind: 'wild', source: `\\${next ?? ''}`, length: 2 };
  const wild = WILD[point];
  if (wild !== undefined) return { kind: 'wild', source: wild, length: 1 };
  return { kind: 'plain', source: ESCAPED.has(point) ? `\\${point}` : point, length: 1 };
}

const WILD: Readonly<Record<string, string>> = { '*': '[^/]*', '?': '[^/]', '[': '[', ']': ']' };
