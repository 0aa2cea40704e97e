import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { UserError } from '../../faults.ts';
import { type Entry, unreadable } from './entry.ts';
import { type ContextPath, fileOf } from './paths.ts';

/** Larger files are hashed in pieces of this many bytes, so that memory stays bounded. */
export const PIECE = 4 * 1024 * 1024;

/** Pieces in memory at once: one is read while the others are hashed. */
const AT_ONCE = 4;

/**
 * The SHA-256 of each file, by its place among the entries: of its content, or of its pieces' digests where it is
 * larger than one. Reading is done here, hashing in libuv's threads, so that two cores are at work. Throws UserError
 * for a file that cannot be read, or that changes while it is read.
 */
export async function hashContents(
  root: string,
  files: readonly Entry[],
  signal: AbortSignal,
): Promise<readonly Buffer[]> {
  const digests: Buffer[] = [];
  let next = 0;
  const work = async () => {
    while (next < files.length) {
      const index = next;
      next += 1;
      signal.throwIfAborted();
      digests[index] = await hashFile(root, files[index] as Entry, signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return digests;
}

async function hashFile(root: string, { path, stats, content }: Entry, signal: AbortSignal): Promise<Buffer> {
  if (content !== undefined) return sha256(content);
  const reading = guarded(path, () => openFile(root, path, stats));
  try {
    const pieces: Buffer[] = [];
    for (let at = 0; at === 0 || at < stats.size; at += PIECE) {
      signal.throwIfAborted();
      const piece = guarded(path, () => readPiece(reading, Math.min(PIECE, stats.size - at)));
      if (piece.length < Math.min(PIECE, stats.size - at)) throw changed(path);
      pieces.push(await sha256(piece));
    }
    if (!isSame(stats, fstatSync(reading))) throw changed(path);
    return pieces.length === 1 ? (pieces[0] as Buffer) : sha256(Buffer.concat(pieces));
  } finally {
    closeSync(reading);
  }
}

function openFile(root: string, path: ContextPath, stats: Stats): number {
  const file = openSync(fileOf(root, path.raw), 'r');
  if (isSame(stats, fstatSync(file))) return file;
  closeSync(file);
  throw changed(path);
}

function readPiece(file: number, size: number): Buffer<ArrayBuffer> {
  const piece = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  for (let read = 1; read > 0 && filled < size; filled += read)
    read = readSync(file, piece, filled, size - filled, null);
  return piece.subarray(0, filled);
}

const isSame = (one: Stats, other: Stats) =>
  one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs && other.isFile();

export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes));
}

const changed = (path: ContextPath) =>
  new UserError(
    `${JSON.stringify(path.text.toWellFormed())} changed while the context was read. Let the steps that write it end before this step, or name it in .dockerignore.`,
  );

function guarded<T>(path: ContextPath, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(path, error);
  }
}
