import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import type { StoredObject } from '../../google/objects.ts';
import { type Checksum, checksumOf } from '../checksum.ts';

/** A file that is put together from the beginning on, under a name that nobody takes for the whole one. */
export interface PartialFile {
  /** How many bytes it has. */
  readonly length: number;
  append(bytes: Uint8Array): Promise<void>;
  /** Takes off everything. */
  restart(): Promise<void>;
  /** Whether its bytes are those of the object. */
  matches(): boolean;
  /** Closes the file and gives it its final name, in place of what was there. */
  moveTo(path: string): Promise<void>;
  /** What is left stays for a later download; where that is nothing, the file is removed. */
  close(): Promise<void>;
}

/** The name is the same whenever the same content is downloaded, and no other content has it. */
export const partialName = (bucket: string, { name, generation }: Pick<StoredObject, 'name' | 'generation'>) =>
  createHash('sha256')
    .update(JSON.stringify([bucket, name, generation]))
    .digest('hex')
    .slice(0, 40);

const NO_LINK = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The file as an earlier download left it, or a new one. */
export async function openPartial(
  path: string,
  object: Pick<StoredObject, 'size' | 'crc32c' | 'md5Hash'>,
): Promise<PartialFile> {
  const file =
    (await existing(path)) ??
    (await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_LINK, 0o666));
  try {
    let sum = checksumOf(object);
    let length = await readInto(sum, file);
    if (length > object.size) {
      await file.truncate(0);
      sum = checksumOf(object);
      length = 0;
    }
    return partialOf({ file, path, object, sum, length, waiting: [] });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A plain file that has no other name; anything else there is removed. */
async function existing(path: string): Promise<FileHandle | undefined> {
  const file = await open(path, constants.O_RDWR | NO_LINK).catch(() => undefined);
  const found = await file?.stat();
  if (found?.isFile() && found.nlink === 1) return file;
  await file?.close();
  await rm(path, { force: true, recursive: true });
  return undefined;
}

const CHUNK = 1024 * 1024;

/** Reads a file to its end; gives how many bytes it has. */
async function readInto(sum: Checksum, file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) return 0;
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size));
  for (let place = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, place);
    if (bytesRead === 0) return place;
    sum.update(buffer.subarray(0, bytesRead));
    place += bytesRead;
  }
}

/** Whether a plain file is there already that has the object's bytes. */
export async function isWhole(
  path: string,
  object: Pick<StoredObject, 'size' | 'crc32c' | 'md5Hash'>,
): Promise<boolean> {
  const file = await open(path, constants.O_RDONLY | NO_LINK).catch(() => undefined);
  if (file === undefined) return false;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size !== object.size) return false;
    const sum = checksumOf(object);
    return (await readInto(sum, file)) === object.size && sum.matches();
  } finally {
    await file.close();
  }
}

interface Opened {
  readonly file: FileHandle;
  readonly path: string;
  readonly object: Pick<StoredObject, 'crc32c' | 'md5Hash'>;
  sum: Checksum;
  length: number;
  /** The last of its bytes, which are not written yet. */
  waiting: Uint8Array[];
}

/** What comes is written in pieces of this size: one by one, its small pieces cost as much as all else of a download together. */
const PIECE = 512 * 1024;

async function write({ file, length }: Opened, pieces: readonly Uint8Array[]): Promise<void> {
  const bytes = sizeOf(pieces);
  const start = length - bytes;
  let { bytesWritten: done } = await file.writev(pieces, start);
  if (done === bytes) return;
  const rest = Buffer.concat(pieces);
  while (done < bytes) done += (await file.write(rest, done, bytes - done, start + done)).bytesWritten;
}

const sizeOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);

function partialOf(state: Opened): PartialFile {
  const { file, path, object } = state;
  const flush = async () => {
    const pieces = state.waiting;
    state.waiting = [];
    if (pieces.length > 0) await write(state, pieces);
  };
  return {
    get length() {
      return state.length;
    },
    append: async (bytes) => {
      state.sum.update(bytes);
      state.length += bytes.length;
      state.waiting.push(bytes);
      if (sizeOf(state.waiting) >= PIECE) await flush();
    },
    restart: async () => {
      await file.truncate(0);
      Object.assign(state, { sum: checksumOf(object), length: 0, waiting: [] });
    },
    matches: () => state.sum.matches(),
    moveTo: async (to) => {
      await flush();
      // Windows renames no file that is open.
      await file.close();
      await rename(path, to);
    },
    close: async () => {
      try {
        await flush();
      } finally {
        await file.close();
      }
      if (state.length === 0) await rm(path, { force: true });
    },
  };
}
