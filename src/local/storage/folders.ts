import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { bucketOf, isBucketName } from './buckets.ts';
import { makeFolder } from './tree.ts';

/** A metric file holds a hundred short lines; of a longer one only the end is read, again and again. */
const MOST_BYTES = 256 * 1024;

/**
 * The service's folders on this machine. The data folder itself is closed to others; those that containers see are open,
 * since an image may run as any user.
 */
export class Folders {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  get logFile(): string {
    return join(this.#root, 'entries.ndjson');
  }

  /** The folder that containers see as /gcs; it may not be there yet. */
  get gcs(): string {
    return join(this.#root, 'gcs');
  }

  /** The folder for uploads under way and for what is known of objects beside their content; it may not be there yet. */
  get uploads(): string {
    return join(this.#root, 'uploads');
  }

  /** Makes the folder that containers see as /gcs, with a folder for each bucket, and gives it. */
  async buckets(names: readonly string[]): Promise<string> {
    await openFolder(this.gcs);
    for (const name of names.filter(isBucketName)) await openFolder(join(this.gcs, name));
    return this.gcs;
  }

  /**
   * Makes the folder that a job names for its output, as the service does (the proto's comment on GcsDestination): a
   * program of any user may make its own folders in it. Left undone where a program put something else in its place.
   */
  async output(uri: string): Promise<void> {
    const bucket = bucketOf(uri);
    if (bucket === undefined) return;
    const parts = uri
      .slice(`gs://${bucket}`.length)
      .split('/')
      .filter((part) => part !== '');
    if (parts.some((part) => part === '.' || part === '..')) return;
    await makeFolder(await this.buckets([bucket]), bucket, ...parts).catch(() => {});
  }

  /** A replica's own folder for its metric file. */
  async metrics(jobId: string, replica: string): Promise<string> {
    const folder = this.#metricFolder(jobId, replica);
    await mkdir(join(this.#root, 'jobs', jobId), { recursive: true });
    await openFolder(folder);
    return folder;
  }

  #metricFolder(jobId: string, replica: string): string {
    return join(this.#root, 'jobs', jobId, `hypertune-${replica}`);
  }

  /** The text of a replica's metric file; empty while there is none. */
  async metricText(jobId: string, replica: string): Promise<string> {
    return readRegularFile(join(this.#metricFolder(jobId, replica), 'output.metrics'));
  }
}

/**
 * Makes a folder that every user may write to. One that exists is left as it is: a container may have put a link there,
 * and the rights of what it points to are not ours to change.
 */
export async function openFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made === undefined) return;
  const folder = await open(path, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    await folder.chmod(0o777);
  } finally {
    await folder.close();
  }
}

/** Reads what a container may have put there: no link is followed, no pipe waited on. */
async function readRegularFile(path: string): Promise<string> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const found = await file.stat();
    if (!found.isFile()) return '';
    const buffer = Buffer.alloc(Math.min(found.size, MOST_BYTES));
    // The end of one that is longer: cloudml-hypertune keeps its file short, a program that appends has its latest there.
    const { bytesRead } = await file.read(buffer, 0, buffer.length, found.size - buffer.length);
    return buffer.toString('utf8', 0, bytesRead);
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
