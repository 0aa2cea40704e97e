import { shown } from '../../faults.ts';
import type { Place } from '../../log.ts';
import { holds, type Marker } from './markers.ts';
import { type Archive, archiveOf, withoutSecrets } from './names.ts';
import { folderOf, under } from './paths.ts';
import { parseRequirement } from './pep508.ts';
import type { Command, Reading } from './reading.ts';

/** For whom a requirement is read. */
export interface Wanted {
  readonly command: Command;
  readonly constraint: boolean;
  readonly hashed: boolean;
}

/** Reads one requirement without its options: a name with a range, a URL, a path, an archive. */
export function readRequirement(reading: Reading, text: string, place: Place, wanted: Wanted): void {
  const source = sourceOf(text);
  if (source !== undefined) readSource(reading, source, place, wanted);
  else readNamed(reading, text, place, wanted);
}

/** A URL, a path, an archive: a package without its name before it. */
interface Source {
  readonly location: string;
  readonly extras: readonly string[];
  readonly marker: string | undefined;
}

function sourceOf(text: string): Source | undefined {
  const [, location = '', marker] = /^(.*?)(?:\s+;\s*|;\s+)(.*)$/s.exec(text) ?? [text, text];
  const bare = location.trim();
  const isPath = /^(?:[\w+]+:(?:\/\/|\.)|\.{0,2}\/|\.{1,2}(?:\[|$)|git\+)/.test(bare) || /^file:/.test(bare);
  const isArchive = /^[^\s@=<>~!]+\.(?:whl|tar\.gz|zip|tar\.bz2|tgz)(?:\[[^\]]*\])?$/.test(bare);
  const isFolder = /^[\w.-]+\/[\w./-]*(?:\[[^\]]*\])?$/.test(bare);
  if (!isPath && !isArchive && !isFolder) return undefined;
  const [, path = bare, extras = ''] = /^(.*?)\[([\w.,\s-]*)\]$/s.exec(bare) ?? [];
  return { location: path, extras: extras.split(',').flatMap((one) => one.trim().toLowerCase() || []), marker };
}

function applies(reading: Reading, marker: Marker | undefined): boolean {
  return marker === undefined || holds(marker, { ...reading.environment, extras: new Set() }) !== false;
}

function readNamed(reading: Reading, text: string, place: Place, wanted: Wanted): void {
  // A variable of the build's environment can stand for anything.
  const known = text.replace(/[=<>~!]=?\s*\$\{[A-Z0-9_]+\}/g, '');
  const named = parseRequirement(known);
  if (typeof named === 'string') {
    if (/\$\{[A-Z0-9_]+\}/.test(text)) return;
    reading.error('requirements-syntax', place, `${shown(text)} is no requirement: ${named}. Write it as name==1.2.3.`);
    return;
  }
  if (!applies(reading, named.marker)) return;
  if (named.doubt !== undefined) {
    reading.warn('requirements-syntax', place, `${named.doubt}, which pip refuses from 24.1 on. Leave the .* out.`);
  }
  const { name, extras, specifier, url } = named;
  const { command, constraint, hashed } = wanted;
  const archive = url === undefined ? undefined : archiveOf(url);
  if (archive !== undefined) judgeWheel(reading, archive, place);
  const where = url === undefined ? {} : { url: withoutSecrets(url), version: archive?.version };
  reading.add({ name, extras, specifier, place, command, constraint, hashed, ...where });
  if (url !== undefined && !constraint) followPath(reading, url, extras, place, command);
}

function readSource(reading: Reading, source: Source, place: Place, wanted: Wanted): void {
  const { location, extras, marker } = source;
  const condition = marker === undefined ? undefined : parseRequirement(`x;${marker}`);
  if (typeof condition === 'object' && !applies(reading, condition.marker)) return;
  const { command, constraint, hashed } = wanted;
  const archive = archiveOf(location);
  const name = archive?.name ?? eggOf(location);
  if (archive !== undefined) judgeWheel(reading, archive, place);
  if (name !== undefined) {
    const url = withoutSecrets(location);
    reading.add({ name, extras, specifier: '', url, version: archive?.version, place, command, constraint, hashed });
  } else followPath(reading, location, extras, place, command);
}

/** The name that older pips take from the fragment of a repository's URL. */
function eggOf(location: string): string | undefined {
  const egg = /[#&]egg=([^&[\s]+)/.exec(location)?.[1];
  const named = egg === undefined ? undefined : parseRequirement(egg);
  return typeof named === 'object' ? named.name : undefined;
}

/** A folder's project brings what it depends on. */
function followPath(reading: Reading, url: string, extras: readonly string[], place: Place, command: Command): void {
  const path = url.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, '').replace(/[#?].*$/s, '');
  if (/^[\w+]+:|^\/|^git\+/.test(path) || archiveOf(path) !== undefined) return;
  const folders = [under(reading.folder, path), under(folderOf(place.file), path)];
  const folder = folders.find((one) => PROJECT_FILES.some((file) => reading.view.exists(under(one, file))));
  if (folder !== undefined) reading.leads.push({ kind: 'project', folder, extras, command, place });
}

const PROJECT_FILES = ['pyproject.toml', 'setup.cfg', 'setup.py'];

/** A wheel fits one kind of machine, and often one Python. */
function judgeWheel(reading: Reading, { name, version, tags }: Archive, place: Place): void {
  if (tags === undefined) return;
  if (/^(?:win|macosx)/.test(tags.platform) && !/linux|any/.test(tags.platform)) {
    const message = `the wheel of ${name} ${version} is for ${tags.platform}, not for Linux. Name the one for linux_${reading.environment.machine}.`;
    reading.error('requirements-wheel', place, message);
  }
  const [, major, minor] = /^cp(\d)(\d+)$/.exec(tags.python) ?? [];
  if (major === undefined || minor === undefined) return;
  const specifier = tags.abi === 'abi3' ? `>=${major}.${minor}` : `==${major}.${minor}.*`;
  reading.pythons.push({ specifier, place, who: `the wheel of ${name} ${version}` });
}
