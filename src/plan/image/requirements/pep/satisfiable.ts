import { type Clause, fits, parseSpecifier, parseVersion, type Version } from './pep440.ts';

/** More clauses than this in one set are taken for satisfiable: the work stays bounded. */
const MOST_CLAUSES = 48;

/**
 * Whether any version at all can satisfy a specifier set: `>=2.4,<2.1` and `==2.1.0,==2.2.0` cannot be satisfied. True
 * where it cannot be known, as for a text that is not PEP 440. Versions that nobody has released count: that a set is
 * satisfiable does not say that a release satisfies it.
 */
export function compatible(specifier: string): boolean {
  const clauses = parseSpecifier(specifier);
  if (clauses === undefined || clauses.length > MOST_CLAUSES) return true;
  // One clause alone always has its bound, or what is above it; only below the lowest version there is nothing.
  if (clauses.length < 2 && clauses[0]?.operator !== '<') return true;
  return witnesses(clauses).some((text) => {
    const version = parseVersion(text);
    return version === undefined
      ? clauses.every((clause) => clause.operator === '===' && clause.text.toLowerCase() === text.toLowerCase())
      : clauses.every((clause) => fits(version, text, clause));
  });
}

/**
 * Every non-empty set holds one of these: the versions that satisfy a set begin at, or right above, a bound of one of
 * its clauses, or at the lowest version of all.
 */
function witnesses(clauses: readonly Clause[]): string[] {
  // A pin leaves itself alone, or a local build of itself that another clause would have to name.
  const pins = clauses.filter(({ operator, prefix }) => (operator === '==' || operator === '===') && !prefix);
  if (pins.length > 0) return [...new Set(pins.map(({ text }) => text))];
  const depth = Math.max(...clauses.map(({ version }) => version?.release.length ?? 0)) + 1;
  const found = new Set(['0.dev0']);
  for (const { text, version } of clauses) {
    found.add(text);
    for (const one of version === undefined ? [] : around(version, depth)) found.add(one);
  }
  return [...found];
}

function around(version: Version, depth: number): string[] {
  const { epoch, release } = version;
  const written = (parts: readonly number[], rest: string) => `${epoch}!${parts.join('.')}${rest}`;
  const bumped = release.map((part, index) => written([...release.slice(0, index), part + 1], '.dev0'));
  const deeper = [...release, ...new Array<number>(Math.max(0, depth - release.length)).fill(0), 1];
  return [
    written(release, '.dev0'),
    successor(version),
    ...nextPre(version),
    written(deeper, '.dev0'),
    ...bumped,
    `${epoch + 1}!0.dev0`,
  ];
}

/** The lowest public version above this one. */
function successor(version: Version): string {
  const { public: text, dev, post } = version;
  if (dev !== null) return text.replace(/dev\d+$/, `dev${dev + 1}`);
  if (post !== null) return `${text.replace(/post\d+$/, `post${post + 1}`)}.dev0`;
  return `${text}.post0.dev0`;
}

/** Above a pre-release and all that is built on it: `>1.0a1` leaves its post-releases out. */
function nextPre(version: Version): string[] {
  const text = `${version.epoch}!${version.release.join('.')}`;
  const [letter, number] = version.pre ?? [];
  const final = [text, `${text}.dev0`, `${text}a0`, `${text}a0.dev0`];
  if (letter === undefined) return final;
  return [...final, `${text}${letter}${Number(number) + 1}.dev0`, `${text}${letter}${number}`];
}
