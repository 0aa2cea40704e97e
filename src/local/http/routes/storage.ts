import { ApiError, RPC_CODES } from '../../api/errors.ts';
import { readFields, type Selection, selected, wants } from '../../api/fields.ts';
import { pageSizeOf, pageToken, positionOf } from '../../api/paging.ts';
import { isBucketName } from '../../storage/buckets.ts';
import { isToBeSent } from '../../storage/conditions.ts';
import { StorageError } from '../../storage/error.ts';
import { pageOfNames } from '../../storage/listing.ts';
import type { FoundObject, Objects } from '../../storage/objects.ts';
import { objectResource } from '../../storage/resource.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';
import { bucketReply } from './buckets.ts';
import { changeReply } from './changes.ts';
import { mediaOf } from './media.ts';
import { uploadReply } from './uploads.ts';

/** As they stand in the request: an object's slashes are encoded, so that its name is one part of the path. */
const PATH = /^\/(?:download\/)?storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/;

/** Most objects and prefixes on a page, and as many where nothing is asked (objects.list). */
const MOST = 1_000;

/** Whether a request is for Cloud Storage's JSON API. */
export const isForStorage = ({ path }: ApiRequest): boolean =>
  /^\/(?:download\/|(?:resumable\/)?upload\/)?storage\/v1\//.test(path);

function notKnown({ method, path }: ApiRequest): StorageError {
  return new StorageError(404, 'notFound', `This service does not know ${method} ${path}`);
}

const wantsChecksums = (selection: Selection | undefined) => wants(selection, 'crc32c') || wants(selection, 'md5Hash');

async function list(objects: Objects, bucket: string, request: ApiRequest): Promise<object> {
  const { query } = request;
  const text = (key: string) => query.get(key) ?? '';
  const [prefix, delimiter] = [text('prefix'), text('delimiter')];
  const [startOffset, endOffset] = [text('startOffset'), text('endOffset')];
  const selection = readFields(query.get('fields'));
  const asked = [bucket, prefix, delimiter, startOffset, endOffset];
  const after = positionOf(query.get('pageToken') ?? undefined, asked);
  const names = await objects.names(bucket, prefix);
  const page = pageOfNames(names, {
    ...{ prefix, delimiter, startOffset, endOffset },
    after: typeof after === 'string' ? after : undefined,
    most: pageSizeOf(query.get('maxResults'), MOST, MOST, 'maxResults'),
  });
  const ofItems = typeof selection === 'boolean' ? selection : selection.get('items');
  const found = await objects.found(bucket, page.items, wantsChecksums(ofItems));
  const items = found.map((object) => resourceOf(request, bucket, object));
  const answer = {
    kind: 'storage#objects',
    ...(page.next === undefined ? {} : { nextPageToken: pageToken(page.next, asked) }),
    ...(page.prefixes.length > 0 ? { prefixes: page.prefixes } : {}),
    ...(items.length > 0 ? { items } : {}),
  };
  return selected(answer, selection) as object;
}

function resourceOf(request: ApiRequest, bucket: string, object: FoundObject): object {
  return objectResource(request.base, { bucket, name: object.name }, object);
}

/** An object with those of its fields that are asked for. */
function told(request: ApiRequest, bucket: string, object: FoundObject): Reply {
  const selection = readFields(request.query.get('fields'));
  return { http: 200, body: selected(resourceOf(request, bucket, object), selection) };
}

async function metadata(objects: Objects, bucket: string, name: string, request: ApiRequest): Promise<Reply> {
  const selection = readFields(request.query.get('fields'));
  const object = await objects.get({ bucket, name }, wantsChecksums(selection));
  return isToBeSent(request.query, { bucket, name }, object) ? told(request, bucket, object) : { http: 304, body: {} };
}

async function read(objects: Objects, request: ApiRequest): Promise<Reply> {
  const [, encodedBucket = '', encodedName] = PATH.exec(request.rawPath) ?? [];
  if (!['GET', 'HEAD'].includes(request.method) || encodedBucket === '') throw notKnown(request);
  const bucket = decodeURIComponent(encodedBucket);
  if (!isBucketName(bucket)) throw new StorageError(400, 'invalid', `Invalid bucket name: '${bucket}'`);
  if (encodedName === undefined) return { http: 200, body: await list(objects, bucket, request) };
  const name = decodeURIComponent(encodedName);
  if (request.query.get('alt') !== 'media') return metadata(objects, bucket, name, request);
  return mediaOf(objects, { bucket, name }, request);
}

async function replyTo(storage: Storage, request: ApiRequest): Promise<Reply> {
  return (
    (await uploadReply(storage, request, told)) ??
    (await bucketReply(storage, request)) ??
    (await changeReply(storage, request, told)) ??
    read(storage.objects, request)
  );
}

function storageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  if (error instanceof ApiError) return new StorageError(RPC_CODES[error.rpc].http, 'invalid', error.message);
  throw error;
}

/** What is said to who asks for content is plain text, not JSON (observed). */
function refusalOf({ http, body, message, headers }: StorageError, { query }: ApiRequest): Reply {
  return { http, body, headers, ...(query.get('alt') === 'media' ? { text: message } : {}) };
}

/** Answers requests for Cloud Storage's JSON API. Only what no caller is to blame for is thrown. */
export function storageRoute(storage: Storage): (request: ApiRequest) => Promise<Reply> {
  return async (request) => {
    try {
      return await replyTo(storage, request);
    } catch (error) {
      return refusalOf(storageError(error), request);
    }
  };
}
