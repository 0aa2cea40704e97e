import { shown } from '../../../faults.ts';
import type { Place } from '../../../log.ts';
import type { Command, Entry, Reading } from './reading.ts';
import type { Requirement } from './types.ts';
import { buildOf } from './variants.ts';
import { compatible, parseVersion, pinned } from './versions.ts';

/** More places of one package than this are not looked at. */
const MOST_PLACES = 24;

export interface Gathered {
  readonly packages: ReadonlyMap<string, Requirement>;
  readonly constraints: ReadonlyMap<string, Requirement>;
}

/** Puts together what all places say of each package, and tells where they contradict each other. */
export function gather(reading: Reading): Gathered {
  const packages = new Map<string, Requirement>();
  const constraints = new Map<string, Requirement>();
  for (const [name, entries] of byName(reading.entries)) {
    const wanted = entries.filter(({ constraint }) => constraint !== true);
    judgeConflicts(reading, entries);
    if (wanted.length === 0) constraints.set(name, merged(entries, entries));
    else packages.set(name, merged(wanted, entries));
  }
  return { packages, constraints };
}

function byName(entries: readonly Entry[]): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of entries) {
    const list = found.get(entry.name);
    if (list === undefined) found.set(entry.name, [entry]);
    else if (list.length < MOST_PLACES) list.push(entry);
  }
  return found;
}

function merged(wanted: readonly Entry[], all: readonly Entry[]): Requirement {
  const [first] = wanted as readonly [Entry, ...Entry[]];
  // A lock file's first answer counts, should an unknown marker leave two.
  const said = first.command.locked ? [first] : all;
  const clauses = said
    .flatMap(({ specifier }) => specifier.split(',').map((clause) => clause.trim()))
    .filter((clause) => clause !== '');
  const specifier = [...new Set(clauses)].join(',');
  const version = all.find((one) => one.version !== undefined)?.version ?? soundPin(specifier);
  const builds = all.map((entry) => buildOf(entry, specifier));
  const find = <K extends 'index' | 'variant'>(key: K) => builds.find((build) => build[key] !== undefined)?.[key];
  return {
    name: first.name,
    extras: [...new Set(wanted.flatMap(({ extras }) => extras))],
    specifier,
    version,
    url: wanted.find(({ url }) => url !== undefined)?.url,
    nightly: builds.some(({ nightly }) => nightly),
    place: first.place,
    index: find('index'),
    variant: find('variant'),
  };
}

/** A pin among contradicting ones says nothing. */
const soundPin = (specifier: string) => (compatible(specifier) ? pinned(specifier) : undefined);

/** What one place demands of a package's version. */
interface Demand {
  readonly text: string;
  readonly specifier: string;
  readonly place: Place;
  readonly command: Command;
}

function demandsOf(entries: readonly Entry[]): Demand[] {
  const found = new Map<string, Demand>();
  for (const { name, specifier, version, place, command } of entries) {
    const whole = version !== undefined && parseVersion(version) !== undefined ? `==${version}` : specifier;
    const demand = { text: `${name}${whole}`, specifier: whole, place, command };
    if (whole !== '' && !found.has(whole)) found.set(whole, demand);
  }
  return [...found.values()];
}

function judgeConflicts(reading: Reading, all: readonly Entry[]): void {
  if (reading.full) return;
  const entries = all.filter(({ command }) => !command.locked);
  judgeLocations(reading, entries);
  const demands = demandsOf(entries);
  const alone = demands.find(({ specifier }) => !compatible(specifier));
  if (alone !== undefined) {
    const message = `no version fits ${shown(alone.text)}: its bounds exclude each other. Widen one of them.`;
    reading.error('requirements-conflict', alone.place, message);
    return;
  }
  if (demands.length < 2 || compatible(demands.map(({ specifier }) => specifier).join(','))) return;
  const [one, other] = pairOf(demands);
  if (one === undefined || other === undefined) return;
  tellConflict(reading, one, other, demands);
}

/** One package cannot come from two places in one run. */
function judgeLocations(reading: Reading, entries: readonly Entry[]): void {
  const plain = ({ url = '' }: Entry) => url.replace(/#.*$/s, '');
  // Paths count from different folders: two may well be one.
  const located = entries.filter((entry) => entry.version === undefined && /^(?!file:)[\w+]+:/.test(plain(entry)));
  const [one] = located;
  const other = located.find(
    (entry) => one !== undefined && entry.command === one.command && plain(entry) !== plain(one),
  );
  if (one === undefined || other === undefined) return;
  const message = `${other.name} is taken from ${shown(other.url ?? '')} here and from ${shown(one.url ?? '')} (${placeText(one.place)}): it cannot be installed from both. Drop one.`;
  reading.error('requirements-conflict', other.place, message);
}

/** The first two that contradict each other; else the first and the last of those that do it together. */
function pairOf(demands: readonly Demand[]): readonly (Demand | undefined)[] {
  for (const [index, other] of demands.entries()) {
    const one = demands.slice(0, index).find(({ specifier }) => !compatible(`${specifier},${other.specifier}`));
    if (one !== undefined) return [one, other];
  }
  return [demands[0], demands.at(-1)];
}

function tellConflict(reading: Reading, one: Demand, other: Demand, demands: readonly Demand[]): void {
  const two = !compatible(`${one.specifier},${other.specifier}`);
  const all = two ? [one, other] : demands;
  const named = all.map(({ text, place }) => `${text} (${placeText(place)})`).join(' and ');
  if (all.every(({ command }) => command === one.command)) {
    const message = `${named} cannot be installed together: no version fits all of them. Make them agree, or drop one.`;
    reading.error('requirements-conflict', other.place, message);
  } else {
    const message = `${named} exclude each other: what is installed later replaces the earlier one. Make them agree.`;
    reading.warn('requirements-conflict', other.place, message);
  }
}

export const placeText = ({ file, line }: Place) => (line === undefined ? file : `${file}:${line}`);

/** Once one requirement has a hash, pip wants one for each, and every version pinned. */
export function judgeHashes(reading: Reading): void {
  for (const entries of Map.groupBy(reading.entries, ({ command }) => command).values()) {
    const wanted = entries.filter(({ constraint }) => constraint !== true);
    const hashed = wanted.find((one) => one.hashed === true);
    const loose = wanted.find(
      (one) => one.hashed !== true || (one.url === undefined && pinned(one.specifier) === undefined),
    );
    if (hashed === undefined || loose === undefined) continue;
    const lack = loose.hashed === true ? 'no version pinned by ==' : 'no hash';
    const message = `${loose.name} has ${lack}, and ${hashed.name} (${placeText(hashed.place)}) has a hash: pip then refuses all that is not pinned and hashed. Lock the whole list, or take the hashes out.`;
    reading.warn('requirements-hash', loose.place, message);
  }
}
