import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The checkout's cache folder, made when missing; git ignores it. */
export async function cacheFolder(...names: readonly string[]): Promise<string> {
  const folder = join(import.meta.dirname, '..', '..', '.cache', ...names);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Whether a file is there (and, as asked, may be executed). */
export async function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Every program of that name, in the order of PATH; the administrator's folders are looked through too. */
export async function findPrograms(name: string): Promise<string[]> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const candidates = [...new Set(folders.filter((folder) => folder !== '').map((folder) => join(folder, name)))];
  const found = await Promise.all(candidates.map((path) => isThere(path, constants.X_OK)));
  return candidates.filter((_, index) => found[index]);
}

/** The first program of that name, or undefined. */
export async function findProgram(name: string): Promise<string | undefined> {
  return (await findPrograms(name))[0];
}
