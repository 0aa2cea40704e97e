import { conventional } from './conventional.ts';
import { readEnvironment } from './formats/conda.ts';
import { readPipfile, readPipfileLock } from './formats/pipfile.ts';
import { readPoetryLock } from './formats/poetry-lock.ts';
import { ASIDE, takesGroup } from './formats/poetry-project.ts';
import { followLeads, type Project, readProject } from './formats/project.ts';
import { at, pairs, readToml, texts } from './formats/toml.ts';
import { readUvLock } from './formats/uv-lock.ts';
import { wishPython } from './hints.ts';
import { judgeLock } from './lock.ts';
import { under } from './paths.ts';
import { normalName } from './pep/names.ts';
import { readPipFile } from './pip/file.ts';
import { newCommand, Reading } from './reading.ts';
import type { Installer } from './types.ts';

/** What was read as one thing that an installer is handed. */
export interface Found {
  readonly installer: Installer;
  readonly roots: readonly string[];
  readonly locked: boolean;
  /** Groups that are installed beside the project's own dependencies. */
  readonly groups?: readonly string[] | undefined;
}

/** What of a project is installed, normalised. */
export interface Wish {
  readonly extras: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

type Reader = (reading: Reading, folder: string, wish: Wish) => Found | undefined;

/** Each conventional place, in the order of authority. */
export const READERS: readonly Reader[] = [uvLock, poetryLock, pipenv, requirementFiles, project, environment];

const has = (reading: Reading, folder: string, name: string) => reading.has(under(folder, name));

export function uvLock(reading: Reading, folder: string, wish: Wish): Found | undefined {
  if (!has(reading, folder, 'uv.lock') || !has(reading, folder, 'pyproject.toml')) return undefined;
  const path = under(folder, 'uv.lock');
  const manifest = under(folder, 'pyproject.toml');
  const groups = new Set([...wish.groups, ...defaultGroups(reading, manifest)]);
  const locked = readUvLock(reading, path, { extras: wish.extras, groups });
  wishPython(reading, folder);
  const asked = askedOf(reading, folder, { extras: wish.extras, groups });
  judgeOrStandIn(reading, path, asked, locked, 'uv lock');
  return { installer: 'uv', roots: [path, manifest], locked: true };
}

/** Groups that uv installs by default, without those for work on the code. */
function defaultGroups(reading: Reading, manifest: string): string[] {
  const scratch = new Reading(reading.view, reading.environment, reading.folder);
  const table = readToml(scratch, manifest)?.table;
  return texts(at(table, 'tool', 'uv', 'default-groups'))
    .map(normalName)
    .filter((group) => !ASIDE.test(group));
}

/** What the project's own file asks for, read apart from its lock file. */
function askedOf(reading: Reading, folder: string, wish: Wish): Reading {
  const asked = new Reading(reading.view, reading.environment, reading.folder, reading.extras);
  readProject(asked, { folder, command: newCommand(), ...wish });
  for (const file of asked.files) reading.mark(file);
  for (const { rule, place, message } of asked.faults) reading.error(rule, place ?? { file: folder }, message);
  for (const { rule, place, message } of asked.warnings) reading.warn(rule, place ?? { file: folder }, message);
  for (const demand of asked.pythons) reading.pythons.push(demand);
  return asked;
}

export function poetryLock(reading: Reading, folder: string, wish: Wish): Found | undefined {
  if (!has(reading, folder, 'poetry.lock') || !has(reading, folder, 'pyproject.toml')) return undefined;
  const path = under(folder, 'poetry.lock');
  const manifest = under(folder, 'pyproject.toml');
  const groups = poetryGroups(reading, manifest, wish);
  const asked = askedOf(reading, folder, { extras: wish.extras, groups });
  const locked = readPoetryLock(reading, path, { groups, direct: asked.entries });
  judgeOrStandIn(reading, path, asked, locked, 'poetry lock');
  return { installer: 'poetry', roots: [path, manifest], locked: true, groups: [...groups].filter(isNoMain) };
}

const isNoMain = (group: string) => group !== 'main';

/** A lock file that cannot be read still locks; what it was made from then says what is known. */
function judgeOrStandIn(reading: Reading, path: string, asked: Reading, locked: boolean, remedy: string): void {
  if (locked) judgeLock(reading, path, asked, remedy);
  else for (const entry of asked.entries) reading.add(entry);
}

function poetryGroups(reading: Reading, manifest: string, wish: Wish): Set<string> {
  const scratch = new Reading(reading.view, reading.environment, reading.folder);
  const table = readToml(scratch, manifest)?.table;
  const groups = [...pairs(at(table, 'tool', 'poetry', 'group')), ...pairs(at(table, 'dependency-groups'))];
  const taken = groups.filter(([group, value]) => takesGroup(group, value, wish));
  return new Set(['main', ...wish.groups, ...taken.map(([group]) => normalName(group))]);
}

export function pipenv(reading: Reading, folder: string): Found | undefined {
  const [lock, manifest] = [under(folder, 'Pipfile.lock'), under(folder, 'Pipfile')];
  if (reading.has(lock)) {
    const locked = readPipfileLock(reading, lock);
    if (!reading.has(manifest)) return { installer: 'pipenv', roots: [lock], locked: true };
    const asked = new Reading(reading.view, reading.environment, reading.folder);
    readPipfile(asked, manifest);
    reading.mark(manifest);
    judgeOrStandIn(reading, lock, asked, locked, 'pipenv lock');
    return { installer: 'pipenv', roots: [lock, manifest], locked: true };
  }
  if (!reading.has(manifest)) return undefined;
  readPipfile(reading, manifest);
  return { installer: 'pipenv', roots: [manifest], locked: false };
}

function requirementFiles(reading: Reading, folder: string): Found | undefined {
  const roots = conventional(reading.view, folder);
  if (roots.length === 0) return undefined;
  if (isHandedOn(reading, folder, roots)) return environment(reading, folder);
  const command = newCommand();
  for (const root of roots) if (!reading.files.includes(root)) readPipFile(reading, root, command);
  wishPython(reading, folder);
  wishProjectPython(reading, folder);
  return { installer: 'pip', roots, locked: areHashed(reading) };
}

/** The project's own demand counts, though pip does not look at it when it installs a list. */
function wishProjectPython(reading: Reading, folder: string): void {
  const scratch = new Reading(reading.view, reading.environment, reading.folder);
  readProject(scratch, { folder, command: newCommand(), extras: new Set(), groups: new Set() });
  for (const demand of scratch.pythons) reading.pythons.push({ ...demand, soft: true });
}

/** With hashes, pip takes nothing that is not pinned. */
export function areHashed({ entries }: Reading): boolean {
  const wanted = entries.filter(({ constraint }) => constraint !== true);
  return wanted.length > 0 && wanted.every(({ hashed }) => hashed === true);
}

export function project(reading: Reading, folder: string, wish: Wish): Found | undefined {
  const names = ['pyproject.toml', 'setup.cfg', 'setup.py'].map((name) => under(folder, name));
  const own = names.find((path) => reading.has(path));
  if (own !== undefined && isHandedOn(reading, folder, [own])) return environment(reading, folder);
  const command = newCommand({ firstIndex: true });
  const groups = new Set([...wish.groups, ...defaultGroups(reading, under(folder, 'pyproject.toml'))]);
  const found: Project | undefined = readProject(reading, { folder, command, extras: wish.extras, groups });
  if (found === undefined) return brokenProject(reading, folder);
  wishPython(reading, folder);
  return { installer: found.tool ?? 'pip', roots: [found.root], locked: false };
}

/** A project that nobody can install counts, unless conda need not look at it. */
function brokenProject(reading: Reading, folder: string): Found | undefined {
  if (reading.faults.length === 0 || environmentFile(reading, folder) !== undefined) return undefined;
  return { installer: 'pip', roots: reading.files, locked: false };
}

function environmentFile(reading: Reading, folder: string): string | undefined {
  const names = ['environment.yml', 'environment.yaml', 'conda.yml', 'conda.yaml'];
  return names.map((name) => under(folder, name)).find((path) => reading.has(path));
}

/** Whether conda's file itself hands these files to pip: then it says all that they say, and what else is needed. */
function isHandedOn(reading: Reading, folder: string, paths: readonly string[]): boolean {
  const whole = new Reading(reading.view, reading.environment, reading.folder);
  environment(whole, folder);
  followLeads(whole);
  return paths.every((path) => whole.files.includes(path));
}

function environment(reading: Reading, folder: string): Found | undefined {
  const path = environmentFile(reading, folder);
  if (path === undefined) return undefined;
  readEnvironment(reading, path);
  return { installer: 'conda', roots: [path], locked: false };
}
