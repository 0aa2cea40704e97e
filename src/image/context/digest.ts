import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { Entry } from './entry.ts';

/** Raised when the same context comes to another digest. */
const FORMAT = 'train-on-vertex context 1\n';

/**
 * The SHA-256 over everything that is sent, in hex: of each entry what BuildKit's cache key has (contenthash,
 * filehash.go), which is its path, kind, mode, size, link target and content; times and owners are left out, since
 * clients send every file as root's and the key has no times. `contents` holds the digests of the files, in their order.
 */
export function digestOf(entries: readonly Entry[], contents: readonly Buffer[]): string {
  const hash = createHash('sha256').update(FORMAT);
  let files = 0;
  for (const entry of entries) {
    hash.update(head(entry), 'latin1');
    if (entry.kind !== 'file') continue;
    hash.update(contents[files] as Buffer);
    files += 1;
  }
  return hash.digest('hex');
}

/** Parts cannot run into each other: no path or target holds a NUL. */
function head(entry: Entry): string {
  const { path, target = '' } = entry;
  return `${path.raw}\0${about(entry)}\0${target}\0`;
}

function about({ kind, stats, size }: Entry): string {
  // The mode of a link means nothing, and differs between systems.
  const mode = kind === 'link' ? '' : (stats.mode & 0o7777).toString(8);
  const isBlock = (stats.mode & constants.S_IFMT) === constants.S_IFBLK;
  // A socket arrives as an empty file.
  if (kind === 'file' || kind === 'socket') return `file ${mode} ${size}`;
  return kind === 'device' ? `device ${mode} ${isBlock ? 'b' : 'c'}${stats.rdev}` : `${kind} ${mode}`;
}
