import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../../json.ts';
import type { Attributes } from './attributes.ts';
import { type Checksums, computed } from './checksums.ts';
import { mustBeReplaceable } from './conditions.ts';
import { StorageError } from './error.ts';
import { factsOf, partsOf } from './files.ts';
import { openFolder } from './folders.ts';
import { NO_NOTE, type Notes, type ObjectName } from './notes.ts';
import type { FoundObject, Objects } from './objects.ts';
import { generationOf } from './resource.ts';
import { makeFolder, place, remove } from './tree.ts';

/** What is to be put in an object's place. */
export interface Written {
  readonly where: ObjectName;
  /** A file of this writer's, closed; it is gone afterwards. */
  readonly path: string;
  readonly attributes: Attributes;
  /** What the content's sender says of it. */
  readonly expected: Partial<Checksums>;
  /** The conditions that the request sets. */
  readonly query: URLSearchParams;
}

/** How coarse the times of a file system are where something is changed by the kernel's own clock. */
const COARSEST_MS = 20;

const codeOf = (error: unknown) => (isRecord(error) ? String(error['code']) : '');

/** What the system refuses, in words: a file of that kind cannot stand beside the others that are there. */
function refusedBySystem(error: unknown, { bucket, name }: ObjectName): unknown {
  const code = codeOf(error);
  if (['ENOTDIR', 'ELOOP', 'EISDIR', 'ENOTEMPTY', 'EEXIST', 'ENAMETOOLONG'].includes(code)) {
    const message = `${bucket}/${name} cannot be kept: objects are files here, and another file or folder stands in its way.`;
    return new StorageError(409, 'conflict', message);
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const message = `The folder of ${bucket}/${name} belongs to another user of this machine, and may not be written to.`;
    return new StorageError(403, 'forbidden', message);
  }
  return error;
}

function mustAgree(found: Checksums, expected: Partial<Checksums>): void {
  for (const [key, label] of [
    ['md5Hash', 'MD5 hash'],
    ['crc32c', 'CRC32C'],
  ] as const) {
    if (expected[key] === undefined || expected[key] === found[key]) continue;
    const message = `Provided ${label} "${expected[key]}" doesn't match calculated ${label} "${found[key]}".`;
    throw new StorageError(400, 'invalid', message);
  }
}

async function checksumsOf(path: string): Promise<Checksums> {
  const file = await open(path);
  try {
    return await computed(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

/** Changes the objects: each becomes another whole, in one step. */
export class Writer {
  readonly #gcs: string;
  readonly #uploads: string;
  readonly #objects: Objects;
  readonly #notes: Notes;
  #turn: Promise<unknown> = Promise.resolve();
  #ready: Promise<unknown> | undefined;

  /** `gcs` holds a folder for each bucket, `uploads` what is not yet whole, on the same disk; neither need be there yet. */
  constructor(gcs: string, uploads: string, objects: Objects, notes: Notes) {
    this.#gcs = gcs;
    this.#uploads = uploads;
    this.#objects = objects;
    this.#notes = notes;
  }

  /** A path for content that is not yet whole. */
  async newPath(): Promise<string> {
    await this.#prepared();
    return join(this.#uploads, `${randomBytes(12).toString('hex')}.part`);
  }

  /** Puts content in an object's place, if its checksums and all conditions hold. Throws StorageError. */
  async put(written: Written): Promise<FoundObject> {
    const { where, path, attributes, expected, query } = written;
    try {
      const parts = partsOf(where.name);
      if (parts === undefined) {
        throw new StorageError(400, 'invalid', `Objects are files here, and none can be named '${where.name}'.`);
      }
      const checksums = await checksumsOf(path);
      mustAgree(checksums, expected);
      await chmod(path, 0o666);
      return await this.#inTurn(async () => {
        const before = await this.#objects.current(where);
        mustBeReplaceable(query, before);
        const facts = await this.#placed(path, [where.bucket, ...parts], before);
        const note = { ...NO_NOTE, attributes };
        this.#notes.set(where, facts, note);
        return { name: where.name, facts, note, checksums };
      });
    } catch (error) {
      throw refusedBySystem(error, where);
    } finally {
      await rm(path, { force: true });
    }
  }

  /** Removes an object, if all conditions hold. Throws StorageError. */
  async remove(where: ObjectName, query: URLSearchParams): Promise<void> {
    await this.#inTurn(async () => {
      const before = await this.#objects.get(where, false);
      const generation = query.get('generation');
      if (generation !== null && generation !== generationOf(before.facts)) {
        throw new StorageError(404, 'notFound', `No such object: ${where.bucket}/${where.name}`);
      }
      mustBeReplaceable(query, before);
      await remove(this.#gcs, [where.bucket, ...(partsOf(where.name) ?? [])]).catch((error: unknown) => {
        throw refusedBySystem(error, where);
      });
      this.#notes.delete(where);
    });
  }

  /** Changes what is told of an object beside its content, if all conditions hold. Throws StorageError. */
  change(
    where: ObjectName,
    query: URLSearchParams,
    changed: (attributes: Attributes) => Attributes,
  ): Promise<FoundObject> {
    return this.#inTurn(async () => {
      const before = await this.#objects.get(where, true);
      mustBeReplaceable(query, before);
      const { attributes, metageneration } = before.note;
      const note = { attributes: changed(attributes), metageneration: metageneration + 1 };
      this.#notes.set(where, before.facts, note);
      return { ...before, note };
    });
  }

  /** Makes a bucket's folder; false where there is one. */
  async makeBucket(name: string): Promise<boolean> {
    await this.#prepared();
    const isNew = !(await this.#objects.buckets()).includes(name);
    await makeFolder(this.#gcs, name);
    return isNew;
  }

  /** The times of a file system are coarse: what replaces an object at once must not have its generation. */
  async #placed(path: string, parts: readonly string[], before: FoundObject | undefined) {
    const ageMs = Date.now() - Number((before?.facts.changedNs ?? 0n) / 1_000_000n);
    if (ageMs < COARSEST_MS) await delay(COARSEST_MS);
    return factsOf(await place(path, this.#gcs, parts));
  }

  #inTurn<T>(body: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(body);
    this.#turn = result.catch(() => {});
    return result;
  }

  #prepared(): Promise<unknown> {
    this.#ready ??= (async () => {
      await openFolder(this.#gcs);
      await mkdir(this.#uploads, { recursive: true, mode: 0o700 });
      // What a process that was killed has left half-sent.
      const left = (await readdir(this.#uploads)).filter((name) => name.endsWith('.part'));
      for (const name of left) await rm(join(this.#uploads, name), { force: true });
    })();
    return this.#ready;
  }
}
