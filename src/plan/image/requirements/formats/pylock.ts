import { applies } from '../named.ts';
import { parseMarker } from '../pep/markers.ts';
import { normalName, withoutSecrets } from '../pep/names.ts';
import { type Command, newCommand, type Reading } from '../reading.ts';
import { isDefaultIndex } from '../variants.ts';
import { isSpecifier } from '../versions.ts';
import { at, list, readToml, text } from './toml.ts';

/** Reads a pylock.toml (PEP 751): packages with their markers, already resolved. */
export function readPylock(reading: Reading, path: string): boolean {
  const file = readToml(reading, path);
  if (file === undefined) return false;
  const { table, places } = file;
  const python = text(at(table, 'requires-python'));
  if (python !== undefined && isSpecifier(python)) {
    reading.pythons.push({ specifier: python, place: places.ofKey('requires-python', ''), who: path });
  }
  const lines = places.headers('packages');
  const command = newCommand({ locked: true });
  for (const [index, one] of list(at(table, 'packages')).entries()) {
    addPackage(reading, one, { file: path, line: lines[index] ?? 1 }, command);
  }
  return true;
}

function addPackage(reading: Reading, value: unknown, place: { file: string; line: number }, command: Command): void {
  const name = text(at(value, 'name'));
  if (name === undefined || !applies(reading, parseMarker(text(at(value, 'marker')) ?? ''))) return;
  const version = text(at(value, 'version'));
  const named = text(at(value, 'index'));
  const index = named === undefined || isDefaultIndex(named) ? undefined : withoutSecrets(named);
  const url = locationOf(value);
  const specifier = version === undefined || url !== undefined ? '' : `==${version}`;
  reading.add({ name: normalName(name), extras: [], specifier, version, url, index, place, command });
}

/** Only what comes from no index has one of these. */
function locationOf(value: unknown): string | undefined {
  const vcs = text(at(value, 'vcs', 'url'));
  const archive = text(at(value, 'archive', 'url')) ?? text(at(value, 'archive', 'path'));
  const location = archive ?? text(at(value, 'directory', 'path')) ?? (vcs === undefined ? undefined : `git+${vcs}`);
  return location === undefined ? undefined : withoutSecrets(location);
}
