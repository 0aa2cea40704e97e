import type { Checksums } from './checksums.ts';
import { ChecksumCache } from './checksums.ts';
import { noObject, StorageError } from './error.ts';
import { Files, type Missing, type OpenFile } from './files.ts';
import type { Note, Notes, ObjectName } from './notes.ts';
import type { Told } from './resource.ts';

/** An object with what is told of it. */
export interface FoundObject extends Told {
  readonly name: string;
}

/** Of this, checksums take a second or two. */
const LARGE_BYTES = 256 * 1024 * 1024;

/** Why an object cannot be had. */
export function refusal({ bucket, name }: ObjectName, why: Missing): StorageError {
  if (why === 'absent') return noObject(bucket, name);
  const message = `The file of ${bucket}/${name} belongs to another user of this machine, and may not be read.`;
  return new StorageError(403, 'forbidden', message);
}

/** The objects of all buckets: the files below the folder that containers see as /gcs, as they are at each moment. */
export class Objects {
  readonly #files: Files;
  readonly #notes: Notes;
  readonly #checksums = new ChecksumCache();

  /** `folder` holds a folder for each bucket; it need not exist yet. */
  constructor(folder: string, notes: Notes) {
    this.#files = new Files(folder);
    this.#notes = notes;
  }

  /** The names of a bucket's objects that begin with `prefix`, in no order. */
  names(bucket: string, prefix: string): Promise<string[]> {
    return this.#files.names(bucket, prefix);
  }

  /** The names of all buckets that have a folder, in no order. */
  buckets(): Promise<string[]> {
    return this.#files.buckets();
  }

  /** Those of the named objects that are still there. */
  async found(bucket: string, names: readonly string[], withChecksums: boolean): Promise<FoundObject[]> {
    const found: FoundObject[] = [];
    for (const name of names) {
      const object = await this.#told({ bucket, name }, withChecksums);
      if (typeof object !== 'string') found.push(object);
    }
    return found;
  }

  /** The object of that name. Throws StorageError. */
  async get(where: ObjectName, withChecksums: boolean): Promise<FoundObject> {
    const object = await this.#told(where, withChecksums);
    if (typeof object === 'string') throw refusal(where, object);
    return object;
  }

  /** The same without its checksums; undefined where there is none. */
  async current(where: ObjectName): Promise<FoundObject | undefined> {
    const object = await this.#told(where, false);
    return object === 'absent' ? undefined : this.get(where, false);
  }

  /** Opens the file of an object; whoever opens it closes it. Throws StorageError. */
  async open(where: ObjectName): Promise<OpenFile & { readonly note: Note }> {
    const file = await this.#files.open(where.bucket, where.name);
    if (typeof file === 'string') throw refusal(where, file);
    return { ...file, note: this.#notes.of(where, file.facts) };
  }

  checksums({ handle, path, facts }: OpenFile): Promise<Checksums> {
    return this.#checksums.of(handle, path, facts, Date.now());
  }

  /** The same, where whoever asks does not wait long for it: undefined for a large file that nobody has asked for. */
  async quickChecksums(file: OpenFile): Promise<Checksums | undefined> {
    return file.facts.size > LARGE_BYTES ? this.#checksums.known(file.path, file.facts) : this.checksums(file);
  }

  async #told(where: ObjectName, withChecksums: boolean): Promise<FoundObject | Missing> {
    const { bucket, name } = where;
    const facts = await this.#files.facts(bucket, name);
    if (typeof facts === 'string') return facts;
    const checked = withChecksums ? await this.#checked(where) : undefined;
    return checked ?? { name, facts, note: this.#notes.of(where, facts), checksums: undefined };
  }

  async #checked(where: ObjectName): Promise<FoundObject | undefined> {
    const { bucket, name } = where;
    const file = await this.#files.open(bucket, name);
    if (typeof file === 'string') return undefined;
    try {
      const checksums = await this.checksums(file);
      return { name, facts: file.facts, note: this.#notes.of(where, file.facts), checksums };
    } finally {
      await file.handle.close();
    }
  }
}
