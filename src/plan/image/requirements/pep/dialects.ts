import { type Clause, compareVersions, parseSpecifier, parseVersion } from './pep440.ts';

/** Poetry's and conda's ways to write ranges, in PEP 440. */

const bump = (release: readonly number[], index: number): string =>
  [...release.slice(0, index), (release[index] ?? 0) + 1].join('.');

/** `^2.1`: up to the next change of the leftmost part that is not zero. */
function caret(text: string): string | undefined {
  const version = parseVersion(text);
  if (version === undefined) return undefined;
  const { release } = version;
  const first = release.findIndex((part) => part > 0);
  return `>=${text},<${bump(release, first < 0 ? release.length - 1 : first)}`;
}

/** `~2.1`: patches of what is written; `~2` any 2. */
function tilde(text: string): string | undefined {
  const version = parseVersion(text);
  return version && `>=${text},<${bump(version.release, Math.min(version.release.length - 1, 1))}`;
}

function poetryClause(clause: string): string | undefined {
  if (clause === '*' || clause === '') return '';
  const [, operator = '', text = ''] = /^(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*(.*)$/.exec(clause) ?? [];
  if (operator === '^') return caret(text);
  if (operator === '~') return tilde(text);
  if (/\*$/.test(text)) return starred(operator, text);
  if (parseVersion(text) === undefined) return undefined;
  return operator === '' || operator === '=' ? `==${text}` : `${operator}${text}`;
}

/** `2.*` and `2.1.*`, whatever equality is written before it. */
function starred(operator: string, text: string): string | undefined {
  const bare = text.replace(/(?:\.?\*)+$/, '');
  if (bare === '') return operator === '!=' ? undefined : '';
  if (parseVersion(bare) === undefined) return undefined;
  if (operator === '>=' || operator === '<') return `${operator}${bare}`;
  if (operator !== '' && operator !== '=' && operator !== '==' && operator !== '!=') return undefined;
  return `${operator === '!=' ? '!=' : '=='}${bare}.*`;
}

/** More alternatives than anyone writes are not gone through. */
const MOST_ALTERNATIVES = 32;
const MOST_CHARS = 1024;

/** All clauses translated, and joined; alternatives become the range from the lowest to the highest of them. */
function translated(text: string, split: RegExp, clause: (text: string) => string | undefined): string | undefined {
  if (text.length > MOST_CHARS) return undefined;
  const alternatives = text.split(/\|\|?/, MOST_ALTERNATIVES).map((alternative) => {
    // Blanks may stand between an operator and its version.
    const clauses = alternative
      .trim()
      .replace(/([=<>~^!])\s+/g, '$1')
      .split(split)
      .map(clause);
    return clauses.includes(undefined) ? undefined : clauses.filter((one) => one !== '').join(',');
  });
  const sets = alternatives.flatMap((set) => set ?? []);
  if (sets.length < alternatives.length) return undefined;
  return sets.length === 1 ? sets[0] : around(sets);
}

/** PEP 440 has no word for 'or': the narrowest single range around all sets. */
function around(sets: readonly string[]): string {
  const bounds = sets.map((set) => boundsOf(parseSpecifier(set) ?? []));
  const lows = bounds.map(({ low }) => low);
  const highs = bounds.map(({ high }) => high);
  const lowest = lows.includes(undefined) ? undefined : extreme(lows, -1);
  const highest = highs.includes(undefined) ? undefined : extreme(highs, 1);
  return [lowest, highest].flatMap((clause) => clause ?? []).join(',');
}

function extreme(clauses: readonly (string | undefined)[], sign: 1 | -1): string | undefined {
  const version = (clause: string) => clause.replace(/^[<>=]+/, '');
  return clauses
    .flatMap((clause) => clause ?? [])
    .reduce((best, one) => (compareVersions(version(one), version(best)) * sign > 0 ? one : best));
}

interface Bounds {
  readonly low: string | undefined;
  readonly high: string | undefined;
}

/** Some lower and some upper bound of a set, none where it is open. */
function boundsOf(clauses: readonly Clause[]): Bounds {
  let low: string | undefined;
  let high: string | undefined;
  for (const { operator, text, prefix, version } of clauses) {
    const release = version?.release ?? [];
    if (/^>|^={2,3}$|^~=$/.test(operator)) low = `>=${text}`;
    if (operator.startsWith('<')) high = `${operator}${text}`;
    else if (operator === '~=') high = `<${bump(release, release.length - 2)}`;
    else if (/^={2,3}$/.test(operator)) high = prefix ? `<${bump(release, release.length - 1)}` : `<=${text}`;
  }
  return { low, high };
}

/**
 * A constraint of Poetry (`^2.1`, `~2.1`, `2.1.*`, `>=2,<3`, `2.1`) as a PEP 440 specifier set; alternatives (`||`)
 * become the range around them. Undefined where it is none.
 */
export function fromPoetry(constraint: string): string | undefined {
  return translated(constraint, /[,\s]+/, poetryClause);
}

function condaClause(clause: string): string | undefined {
  if (clause === '*' || clause === '') return '';
  const [, operator = '', text = ''] = /^(~=|===|==|!=|<=|>=|<|>|=)?\s*(.*)$/.exec(clause) ?? [];
  if (/\*$/.test(text)) return starred(operator, text);
  if (parseVersion(text) === undefined) return undefined;
  if (operator === '=') return `==${text}.*`;
  return operator === '' ? `==${text}` : `${operator}${text}`;
}

/**
 * A version of conda's match specification as a PEP 440 specifier set: `=2.1` is any 2.1, `2.1` and `==2.1` that
 * version alone, `>=2,<3` a range; alternatives (`|`) become the range around them. Undefined where it is none.
 */
export function fromConda(version: string): string | undefined {
  return translated(version, /\s*,\s*/, condaClause);
}
