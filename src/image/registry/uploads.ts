import { RegistryError } from './errors.ts';
import { digestOf } from './manifests.ts';
import { targetOf } from './redirects.ts';
import { repositoryName } from './reference.ts';
import type { Asked } from './told.ts';
import type { Patience, Transport } from './transport.ts';

type Asking = Asked & Patience;

/** Uploads a small blob in one go; gives its digest. Throws RegistryError. */
export async function putBlob(send: Transport, asked: Asked, bytes: Buffer): Promise<string> {
  const digest = digestOf(bytes);
  const once = { ...asked, attempts: 1 };
  const at = await openUpload(send, once);
  at.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await send({ ...once, method: 'PUT', actions: 'pull,push', at, headers, body: bytes });
  return digest;
}

/** Where a new upload goes on. */
async function openUpload(send: Transport, asked: Asking): Promise<URL> {
  const { headers, url } = await send({ ...asked, method: 'POST', actions: 'pull,push', at: 'blobs/uploads/' });
  if (headers['location'] !== undefined) return targetOf(headers['location'], url);
  throw new RegistryError(`${repositoryName(asked.repository)} opened an upload without saying where`);
}

/** Opens an upload and cancels it. Throws RegistryError where it is not opened. */
export async function probeUpload(send: Transport, asked: Asking): Promise<void> {
  const at = await openUpload(send, asked);
  // Not every registry lets an upload be cancelled; they all forget one that nobody goes on with.
  const accept = [400, 404, 405, 501];
  await send({ ...asked, method: 'DELETE', actions: 'pull,push', at, accept, attempts: 1 }).catch(ignoreRegistry);
}

function ignoreRegistry(error: unknown): void {
  if (!(error instanceof RegistryError)) throw error;
}
