import { Readable } from 'node:stream';
import { ApiError, apiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

/** A part of an object, by the places of its first byte and of the one behind its last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Bytes of an object: those that were asked for, or all of it where the service does not know ranges. */
export interface ObjectBytes extends Span {
  /** Gives exactly so many bytes or throws; an ApiError where the connection breaks before the last one. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The content of an object as it was when somebody asked for it. */
export interface Pinned {
  readonly name: string;
  /** In bytes, as they are stored. */
  readonly size: number;
  /** The version of its content, a decimal number of up to 19 digits. */
  readonly generation: string;
  /** `gzip` where the bytes are compressed for the way. */
  readonly contentEncoding: string | undefined;
}

export interface ReadOptions {
  /** The place of the first byte wanted; 0 where it is not given. It has to be less than the object's size. */
  readonly from?: number | undefined;
  /** The place behind the last byte wanted: the object's end where it is not given. */
  readonly to?: number | undefined;
  readonly signal: AbortSignal;
}

/** Where the objects of a bucket are listed. */
export const objectsPath = (bucket: string) => `/storage/v1/b/${encodedPart(bucket)}/o`;
/** Where one object is. */
export const objectPath = (bucket: string, name: string) => `${objectsPath(bucket)}/${encodedPart(name)}`;

/** A whole name as one part of an address. Throws Error where that would lead to another address. */
function encodedPart(name: string): string {
  // An address forgets such parts, encoded or not; no bucket or object is named so.
  if (name === '' || name === '.' || name === '..' || !name.isWellFormed()) {
    throw new Error(`${JSON.stringify(name)} is no name in Cloud Storage`);
  }
  return encodeURIComponent(name);
}

export interface Reading {
  readonly url: string;
  readonly credentials: Credentials;
  /** See ObjectsOptions. */
  readonly silenceMs: number;
  readonly bucket: string;
  readonly object: Pinned;
  readonly from: number;
  /** See ReadOptions. */
  readonly to: number;
  readonly signal: AbortSignal;
}

/** Asks for the object's bytes from a place on; see ObjectsApi.read. */
export async function readBytes(reading: Reading): Promise<ObjectBytes> {
  const { url, credentials, bucket, object, from, to, signal } = reading;
  const action = `read gs://${bucket}/${object.name}`;
  const query = new URLSearchParams({ alt: 'media', generation: object.generation });
  const silence = listenFor(reading.silenceMs);
  /** What the library threw, as this module tells it. */
  const told = (error: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    return silence.signal.aborted ? new ApiError(`${action}: ${silence.reason}`, undefined) : apiError(action, error);
  };
  try {
    const { status, headers, data } = await credentials.client.request<unknown>({
      url: `${url}${objectPath(bucket, object.name)}?${query}`,
      responseType: 'stream',
      headers: {
        'accept-encoding': encodingFor(object),
        ...(from > 0 || to < object.size ? { range: `bytes=${from}-${to < object.size ? to - 1 : ''}` } : {}),
      },
      signal: AbortSignal.any([signal, silence.signal]),
      retry: false,
      ...AS_SENT,
    });
    if (!(data instanceof Readable)) throw new Error('the answer has no content');
    // Until somebody reads it, an answer that breaks would end the process.
    data.on('error', () => {});
    const span = judged(() => spanOf({ status, headers }, reading), data);
    const expected = span.to - span.from;
    return { ...span, chunks: counted(data, { action, expected, silence, told }) };
  } catch (error) {
    silence.end();
    throw told(error);
  }
}

/** node-fetch, which the transport hands its options to, would else decompress what comes as gzip. */
const AS_SENT: object = { compress: false };

/**
 * An object that is stored as gzip is decompressed by the service for who does not accept gzip; then neither its size nor its
 * checksum nor ranges hold any more. For any other object, accepting it could only have it compressed on the way.
 * https://cloud.google.com/storage/docs/transcoding
 */
const encodingFor = ({ contentEncoding }: Pinned) =>
  contentEncoding === undefined || contentEncoding === 'identity' ? 'identity' : 'gzip';

/** What a check of the answer comes to; where it throws, nothing more of the answer is taken. */
function judged<T>(check: () => T, answer: Readable): T {
  try {
    return check();
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

/** Which bytes the answer has. Throws Error where they are not those of the object. */
function spanOf({ status, headers }: { status: number; headers: Headers }, { object, from, to }: Reading): Span {
  const generation = headers.get('x-goog-generation');
  if (generation !== null && generation !== object.generation) {
    throw new Error(`the answer is generation ${generation}, not ${object.generation}`);
  }
  if (headers.get('x-goog-stored-content-encoding') === 'gzip' && headers.get('content-encoding') !== 'gzip') {
    throw new Error('the answer was decompressed on the way');
  }
  const range = headers.get('content-range');
  if (status === 206) {
    if (range === `bytes ${from}-${to - 1}/${object.size}`) return { from, to };
    throw new Error(
      `the answer has the range ${JSON.stringify(range)} instead of bytes ${from}-${to - 1}/${object.size}`,
    );
  }
  const length = headers.get('content-length');
  if (status !== 200) throw new Error(`the answer has status ${status}`);
  if (length === null || Number(length) === object.size) return { from: 0, to: object.size };
  throw new Error(`the answer has ${length} bytes instead of ${object.size}`);
}

interface Silence {
  readonly signal: AbortSignal;
  readonly reason: string;
  /** Something came: the time begins anew. */
  heard(): void;
  /** While `busy`, nobody waits for the connection. */
  busy: boolean;
  end(): void;
}

/** Aborts once the connection has been waited on for `ms` milliseconds in vain. */
function listenFor(ms: number): Silence {
  const stop = new AbortController();
  const timer = setTimeout(() => {
    if (silence.busy) timer.refresh();
    else stop.abort();
  }, ms);
  const silence: Silence = {
    signal: stop.signal,
    reason: `no answer: nothing came for ${ms / 1000} s`,
    heard: () => timer.refresh(),
    busy: false,
    end: () => clearTimeout(timer),
  };
  return silence;
}

interface Counting {
  readonly action: string;
  readonly expected: number;
  readonly silence: Silence;
  readonly told: (error: unknown) => unknown;
}

/** Exactly `expected` bytes: no more are given, and fewer are an ApiError. */
async function* counted(answer: Readable, { action, expected, silence, told }: Counting): AsyncGenerator<Uint8Array> {
  let left = expected;
  try {
    for await (const chunk of answer) {
      const bytes = chunk as Uint8Array;
      if (bytes.length > left) throw new Error(`the answer has more than ${expected} bytes`);
      left -= bytes.length;
      silence.busy = true;
      yield bytes;
      silence.busy = false;
      silence.heard();
    }
  } catch (error) {
    throw told(error);
  } finally {
    silence.end();
  }
  if (left > 0) throw new ApiError(`${action}: no answer: the connection ended ${left} bytes early`, undefined);
}
