import type { Place } from '../../../../log.ts';
import { applies } from '../named.ts';
import { under } from '../paths.ts';
import { parseMarker } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import type { Reading } from '../reading.ts';
import { fromPoetry } from '../versions.ts';
import type { ProjectWish } from './project.ts';
import { at, list, pairs, type TomlFile, text, texts } from './toml.ts';

/** Groups by names that speak of work on the code, not of its runs. */
export const ASIDE =
  /^(?:dev|develop|development|tests?|testing|lint|linting|linters?|format|docs?|documentation|typing|types?|mypy|ci|notebooks?|jupyter|release|build|pre-?commit|quality|style|benchmarks?|coverage|nox|tox)(?:-|$)|-(?:dev|tests?|docs)$/;

/**
 * Poetry's own section. Where the standard metadata names the dependencies (`listed`), the section only says more of
 * them: the source that a package comes from.
 */
export function readPoetryProject(reading: Reading, file: TomlFile, wish: ProjectWish, listed: boolean): void {
  const poetry = at(file.table, 'tool', 'poetry');
  for (const source of list(at(poetry, 'source'))) readSource(source, wish);
  const wanted = wantedOptional(poetry, wish.extras);
  const readTable = (table: unknown, header: string) => {
    for (const [name, value] of pairs(table)) {
      const place = file.places.ofKey(name, header);
      for (const one of [value].flat()) readDependency(reading, name, one, { place, poetry, wanted, wish });
    }
  };
  const main = at(poetry, 'dependencies');
  if (listed) for (const [name, value] of pairs(main)) enrich(reading, name, value, poetry);
  else readTable(main, 'tool.poetry.dependencies');
  for (const [group, value] of pairs(at(poetry, 'group'))) {
    if (takesGroup(group, value, wish)) readTable(at(value, 'dependencies'), `tool.poetry.group.${group}.dependencies`);
  }
}

/** Groups are installed unless they are optional; those for work on the code are left out of images. */
export function takesGroup(group: string, value: unknown, { groups }: Pick<ProjectWish, 'groups'>): boolean {
  const name = normalName(group);
  return groups.has(name) || (at(value, 'optional') !== true && !ASIDE.test(name));
}

/** Packages of the extras that are wanted. */
function wantedOptional(poetry: unknown, extras: ReadonlySet<string>): ReadonlySet<string> {
  const wanted = pairs(at(poetry, 'extras')).filter(([extra]) => extras.has(normalName(extra)));
  return new Set(
    wanted.flatMap(([, names]) => texts(names)).map((name) => normalName(name.replace(/[[ (<>=!~].*$/s, ''))),
  );
}

function readSource(source: unknown, { command }: ProjectWish): void {
  const url = withoutSecrets(text(at(source, 'url')) ?? '');
  const priority = text(at(source, 'priority'));
  if (url === '' || priority === 'explicit' || at(source, 'secondary') === true) return;
  if (priority === 'default' || at(source, 'default') === true) command.index = url;
  else command.extraIndexes.push(url);
}

const sourceUrl = (poetry: unknown, name: string | undefined): string | undefined => {
  const source = name === undefined ? undefined : list(at(poetry, 'source')).find((one) => at(one, 'name') === name);
  const url = text(at(source, 'url'));
  return url === undefined ? undefined : withoutSecrets(url);
};

interface Context {
  readonly place: Place;
  readonly poetry: unknown;
  readonly wanted: ReadonlySet<string>;
  readonly wish: ProjectWish;
}

function readDependency(reading: Reading, written: string, value: unknown, context: Context): void {
  const { place, poetry, wanted, wish } = context;
  const name = normalName(written);
  const constraint = text(value) ?? text(at(value, 'version'));
  const specifier = constraint === undefined ? '' : fromPoetry(constraint);
  if (specifier === undefined) {
    const message = `${JSON.stringify(constraint?.slice(0, 80))} is no version constraint of Poetry. Write it as ^1.2 or >=1.2,<2.0.`;
    reading.error('requirements-syntax', place, message);
  } else if (name === 'python') reading.pythons.push({ specifier, place, who: place.file });
  else if ((at(value, 'optional') !== true || wanted.has(name)) && isWanted(reading, value)) {
    const extras = texts(at(value, 'extras')).map(normalName);
    const index = sourceUrl(poetry, text(at(value, 'source')));
    const url = locationOf(value);
    const nightly = at(value, 'allow-prereleases') === true ? true : undefined;
    reading.add({ name, extras, specifier, place, command: wish.command, index, url, nightly });
    const path = text(at(value, 'path'));
    if (path !== undefined) reading.leads.push({ ...leadTo(path, wish), name, extras, place });
  }
}

const leadTo = (path: string, { folder, command }: ProjectWish) => ({
  folder: under(folder, path),
  location: path,
  command,
});

function locationOf(value: unknown): string | undefined {
  const git = text(at(value, 'git'));
  const location = text(at(value, 'url')) ?? text(at(value, 'path')) ?? (git === undefined ? undefined : `git+${git}`);
  return location === undefined ? undefined : withoutSecrets(location);
}

function isWanted(reading: Reading, value: unknown): boolean {
  const markers = text(at(value, 'markers'));
  const platform = text(at(value, 'platform'));
  if (platform !== undefined && platform !== 'linux') return false;
  const python = text(at(value, 'python'));
  const range = python === undefined ? '' : (fromPoetry(python) ?? '');
  const texts = [
    ...(markers === undefined ? [] : [markers]),
    ...range
      .split(',')
      .filter((one) => one !== '')
      .map(asMarker),
  ];
  return texts.every((one) => applies(reading, parseMarker(one)));
}

const asMarker = (clause: string) => clause.replace(/^([<>=!~]+)(.*)$/s, "python_full_version $1 '$2'");

/** A package of the standard list, bound to a source by Poetry's section. */
function enrich(reading: Reading, name: string, value: unknown, poetry: unknown): void {
  for (const one of [value].flat()) {
    const index = sourceUrl(poetry, text(at(one, 'source')));
    if (index !== undefined && isWanted(reading, one)) reading.amend(normalName(name), { index });
  }
}
