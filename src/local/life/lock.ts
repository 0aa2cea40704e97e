import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../faults.ts';
import { isRecord, textAt } from '../../json.ts';
import { isRunning, markOf, type ProcessMark } from './process.ts';

const NAME = 'lock';

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Who holds the lock; undefined for a text that no service wrote. */
function holderIn(text: string): ProcessMark | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const pid = isRecord(value) ? value['pid'] : undefined;
    return typeof pid === 'number' && Number.isInteger(pid) && pid > 0
      ? { pid, began: textAt(value, 'began') }
      : undefined;
  } catch {
    return undefined;
  }
}

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST';

/** Whether `make` could make what nobody had made. */
function made(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Whether the file could be given the lock's name: whole at once, but on file systems that know no second names. */
function linked(own: string, path: string): boolean {
  try {
    return made(() => linkSync(own, path));
  } catch {
    return made(() => writeFileSync(path, readFileSync(own), { mode: 0o600, flag: 'wx' }));
  }
}

/** Takes a lock away that nobody holds; one that somebody else took meanwhile is put back. */
function clear(path: string, stale: string | undefined): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (textOf(aside) !== stale) linked(aside, path);
  rmSync(aside, { force: true });
}

function refusal(folder: string, { pid }: ProcessMark): UserError {
  return new UserError(
    `The data folder ${folder} is in use by another local region, the process ${pid}. End that one (kill ${pid}), or give this one a folder of its own with --data.`,
  );
}

/** A lock is tried for so often while others come and go. */
const ATTEMPTS = 10;

/**
 * Makes this process the only service on a data folder; gives what lets go of it. A lock whose process is gone is taken over,
 * also where its number belongs to another process by now. Throws UserError where the folder is in use.
 */
export function lockFolder(folder: string, own: ProcessMark = markOf()): () => void {
  const path = join(folder, NAME);
  const mine = `${path}.${own.pid}.${randomBytes(4).toString('hex')}`;
  const text = JSON.stringify(own);
  writeFileSync(mine, text, { mode: 0o600 });
  try {
    for (let left = ATTEMPTS; left > 0; left -= 1) {
      if (linked(mine, path)) {
        return () => {
          if (textOf(path) === text) rmSync(path, { force: true });
        };
      }
      const found = textOf(path);
      const holder = found === undefined ? undefined : holderIn(found);
      if (holder !== undefined && isRunning(holder)) throw refusal(folder, holder);
      clear(path, found);
    }
  } finally {
    rmSync(mine, { force: true });
  }
  throw new UserError(`The data folder ${folder} is being taken by several local regions at once. Start one of them.`);
}
