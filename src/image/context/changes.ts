import type { Entry } from './entry.ts';
import type { ContextPath } from './paths.ts';
import { type WalkOptions, walkContext } from './walk.ts';

/**
 * The first path of the context that is no longer as it was when `entries` were found; undefined where all are. Contents
 * are not read again: a file that is written has another time or inode. Throws UserError for what cannot be read.
 */
export async function firstChange(options: WalkOptions, entries: readonly Entry[]): Promise<ContextPath | undefined> {
  const now = (await walkContext(options)).entries;
  const at = entries.findIndex((entry, index) => !isSame(entry, now[index]));
  const [before, after] = [entries[at], now[at === -1 ? entries.length : at]];
  // What has come stands in the place of another that is still there.
  const isNew = !entries.some(({ path }) => path.raw === after?.path.raw);
  return isNew && after !== undefined ? after.path : before?.path;
}

function isSame(one: Entry, other: Entry | undefined): boolean {
  if (other === undefined || one.path.raw !== other.path.raw || one.kind !== other.kind) return false;
  if (one.kind === 'link') return one.target === other.target;
  // Staging gives files another link, and a folder has another time once something was made in it and removed again.
  if (one.stats.mode !== other.stats.mode) return false;
  return one.kind === 'folder' || (one.stats.ino === other.stats.ino && isAsOld(one, other));
}

const isAsOld = ({ stats: one }: Entry, { stats: other }: Entry) =>
  one.size === other.size && one.mtimeMs === other.mtimeMs;
