import { shown } from '../../faults.ts';
import type { Place } from '../../log.ts';
import type { Command, Entry, PythonDemand, Reading } from './reading.ts';
import type { Requirement } from './types.ts';
import { buildOf } from './variants.ts';
import { compatible, parseVersion, pinned, satisfies } from './versions.ts';

/** More places of one package than this are not compared with each other. */
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
    else list.push(entry);
  }
  return found;
}

function merged(wanted: readonly Entry[], all: readonly Entry[]): Requirement {
  const [first] = wanted as readonly [Entry, ...Entry[]];
  const clauses = all.flatMap(({ specifier }) => specifier.split(',')).filter((clause) => clause !== '');
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
  return [...found.values()].slice(0, MOST_PLACES);
}

function judgeConflicts(reading: Reading, entries: readonly Entry[]): void {
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

const placeText = ({ file, line }: Place) => (line === undefined ? file : `${file}:${line}`);

/** The Python that all demand together; contradictions are told. Undefined where nothing is demanded. */
export function gatherPython(reading: Reading): string | undefined {
  const demands = reading.pythons.filter(({ specifier }) => specifier !== '');
  const whole = [...new Set(demands.flatMap(({ specifier }) => specifier.split(',')))].join(',');
  if (!compatible(whole)) tellPython(reading, demands);
  return whole === '' ? undefined : whole;
}

function tellPython(reading: Reading, demands: readonly PythonDemand[]): void {
  const few = demands.slice(0, MOST_PLACES * 4);
  for (const [index, other] of few.entries()) {
    const one = few.slice(0, index).find(({ specifier }) => !compatible(`${specifier},${other.specifier}`));
    if (one === undefined) continue;
    const message = `${other.who} wants Python ${other.specifier}, and ${one.who} (${placeText(one.place)}) wants ${one.specifier}: no Python fits both. Make them agree.`;
    reading.error('requirements-python', other.place, message);
    return;
  }
}

/** Newest first where images have been proven with them; 3.12 first as the one with wheels for most packages. */
const PYTHONS = ['3.12', '3.11', '3.13', '3.10', '3.14', '3.9', '3.8', '3.7', '3.15'];

/** A Python that fits the specifiers: the pinned one, else the first of the common ones that does; 3.12 where none is known to. */
export function pythonFor(specifier: string | undefined): string {
  if (specifier === undefined || !compatible(specifier)) return '3.12';
  const pin = pinned(specifier);
  if (pin !== undefined && parseVersion(pin)?.release[0] === 3) return pin;
  const fits = (python: string) => satisfies(`${python}.99`, specifier) || satisfies(`${python}.0`, specifier);
  return PYTHONS.find(fits) ?? '3.12';
}
