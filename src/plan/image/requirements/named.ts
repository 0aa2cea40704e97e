import { shown } from '../../../faults.ts';
import type { Place } from '../../../log.ts';
import { folderOf, under } from './paths.ts';
import { holds, type Marker } from './pep/markers.ts';
import { type Archive, archiveOf, withoutSecrets } from './pep/names.ts';
import { type NamedRequirement, parseRequirement } from './pep/pep508.ts';
import type { Command, Reading } from './reading.ts';

/** For whom a requirement is read. */
export interface Wanted {
  readonly command: Command;
  readonly constraint?: boolean | undefined;
  readonly hashed?: boolean | undefined;
  /** Where this package alone is bound to an index. */
  readonly index?: string | undefined;
}

/** A variable of the build's environment, as pip replaces it: it can stand for anything. */
const VARIABLE = /\$\{[A-Z0-9_]+\}/;

/** Whether a marker may hold in the environment that is read for. */
export function applies(reading: Reading, marker: Marker | undefined): boolean {
  return marker === undefined || holds(marker, { ...reading.environment, extras: reading.extras }) !== false;
}

/** Adds a requirement in the words of PEP 508, where its marker applies; tells where it is none. */
export function addNamed(reading: Reading, text: string, place: Place, wanted: Wanted): void {
  const named = parseRequirement(text.replace(/[=<>~!]=?\s*\$\{[A-Z0-9_]+\}/g, ''));
  if (typeof named !== 'string') {
    if (applies(reading, named.marker)) add(reading, named, place, wanted);
  } else if (!VARIABLE.test(text)) {
    reading.error('requirements-syntax', place, `${shown(text)} is no requirement: ${named}. Write it as name==1.2.3.`);
  }
}

function add(reading: Reading, named: NamedRequirement, place: Place, wanted: Wanted): void {
  const { name, extras, specifier, url, doubt } = named;
  if (doubt !== undefined) reading.warn('requirements-syntax', place, `${doubt}.`);
  if (url !== undefined) judgeUrl(reading, name, url, place);
  const archive = url === undefined ? undefined : archiveOf(url);
  if (archive !== undefined) judgeWheel(reading, archive, place);
  const where = url === undefined ? {} : { url: withoutSecrets(url), version: archive?.version };
  reading.add({ name, extras, specifier, place, ...wanted, ...where });
  if (url !== undefined && wanted.constraint !== true) followPath(reading, url, extras, place, wanted.command, name);
}

/** Where conda and desktops build or keep packages: what `pip freeze` then writes leads nowhere else. */
const ELSEWHERE =
  /^file:\/\/\/(?:croot|home\/conda|tmp\/build|opt\/conda\/conda-bld|feedstock_root|Users|private|[A-Za-z]:|[A-Za-z]%3A)\/|\/(?:feedstock_root|conda-bld|ci_work|croots)\//;

function judgeUrl(reading: Reading, name: string, url: string, place: Place): void {
  if (ELSEWHERE.test(url)) {
    const message = `${shown(url)} is a path of the machine that the list was written on. Name the version instead; in conda, "pip list --format=freeze" writes such a list.`;
    reading.error('requirements-local', place, message);
  } else if (/^\.{0,2}\//.test(url)) {
    const message = `pip takes no relative path behind the @ of ${name}. Write ${shown(url)} alone.`;
    reading.warn('requirements-syntax', place, message);
  }
}

/** Files that make a folder a project which can be installed. */
const PROJECT_FILES = ['pyproject.toml', 'setup.cfg', 'setup.py'];

/** A folder's project brings what it depends on; its path counts from the build context, or from the naming file. */
export function followPath(
  reading: Reading,
  location: string,
  extras: readonly string[],
  place: Place,
  command: Command,
  name?: string,
): void {
  const path = location.replace(/^file:(?:\/\/(?:localhost)?(?=\/))?/, '').replace(/[#?].*$/s, '');
  if (/^[\w+]+:|^\//.test(path) || archiveOf(path) !== undefined) return;
  const folders = [under(reading.folder, path), under(folderOf(place.file), path)];
  const folder = folders.find((one) => PROJECT_FILES.some((file) => reading.view.exists(under(one, file))));
  if (folder !== undefined) reading.leads.push({ folder, location, name, extras, command, place });
}

/** A wheel fits one kind of machine, and often one Python. */
export function judgeWheel(reading: Reading, { name, version, tags }: Archive, place: Place): void {
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
