import { isRecord } from '../../../../json.ts';
import type { Place } from '../../../../log.ts';
import { applies } from '../named.ts';
import { parseMarker } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { type Command, newCommand, type Reading } from '../reading.ts';
import { isDefaultIndex } from '../variants.ts';
import { fromPoetry } from '../versions.ts';
import { at, list, pairs, readToml, text, texts } from './toml.ts';

/** Reads Pipfile.lock's default packages; those for development stay out. */
export function readPipfileLock(reading: Reading, path: string): boolean {
  const content = reading.text(path);
  if (content === undefined) return false;
  const lock = jsonOf(reading, path, content);
  if (lock === undefined) return false;
  const place = keyPlaces(path, content);
  readRequires(reading, at(lock, '_meta', 'requires'), place('requires'));
  const command = newCommand({ locked: true });
  const urls = readSources(at(lock, '_meta', 'sources'), command);
  for (const [name, value] of pairs(at(lock, 'default'))) {
    readPackage(reading, name, value, { place: place(name), command, urls, locked: true });
  }
  return true;
}

/** Reads Pipfile's packages, where nothing is locked. */
export function readPipfile(reading: Reading, path: string): boolean {
  const file = readToml(reading, path);
  if (file === undefined) return false;
  const { table, places } = file;
  readRequires(reading, at(table, 'requires'), places.ofKey('python_version', 'requires'));
  const command = newCommand();
  const urls = readSources(at(table, 'source'), command);
  for (const [name, value] of pairs(at(table, 'packages'))) {
    readPackage(reading, name, value, { place: places.ofKey(name, 'packages'), command, urls, locked: false });
  }
  return true;
}

function jsonOf(reading: Reading, file: string, content: string): Record<string, unknown> | undefined {
  let reason = 'it holds no object';
  try {
    const value: unknown = JSON.parse(content);
    if (isRecord(value)) return value;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  reading.error(
    'requirements-syntax',
    { file },
    `the file is not JSON: ${reason.slice(0, 160)}. Lock anew with pipenv lock.`,
  );
  return undefined;
}

/** Pipenv writes one key a line; packages for development come last. */
function keyPlaces(file: string, content: string): (key: string) => Place {
  const lines = new Map<string, number>();
  for (const [index, line] of content.split(/\r\n|\r|\n/).entries()) {
    const key = line.length > 1024 ? undefined : /^\s*"([^"]+)"\s*:\s*\{/.exec(line)?.[1];
    if (key !== undefined && !lines.has(key)) lines.set(key, index + 1);
  }
  return (key) => ({ file, line: lines.get(key) ?? 1 });
}

function readRequires(reading: Reading, value: unknown, place: Place): void {
  const full = text(at(value, 'python_full_version'));
  const short = text(at(value, 'python_version'));
  const specifier = fromPoetry(full ?? (short === undefined ? '' : `${short}.*`));
  if (specifier) reading.pythons.push({ specifier, place, who: place.file });
}

/** Indexes by their names; the first takes the default one's place. */
function readSources(value: unknown, command: Command): ReadonlyMap<string, string> {
  const sources = list(value).map(
    (one) => [text(at(one, 'name')) ?? '', withoutSecrets(text(at(one, 'url')) ?? '')] as const,
  );
  for (const [position, [, url]] of sources.entries()) {
    if (url === '' || isDefaultIndex(url)) continue;
    if (position === 0) command.index = url;
    else command.extraIndexes.push(url);
  }
  return new Map(sources);
}

interface Context {
  readonly place: Place;
  readonly command: Command;
  readonly urls: ReadonlyMap<string, string>;
  readonly locked: boolean;
}

/** Markers may have keys of their own: `sys_platform = "== 'linux'"`. */
const MARKERS = [
  'sys_platform',
  'platform_system',
  'platform_machine',
  'os_name',
  'python_version',
  'python_full_version',
];

function readPackage(
  reading: Reading,
  written: string,
  value: unknown,
  { place, command, urls, locked }: Context,
): void {
  const constraint = text(value) ?? text(at(value, 'version')) ?? '*';
  const specifier = fromPoetry(constraint);
  if (specifier === undefined) {
    const message = `${JSON.stringify(constraint.slice(0, 80))} is no version specifier. Write it as ==1.2.3 or *.`;
    reading.error('requirements-syntax', place, message);
    return;
  }
  const markers = MARKERS.flatMap((key) => {
    const one = text(at(value, key));
    return one === undefined ? [] : `${key} ${one}`;
  });
  const all = [...markers, text(at(value, 'markers')) ?? []].flat();
  if (!all.every((one) => applies(reading, parseMarker(one)))) return;
  const named = text(at(value, 'index'));
  const index = named === undefined ? undefined : (urls.get(named) ?? (/^https?:/.test(named) ? named : undefined));
  const version = locked && /^==[^*,]+$/.test(specifier) ? specifier.slice(2) : undefined;
  reading.add({
    name: normalName(written),
    extras: texts(at(value, 'extras')).map(normalName),
    specifier,
    version,
    url: urlOf(value),
    index: index === undefined || isDefaultIndex(index) ? undefined : withoutSecrets(index),
    place,
    command,
  });
}

function urlOf(value: unknown): string | undefined {
  const git = text(at(value, 'git'));
  const location = text(at(value, 'file')) ?? text(at(value, 'path')) ?? (git === undefined ? undefined : `git+${git}`);
  return location === undefined ? undefined : withoutSecrets(location);
}
