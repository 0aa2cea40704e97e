import { baseName, below, folderOf, joined, normalised } from '../paths.ts';
import type { FileView } from '../request.ts';
import type { Copy, Stage } from './stages.ts';

/** A file as it lies in the image, with the place in the repository where its text stands. */
export interface ImageFile {
  /** Absolute path in the image. */
  readonly path: string;
  /** File of the repository: the copied one, or the Dockerfile for a heredoc. */
  readonly file: string;
  readonly text: string;
  /** Lines of `file` before the text's first. */
  readonly linesBefore: number;
}

export interface ImageFiles {
  /** The text file at an absolute path of the image, where a COPY or ADD brings it. */
  find(path: string): ImageFile | undefined;
  /** Whether a folder of the image comes from a folder of the repository. */
  hasFolder(folder: string): boolean;
}

/** Stages copy from one another; deeper than this no one follows. */
const DEPTH = 8;

/** How many copies are looked through in all: stages can copy from one another in ever so many ways. */
const MOST_COPIES = 200_000;

/** Looks up files of a built stage. */
export function imageFiles(files: FileView, stage: Stage, context: string, dockerfile: string): ImageFiles {
  const origin: Origin = { files, context: normalised(context), dockerfile, left: MOST_COPIES };
  return {
    find: (path) => findIn(origin, stage, normalised(path), 0),
    hasFolder: (folder) =>
      originsIn(origin, stage, normalised(folder), 0).some((path) => path !== '' && hasFiles(files, path)),
  };
}

interface Origin {
  readonly files: FileView;
  readonly context: string;
  readonly dockerfile: string;
  /** Copies that may still be looked through. */
  left: number;
}

/** The last COPY that brings a path wins. */
function findIn(origin: Origin, stage: Stage, path: string, depth: number): ImageFile | undefined {
  if (depth > DEPTH) return undefined;
  for (const copy of stage.copies.toReversed()) {
    if (copy.target === undefined || origin.left-- <= 0) continue;
    const found = inHeredoc(origin, copy, copy.target, path) ?? inCopy(origin, copy, copy.target, path, depth);
    if (found) return found;
  }
  return undefined;
}

function inHeredoc({ dockerfile }: Origin, copy: Copy, target: string, path: string): ImageFile | undefined {
  for (const { name, text, line } of copy.heredocs) {
    const lies = copy.intoFolder ? joined(target, name) : target;
    if (lies === path) return { path, file: dockerfile, text, linesBefore: line - 1 };
  }
  return undefined;
}

function inCopy(origin: Origin, copy: Copy, target: string, path: string, depth: number): ImageFile | undefined {
  for (const source of copy.sources) {
    if (source === undefined) continue;
    for (const candidate of candidates(source, copy, target, path)) {
      const found = readSource(origin, copy, candidate, depth);
      if (found) return { ...found, path };
    }
  }
  return undefined;
}

/** Where below the copy's source a path of the image would lie: the source as a file, as a folder, as a pattern. */
function candidates(source: string, copy: Copy, target: string, path: string): string[] {
  const rest = below(target, path);
  if (/[*?[]/.test(source)) return rest && matches(baseName(source), rest) ? [`${folderOf(source)}/${rest}`] : [];
  const asFile = copy.intoFolder ? joined(target, baseName(normalised(source))) : target;
  const found = asFile === path ? [source] : [];
  return rest ? [...found, `${source}/${rest}`] : found;
}

/** Go's filepath.Match, for one name: `*` and `?`, where a class in brackets counts as any character. */
function matches(pattern: string, name: string): boolean {
  if (name.includes('/') || pattern.length > 200) return false;
  const parts = pattern
    .replace(/\*+/g, '*')
    .split('*')
    .map((part) => part.replace(/\[[^\]]*\]/g, '?'));
  const [first = '', ...rest] = parts;
  if (!startsLike(name, first)) return false;
  if (rest.length === 0) return name.length === first.length;
  return restMatches(name, first.length, rest);
}

function restMatches(name: string, start: number, parts: readonly string[]): boolean {
  let at = start;
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1)
      return name.length - part.length >= at && startsLike(name.slice(name.length - part.length), part);
    while (at <= name.length && !startsLike(name.slice(at), part)) at++;
    if (at > name.length) return false;
    at += part.length;
  }
  return true;
}

function startsLike(name: string, part: string): boolean {
  if (name.length < part.length) return false;
  return [...part].every((char, index) => char === '?' || char === name.charAt(index));
}

function readSource(origin: Origin, copy: Copy, source: string, depth: number): ImageFile | undefined {
  if (copy.from) return findIn(origin, copy.from, joined('/', source), depth + 1);
  if (!copy.fromContext) return undefined;
  const file = inContext(origin, source);
  const text = file === '' ? undefined : origin.files.text(file);
  return text === undefined ? undefined : { path: '', file, text, linesBefore: 0 };
}

/** Sources are relative to the context, also with a leading slash. */
function inContext({ context }: Origin, source: string): string {
  return normalised(`${context}/${normalised(`/${source}`)}`).replace(/^\//, '');
}

function hasFiles(files: FileView, folder: string): boolean {
  return files.exists(folder) && files.text(folder) === undefined;
}

/** The folders of the repository that a folder of the image comes from. */
function originsIn(origin: Origin, stage: Stage, folder: string, depth: number): string[] {
  if (depth > DEPTH) return [];
  return stage.copies.toReversed().flatMap((copy) => {
    const rest = copy.target === undefined || origin.left-- <= 0 ? undefined : below(copy.target, folder);
    if (rest === undefined) return [];
    return copy.sources.flatMap((source) => (source === undefined ? [] : originOf(origin, copy, source, rest, depth)));
  });
}

function originOf(origin: Origin, copy: Copy, source: string, rest: string, depth: number): string[] {
  const path = /[*?[]/.test(source) ? folderOf(source) : `${source}/${rest}`;
  if (copy.from) return originsIn(origin, copy.from, joined('/', path), depth + 1);
  return copy.fromContext ? [inContext(origin, path)] : [];
}
