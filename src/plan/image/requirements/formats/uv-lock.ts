import { shown } from '../../../../faults.ts';
import type { Place } from '../../../../log.ts';
import { applies } from '../named.ts';
import { folderOf, under } from '../paths.ts';
import { parseMarker, type Scope } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { newCommand, type Reading } from '../reading.ts';
import { isDefaultIndex } from '../variants.ts';
import { isSpecifier } from '../versions.ts';
import { type Edge, type Locked, reached } from './lock-graph.ts';
import { at, list, pairs, readToml, text, texts } from './toml.ts';

/** A package of uv.lock. */
interface UvPackage extends Locked {
  readonly groups: ReadonlyMap<string, readonly Edge[]>;
}

export interface UvWish {
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** Reads what uv.lock installs for the project: its own dependencies, with the extras and groups that are wished for. */
export function readUvLock(reading: Reading, path: string, wish: UvWish): boolean {
  const file = readToml(reading, path);
  if (file === undefined) return false;
  const { table, places } = file;
  const python = text(at(table, 'requires-python'));
  if (python !== undefined && isSpecifier(python)) {
    reading.pythons.push({ specifier: python, place: places.ofKey('requires-python', ''), who: path });
  }
  const lines = places.headers('package');
  const packages = list(at(table, 'package')).flatMap((one, index) => packageOf(reading, one, lines[index] ?? 1));
  const roots = rootsOf(packages, texts(at(table, 'manifest', 'members')).map(normalName));
  const scope = scopeOf(reading, roots, wish);
  const found = reached(
    packages,
    roots.flatMap((root) => wishedOf(root, wish)),
    scope,
  );
  const command = newCommand({ firstIndex: true, locked: true });
  for (const [one, extras] of found) if (!roots.includes(one)) addPackage(reading, path, one, [...extras], command);
  for (const one of roots) addProject(reading, path, one, command);
  return true;
}

function packageOf(reading: Reading, value: unknown, line: number): UvPackage[] {
  const name = text(at(value, 'name'));
  if (name === undefined) return [];
  const forks = texts(at(value, 'resolution-markers'));
  const edgesBy = (key: string) =>
    new Map(pairs(at(value, key)).map(([extra, edges]) => [normalName(extra), list(edges).flatMap(edgeOf)] as const));
  return [
    {
      name: normalName(name),
      version: text(at(value, 'version')),
      line,
      source: sourceOf(at(value, 'source')),
      dependencies: list(at(value, 'dependencies')).flatMap(edgeOf),
      optional: edgesBy('optional-dependencies'),
      groups: edgesBy('dev-dependencies'),
      fits: forks.length === 0 || forks.some((marker) => applies(reading, parseMarker(marker))),
    },
  ];
}

const sourceOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(pairs(value).flatMap(([key, one]) => (typeof one === 'string' ? [[key, one]] : [])));

function edgeOf(value: unknown): Edge[] {
  const name = text(at(value, 'name'));
  if (name === undefined) return [];
  const version = text(at(value, 'version'));
  const source = Object.entries(sourceOf(at(value, 'source')));
  const extras = [text(at(value, 'extra')) ?? [], texts(at(value, 'extra'))].flat().map(normalName);
  const named = version !== undefined || source.length > 0;
  const means = (one: Locked) =>
    (version ?? one.version) === one.version && source.every(([key, value]) => one.source[key] === value);
  return [{ name: normalName(name), extras, marker: text(at(value, 'marker')), means: named ? means : undefined }];
}

const locationOf = ({ source }: Locked) => source['virtual'] ?? source['editable'] ?? source['directory'];

/** The project beside the lock file; of a workspace without a project at its root, all members. */
function rootsOf(packages: readonly UvPackage[], members: readonly string[]): UvPackage[] {
  const local = packages.filter((one) => locationOf(one) !== undefined);
  const root = local.filter((one) => locationOf(one) === '.');
  return root.length > 0 ? root : local.filter(({ name }) => members.length === 0 || members.includes(name));
}

/** What the project itself needs, as if it were one edge to it. */
function wishedOf(root: UvPackage, { extras, groups }: UvWish): Edge[] {
  const own: Edge = { name: root.name, extras: [...extras], marker: undefined, means: (one) => one === root };
  return [own, ...[...groups].flatMap((group) => root.groups.get(group) ?? [])];
}

/** Where extras exclude each other, uv writes them into markers with the length of the package's name before it. */
function scopeOf(reading: Reading, roots: readonly UvPackage[], { extras, groups }: UvWish): Scope {
  const active = roots.flatMap(({ name }) => [
    ...[...extras].map((extra) => `extra-${name.length}-${name}-${extra}`),
    ...[...groups].map((group) => `group-${name.length}-${name}-${group}`),
    `project-${name.length}-${name}`,
  ]);
  return { ...reading.environment, extras: new Set([...extras, ...active]) };
}

type Command = ReturnType<typeof newCommand>;

function addPackage(reading: Reading, file: string, one: UvPackage, extras: readonly string[], command: Command): void {
  const place: Place = { file, line: one.line };
  const { name, version, source } = one;
  const { registry } = source;
  const index = registry === undefined || isDefaultIndex(registry) ? undefined : withoutSecrets(registry);
  if (index !== undefined && /^\w+:/.test(index) && !command.extraIndexes.includes(index))
    command.extraIndexes.push(index);
  const git = source['git'];
  const url = source['url'] ?? source['path'] ?? locationOf(one) ?? (git === undefined ? undefined : `git+${git}`);
  const specifier = version === undefined || url !== undefined ? '' : `==${version}`;
  const location = url === undefined ? undefined : withoutSecrets(url);
  reading.add({ name, extras, specifier, version, url: location, index, place, command });
  const folder = locationOf(one);
  if (folder !== undefined) readManifest(reading, file, folder, place);
}

/** The projects of the repository count as packages where they are installed, not merely run in place. */
function addProject(reading: Reading, file: string, one: UvPackage, command: Command): void {
  if (one.source['virtual'] === undefined) addPackage(reading, file, one, [], command);
}

/** uv looks at the pyproject.toml of every member, also when it only installs from the lock file. */
function readManifest(reading: Reading, file: string, folder: string, place: Place): void {
  const path = under(under(folderOf(file), folder), 'pyproject.toml');
  if (reading.has(path)) reading.text(path);
  else if (!reading.has(under(folderOf(path), 'setup.py'))) {
    const message = `the lock file names the folder ${shown(folder)}, which has no pyproject.toml. Add it, or lock anew.`;
    reading.warn('requirements-lock', place, message);
  }
}
