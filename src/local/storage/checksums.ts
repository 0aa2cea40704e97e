import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Crc32c } from './crc32c.ts';
import type { FileFacts } from './files.ts';

/** Both in base64. */
export interface Checksums {
  readonly crc32c: string;
  readonly md5Hash: string;
}

interface Known extends Checksums {
  readonly version: string;
}

/** Most files whose checksums are remembered; the one not asked for longest is forgotten first. */
const MOST_KNOWN = 100_000;
/** How coarse the times of a file system may be: a file younger than this may change and keep its times. */
const COARSEST_MS = 2_000;

const versionOf = ({ size, changedNs, writtenNs }: FileFacts) => `${size} ${changedNs} ${writtenNs}`;

/** The checksums of the first `size` bytes of an open file. */
export async function computed(file: FileHandle, size: number): Promise<Checksums> {
  const md5 = createHash('md5');
  const crc = new Crc32c();
  if (size > 0) {
    const stream = file.createReadStream({ start: 0, end: size - 1, autoClose: false, highWaterMark: 1024 * 1024 });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      md5.update(chunk);
      crc.update(chunk);
    }
  }
  return { crc32c: crc.digest(), md5Hash: md5.digest('base64') };
}

/** Checksums of files, computed once for each content: a file is known by its path, size and times. */
export class ChecksumCache {
  readonly #known = new Map<string, Known>();
  /** Those that are being computed, by path and version. */
  readonly #coming = new Map<string, Promise<Checksums>>();

  /** The checksums of a file, where they are known. */
  known(path: string, facts: FileFacts): Checksums | undefined {
    const known = this.#known.get(path);
    if (known?.version !== versionOf(facts)) return undefined;
    this.#remember(path, known);
    return known;
  }

  /**
   * The checksums of an open file as far as `facts` tell its size. `now` is the system's time in milliseconds. While the
   * file is being written they are those of what could be read, which is no longer what the file holds.
   */
  async of(file: FileHandle, path: string, facts: FileFacts, now: number): Promise<Checksums> {
    const known = this.known(path, facts);
    if (known !== undefined) return known;
    const version = versionOf(facts);
    const key = `${version} ${path}`;
    // Parts of one file are often asked for side by side. Whoever asks keeps the file open until the answer.
    const coming = this.#coming.get(key) ?? computed(file, facts.size).finally(() => this.#coming.delete(key));
    this.#coming.set(key, coming);
    const checksums = await coming;
    if (now - Number(facts.changedNs / 1_000_000n) > COARSEST_MS) this.#remember(path, { ...checksums, version });
    return checksums;
  }

  #remember(path: string, known: Known): void {
    this.#known.delete(path);
    this.#known.set(path, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
  }
}
