import { open, rm } from 'node:fs/promises';
import { isRecord } from '../../../json.ts';
import { changedAttributes } from '../../storage/attributes.ts';
import { isBucketName } from '../../storage/buckets.ts';
import { StorageError } from '../../storage/error.ts';
import { expectedChecksums, jsonOf, parsed, receive } from '../../storage/incoming.ts';
import { boundaryOf, readParts } from '../../storage/multipart.ts';
import type { FoundObject } from '../../storage/objects.ts';
import { type Begun, pieceRange } from '../../storage/sessions.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';

/** Tells of an object as the request asks for it. */
export type Tell = (request: ApiRequest, bucket: string, object: FoundObject) => Reply;

const invalid = (message: string) => new StorageError(400, 'invalid', message);

/** Google's clients ask for either, by the kind of upload. */
const PATH = /^\/(?:resumable\/)?upload\/storage\/v1\/b\/([^/]+)\/o$/;

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);

/** The object that an upload is for, with what is said of it. Throws StorageError. */
function begunBy(request: ApiRequest, bucket: string, said: unknown, contentType: string | undefined): Begun {
  const { query, headers } = request;
  const name = query.get('name') ?? (isRecord(said) ? textOf(said['name']) : undefined);
  if (name === undefined || name === '') throw new StorageError(400, 'required', 'Required parameter: name');
  const encoding = query.get('contentEncoding') ?? undefined;
  const sent = {
    ...(contentType === undefined ? {} : { contentType }),
    ...(encoding && { contentEncoding: encoding }),
  };
  const attributes = changedAttributes(changedAttributes({}, sent), said ?? {});
  return { where: { bucket, name }, attributes, expected: expectedChecksums(said, headers), query };
}

/** Keeps the content as a whole, and puts it in its object's place. */
async function whole({ writer }: Storage, begun: Begun, content: AsyncIterable<Buffer>): Promise<FoundObject> {
  const path = await writer.newPath();
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await receive(content, file, { position: 0 });
    } finally {
      await file.close();
    }
    return await writer.put({ ...begun, path });
  } finally {
    await rm(path, { force: true });
  }
}

async function inTwoParts(storage: Storage, request: ApiRequest, bucket: string): Promise<FoundObject> {
  const parts = await readParts(request.content, boundaryOf(request.headers['content-type'] ?? ''));
  return whole(storage, begunBy(request, bucket, parsed(parts.said), parts.contentType), parts.content);
}

async function begin({ sessions }: Storage, request: ApiRequest, bucket: string): Promise<Reply> {
  const said = await jsonOf(request.content);
  const type = textOf(request.headers['x-upload-content-type']);
  const id = await sessions.begin(begunBy(request, bucket, said, type));
  const query = new URLSearchParams(request.query);
  query.set('upload_id', id);
  const location = `${request.base}${request.rawPath}?${query}`;
  return { http: 200, body: undefined, text: '', headers: { location, 'x-guploader-uploadid': id } };
}

async function goOn({ sessions }: Storage, request: ApiRequest, where: { bucket: string; id: string }, tell: Tell) {
  const { headers, content } = request;
  const expected = expectedChecksums(undefined, headers);
  const progress = await sessions.go(where.id, { ...pieceRange(headers['content-range']), content, expected });
  if ('object' in progress) return tell(request, where.bucket, progress.object);
  const { received } = progress;
  const range = received === 0 ? {} : { range: `bytes=0-${received - 1}` };
  return { http: 308, body: undefined, text: '', headers: { ...range, 'x-guploader-uploadid': where.id } };
}

async function ofSession(storage: Storage, request: ApiRequest, where: { bucket: string; id: string }, tell: Tell) {
  if (request.method === 'PUT' || request.method === 'POST') return goOn(storage, request, where, tell);
  if (request.method !== 'DELETE') throw invalid(`Not a method of an upload: ${request.method}`);
  await storage.sessions.cancel(where.id);
  // What Cloud Storage answers who gives an upload up. https://cloud.google.com/storage/docs/performing-resumable-uploads
  return { http: 499, body: undefined, text: '' };
}

const isUploadPath = ({ path }: ApiRequest) => PATH.test(path);

/** Answers a request for an upload; undefined for one that is for none. Throws StorageError. */
export async function uploadReply(storage: Storage, request: ApiRequest, tell: Tell): Promise<Reply | undefined> {
  if (!isUploadPath(request)) return undefined;
  const bucket = decodeURIComponent(PATH.exec(request.rawPath)?.[1] ?? '');
  if (!isBucketName(bucket)) throw invalid(`Invalid bucket name: '${bucket}'`);
  const id = request.query.get('upload_id');
  if (id !== null) return ofSession(storage, request, { bucket, id }, tell);
  if (request.method !== 'POST') return undefined;
  switch (request.query.get('uploadType')) {
    case 'resumable':
      return begin(storage, request, bucket);
    case 'multipart':
      return tell(request, bucket, await inTwoParts(storage, request, bucket));
    case 'media': {
      const begun = begunBy(request, bucket, undefined, request.headers['content-type']);
      return tell(request, bucket, await whole(storage, begun, request.content));
    }
    default:
      throw invalid('uploadType must be media, multipart or resumable.');
  }
}
