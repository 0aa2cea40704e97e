import { shown } from '../../faults.ts';
import { type NamingRules, partRefusal } from './part.ts';

/** An object with the path of its file below the target folder. */
export interface PlacedObject<T> {
  readonly object: T;
  /** With `/` between its parts, each of which is a plain name. */
  readonly path: string;
}

export interface PlacedObjects<T> {
  readonly files: readonly PlacedObject<T>[];
  /** Why objects can have no file, a sentence each. */
  readonly refusals: readonly string[];
}

interface Named {
  readonly name: string;
  readonly size: number;
}

/** Linux takes 4096 bytes with the zero at the end, and no system that the action runs on takes more. */
const MOST_PATH_BYTES = 4095;

/**
 * The paths of the objects whose names begin with `prefix`, below the folder at `root`. An empty object whose name ends with a slash
 * is what tools put for an empty folder, and is passed over. A name that would lead elsewhere, that the file system does not take, or
 * that means the same file as another is refused; all of them are told.
 */
export function placed<T extends Named>(
  objects: readonly T[],
  { prefix, root, rules }: { readonly prefix: string; readonly root: string; readonly rules: NamingRules },
): PlacedObjects<T> {
  const files: PlacedObject<T>[] = [];
  const refusals: string[] = [];
  for (const object of objects) {
    if (object.size === 0 && object.name.endsWith('/')) continue;
    const path = object.name.slice(prefix.length);
    const reason = object.name.startsWith(prefix) ? refusalOf(path, root, rules) : 'is not in the folder';
    if (reason === undefined) files.push({ object, path });
    else refusals.push(`${shown(object.name)} ${reason}.`);
  }
  return { files, refusals: [...refusals, ...clashes(files, rules)] };
}

function refusalOf(path: string, root: string, rules: NamingRules): string | undefined {
  if (path === '' || path.endsWith('/')) return 'ends with a slash and yet has content';
  const parts = path.split('/');
  if (/^[A-Za-z]:/.test(path)) return 'begins with a drive letter';
  const reason = parts.map((part) => partRefusal(part, rules)).find((each) => each !== undefined);
  if (reason !== undefined) return reason;
  const bytes = Buffer.byteLength(root) + 1 + Buffer.byteLength(path);
  return bytes > MOST_PATH_BYTES
    ? `makes a path of ${bytes} bytes, of which ${MOST_PATH_BYTES} are accepted`
    : undefined;
}

/** Objects that mean the same file, or one the folder that another lies in. */
function clashes<T extends Named>(files: readonly PlacedObject<T>[], rules: NamingRules): string[] {
  const byKey = new Map<string, T>();
  const found: string[] = [];
  for (const { object, path } of files) {
    const key = keyOf(path, rules);
    const other = byKey.get(key);
    if (other === undefined) byKey.set(key, object);
    else found.push(`${shown(other.name)} and ${shown(object.name)} are the same file on this file system.`);
  }
  const told = new Set<string>();
  for (const { object, path } of files) {
    for (const folder of foldersOf(keyOf(path, rules))) {
      const file = byKey.get(folder);
      if (file === undefined || told.has(folder)) continue;
      told.add(folder);
      found.push(`${shown(file.name)} is a file, and the folder that ${shown(object.name)} lies in.`);
    }
  }
  return found;
}

/** The folders that a path leads through, the outermost first. */
export function foldersOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** The same for paths that the file system does not tell apart. */
function keyOf(path: string, { foldsCase, foldsUnicode }: NamingRules): string {
  const composed = foldsUnicode ? path.normalize('NFC') : path;
  if (!foldsCase) return composed;
  // Through upper case, as letters such as ß and ς have no lower case of their own in common with what they equal.
  const folded = composed.toUpperCase().toLowerCase();
  return foldsUnicode ? folded.normalize('NFC') : folded;
}
