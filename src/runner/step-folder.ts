import { mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isText, readState, saveState } from './state.ts';

const PREFIX = '.train-on-vertex-';

/** Runs `body` with a folder of its own under the runner's temporary one, which is gone afterwards; post makes sure of it. */
export async function inStepFolder<T>(tempFolder: string, body: (folder: string) => Promise<T>): Promise<T> {
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(join(tempFolder, PREFIX));
  saveState('folder', folder);
  try {
    return await body(folder);
  } finally {
    await removeFolder(folder);
  }
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true });

/** Removes what main left. Only a folder of the name that main gives, under the runner's temporary folder, is ever removed. */
export async function removeStepFolder(tempFolder: string | undefined): Promise<void> {
  const folder = readState('folder', isText);
  if (folder === undefined || tempFolder === undefined) return;
  const ours = dirname(resolve(folder)) === resolve(tempFolder) && basename(folder).startsWith(PREFIX);
  if (ours) await removeFolder(folder);
}
