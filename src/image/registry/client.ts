import { RegistryError } from './errors.ts';
import {
  ACCEPT,
  digestOf,
  type ImageIndex,
  type ImageManifest,
  isKnownType,
  parseJson,
  readManifest,
} from './manifests.ts';
import { targetOf } from './redirects.ts';
import { isDigest, type Reference, type Repository, referenceText, repositoryName } from './reference.ts';
import { type Patience, patiently, type RegistryOptions, registryTransport, type Transport } from './transport.ts';

/** What a HEAD tells of an image or an index. */
export interface ManifestHead {
  readonly digest: string;
  readonly mediaType: string;
}

/** A manifest's own bytes, their digest checked. */
export interface Manifest extends ManifestHead {
  readonly bytes: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
  readonly content: ImageManifest | ImageIndex;
}

/** Speaks the OCI distribution protocol to any registry. Every method throws RegistryError. */
export interface RegistryClient {
  /** Whether an image is there, and by which digest; undefined where it is not. Docker Hub counts it as no pull. */
  headManifest(reference: Reference, patience?: Patience): Promise<ManifestHead | undefined>;
  /** Undefined where it is not there. Docker Hub counts it as a pull. */
  getManifest(reference: Reference, patience?: Patience): Promise<Manifest | undefined>;
  /** A small blob, such as an image's configuration, its digest checked. */
  getBlob(repository: Repository, digest: string, limit?: number): Promise<Buffer>;
  /** Puts a manifest under a tag or under its own digest; gives the digest. */
  putManifest(repository: Repository, name: string, manifest: Pick<Manifest, 'bytes' | 'mediaType'>): Promise<string>;
  /** Uploads a small blob; gives its digest. */
  putBlob(repository: Repository, bytes: Buffer): Promise<string>;
  /** Opens an upload and cancels it: it succeeds where the login may push, and leaves nothing behind. */
  probeUpload(repository: Repository): Promise<void>;
}

/** Manifests are refused beyond 4 MiB by every registry (distribution specification). */
const MANIFEST_LIMIT = 4 * 1024 * 1024;
const BLOB_LIMIT = 8 * 1024 * 1024;

export function registryClient(options: RegistryOptions): RegistryClient {
  const send = registryTransport(options);
  const client: RegistryClient = {
    headManifest: (reference, patience) => headManifest(send, client, reference, patience),
    getManifest: (reference, patience) => getManifest(send, reference, patience),
    getBlob: (repository, digest, limit = BLOB_LIMIT) => getBlob(send, repository, digest, limit),
    putManifest: (repository, name, manifest) => putManifest(send, repository, name, manifest),
    // Another attempt begins a new upload: what became of the old one is not known.
    putBlob: (repository, bytes) => patiently(() => putBlob(send, repository, bytes), options),
    probeUpload: (repository) => probeUpload(send, repository),
  };
  return client;
}

const nameOf = ({ tag, digest }: Reference) => digest ?? tag ?? 'latest';

function lookUp(reference: Reference, patience: Patience | undefined) {
  return {
    repository: reference,
    actions: 'pull',
    at: `manifests/${nameOf(reference)}`,
    headers: { accept: ACCEPT },
    accept: [404],
    ...patience,
  } as const;
}

async function headManifest(send: Transport, client: RegistryClient, reference: Reference, patience?: Patience) {
  const { status, headers } = await send({ ...lookUp(reference, patience), method: 'HEAD' });
  if (status === 404) return undefined;
  const digest = headers['docker-content-digest'];
  const mediaType = mediaTypeOf(headers['content-type']);
  const asked = reference.digest === undefined || reference.digest === digest;
  // Some registries tell no digest, or no type, before they are asked for the whole.
  if (!isDigest(digest) || !asked || !isKnownType(mediaType)) return client.getManifest(reference, patience);
  return { digest, mediaType };
}

async function getManifest(send: Transport, reference: Reference, patience?: Patience): Promise<Manifest | undefined> {
  const answer = await send({ ...lookUp(reference, patience), method: 'GET', limit: MANIFEST_LIMIT });
  if (answer.status === 404) return undefined;
  const bytes = answer.body;
  const what = `the manifest of ${referenceText(reference)}`;
  const told = answer.headers['docker-content-digest'];
  const expected = reference.digest ?? (isDigest(told) ? told : undefined);
  const digest = checkedDigest(bytes, expected, what);
  const json = parseJson(bytes, what);
  // Manifests say their own type since 2016; OCI's may leave it to the header.
  const mediaType =
    typeof json['mediaType'] === 'string' ? json['mediaType'] : mediaTypeOf(answer.headers['content-type']);
  return { digest, mediaType, bytes, json, content: readManifest(json, mediaType) };
}

const mediaTypeOf = (contentType: string | undefined) => contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';

function checkedDigest(bytes: Buffer, expected: string | undefined, what: string): string {
  const digest = digestOf(bytes, expected);
  if (expected === undefined || digest === expected) return digest;
  throw new RegistryError(`${what} is not what its digest says: ${digest} instead of ${expected}`);
}

async function getBlob(send: Transport, repository: Repository, digest: string, limit: number): Promise<Buffer> {
  const { body } = await send({ method: 'GET', repository, actions: 'pull', at: `blobs/${digest}`, limit });
  checkedDigest(body, digest, `a blob of ${repositoryName(repository)}`);
  return body;
}

async function putManifest(
  send: Transport,
  repository: Repository,
  name: string,
  { bytes, mediaType }: Pick<Manifest, 'bytes' | 'mediaType'>,
): Promise<string> {
  const digest = digestOf(bytes, name);
  const at = `manifests/${name}`;
  const headers = { 'content-type': mediaType };
  const answer = await send({ method: 'PUT', repository, actions: 'pull,push', at, headers, body: bytes });
  const told = answer.headers['docker-content-digest'];
  if (told === undefined || told === digest || !told.startsWith(digest.slice(0, 7))) return digest;
  throw new RegistryError(`${repositoryName(repository)} took a manifest as ${told} which is ${digest}`);
}

async function putBlob(send: Transport, repository: Repository, bytes: Buffer): Promise<string> {
  const digest = digestOf(bytes);
  const at = await openUpload(send, repository);
  at.searchParams.set('digest', digest);
  const headers = { 'content-type': 'application/octet-stream' };
  await send({ method: 'PUT', repository, actions: 'pull,push', at, headers, body: bytes, attempts: 1 });
  return digest;
}

/** Where a new upload goes on. */
async function openUpload(send: Transport, repository: Repository): Promise<URL> {
  const { headers, url } = await send({ method: 'POST', repository, actions: 'pull,push', at: 'blobs/uploads/' });
  if (headers['location'] !== undefined) return targetOf(headers['location'], url);
  throw new RegistryError(`${repositoryName(repository)} opened an upload without saying where`);
}

async function probeUpload(send: Transport, repository: Repository): Promise<void> {
  const at = await openUpload(send, repository);
  // Not every registry lets an upload be cancelled; they all forget one that nobody goes on with.
  const accept = [400, 404, 405, 501];
  await send({ method: 'DELETE', repository, actions: 'pull,push', at, accept, attempts: 2 }).catch(ignoreRegistry);
}

function ignoreRegistry(error: unknown): void {
  if (!(error instanceof RegistryError)) throw error;
}
