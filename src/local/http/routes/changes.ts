import { open, rm } from 'node:fs/promises';
import { isRecord } from '../../../json.ts';
import { type Attributes, changedAttributes } from '../../storage/attributes.ts';
import { isBucketName } from '../../storage/buckets.ts';
import { isToBeSent } from '../../storage/conditions.ts';
import { StorageError } from '../../storage/error.ts';
import { receive } from '../../storage/incoming.ts';
import type { ObjectName } from '../../storage/notes.ts';
import type { FoundObject } from '../../storage/objects.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';
import type { Tell } from './uploads.ts';

const invalid = (message: string) => new StorageError(400, 'invalid', message);

/** Most sources of one object. https://cloud.google.com/storage/docs/composite-objects */
const MOST_SOURCES = 32;

interface Source {
  readonly where: ObjectName;
  /** The conditions set on it, spelled as a get spells them. */
  readonly query: URLSearchParams;
}

/** Puts what the sources hold, one behind the other, in an object's place. */
async function joined(
  { objects, writer }: Storage,
  sources: readonly Source[],
  target: { readonly where: ObjectName; readonly attributes: Attributes; readonly query: URLSearchParams },
): Promise<FoundObject> {
  const path = await writer.newPath();
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      let position = 0;
      for (const { where, query } of sources) {
        const source = await objects.open(where);
        try {
          isToBeSent(query, where, source);
          const end = source.facts.size - 1;
          const content = source.handle.createReadStream({ start: 0, end: Math.max(end, 0), autoClose: false });
          if (end >= 0) position = await receive(content as AsyncIterable<Buffer>, file, { position });
        } finally {
          await source.handle.close();
        }
      }
    } finally {
      await file.close();
    }
    return await writer.put({ ...target, path, expected: {} });
  } finally {
    await rm(path, { force: true });
  }
}

/** A text or a number as text; undefined for nothing, which Python's library sends as null. Throws StorageError for all else. */
function scalarText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw invalid(`Invalid value for ${name}: a text or a number is required.`);
}

function sourcesIn(body: unknown, bucket: string): Source[] {
  const given = isRecord(body) && Array.isArray(body['sourceObjects']) ? body['sourceObjects'].filter(isRecord) : [];
  if (given.length === 0 || given.length > MOST_SOURCES) {
    throw invalid(`The number of source components must be between 1 and ${MOST_SOURCES}, not ${given.length}.`);
  }
  return given.map(({ name, generation, objectPreconditions }) => {
    const conditions = {
      generation,
      ifGenerationMatch: isRecord(objectPreconditions) ? objectPreconditions['ifGenerationMatch'] : undefined,
    };
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(conditions)) {
      const text = scalarText(value, key);
      if (text !== undefined) query.set(key, text);
    }
    return { where: { bucket, name: scalarText(name, 'name') ?? '' }, query };
  });
}

/** `objects.compose`. */
async function compose(storage: Storage, request: ApiRequest, where: ObjectName): Promise<FoundObject> {
  const { body, query } = request;
  const attributes = changedAttributes({}, isRecord(body) ? body['destination'] : undefined);
  return joined(storage, sourcesIn(body, where.bucket), { where, attributes, query });
}

const SOURCE_CONDITIONS = {
  sourceGeneration: 'generation',
  ifSourceGenerationMatch: 'ifGenerationMatch',
  ifSourceMetagenerationMatch: 'ifMetagenerationMatch',
} as const;

/** `objects.rewrite`, which always ends in one step here, and `objects.copy`. */
async function copy(storage: Storage, request: ApiRequest, from: ObjectName, where: ObjectName): Promise<FoundObject> {
  const conditions = new URLSearchParams();
  for (const [name, plain] of Object.entries(SOURCE_CONDITIONS)) {
    const value = request.query.get(name);
    if (value !== null) conditions.set(plain, value);
  }
  const source = await storage.objects.get(from, false);
  // Whoever sends fields sends all of them.
  const attributes = isRecord(request.body) ? changedAttributes({}, request.body) : source.note.attributes;
  return joined(storage, [{ where: from, query: conditions }], {
    where,
    attributes,
    query: request.query,
  });
}

const COPY = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+)\/(rewriteTo|copyTo)\/b\/([^/]+)\/o\/([^/]+)$/;
const OBJECT = /^\/storage\/v1\/b\/([^/]+)\/o\/([^/]+?)(\/compose)?$/;

function objectIn(bucket: string | undefined, name: string | undefined): ObjectName {
  const where = { bucket: decodeURIComponent(bucket ?? ''), name: decodeURIComponent(name ?? '') };
  if (!isBucketName(where.bucket)) throw invalid(`Invalid bucket name: '${where.bucket}'`);
  return where;
}

async function copyReply(storage: Storage, request: ApiRequest, tell: Tell): Promise<Reply | undefined> {
  const [whole, fromBucket, fromName, kind, bucket, name] = COPY.exec(request.rawPath) ?? [];
  if (whole === undefined || request.method !== 'POST') return undefined;
  const where = objectIn(bucket, name);
  const object = await copy(storage, request, objectIn(fromBucket, fromName), where);
  if (kind === 'copyTo') return tell(request, where.bucket, object);
  const size = String(object.facts.size);
  const { body: resource } = tell({ ...request, query: new URLSearchParams() }, where.bucket, object);
  const body = { kind: 'storage#rewriteResponse', totalBytesRewritten: size, objectSize: size, done: true, resource };
  return { http: 200, body };
}

/** Answers a request that changes objects; undefined for one that does not. Throws StorageError. */
export async function changeReply(storage: Storage, request: ApiRequest, tell: Tell): Promise<Reply | undefined> {
  const copied = await copyReply(storage, request, tell);
  if (copied !== undefined) return copied;
  const [whole, bucket, name, verb] = OBJECT.exec(request.rawPath) ?? [];
  if (whole === undefined) return undefined;
  const where = objectIn(bucket, name);
  const { query, body } = request;
  switch (`${request.method}${verb ?? ''}`) {
    case 'POST/compose':
      return tell(request, where.bucket, await compose(storage, request, where));
    case 'DELETE':
      await storage.writer.remove(where, query);
      return { http: 204, body: undefined, text: '' };
    case 'PATCH':
      return tell(
        request,
        where.bucket,
        await storage.writer.change(where, query, (one) => changedAttributes(one, body)),
      );
    case 'PUT':
      return tell(request, where.bucket, await storage.writer.change(where, query, () => changedAttributes({}, body)));
    default:
      return undefined;
  }
}
