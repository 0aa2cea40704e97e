import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { shown, UserError } from '../../faults.ts';
import { type NamingRules, PARTIAL_FOLDER, partRefusal } from './part.ts';

/** The folder that takes the files, made if it was not there. */
export interface Target {
  /** Its real path: no part of it is a link. */
  readonly root: string;
  /** Real path of the folder in which files are put together until they are whole; on the same file system. */
  readonly partial: string;
  readonly rules: NamingRules;
}

/**
 * The folder `into` of the workspace, made if it is not there. Throws UserError where it is not a folder of its own within the
 * workspace, by its name or by a link on the way to it.
 */
export async function openTarget(workspace: string, into: string): Promise<Target> {
  const root = await wayTo(workspace, into, made);
  const partial = await descend(root, [PARTIAL_FOLDER], refuseLink);
  return { root, partial, rules: await rulesAt(partial) };
}

/** Whether openTarget will find its way, as far as that can be told without making anything. Throws UserError as that does. */
export async function checkTarget(workspace: string, into: string): Promise<void> {
  await wayTo(workspace, into, async () => undefined);
}

/** The folder `into` of the workspace, or where the way to it ends; see descend. */
async function wayTo(workspace: string, into: string, onMissing: OnMissing): Promise<string> {
  const way = relative(resolve(workspace), resolve(workspace, into));
  const real = await realpath(workspace);
  refuseWay(way, into);
  const onLink = async (path: string) => {
    const end = await realpath(path).catch(() => undefined);
    if (end === undefined || !(await stat(end)).isDirectory())
      throw refused(into, `${shown(path)} is a link to no folder`);
    refuseWay(relative(real, end), into);
    return end;
  };
  return await descend(real, way.split(sep), onLink, onMissing);
}

const refused = (into: string, reason: string) =>
  new UserError(
    `download: ${shown(into)} cannot take the files: ${reason}. Name a folder of its own within the workspace, such as model.`,
  );

/** `way` leads from the workspace to the folder. */
function refuseWay(way: string, into: string): void {
  if (way === '') throw refused(into, 'it is the workspace itself');
  const parts = way.split(sep);
  if (isAbsolute(way) || parts[0] === '..') throw refused(into, 'it is outside the workspace');
  const reason = parts.map((part) => partRefusal(part, { windows: false })).find((each) => each !== undefined);
  if (reason !== undefined) throw refused(into, `it ${reason}`);
}

/**
 * The folder below `root` that the parts lead to, each made if it is not there; throws UserError where something else is in its
 * place. Links are not followed.
 */
export const folderBelow = (root: string, parts: readonly string[]): Promise<string> =>
  descend(root, parts, refuseLink);

function refuseLink(path: string): never {
  throw new UserError(`${shown(path)} is a link, which a download does not follow. Remove it.`);
}

/** What is to be where nothing is; undefined ends the way there. */
type OnMissing = (path: string) => Promise<Stats | undefined>;

/** `onLink` gives the folder that a link on the way stands for, or throws. */
async function descend(
  root: string,
  parts: readonly string[],
  onLink: (path: string) => Promise<string> | string,
  onMissing: OnMissing = made,
): Promise<string> {
  let path = root;
  for (const part of parts) {
    path = join(path, part);
    const found = (await lstatOrNone(path)) ?? (await onMissing(path));
    if (found === undefined) return path;
    if (found.isSymbolicLink()) path = await onLink(path);
    else if (!found.isDirectory()) {
      throw new UserError(`${shown(path)} is in the way: the download needs a folder there. Remove it.`);
    }
  }
  return path;
}

async function made(path: string): Promise<Stats> {
  try {
    await mkdir(path).catch((error: NodeJS.ErrnoException) => {
      // Another file of the folder came first.
      if (error.code !== 'EEXIST') throw error;
    });
    return await lstat(path);
  } catch (cause) {
    throw new UserError(`The folder ${shown(path)} cannot be made.`, { cause });
  }
}

/** What is at a path itself, not where it leads to; undefined where nothing is, or nothing can be. */
export async function lstatOrNone(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch {
    return undefined;
  }
}

/** How the file system of a folder takes names, by asking it. */
async function rulesAt(folder: string): Promise<NamingRules> {
  // U+00C9, composed: it has another case and another form.
  const name = `NAMES-É-${randomBytes(8).toString('hex')}`;
  const path = join(folder, name);
  const isThere = async (other: string) => (await lstatOrNone(join(folder, other))) !== undefined;
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
  try {
    await file.close();
    const [foldsCase, foldsUnicode] = await Promise.all([isThere(name.toLowerCase()), isThere(name.normalize('NFD'))]);
    return { foldsCase, foldsUnicode, windows: process.platform === 'win32' };
  } finally {
    await rm(path, { force: true });
  }
}
