import { addNamed, applies } from '../named.ts';
import { parseMarker } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { parseRequirement } from '../pep/pep508.ts';
import type { Command, Reading } from '../reading.ts';
import { at, list, pairs, type TomlFile, text, texts } from './toml.ts';

/** Takes uv's settings for the whole project: its indexes, and whether it takes pre-releases. */
export function readUvSettings({ table }: TomlFile, command: Command): void {
  const uv = at(table, 'tool', 'uv');
  for (const index of list(at(uv, 'index'))) {
    const url = withoutSecrets(text(at(index, 'url')) ?? '');
    if (url !== '' && at(index, 'default') === true) command.index = url;
    else if (url !== '' && at(index, 'explicit') !== true) command.extraIndexes.push(url);
  }
  if (at(uv, 'prerelease') === 'allow') command.pre = true;
}

/** Applies what uv's section says of single packages, once they are read: where from, how narrow, and instead of what. */
export function readUvPackages(reading: Reading, { table, places }: TomlFile, command: Command): void {
  const uv = at(table, 'tool', 'uv');
  const urls = new Map(list(at(uv, 'index')).map((index) => [text(at(index, 'name')), text(at(index, 'url'))]));
  for (const [name, value] of pairs(at(uv, 'sources'))) {
    const source = [value].flat().find((one) => isMeant(reading, one));
    if (source !== undefined) reading.amend(normalName(name), placeOf(source, urls));
  }
  for (const one of texts(at(uv, 'constraint-dependencies'))) {
    addNamed(reading, one, places.ofText(one, 'tool.uv'), { command, constraint: true });
  }
  for (const one of texts(at(uv, 'override-dependencies'))) {
    const named = parseRequirement(one);
    if (typeof named === 'string' || !applies(reading, named.marker)) continue;
    const { name, specifier, url } = named;
    reading.amend(name, { specifier, url, place: places.ofText(one, 'tool.uv') });
  }
}

/** Of several sources of a package, each is for a marker or an extra of its own. */
function isMeant(reading: Reading, source: unknown): boolean {
  const extra = text(at(source, 'extra'));
  const wanted = extra === undefined || reading.extras.has(normalName(extra));
  return wanted && applies(reading, parseMarker(text(at(source, 'marker')) ?? ''));
}

function placeOf(source: unknown, urls: ReadonlyMap<string | undefined, string | undefined>) {
  const git = text(at(source, 'git'));
  const location =
    text(at(source, 'url')) ?? text(at(source, 'path')) ?? (git === undefined ? undefined : `git+${git}`);
  const index = urls.get(text(at(source, 'index')) ?? '');
  return {
    ...(location === undefined ? {} : { url: withoutSecrets(location) }),
    ...(index === undefined ? {} : { index: withoutSecrets(index) }),
  };
}
