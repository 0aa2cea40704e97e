import { StringDecoder } from 'node:string_decoder';

export type StreamName = 'stdout' | 'stderr';

/** Takes apart the engine's multiplexed stream: eight bytes (stream, three zeros, length) before each piece. */
export class FrameSplitter {
  readonly #onFrame: (stream: StreamName, chunk: Buffer) => void;
  #header = Buffer.alloc(0);
  #stream: StreamName = 'stdout';
  #left = 0;

  constructor(onFrame: (stream: StreamName, chunk: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#left > 0 ? this.#payload(rest) : this.#head(rest);
  }

  #payload(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left);
    this.#left -= part.length;
    this.#onFrame(this.#stream, part);
    return chunk.subarray(part.length);
  }

  #head(chunk: Buffer): Buffer {
    const missing = 8 - this.#header.length;
    this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
    if (this.#header.length === 8) {
      this.#stream = this.#header[0] === 2 ? 'stderr' : 'stdout';
      this.#left = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return chunk.subarray(missing);
  }
}

/** Cloud Logging takes entries of about 256 KiB; a longer line is told in parts. */
const LONGEST_LINE = 250_000;

/** Puts the pieces of one output stream together into lines. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';

  push(chunk: Buffer): string[] {
    const lines = `${this.#rest}${this.#decoder.write(chunk)}`.split('\n');
    let rest = lines.pop() ?? '';
    while (rest.length > LONGEST_LINE) {
      lines.push(rest.slice(0, LONGEST_LINE));
      rest = rest.slice(LONGEST_LINE);
    }
    this.#rest = rest;
    return lines.map(withoutReturn);
  }

  /** What was written after the last line end. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    return rest === '' ? [] : [withoutReturn(rest)];
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
