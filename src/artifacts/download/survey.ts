import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { shown } from '../../faults.ts';
import type { StoredObject } from '../../google/objects.ts';
import { isChecked } from '../checksum.ts';
import { inParallel } from './parallel.ts';
import { isWhole, partialName } from './partial.ts';
import { foldersOf, type PlacedObject } from './paths.ts';
import { lstatOrNone, type Target } from './target.ts';

type File = PlacedObject<StoredObject>;

/** Why files cannot be put where they belong, a sentence each: a folder is where a file has to be, or what is no folder where one has to be. */
export async function inTheWay(files: readonly File[], { root }: Pick<Target, 'root'>): Promise<string[]> {
  const found: string[] = [];
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)));
  for (const folder of folders) {
    const there = await lstatOrNone(join(root, folder));
    if (there?.isSymbolicLink()) found.push(`${shown(folder)} is a link, which a download does not follow. Remove it.`);
    else if (there !== undefined && !there.isDirectory()) found.push(`${shown(folder)} has to be a folder. Remove it.`);
  }
  for (const { path } of files) {
    if ((await lstatOrNone(join(root, path)))?.isDirectory()) {
      found.push(`${shown(path)} has to be a file, and is a folder. Remove it.`);
    }
  }
  return found;
}

/** What of the files is there already. */
export interface Survey {
  readonly kept: readonly File[];
  /** Those that are to come, the largest first: the last one begun is then a short one. */
  readonly wanted: readonly File[];
  /** How many bytes are to come. */
  readonly bytes: number;
}

interface SurveyOptions {
  readonly bucket: string;
  readonly target: Target;
  /** How many files are looked at at a time. */
  readonly width: number;
  readonly signal: AbortSignal;
}

/**
 * Finds the files whose size and checksum are those of their objects, and what earlier downloads left of the others; what they left
 * of other objects is removed.
 */
export async function survey(
  files: readonly File[],
  { bucket, target, width, signal }: SurveyOptions,
): Promise<Survey> {
  const whole = new Set<File>();
  await inParallel(files, width, async (file) => {
    signal.throwIfAborted();
    if (isChecked(file.object) && (await isWhole(join(target.root, file.path), file.object))) whole.add(file);
  });
  const wanted = files.filter((file) => !whole.has(file)).sort((one, other) => other.object.size - one.object.size);
  const names = new Map(wanted.map(({ object }) => [partialName(bucket, object), object.size]));
  let bytes = wanted.reduce((sum, { object }) => sum + object.size, 0);
  for (const name of await readdir(target.partial)) {
    const size = names.get(name);
    const path = join(target.partial, name);
    if (size === undefined) await rm(path, { recursive: true, force: true });
    else bytes -= Math.min(size, (await lstatOrNone(path))?.size ?? 0);
  }
  return { kept: files.filter((file) => whole.has(file)), wanted, bytes };
}
