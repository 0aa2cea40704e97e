import { StorageError } from './error.ts';

/** The two parts of an upload in one request (`multipart/related`): what is said of the object, and its content. */
export interface Parts {
  /** The first part's text, JSON. */
  readonly said: string;
  /** The second part's own Content-Type, where it has one. */
  readonly contentType: string | undefined;
  /** The second part's bytes, as they come; to be read to the end. */
  readonly content: AsyncIterable<Buffer>;
}

/** As much as is held in memory of what is said of an object. */
const MOST_SAID = 1024 * 1024;

const broken = (what: string) => new StorageError(400, 'badContent', `Malformed multipart body: ${what}.`);

/** The delimiter in a Content-Type header's `boundary`. Throws StorageError. */
export function boundaryOf(contentType: string): string {
  // gcloud puts it between single quotes, which are none of it.
  const [, quoted, single, plain] = /;\s*boundary=(?:"([^"]+)"|'([^']+)'|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? single ?? plain;
  if (boundary === undefined || boundary.length > 200) throw broken('no boundary');
  return boundary;
}

/** Takes a stream apart at delimiters, holding no more of it than a delimiter may lie across. */
class Cutter {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #over = false;

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The bytes before the next `delimiter`, which is left out. Throws StorageError where none comes. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(delimiter);
      if (at >= 0) {
        const before = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + delimiter.length);
        if (before.length > 0) yield before;
        return;
      }
      const safe = this.#held.length - delimiter.length + 1;
      if (safe > 0) {
        const part = this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(safe);
        yield part;
      }
      await this.#more();
    }
  }

  /** The same as text. */
  async textUntil(delimiter: string): Promise<string> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.until(Buffer.from(delimiter))) {
      size += chunk.length;
      if (size > MOST_SAID) throw broken('a part that is too long');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  async #more(): Promise<void> {
    const { done, value } = this.#over ? { done: true, value: undefined } : await this.#source.next();
    this.#over = done === true;
    if (value === undefined) throw broken('it ends before its last boundary');
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}

/** Most headers of a part. */
const MOST_HEADERS = 50;

/** A part's headers, up to its empty line. */
async function headersOf(cutter: Cutter, eol: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await cutter.textUntil(eol);
    if (line === '') return lines;
    lines.push(line);
    if (lines.length > MOST_HEADERS) throw broken('too many headers');
  }
}

/** Reads an upload in two parts. Throws StorageError. */
export async function readParts(source: AsyncIterable<Buffer>, boundary: string): Promise<Parts> {
  const cutter = new Cutter(source);
  await cutter.textUntil(`--${boundary}`);
  // gcloud ends its lines without a carriage return: how the first one ends, so do all that are not content.
  const eol = `${await cutter.textUntil('\n')}\n`;
  if (!['\n', '\r\n'].includes(eol)) throw broken('a boundary that is not followed by a line end');
  const delimiter = `${eol}--${boundary}`;
  await headersOf(cutter, eol);
  const said = await cutter.textUntil(delimiter);
  await cutter.textUntil(eol);
  const headers = await headersOf(cutter, eol);
  const types = headers.map((line) => /^content-type:(.*)$/i.exec(line)?.[1]?.trim());
  const contentType = types.find((type) => type !== undefined);
  return { said, contentType, content: cutter.until(Buffer.from(delimiter)) };
}
