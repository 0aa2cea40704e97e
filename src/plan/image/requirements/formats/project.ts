import { addNamed } from '../named.ts';
import { under } from '../paths.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { readPipFile } from '../pip/file.ts';
import type { Command, Lead, Reading } from '../reading.ts';
import { isSpecifier } from '../versions.ts';
import { readPoetryProject } from './poetry-project.ts';
import { readSetup } from './setup.ts';
import { at, list, pairs, readToml, type TomlFile, text, texts } from './toml.ts';
import { readUvPackages, readUvSettings } from './uv-project.ts';

/** Which of a project's packages are wanted. */
export interface ProjectWish {
  /** Relative to the workspace. */
  readonly folder: string;
  readonly command: Command;
  /** Extras and dependency groups, normalised. */
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** What kind of project a folder holds. */
export interface Project {
  readonly name: string | undefined;
  /** Its own file, the first that was read. */
  readonly root: string;
  readonly tool: 'poetry' | 'uv' | undefined;
}

/** Reads what a folder's project depends on: pyproject.toml, else setup.cfg and setup.py. Undefined where there is none. */
export function readProject(reading: Reading, wish: ProjectWish): Project | undefined {
  const path = under(wish.folder, 'pyproject.toml');
  const file = reading.has(path) ? readToml(reading, path) : undefined;
  if (file === undefined) return readSetup(reading, wish);
  const { table } = file;
  const listed = at(table, 'project', 'dependencies') !== undefined;
  readMetadata(reading, file, wish);
  const poetry = at(table, 'tool', 'poetry') !== undefined;
  if (poetry) readPoetryProject(reading, file, wish, listed);
  // Where pyproject.toml names none itself, setuptools takes them from its older files.
  const silent = !listed && !poetry && at(table, 'tool', 'setuptools', 'dynamic', 'dependencies') === undefined;
  const older = silent ? readSetup(reading, wish) : undefined;
  const name = text(at(table, 'project', 'name')) ?? text(at(table, 'tool', 'poetry', 'name')) ?? older?.name;
  const tool = poetry ? 'poetry' : at(table, 'tool', 'uv') === undefined ? undefined : 'uv';
  return { name: name === undefined ? undefined : normalName(name), root: path, tool };
}

/** The folders that requirements lead to, and those that these lead to; each once. */
export function followLeads(reading: Reading): void {
  const seen = new Set<string>();
  for (let lead = reading.leads.shift(); lead !== undefined; lead = reading.leads.shift()) {
    const key = `${lead.folder} ${lead.extras.toSorted().join()}`;
    if (seen.has(key)) continue;
    seen.add(key);
    followLead(reading, lead);
  }
}

function followLead(reading: Reading, { folder, location, name, extras, command, place }: Lead): void {
  const wish = { folder, command, extras: new Set(extras), groups: new Set<string>() };
  const project = readProject(reading, wish);
  if (name !== undefined) return;
  // A folder without a name of its own is still something that is installed from the repository.
  const known = project?.name ?? (normalName(folder.replace(/^.*\//, '')) || 'project');
  reading.add({ name: known, extras, specifier: '', url: withoutSecrets(location), place, command });
}

/** The standard metadata of PEP 621, PEP 735, and what uv and setuptools add to it. */
function readMetadata(reading: Reading, file: TomlFile, wish: ProjectWish): void {
  const { table, places } = file;
  const python = text(at(table, 'project', 'requires-python'));
  if (python !== undefined && isSpecifier(python)) {
    const place = places.ofKey('requires-python', 'project');
    reading.pythons.push({ specifier: python, place, who: place.file });
  }
  readUvSettings(file, wish.command);
  const add = (one: string, header: string) =>
    addNamed(reading, one, places.ofText(one, header), { command: wish.command });
  for (const one of texts(at(table, 'project', 'dependencies'))) add(one, 'project');
  const own = normalName(text(at(table, 'project', 'name')) ?? '');
  for (const one of optional(table, own, wish.extras)) add(one, 'project.optional-dependencies');
  for (const one of grouped(table, wish.groups)) add(one, 'dependency-groups');
  for (const path of dynamicFiles(table, wish.extras)) readDynamic(reading, under(wish.folder, path), wish.command);
  readUvPackages(reading, file, wish.command);
}

/** The requirements of extras, those that extras of the project itself lead to included. */
function optional(table: unknown, own: string, extras: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const wanted = new Set(extras);
  for (const extra of wanted) {
    const [, value] =
      pairs(at(table, 'project', 'optional-dependencies')).find(([key]) => normalName(key) === extra) ?? [];
    for (const one of texts(value)) {
      const [, name = '', more] = /^\s*([\w.-]+)\s*\[([\w.,\s-]*)\]/.exec(one.slice(0, 512)) ?? [];
      if (more === undefined || own === '' || normalName(name) !== own) found.push(one);
      else for (const next of more.split(',')) wanted.add(normalName(next.trim()));
    }
  }
  return found;
}

/** The requirements of dependency groups, included groups among them (PEP 735). */
function grouped(table: unknown, groups: ReadonlySet<string>): string[] {
  const found: string[] = [];
  const wanted = new Set(groups);
  for (const group of wanted) {
    const [, value] = pairs(at(table, 'dependency-groups')).find(([key]) => normalName(key) === group) ?? [];
    for (const one of list(value)) {
      const included = text(at(one, 'include-group'));
      if (typeof one === 'string') found.push(one);
      else if (included !== undefined) wanted.add(normalName(included));
    }
  }
  return found;
}

/** Files that setuptools or hatch-requirements-txt take the dependencies from. */
function dynamicFiles(table: unknown, extras: ReadonlySet<string>): string[] {
  const dynamic = texts(at(table, 'project', 'dynamic'));
  const setuptools = at(table, 'tool', 'setuptools', 'dynamic');
  const filesOf = (value: unknown) => [text(at(value, 'file')) ?? [], texts(at(value, 'file'))].flat();
  const hatch = texts(at(table, 'tool', 'hatch', 'metadata', 'hooks', 'requirements_txt', 'files'));
  const more = pairs(at(setuptools, 'optional-dependencies')).filter(([extra]) => extras.has(normalName(extra)));
  return [
    ...(dynamic.includes('dependencies') ? [...filesOf(at(setuptools, 'dependencies')), ...hatch] : []),
    ...more.flatMap(([, value]) => filesOf(value)),
  ];
}

function readDynamic(reading: Reading, path: string, command: Command): void {
  if (reading.has(path)) readPipFile(reading, path, command);
}
