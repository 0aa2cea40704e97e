import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { type ObjectBytes, objectPath, objectsPath, type Pinned, type ReadOptions, readBytes } from './object-bytes.ts';
import { listIn, orMissing, restOf, textIn } from './rest.ts';

/** An object of Cloud Storage. Its checksums are those of the bytes as they are stored. */
export interface StoredObject extends Pinned {
  /** Base64 of the CRC-32C's four bytes, the highest first. */
  readonly crc32c: string | undefined;
  /** Base64; an object that was put together from others has none. */
  readonly md5Hash: string | undefined;
  /** When this content was written, in RFC 3339. */
  readonly timeCreated: string | undefined;
  /** When content or metadata were last changed, in RFC 3339. */
  readonly updated: string | undefined;
}

export interface ObjectsPage {
  readonly objects: readonly StoredObject[];
  /** Present where there may be more, even on a page without objects. */
  readonly nextPageToken: string | undefined;
}

/**
 * The objects in Cloud Storage's JSON API (v1). Each call throws ApiError, the signal's reason once it aborts, and Error where
 * an answer is none. Nothing is tried twice.
 */
export interface ObjectsApi {
  /** One page of the objects whose names begin with `prefix`, in the order of their names. */
  list(bucket: string, prefix: string, options: ListOptions): Promise<ObjectsPage>;
  /** Undefined where there is none of that name. */
  get(bucket: string, name: string, signal: AbortSignal): Promise<StoredObject | undefined>;
  /** The bytes of this very generation as they are stored: compressed ones are not decompressed on the way. */
  read(bucket: string, object: Pinned, options: ReadOptions): Promise<ObjectBytes>;
}

export interface ListOptions {
  readonly pageToken?: string | undefined;
  readonly signal: AbortSignal;
}

export interface ObjectsOptions {
  /** A connection on which nothing has come for so long counts as broken, in milliseconds. */
  readonly silenceMs?: number | undefined;
}

const FIELDS = 'name,size,generation,crc32c,md5Hash,timeCreated,updated,contentEncoding';
/** The most that one page of objects.list holds. */
const PAGE_SIZE = 1_000;
const SILENCE_MS = 30_000;

/** `url` is the service's base address without the path of the API, such as `https://storage.googleapis.com`. */
export function objectsApi(url: string, credentials: Credentials, options: ObjectsOptions = {}): ObjectsApi {
  const { silenceMs = SILENCE_MS } = options;
  const rest = restOf(url, credentials);
  return {
    list: async (bucket, prefix, { pageToken, signal }) => {
      const query = new URLSearchParams({
        prefix,
        maxResults: String(PAGE_SIZE),
        fields: `nextPageToken,items(${FIELDS})`,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      const action = `list gs://${bucket}/${prefix}`;
      const asked = rest({ action, path: `${objectsPath(bucket)}?${query}`, signal });
      const answer = await orReason(asked, signal);
      return {
        objects: listIn(answer, 'items').map((item) => readObject(item, action)),
        nextPageToken: textIn(answer, 'nextPageToken'),
      };
    },
    get: async (bucket, name, signal) => {
      const action = `get gs://${bucket}/${name}`;
      const path = `${objectPath(bucket, name)}?${new URLSearchParams({ fields: FIELDS })}`;
      const answer = await orReason(orMissing(rest({ action, path, signal })), signal);
      return answer === undefined ? undefined : readObject(answer, action);
    },
    read: (bucket, object, { from = 0, to = object.size, signal }) =>
      readBytes({ url, credentials, silenceMs, bucket, object, from, to, signal }),
  };
}

/** The signal's reason instead of what the aborted call threw. */
async function orReason<T>(asked: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

const matching = (text: string | undefined, form: RegExp) => (text !== undefined && form.test(text) ? text : undefined);

function readObject(value: unknown, action: string): StoredObject {
  const fields = isRecord(value) ? value : {};
  const name = textIn(fields, 'name');
  const size = matching(textIn(fields, 'size'), /^\d{1,15}$/);
  const generation = matching(textIn(fields, 'generation'), /^\d{1,19}$/);
  if (name === undefined || size === undefined || generation === undefined) {
    throw new Error(`${action}: the answer tells of an object without its name, size or generation`);
  }
  return {
    name,
    size: Number(size),
    generation,
    crc32c: matching(textIn(fields, 'crc32c'), /^[A-Za-z0-9+/]{6}==$/),
    md5Hash: matching(textIn(fields, 'md5Hash'), /^[A-Za-z0-9+/]{22}==$/),
    timeCreated: textIn(fields, 'timeCreated'),
    updated: textIn(fields, 'updated'),
    contentEncoding: textIn(fields, 'contentEncoding'),
  };
}
