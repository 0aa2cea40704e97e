import { applies } from '../named.ts';
import { parseMarker } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { parseRequirement } from '../pep/pep508.ts';
import { type Entry, newCommand, type Reading } from '../reading.ts';
import { isDefaultIndex } from '../variants.ts';
import { compatible, fromPoetry, satisfies } from '../versions.ts';
import { type Edge, type Locked, reached } from './lock-graph.ts';
import { at, list, pairs, readToml, text, texts } from './toml.ts';

/** A package of poetry.lock. */
interface PoetryPackage extends Locked {
  /** Since lock version 2.1: the groups that need it, `main` for the project itself. */
  readonly groups: readonly string[] | undefined;
  /** Up to lock version 1.1: `main` or `dev`. */
  readonly category: string | undefined;
  readonly isOptional: boolean;
  readonly python: string | undefined;
}

export interface PoetryWish {
  /** `main`, and the groups that are installed with it, normalised. */
  readonly groups: ReadonlySet<string>;
  /** What pyproject.toml names, for the lock files that do not say which group needs a package. */
  readonly direct: readonly Entry[];
}

/** Reads what poetry.lock installs for the project. The extras that are wished for are those of the reading. */
export function readPoetryLock(reading: Reading, path: string, wish: PoetryWish): boolean {
  const file = readToml(reading, path);
  if (file === undefined) return false;
  const { table, places } = file;
  const python = fromPoetry(text(at(table, 'metadata', 'python-versions')) ?? '');
  if (python)
    reading.pythons.push({ specifier: python, place: places.ofKey('python-versions', 'metadata'), who: path });
  const lines = places.headers('package');
  const packages = list(at(table, 'package')).flatMap((one, index) => packageOf(reading, one, lines[index] ?? 1, wish));
  const command = newCommand({ locked: true });
  for (const [one, extras] of chosen(reading, packages, wish, extraNames(table, reading.extras))) {
    judgePython(reading, path, one, python);
    addPackage(reading, path, one, extras, command);
  }
  return true;
}

function packageOf(reading: Reading, value: unknown, line: number, { groups }: PoetryWish): PoetryPackage[] {
  const name = text(at(value, 'name'));
  if (name === undefined) return [];
  const dependencies = pairs(at(value, 'dependencies')).flatMap(([key, one]) =>
    [one].flat().flatMap((each) => edgeOf(key, each)),
  );
  const optional = pairs(at(value, 'extras')).map(
    ([extra, needs]) => [normalName(extra), texts(needs).flatMap(extraEdge)] as const,
  );
  const listed = at(value, 'groups');
  const own = Array.isArray(listed) ? texts(listed).map(normalName) : undefined;
  return [
    {
      name: normalName(name),
      version: text(at(value, 'version')),
      line,
      dependencies,
      optional: new Map(optional),
      source: Object.fromEntries(
        pairs(at(value, 'source')).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])),
      ),
      fits: markersOf(at(value, 'markers'), own?.filter((group) => groups.has(group)) ?? [...groups]).some((marker) =>
        applies(reading, parseMarker(marker)),
      ),
      groups: own,
      category: text(at(value, 'category')),
      isOptional: at(value, 'optional') === true,
      python: fromPoetry(text(at(value, 'python-versions')) ?? ''),
    },
  ];
}

/** One marker for all groups, or one for each; a group without one needs the package everywhere. */
function markersOf(value: unknown, groups: readonly string[]): string[] {
  if (typeof value === 'string') return [value];
  const table = pairs(value);
  if (table.length === 0) return [EVERYWHERE];
  return groups.map((group) => text(table.find(([key]) => normalName(key) === group)?.[1]) ?? EVERYWHERE);
}

const EVERYWHERE = "os_name != ''";

function edgeOf(name: string, value: unknown): Edge[] {
  if (at(value, 'optional') === true) return [];
  const specifier = fromPoetry(text(value) ?? text(at(value, 'version')) ?? '') ?? '';
  return [
    {
      name: normalName(name),
      extras: texts(at(value, 'extras')).map(normalName),
      marker: text(at(value, 'markers')),
      means: (one) => meets(one, specifier),
    },
  ];
}

const meets = ({ version, fits }: Locked, specifier: string) =>
  fits && (version === undefined || satisfies(version, specifier) !== false);

/** `opt-einsum (>=3.3) ; python_version < "3.11"` */
function extraEdge(need: string): Edge[] {
  const named = parseRequirement(need);
  if (typeof named === 'string') return [];
  const marker = need.includes(';') ? need.slice(need.indexOf(';') + 1) : undefined;
  return [{ name: named.name, extras: named.extras, marker, means: (one) => meets(one, named.specifier) }];
}

/** What the project's own extras name. */
function extraNames(table: unknown, extras: ReadonlySet<string>): string[] {
  const wanted = pairs(at(table, 'extras')).filter(([extra]) => extras.has(normalName(extra)));
  return wanted.flatMap(([, names]) => texts(names)).flatMap((name) => extraEdge(name).map((edge) => edge.name));
}

/** The packages that are installed, by the best sign that the lock's version gives. */
function chosen(
  reading: Reading,
  packages: readonly PoetryPackage[],
  { groups, direct }: PoetryWish,
  optional: readonly string[],
): Map<PoetryPackage, ReadonlySet<string>> {
  const none = new Set<string>();
  const scope = { ...reading.environment, extras: reading.extras };
  const plain = (fits: (one: PoetryPackage) => boolean) => new Map(packages.filter(fits).map((one) => [one, none]));
  if (packages.some((one) => one.groups !== undefined)) {
    return plain((one) => one.fits && (one.groups ?? ['main']).some((group) => groups.has(group)));
  }
  const roots = direct.map(({ name, extras, specifier }): Edge => {
    return { name, extras, marker: undefined, means: (one) => meets(one, specifier) };
  });
  const more = optional.map((name): Edge => ({ name, extras: [], marker: undefined, means: undefined }));
  const found = reached(packages, [...roots, ...more], scope);
  if (found.size > 0) return found;
  return plain((one) => !one.isOptional && (one.category ?? 'main') === 'main');
}

function judgePython(reading: Reading, file: string, one: PoetryPackage, python: string | undefined): void {
  if (!python || !one.python || compatible(`${python},${one.python}`)) return;
  const message = `${one.name} ${one.version} wants Python ${one.python}, and the project wants ${python}: no Python fits both. Lock anew, or narrow the project's.`;
  reading.error('requirements-python', { file, line: one.line }, message);
}

type Command = ReturnType<typeof newCommand>;

function addPackage(
  reading: Reading,
  file: string,
  one: PoetryPackage,
  extras: ReadonlySet<string>,
  command: Command,
): void {
  const { name, version, source, line } = one;
  const { type, url = '' } = source;
  const legacy = type === 'legacy' && !isDefaultIndex(url);
  const index = legacy ? withoutSecrets(url) : undefined;
  if (index !== undefined && !command.extraIndexes.includes(index)) command.extraIndexes.push(index);
  const direct =
    type === undefined || type === 'legacy' ? undefined : withoutSecrets(type === 'git' ? `git+${url}` : url);
  const specifier = version === undefined || direct !== undefined ? '' : `==${version}`;
  reading.add({ name, extras: [...extras], specifier, version, url: direct, index, place: { file, line }, command });
}
