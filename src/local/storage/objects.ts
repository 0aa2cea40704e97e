import type { Checksums } from './checksums.ts';
import { ChecksumCache } from './checksums.ts';
import { noObject, StorageError } from './error.ts';
import { type FileFacts, Files, type Missing, type OpenFile } from './files.ts';

/** An object with what is told of it. */
export interface FoundObject {
  readonly name: string;
  readonly facts: FileFacts;
  /** Absent where nobody asked for them, and where the file cannot be read. */
  readonly checksums: Checksums | undefined;
}

/** Of this, checksums take a second or two. */
const LARGE_BYTES = 256 * 1024 * 1024;

function refusal(bucket: string, name: string, why: Missing): StorageError {
  if (why === 'absent') return noObject(bucket, name);
  const message = `The file of ${bucket}/${name} belongs to another user of this machine, and may not be read.`;
  return new StorageError(403, 'forbidden', message);
}

/** The objects of all buckets: the files below the folder that containers see as /gcs, as they are at each moment. */
export class Objects {
  readonly #files: Files;
  readonly #checksums = new ChecksumCache();

  /** `folder` holds a folder for each bucket; it need not exist yet. */
  constructor(folder: string) {
    this.#files = new Files(folder);
  }

  /** The names of a bucket's objects that begin with `prefix`, in no order. */
  names(bucket: string, prefix: string): Promise<string[]> {
    return this.#files.names(bucket, prefix);
  }

  /** Those of the named objects that are still there. */
  async found(bucket: string, names: readonly string[], withChecksums: boolean): Promise<FoundObject[]> {
    const found: FoundObject[] = [];
    for (const name of names) {
      const facts = await this.#files.facts(bucket, name);
      if (typeof facts === 'string') continue;
      const checked = withChecksums ? await this.#checked(bucket, name) : undefined;
      found.push(checked ?? { name, facts, checksums: undefined });
    }
    return found;
  }

  /** The object of that name. Throws StorageError. */
  async get(bucket: string, name: string, withChecksums: boolean): Promise<FoundObject> {
    const facts = await this.#files.facts(bucket, name);
    if (typeof facts === 'string') throw refusal(bucket, name, facts);
    const checked = withChecksums ? await this.#checked(bucket, name) : undefined;
    return checked ?? { name, facts, checksums: undefined };
  }

  /** Opens the file of an object; whoever opens it closes it. Throws StorageError. */
  async open(bucket: string, name: string): Promise<OpenFile> {
    const file = await this.#files.open(bucket, name);
    if (typeof file === 'string') throw refusal(bucket, name, file);
    return file;
  }

  checksums({ handle, path, facts }: OpenFile): Promise<Checksums> {
    return this.#checksums.of(handle, path, facts, Date.now());
  }

  /** The same, where whoever asks does not wait long for it: undefined for a large file that nobody has asked for. */
  async quickChecksums(file: OpenFile): Promise<Checksums | undefined> {
    return file.facts.size > LARGE_BYTES ? this.#checksums.known(file.path, file.facts) : this.checksums(file);
  }

  async #checked(bucket: string, name: string): Promise<FoundObject | undefined> {
    const file = await this.#files.open(bucket, name);
    if (typeof file === 'string') return undefined;
    try {
      return { name, facts: file.facts, checksums: await this.checksums(file) };
    } finally {
      await file.handle.close();
    }
  }
}
