import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isRecord } from '../../json.ts';
import { isBucketName } from './buckets.ts';

/** What a file's object is told from. */
export interface FileFacts {
  /** In bytes. */
  readonly size: number;
  /** When its content was last written, in nanoseconds since the epoch; programs can set it. */
  readonly writtenNs: bigint;
  /** When anything of it last changed, likewise; no program can set it. */
  readonly changedNs: bigint;
}

export interface OpenFile {
  readonly handle: FileHandle;
  readonly path: string;
  readonly facts: FileFacts;
}

/** Why a file is not to be had: there is none, or this process may not read it. */
export type Missing = 'absent' | 'forbidden';

/** The parts of an object's name as a path below its bucket; undefined where no file can have that name. */
export function partsOf(name: string): readonly string[] | undefined {
  const parts = name.split('/');
  const isPart = (part: string) => part !== '' && part !== '.' && part !== '..' && !part.includes('\0');
  const isPath = parts.every((part) => isPart(part) && (sep === '/' || !part.includes(sep)));
  return isPath && isName(name) ? parts : undefined;
}

/** Cloud Storage's rules for the names of objects. https://cloud.google.com/storage/docs/objects#naming */
function isName(name: string): boolean {
  return name.isWellFormed() && !/[\r\n]/.test(name) && Buffer.byteLength(name) <= 1024;
}

function missing(error: unknown): Missing {
  const code = isRecord(error) ? error['code'] : undefined;
  if (code === 'EACCES' || code === 'EPERM') return 'forbidden';
  if (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'].includes(String(code))) return 'absent';
  throw error;
}

type Stats = Awaited<ReturnType<typeof lstatOf>>;
const lstatOf = (path: string) => lstat(path, { bigint: true });

export const factsOf = ({ size, mtimeNs, ctimeNs }: Stats): FileFacts => ({
  size: Number(size),
  writtenNs: mtimeNs,
  changedNs: ctimeNs,
});

/**
 * The regular files below a folder that programs in containers write to. What is behind a link is none of them: a program
 * could put one there that leads to any file of this machine.
 */
export class Files {
  readonly #root: string;

  /** `root` holds a folder for each bucket; it need not exist yet. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The names of a bucket's objects that begin with `prefix`, in no order. Folders that cannot be read hold none. */
  async names(bucket: string, prefix: string): Promise<string[]> {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const parts = folder === '' ? [] : partsOf(folder.slice(0, -1));
    if (parts === undefined || !(await this.#isOwn([bucket, ...parts]))) return [];
    const found: string[] = [];
    await collect(join(this.#root, bucket, ...parts), folder, prefix, found);
    return found;
  }

  /** The names of all buckets that have a folder, in no order. */
  async buckets(): Promise<string[]> {
    const entries = await readdir(this.#root, { withFileTypes: true }).catch((error: unknown) => {
      missing(error);
      return [];
    });
    return entries.filter((entry) => entry.isDirectory() && isBucketName(entry.name)).map(({ name }) => name);
  }

  /** Of the file behind an object, without opening it. */
  async facts(bucket: string, name: string): Promise<FileFacts | Missing> {
    const path = await this.#pathOf(bucket, name);
    if (path === undefined) return 'absent';
    try {
      const found = await lstatOf(path);
      return found.isFile() ? factsOf(found) : 'absent';
    } catch (error) {
      return missing(error);
    }
  }

  /** Opens the file behind an object; whoever opens it closes it. */
  async open(bucket: string, name: string): Promise<OpenFile | Missing> {
    const path = await this.#pathOf(bucket, name);
    if (path === undefined) return 'absent';
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    let handle: FileHandle;
    try {
      handle = await open(path, flags);
    } catch (error) {
      return missing(error);
    }
    try {
      const found = await handle.stat({ bigint: true });
      // A link may have taken a folder's place since it was looked at: what is open must be what stands there.
      const there = (await this.#pathOf(bucket, name)) === path ? await lstatOf(path) : undefined;
      const isSame = there !== undefined && there.ino === found.ino && there.dev === found.dev;
      if (isSame && found.isFile()) return { handle, path, facts: factsOf(found) };
    } catch (error) {
      missing(error);
    }
    await handle.close();
    return 'absent';
  }

  /** The path of an object's file; undefined where its folder is not below the bucket's. */
  async #pathOf(bucket: string, name: string): Promise<string | undefined> {
    const parts = partsOf(name);
    if (parts === undefined || !(await this.#isOwn([bucket, ...parts.slice(0, -1)]))) return undefined;
    return join(this.#root, bucket, ...parts);
  }

  /** Whether the way to a folder goes through folders alone. */
  async #isOwn(parts: readonly string[]): Promise<boolean> {
    try {
      const root = await realpath(this.#root);
      return (await realpath(join(this.#root, ...parts))) === join(root, ...parts);
    } catch (error) {
      return missing(error) === 'forbidden';
    }
  }
}

/** `path` is the folder whose objects' names begin with `folder`, which is empty or ends with a slash. */
async function collect(path: string, folder: string, prefix: string, found: string[]): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    missing(error);
    return [];
  });
  for (const entry of entries) {
    const name = folder + entry.name;
    if (entry.isFile() && name.startsWith(prefix) && isName(name)) found.push(name);
    const within = `${name}/`;
    if (entry.isDirectory() && (within.startsWith(prefix) || prefix.startsWith(within))) {
      await collect(join(path, entry.name), within, prefix, found);
    }
  }
}
