import { asksForPrereleases, compareVersions, fits, parseSpecifier, parseVersion } from './pep/pep440.ts';

export { fromConda, fromPoetry } from './pep/dialects.ts';
export { compareVersions, parseVersion } from './pep/pep440.ts';
export { compatible } from './pep/satisfiable.ts';

/**
 * The release that pip would install: the highest that fits the PEP 440 specifier set ('' fits any). Pre-releases count
 * where `nightly` or the set itself asks for them, or where no final release fits. Undefined where nothing fits, or the
 * set is not PEP 440. A local part (`2.8.0+cu128`) is above the same version without one.
 */
export function pickVersion(specifier: string, releases: readonly string[], nightly = false): string | undefined {
  const clauses = parseSpecifier(specifier);
  if (clauses === undefined) return undefined;
  const fitting = releases.flatMap((text) => {
    const version = parseVersion(text);
    return version !== undefined && clauses.every((clause) => fits(version, text, clause)) ? [{ text, version }] : [];
  });
  const finals = fitting.filter(({ version }) => !version.is_prerelease);
  const any = nightly || clauses.some(asksForPrereleases) || finals.length === 0;
  return highest((any ? fitting : finals).map(({ text }) => text));
}

/** The highest version of a list, the first of equal ones; undefined for an empty list. */
export function highest(versions: readonly string[]): string | undefined {
  let best: string | undefined;
  for (const one of versions) if (best === undefined || compareVersions(one, best) > 0) best = one;
  return best;
}

/** Whether a version fits a specifier set, pre-releases included; undefined where one of them is not PEP 440. */
export function satisfies(version: string, specifier: string): boolean | undefined {
  const parsed = parseVersion(version);
  const clauses = parseSpecifier(specifier);
  if (parsed === undefined || clauses === undefined) return undefined;
  return clauses.every((clause) => fits(parsed, version, clause));
}

/** Whether a specifier set is PEP 440. */
export function isSpecifier(specifier: string): boolean {
  return parseSpecifier(specifier) !== undefined;
}

/** The one public or local version that a set pins by `==` or `===`; undefined where it leaves a choice. */
export function pinned(specifier: string): string | undefined {
  const pins = (parseSpecifier(specifier) ?? []).filter(({ operator, prefix }) => /^={2,3}$/.test(operator) && !prefix);
  const texts = pins.map(({ text }) => text);
  return texts.find((text) => text.includes('+')) ?? texts[0];
}

/** The first `parts` numbers of a version: `series('2.8.0+cu128', 2)` is `2.8`. Undefined for what is no version. */
export function series(version: string, parts: number): string | undefined {
  const release = parseVersion(version)?.release;
  return release && Array.from({ length: parts }, (_, index) => release[index] ?? 0).join('.');
}

/** The part behind `+`, in lower case: `cu128`, `cpu`. */
export function localPart(version: string): string | undefined {
  return parseVersion(version)?.local ?? undefined;
}
