import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { crc32c } from '../../src/artifacts/crc32c.ts';

/** An object as the service holds it. */
export interface Held {
  readonly bytes: Uint8Array;
  readonly generation?: string;
  readonly contentEncoding?: string;
  readonly timeCreated?: string;
  readonly updated?: string;
  /** Which checksums the service tells; both where it is not given. */
  readonly sums?: 'crc32c' | 'md5' | 'none';
}

/** What goes wrong with an answer. */
export interface Mishap {
  /** It is a refusal. */
  readonly status?: number;
  /** Its body is this one. */
  readonly body?: string;
  /** It has these headers, instead of its own. */
  readonly told?: Readonly<Record<string, string>>;
  /** The connection ends after so many bytes of content. */
  readonly cutAfter?: number;
  /** Nothing comes any more after so many bytes of content. */
  readonly hangAfter?: number;
  /** Ranges are not known. */
  readonly whole?: boolean;
  /** The first byte is another one. */
  readonly flipped?: boolean;
}

/** Of an object that was not given another. */
export const GENERATION = '1763888888000001';

/** Base64 of the four bytes, the highest first. */
export function crcText(bytes: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32c(bytes));
  return sum.toString('base64');
}

export const md5Text = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');

const hashes = new WeakMap<Uint8Array, string>();

/** Reckoned once for each content. */
function hashesOf(bytes: Uint8Array): string {
  const known = hashes.get(bytes) ?? `crc32c=${crcText(bytes)},md5=${md5Text(bytes)}`;
  hashes.set(bytes, known);
  return known;
}

/** The content of an object: as it is stored, from the byte asked for; or decompressed, for who does not accept gzip. */
export function sendMedia(held: Held, request: IncomingMessage, response: ServerResponse, mishap: Mishap): void {
  const { bytes, generation = GENERATION, contentEncoding } = held;
  const stored = mishap.flipped ? flipped(bytes) : bytes;
  const headers = {
    'content-type': 'application/octet-stream',
    'x-goog-generation': generation,
    'x-goog-hash': hashesOf(bytes),
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    'x-goog-stored-content-length': bytes.length,
    ...mishap.told,
  };
  if (contentEncoding === 'gzip' && !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    // No length, no range.
    response.writeHead(200, { ...headers, warning: '214 UploadServer gunzipped' });
    response.end(gunzipSync(stored));
    return;
  }
  const encoding = contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding };
  sendRange(stored, request, response, { ...mishap, told: { ...encoding, ...stringsOf(headers) } });
}

const stringsOf = (headers: Readonly<Record<string, string | number>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

function sendRange(stored: Uint8Array, request: IncomingMessage, response: ServerResponse, mishap: Mishap): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined || mishap.whole) {
    response.writeHead(200, { 'content-length': stored.length, ...mishap.told });
    send(stored, response, mishap);
  } else if (Number(first) >= stored.length) {
    response.writeHead(416, { 'content-range': `bytes */${stored.length}` });
    response.end();
  } else {
    const content = stored.subarray(Number(first), last ? Number(last) + 1 : stored.length);
    const range = `bytes ${first}-${Number(first) + content.length - 1}/${stored.length}`;
    response.writeHead(206, { 'content-length': content.length, 'content-range': range, ...mishap.told });
    send(content, response, mishap);
  }
}

const CUT_MS = 20;

function send(content: Uint8Array, response: ServerResponse, { cutAfter, hangAfter }: Mishap): void {
  response.flushHeaders();
  if (cutAfter !== undefined && cutAfter < content.length) {
    response.write(content.subarray(0, cutAfter));
    // What came with the end of the connection would be lost to the reader.
    setTimeout(() => response.socket?.end(), CUT_MS);
  } else if (hangAfter !== undefined) response.write(content.subarray(0, hangAfter));
  else response.end(content);
}

function flipped(bytes: Uint8Array): Uint8Array {
  const other = Uint8Array.from(bytes);
  other[0] = (other[0] ?? 0) ^ 1;
  return other;
}
