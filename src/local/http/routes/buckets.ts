import { isRecord } from '../../../json.ts';
import { readFields, selected } from '../../api/fields.ts';
import { pageSizeOf, pageToken, positionOf } from '../../api/paging.ts';
import { grantedPermissions } from '../../identity/permissions.ts';
import { isBucketName } from '../../storage/buckets.ts';
import { StorageError } from '../../storage/error.ts';
import { bucketLayout, bucketResource } from '../../storage/resource.ts';
import type { Storage } from '../../storage/storage.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';

const BUCKET = /^\/storage\/v1\/b\/([^/]+)(\/iam\/testPermissions|\/storageLayout)?$/;

/** Most buckets on a page (buckets.list). */
const MOST = 1_000;

function told(request: ApiRequest, body: object): Reply {
  return { http: 200, body: selected(body, readFields(request.query.get('fields'))) };
}

async function list({ objects }: Storage, request: ApiRequest): Promise<Reply> {
  const { query, base } = request;
  const prefix = query.get('prefix') ?? '';
  const after = positionOf(query.get('pageToken') ?? undefined, ['buckets', prefix]);
  const names = (await objects.buckets()).filter((name) => name.startsWith(prefix)).sort();
  const rest = names.filter((name) => typeof after !== 'string' || name > after);
  const page = rest.slice(0, pageSizeOf(query.get('maxResults'), MOST, MOST, 'maxResults'));
  const last = page.at(-1);
  return told(request, {
    kind: 'storage#buckets',
    ...(last !== undefined && page.length < rest.length ? { nextPageToken: pageToken(last, ['buckets', prefix]) } : {}),
    ...(page.length > 0 ? { items: page.map((name) => bucketResource(base, name)) } : {}),
  });
}

function checkedName(name: unknown): string {
  if (typeof name === 'string' && isBucketName(name)) return name;
  throw new StorageError(400, 'invalid', `Invalid bucket name: '${typeof name === 'string' ? name : ''}'`);
}

async function insert({ writer }: Storage, request: ApiRequest): Promise<Reply> {
  const name = checkedName(isRecord(request.body) ? request.body['name'] : undefined);
  if (await writer.makeBucket(name)) return told(request, bucketResource(request.base, name));
  const message = 'Your previous request to create the named bucket succeeded and you already own it.';
  throw new StorageError(409, 'conflict', message);
}

/** Throws ApiError for what is no permission on a bucket. */
function permissions({ query }: ApiRequest): Reply {
  const granted = grantedPermissions('bucket', { permissions: query.getAll('permissions') });
  return { http: 200, body: { kind: 'storage#testIamPermissionsResponse', ...granted } };
}

/** Answers a request for buckets; undefined for one that is for none. Throws StorageError. */
export async function bucketReply(storage: Storage, request: ApiRequest): Promise<Reply | undefined> {
  const { method, rawPath, base } = request;
  if (rawPath === '/storage/v1/b') {
    if (method === 'POST') return insert(storage, request);
    return method === 'GET' ? list(storage, request) : undefined;
  }
  const [whole, encoded = '', rest] = BUCKET.exec(rawPath) ?? [];
  if (whole === undefined || method !== 'GET') return undefined;
  const bucket = checkedName(decodeURIComponent(encoded));
  if (rest === '/storageLayout') return told(request, bucketLayout(bucket));
  return rest === undefined ? told(request, bucketResource(base, bucket)) : permissions(request);
}
