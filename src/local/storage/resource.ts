import { extname } from 'node:path';
import { timestampOf } from '../api/timestamps.ts';
import type { Checksums } from './checksums.ts';
import type { FileFacts } from './files.ts';
import { NO_NOTE, type Note, type ObjectName } from './notes.ts';

/** Where a resource is asked for: `http://127.0.0.1:8600`. */
type Base = string;

/** The types of what trainings write, by their names' ends, as gcsfuse guesses them. */
const TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/** The content type of an object of that name. */
export function contentTypeOf(name: string): string {
  return TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

/** The generation of a file's content: microseconds since the epoch, as the service's look. Every change gives another. */
export function generationOf({ changedNs }: FileFacts): string {
  return String(changedNs / 1000n);
}

export const metagenerationOf = ({ metageneration }: Note): string => String(metageneration);

export function etagOf(facts: FileFacts, note: Note): string {
  return Buffer.from(`${generationOf(facts)}/${metagenerationOf(note)}`).toString('base64');
}

/** The times are those at which the file was written, so that programs that set them are believed. */
function timesOf({ writtenNs }: FileFacts) {
  const time = timestampOf(Number(writtenNs / 1_000_000n));
  return { timeCreated: time, updated: time, timeStorageClassUpdated: time };
}

/** What an object is told from. */
export interface Told {
  readonly facts: FileFacts;
  readonly note: Note;
  /** Absent where nobody asked for them, and where the file cannot be read. */
  readonly checksums: Checksums | undefined;
}

/** An object as the API tells it. */
export function objectResource(base: Base, { bucket, name }: ObjectName, { facts, note, checksums }: Told): object {
  const generation = generationOf(facts);
  const path = `b/${bucket}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${base}/storage/v1/${path}`,
    mediaLink: `${base}/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: metagenerationOf(note),
    contentType: contentTypeOf(name),
    ...note.attributes,
    storageClass: 'STANDARD',
    size: String(facts.size),
    ...(checksums === undefined ? {} : { md5Hash: checksums.md5Hash, crc32c: checksums.crc32c }),
    etag: etagOf(facts, note),
    ...timesOf(facts),
  };
}

/** One for all buckets, whatever the region of the job. */
const LOCATION = { location: 'US-CENTRAL1', locationType: 'region' } as const;

/** Where a bucket lies, and that its names know no folders: gcloud asks before it copies. */
export function bucketLayout(bucket: string): object {
  return { kind: 'storage#storageLayout', bucket, ...LOCATION, hierarchicalNamespace: { enabled: false } };
}

/**
 * A bucket as the API tells it. Every name that a bucket can have is one here, since a job makes its buckets by naming
 * them.
 */
export function bucketResource(base: Base, bucket: string): object {
  const time = timestampOf(0);
  return {
    kind: 'storage#bucket',
    id: bucket,
    selfLink: `${base}/storage/v1/b/${bucket}`,
    name: bucket,
    metageneration: metagenerationOf(NO_NOTE),
    ...LOCATION,
    storageClass: 'STANDARD',
    etag: 'CAE=',
    timeCreated: time,
    updated: time,
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
  };
}
