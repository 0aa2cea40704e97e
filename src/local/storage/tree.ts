import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../../json.ts';

const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * A folder that stays the same while it is held, whatever programs in containers put in its place meanwhile: on Linux it
 * is reached by the handle that is open on it. Elsewhere by its path, which no link was part of when it was opened.
 */
interface Held {
  readonly handle: FileHandle;
  readonly path: string;
}

async function held(path: string): Promise<Held> {
  const handle = await open(path, FOLDER);
  return { handle, path: process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : path };
}

/** Makes a folder that every user may write to; false where something of that name is there already. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (isRecord(error) && error['code'] === 'EEXIST') return false;
    throw error;
  }
}

async function step(from: Held, name: string, make: boolean): Promise<Held> {
  const path = join(from.path, name);
  const isNew = make && (await made(path));
  const next = await held(path);
  if (isNew) await next.handle.chmod(0o777);
  return next;
}

/** Calls `body` with the folder that is so many steps below `root`; no step of them is a link. Throws what the system says. */
async function within<T>(
  root: string,
  parts: readonly string[],
  make: boolean,
  body: (path: string) => Promise<T>,
): Promise<T> {
  let folder = await held(root);
  try {
    for (const part of parts) {
      const next = await step(folder, part, make);
      await folder.handle.close();
      folder = next;
    }
    return await body(folder.path);
  } finally {
    await folder.handle.close();
  }
}

/**
 * Puts the file at `source` in the place of that path below `root`, folders made where they are missing, and gives its
 * facts there. Throws what the system says.
 */
export function place(source: string, root: string, parts: readonly string[]) {
  return within(root, parts.slice(0, -1), true, async (folder) => {
    const target = join(folder, parts.at(-1) ?? '');
    await rename(source, target);
    return lstat(target, { bigint: true });
  });
}

/** Removes the file at that path below `root`. Throws what the system says. */
export function remove(root: string, parts: readonly string[]): Promise<void> {
  return within(root, parts.slice(0, -1), false, (folder) => unlink(join(folder, parts.at(-1) ?? '')));
}

/**
 * Makes the folders of that path below `root` that are not there, each of them one that every user may write to. Throws
 * what the system says, also where a step is a link.
 */
export function makeFolder(root: string, ...parts: readonly string[]): Promise<void> {
  return within(root, parts, true, async () => {});
}
