import { compare, explain, type Pep440Version } from '@renovatebot/pep440';

/** Longer texts are no version that anyone publishes; what is parsed stays bounded. */
const MOST_CHARS = 128;

type Operator = '===' | '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>';

/** A version in its parts. The library's own type has lists where its values are numbers. */
export type Version = Omit<Pep440Version, 'post' | 'dev'> & {
  readonly post: number | null;
  readonly dev: number | null;
};

/** One clause of a specifier set, such as `>=2.1`. */
export interface Clause {
  readonly operator: Operator;
  /** As written, without a closing `.*`. */
  readonly text: string;
  /** Undefined only behind `===`, which takes any text. */
  readonly version: Version | undefined;
  /** Whether the text ended in `.*`. */
  readonly prefix: boolean;
}

/** A version in its parts; undefined where PEP 440 does not know it. */
export function parseVersion(text: string): Version | undefined {
  const trimmed = text.trim();
  const parts: unknown = trimmed.length > MOST_CHARS ? null : explain(trimmed);
  return parts === null ? undefined : (parts as Version);
}

/** Below, at or above zero, in the order of PEP 440; both must be versions. */
export function compareVersions(one: string, other: string): number {
  return compare(one.trim(), other.trim());
}

/** The clauses of a specifier set; undefined where one of them is not PEP 440. Empty clauses count for nothing, as in pip. */
export function parseSpecifier(specifier: string): readonly Clause[] | undefined {
  const clauses: Clause[] = [];
  for (const part of specifier.split(',')) {
    const text = part.trim();
    if (text === '') continue;
    const clause = parseClause(text);
    if (clause === undefined) return undefined;
    clauses.push(clause);
  }
  return clauses;
}

function parseClause(text: string): Clause | undefined {
  if (text.length > MOST_CHARS + 8) return undefined;
  const operator = /^(?:===|~=|==|!=|<=|>=|<|>)/.exec(text)?.[0] as Operator | undefined;
  if (operator === undefined) return undefined;
  const rest = text.slice(operator.length).trim();
  if (operator === '===') return arbitrary(rest);
  const prefix = rest.endsWith('.*');
  const bare = prefix ? rest.slice(0, -2) : rest;
  const version = parseVersion(bare);
  if (version === undefined || !isAllowed(operator, prefix, version)) return undefined;
  return { operator, text: bare, version, prefix };
}

function arbitrary(rest: string): Clause | undefined {
  if (rest === '' || /[\s;)]/.test(rest)) return undefined;
  return { operator: '===', text: rest, version: parseVersion(rest), prefix: false };
}

/** `.*` and local parts belong to equality alone; `~=` needs something to leave off. */
function isAllowed(operator: Operator, prefix: boolean, version: Version): boolean {
  const equality = operator === '==' || operator === '!=';
  if (prefix) return equality && !isMarked(version);
  if (version.local !== null && !equality) return false;
  return operator !== '~=' || version.release.length > 1;
}

const isMarked = (version: Version) => version.is_prerelease || version.is_postrelease || version.local !== null;

/** Whether a version fits one clause; whether pre-releases are wanted at all is asked elsewhere. */
export function fits(version: Version, text: string, clause: Clause): boolean {
  const { operator, version: bound } = clause;
  if (operator === '===' || bound === undefined) return text.trim().toLowerCase() === clause.text.toLowerCase();
  if (clause.prefix) return isBelowPrefix(version, bound.epoch, bound.release) === (operator === '==');
  if (operator === '~=') {
    return isBelowPrefix(version, bound.epoch, bound.release.slice(0, -1)) && order(version.public, clause) >= 0;
  }
  if (operator === '<') return isLess(text, clause, bound);
  if (operator === '>') return isGreater(version, text, clause, bound);
  const side = order(bound.local === null ? version.public : text, clause);
  if (operator === '==') return side === 0;
  if (operator === '!=') return side !== 0;
  return operator === '<=' ? side <= 0 : side >= 0;
}

const order = (text: string, clause: Clause) => compareVersions(text, clause.text);

/** `1.2` stands before the prefix 1.2.0 too: missing places are zeros. */
function isBelowPrefix(version: Version, epoch: number, release: readonly number[]): boolean {
  return version.epoch === epoch && release.every((part, index) => (version.release[index] ?? 0) === part);
}

/** Pre-releases of the bound itself are not below it, unless it is one. */
function isLess(text: string, clause: Clause, bound: Version): boolean {
  if (order(text, clause) >= 0) return false;
  return bound.is_prerelease || compareVersions(text, `${bound.public}.dev0`) < 0;
}

/** Post-releases and local builds of the bound itself are not above it. */
function isGreater(version: Version, text: string, clause: Clause, bound: Version): boolean {
  if (order(text, clause) <= 0 || order(version.public, clause) === 0) return false;
  if (bound.is_devrelease || bound.is_postrelease) return true;
  return !version.is_postrelease || compareVersions(stem(version), stem(bound)) !== 0;
}

/** Without what comes after a final or pre-release: its post-release, and that one's development. */
const stem = ({ base_version, pre }: Version) => `${base_version}${pre?.join('') ?? ''}`;

/** Whether a clause asks for pre-releases by naming one. */
export function asksForPrereleases({ operator, version, prefix }: Clause): boolean {
  return operator !== '!=' && !prefix && version?.is_prerelease === true;
}
