import type { Stats } from 'node:fs';
import { messageOf, UserError } from '../../faults.ts';
import type { ContextPath } from './paths.ts';

/** What of lstat's answer is kept: that of many files takes much memory. */
export type EntryStats = Pick<Stats, 'dev' | 'ino' | 'mode' | 'nlink' | 'rdev' | 'size' | 'mtimeMs'>;

export function entryStats({ dev, ino, mode, nlink, rdev, size, mtimeMs }: Stats): EntryStats {
  return { dev, ino, mode, nlink, rdev, size, mtimeMs };
}

/** One thing that the builder is sent. */
export interface Entry {
  readonly path: ContextPath;
  readonly kind: 'file' | 'folder' | 'link' | 'socket' | 'pipe' | 'device';
  readonly stats: EntryStats;
  /** Bytes of content that are sent. */
  readonly size: number;
  /** At or below a `.git`. */
  readonly inGit: boolean;
  /** Where a link points, a character for each byte. */
  readonly target?: string | undefined;
  /** What is sent in place of the file's own content. */
  readonly content?: Buffer<ArrayBuffer> | undefined;
}

/** What the builder makes of it. */
export function kindOf(stats: Stats): Entry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isSocket()) return 'socket';
  return stats.isFIFO() ? 'pipe' : 'device';
}

/** The failure to read a part of the context, with what mends it. */
export function unreadable(path: ContextPath | undefined, cause: unknown): UserError {
  const what = path === undefined ? 'The context' : `${JSON.stringify(path.text.toWellFormed())} in the context`;
  return new UserError(
    `${what} cannot be read: ${messageOf(cause)}. Make it readable, or name it in .dockerignore if the image does not need it.`,
    { cause },
  );
}
