import { constants } from 'node:fs';
import { chmod, copyFile, link, lutimes, mkdir, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { UserError } from '../../faults.ts';
import type { Entry } from './entry.ts';
import { fileOf } from './paths.ts';

/** Files linked at once. */
const AT_ONCE = 32;

/**
 * Makes a folder that holds what is sent and nothing else: hard links to the files, copies where links are refused
 * (another file system, a file of somebody else), and new files where the content was cleaned. Modes and times stay.
 */
export async function stageContext(
  root: string,
  entries: readonly Entry[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const folders = entries.filter(({ kind }) => kind === 'folder');
  const others = entries.filter(({ kind }) => kind !== 'folder');
  await mkdir(folder, { mode: 0o700 });
  for (const { path } of folders) await mkdir(fileOf(folder, path.raw), { mode: 0o700 });
  for (let at = 0; at < others.length; at += AT_ONCE) {
    signal.throwIfAborted();
    await Promise.all(others.slice(at, at + AT_ONCE).map((entry) => stageEntry(root, entry, folder)));
  }
  // Inner folders come last in the walk, and filling a folder changes its time: so from the inside out, when all is there.
  for (const { path, stats } of folders.toReversed()) {
    await utimes(fileOf(folder, path.raw), stats.mtimeMs / 1000, stats.mtimeMs / 1000);
    await chmod(fileOf(folder, path.raw), stats.mode & 0o7777);
  }
}

async function stageEntry(root: string, entry: Entry, folder: string): Promise<void> {
  const { path, kind, stats, target, content } = entry;
  const [from, to] = [fileOf(root, path.raw), fileOf(folder, path.raw)];
  if (kind === 'link') {
    await symlink(Buffer.from(target ?? '', 'latin1'), to);
    await lutimes(to, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
  } else if (content !== undefined || kind === 'socket') {
    await writeFile(to, content ?? '', { mode: 0o600, flag: 'wx' });
    await keepStats(to, entry);
  } else if (kind === 'file') {
    await link(from, to).catch(async () => {
      await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      await keepStats(to, entry);
    });
  } else {
    throw new UserError(
      `${JSON.stringify(path.text.toWellFormed())} in the context is a ${kind}, which cannot be put into a copy of the context. Name it in .dockerignore.`,
    );
  }
}

async function keepStats(to: string | Buffer, { stats }: Entry): Promise<void> {
  await utimes(to, stats.mtimeMs / 1000, stats.mtimeMs / 1000);
  await chmod(to, stats.mode & 0o7777);
}

/** Removes a folder with all that is in it, also where folders in it may not be written. */
export async function removeFolder(folder: string): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove().catch(async () => {
    await makeWritable(folder);
    await remove();
  });
}

async function makeWritable(root: string, raw = ''): Promise<void> {
  const folder = raw === '' ? root : fileOf(root, raw);
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'latin1' })) {
    if (entry.isDirectory()) await makeWritable(root, raw === '' ? entry.name : `${raw}/${entry.name}`);
  }
}
