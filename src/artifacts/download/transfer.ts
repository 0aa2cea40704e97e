import { dirname, join, relative, sep } from 'node:path';
import { messageOf } from '../../faults.ts';
import { ApiError, isTransient } from '../../google/api-error.ts';
import type { ReadOptions } from '../../google/object-bytes.ts';
import type { ObjectsApi, StoredObject } from '../../google/objects.ts';
import { gsText } from '../gs-uri.ts';
import { type Patience, patiently } from '../patience.ts';
import { readAhead } from './ahead.ts';
import { openPartial, type PartialFile, partialName } from './partial.ts';
import type { PlacedObject } from './paths.ts';
import type { Progress } from './progress.ts';
import { folderBelow, type Target } from './target.ts';

/** What is wrong with one object, or with what is said of it; others may be had all the same. */
export class ObjectFault extends Error {
  override readonly name = 'ObjectFault';
}

/** How one object is brought. */
export interface Transfer extends Patience {
  readonly api: Pick<ObjectsApi, 'read'>;
  readonly bucket: string;
  readonly target: Target;
  readonly progress: Progress;
  /** How many the object may take at a time. */
  readonly connections: number;
}

/** How often an object is downloaded from its beginning before its checksum is given up. */
const ROUNDS = 2;

/**
 * Brings one object to its place below the target: what an earlier download left of it is gone on with, a connection that breaks
 * is taken up where it broke, and the file gets its name once it is whole. Throws ObjectFault; the signal's reason; and Error
 * where this machine's disk is at fault.
 */
export async function transfer({ object, path }: PlacedObject<StoredObject>, options: Transfer): Promise<void> {
  const { bucket, target } = options;
  const part = await openPartial(partialPath(bucket, object, target), object);
  try {
    // What an earlier download left may be what is wrong: it is no download of this one.
    for (let round = part.length === 0 ? 1 : 0; ; round += 1) {
      await fill(part, object, options);
      if (part.matches()) break;
      options.progress.add(-part.length);
      await part.restart();
      if (round === ROUNDS) throw mismatch(bucket, object);
    }
    const to = join(target.root, path);
    await folderBelow(target.root, relative(target.root, dirname(to)).split(sep).filter(Boolean));
    await part.moveTo(to);
  } finally {
    await part.close();
  }
}

/** Where an object is put together. */
const partialPath = (bucket: string, object: StoredObject, { partial }: Pick<Target, 'partial'>) =>
  join(partial, partialName(bucket, object));

/** Until the file has as many bytes as the object. What breaks off is given up only where several attempts bring nothing new. */
async function fill(part: PartialFile, object: StoredObject, options: Transfer): Promise<void> {
  while (part.length < object.size) {
    const before = part.length;
    try {
      await patiently(() => goOn(part, object, options), options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof ApiError)) throw error;
      if (!isTransient(error) || part.length <= before) throw lost(error, options.bucket, object);
    }
  }
}

async function goOn(part: PartialFile, object: StoredObject, options: Transfer): Promise<void> {
  const { api, bucket, signal, progress, connections } = options;
  const read = (asked: ReadOptions) => api.read(bucket, object, asked);
  const { from, chunks } =
    connections > 1
      ? await readAhead(read, { size: object.size, from: part.length, width: connections, signal })
      : await read({ from: part.length, signal });
  if (from !== part.length) {
    progress.add(-part.length);
    await part.restart();
  }
  for await (const chunk of chunks) {
    await part.append(chunk);
    progress.add(chunk.length);
  }
}

function mismatch(bucket: string, { name, crc32c, md5Hash }: StoredObject): ObjectFault {
  const sum = crc32c === undefined ? `MD5 ${md5Hash}` : `CRC-32C ${crc32c}`;
  return new ObjectFault(
    `${gsText({ bucket, path: name })} was downloaded ${ROUNDS} times, and never had the checksum that Cloud Storage tells (${sum}).`,
  );
}

function lost(error: ApiError, bucket: string, { name, generation }: StoredObject): ObjectFault {
  if (error.httpStatus !== 404) return new ObjectFault(`${messageOf(error)}.`, { cause: error });
  return new ObjectFault(
    `${gsText({ bucket, path: name })} was deleted or replaced while it was downloaded: generation ${generation} is gone. Run the step again when nothing writes there any more.`,
    { cause: error },
  );
}
