import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isRecord } from '../../json.ts';
import type { Attributes } from './attributes.ts';
import type { FileFacts } from './files.ts';

/** What is known of an object that its file does not tell. */
export interface Note {
  readonly attributes: Attributes;
  /** Counts the changes of the attributes since the content was written; 1 at first. */
  readonly metageneration: number;
}

interface Kept extends Note {
  /** Of the file's content: what is known of another is not true of it. */
  readonly version: string;
}

/** What is told of an object that nobody has said anything of. */
export const NO_NOTE: Note = { attributes: {}, metageneration: 1 };

const versionOf = ({ size, changedNs }: FileFacts) => `${size} ${changedNs}`;
const keyOf = ({ bucket, name }: ObjectName) => `${bucket}/${name}`;

/** An object of a bucket. */
export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

function isKept(value: unknown): value is Kept {
  return isRecord(value) && isRecord(value['attributes']) && typeof value['metageneration'] === 'number';
}

function readLines(path: string): Map<string, Kept> {
  const known = new Map<string, Kept>();
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return known;
  }
  for (const line of text.split('\n')) {
    try {
      const [key, kept] = JSON.parse(line) as readonly [string, unknown];
      if (isKept(kept)) known.set(key, kept);
      else known.delete(key);
    } catch {
      // The last line of a process that was killed.
    }
  }
  return known;
}

/** What writers have said of objects: in memory, and in a file that only grows until the next start. */
export class Notes {
  readonly #path: string;
  #known: Map<string, Kept> | undefined;

  /** The file need not be there yet. */
  constructor(path: string) {
    this.#path = path;
  }

  /** What is known of an object whose file has these facts. */
  of(object: ObjectName, facts: FileFacts): Note {
    const kept = this.#all().get(keyOf(object));
    return kept?.version === versionOf(facts) ? kept : NO_NOTE;
  }

  set(object: ObjectName, facts: FileFacts, { attributes, metageneration }: Note): void {
    const kept = { version: versionOf(facts), attributes, metageneration };
    this.#all().set(keyOf(object), kept);
    this.#append(keyOf(object), kept);
  }

  delete(object: ObjectName): void {
    if (this.#all().delete(keyOf(object))) this.#append(keyOf(object), null);
  }

  #append(key: string, kept: Kept | null): void {
    appendFileSync(this.#path, `${JSON.stringify([key, kept])}\n`, { mode: 0o600 });
  }

  #all(): Map<string, Kept> {
    if (this.#known !== undefined) return this.#known;
    this.#known = readLines(this.#path);
    if (this.#known.size > 0) {
      const lines = [...this.#known].map((entry) => `${JSON.stringify(entry)}\n`);
      writeFileSync(`${this.#path}.new`, lines.join(''), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    }
    return this.#known;
  }
}
