import type { Place } from '../../../../log.ts';
import { addNamed, applies, followPath, judgeWheel, type Wanted } from '../named.ts';
import { archiveOf, normalName, withoutSecrets } from '../pep/names.ts';
import { MOST_CHARS, parseRequirement } from '../pep/pep508.ts';
import type { Reading } from '../reading.ts';

/** Reads one requirement without its options: a name with a range, a URL, a path, an archive. */
export function readRequirement(reading: Reading, text: string, place: Place, wanted: Wanted): void {
  const source = text.length > MOST_CHARS ? undefined : sourceOf(text);
  if (source !== undefined) readSource(reading, source, place, wanted);
  else addNamed(reading, text, place, wanted);
}

/** A URL, a path, an archive: a package without its name before it. */
interface Source {
  readonly location: string;
  readonly extras: readonly string[];
  readonly marker: string | undefined;
}

const LOCATION = /^(?:[\w+]+:\/\/|file:|\.{0,2}\/|\.{1,2}(?:\[|$))/;
const ARCHIVE = /^[^\s@=<>~!]+\.(?:whl|tar\.gz|zip|tar\.bz2|tgz)(?:\[[^\]]*\])?$/;
const FOLDER = /^[\w.-]+\/[\w./-]*(?:\[[^\]]*\])?$/;

function sourceOf(text: string): Source | undefined {
  const cut = markerAt(text);
  const bare = text.slice(0, cut).trim();
  if (![LOCATION, ARCHIVE, FOLDER].some((form) => form.test(bare))) return undefined;
  const [, path = bare, extras = ''] = /^(.*?)\[([\w.,\s-]*)\]$/s.exec(bare) ?? [];
  const named = extras.split(',').flatMap((one) => (one.trim() === '' ? [] : normalName(one.trim())));
  return { location: path, extras: named, marker: cut < text.length ? text.slice(cut + 1) : undefined };
}

/** Where a marker begins: URLs hold semicolons too, but none with a blank beside it. */
function markerAt(text: string): number {
  for (let at = text.indexOf(';'); at >= 0; at = text.indexOf(';', at + 1)) {
    if (/\s/.test(text[at - 1] ?? '') || /\s/.test(text[at + 1] ?? '')) return at;
  }
  return text.length;
}

function readSource(reading: Reading, source: Source, place: Place, wanted: Wanted): void {
  const { location, extras, marker } = source;
  const condition = marker === undefined ? undefined : parseRequirement(`x;${marker}`);
  if (typeof condition === 'object' && !applies(reading, condition.marker)) return;
  const archive = archiveOf(location);
  const name = archive?.name ?? eggOf(location);
  if (archive !== undefined) judgeWheel(reading, archive, place);
  const url = withoutSecrets(location);
  if (name === undefined) followPath(reading, location, extras, place, wanted.command);
  else reading.add({ name, extras, specifier: '', url, version: archive?.version, place, ...wanted });
}

/** The name that pip takes from the fragment of a repository's URL. */
function eggOf(location: string): string | undefined {
  const egg = /[#&]egg=([^&[\s]+)/.exec(location)?.[1];
  const named = egg === undefined ? undefined : parseRequirement(egg);
  return typeof named === 'object' ? named.name : undefined;
}
