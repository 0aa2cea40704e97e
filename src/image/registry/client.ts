import { shown } from '../../faults.ts';
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
import { isDigest, type Reference, type Repository, referenceText, repositoryName } from './reference.ts';
import { type Asked, told } from './told.ts';
import {
  type Ask,
  type Patience,
  patiently,
  type RegistryOptions,
  registryTransport,
  type Transport,
} from './transport.ts';
import { probeUpload, putBlob } from './uploads.ts';

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

/** What a blob is, for messages. */
export interface BlobOptions {
  /** In words, with the name of its image. */
  readonly what?: string | undefined;
  /** The most bytes that it may have. */
  readonly limit?: number | undefined;
}

/**
 * Speaks the OCI distribution protocol to any registry. Every method throws RegistryError, whose message says what was
 * asked for, what came, and the mend. A look-up ends within a minute, whatever the registry does.
 */
export interface RegistryClient {
  /** Whether an image is there, and by which digest; undefined where it is not. Docker Hub counts it as no pull. */
  headManifest(reference: Reference, patience?: Patience): Promise<ManifestHead | undefined>;
  /** Undefined where it is not there. Docker Hub counts it as a pull. */
  getManifest(reference: Reference, patience?: Patience): Promise<Manifest | undefined>;
  /** A small blob, such as an image's configuration, its digest checked. */
  getBlob(repository: Repository, digest: string, options?: BlobOptions): Promise<Buffer>;
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
/** A registry that is there answers such small questions in a second or two. */
const LOOK_UP: Patience = { timeoutMs: 15_000, withinMs: 60_000 };

export function registryClient(options: RegistryOptions): RegistryClient {
  const send = registryTransport(options);
  return {
    headManifest: (reference, patience) => {
      const asked = lookUp(reference, patience);
      return told(asked, () => headManifest(send, reference, asked));
    },
    getManifest: (reference, patience) => {
      const asked = lookUp(reference, patience);
      return told(asked, () => getManifest(send, reference, asked));
    },
    getBlob: (repository, digest, { what = `a blob of ${repositoryName(repository)}`, limit = BLOB_LIMIT } = {}) => {
      const asked = { doing: `Reading ${what}`, repository };
      return told(asked, () => getBlob(send, { ...asked, ...LOOK_UP, limit }, digest, what));
    },
    putManifest: (repository, name, manifest) => {
      const tag = isDigest(name) ? `the manifest ${name}` : `the tag ${name}`;
      const asked = { doing: `Pushing ${tag} to ${repositoryName(repository)}`, repository };
      return told(asked, () => putManifest(send, asked, name, manifest));
    },
    putBlob: (repository, bytes) => {
      const asked = { doing: `Pushing a configuration to ${repositoryName(repository)}`, repository };
      // Another attempt begins a new upload: what became of the old one is not known.
      return told(asked, () => patiently(() => putBlob(send, asked, bytes), { ...options, ...asked }));
    },
    probeUpload: (repository) => {
      const asked = { doing: `Asking whether this step may push to ${repositoryName(repository)}`, repository };
      return told(asked, () => probeUpload(send, { ...asked, ...LOOK_UP }));
    },
  };
}

type LookUp = Omit<Ask, 'method'>;

function lookUp(reference: Reference, patience: Patience | undefined): LookUp {
  return {
    doing: `Looking for the image ${referenceText(reference)}`,
    repository: reference,
    actions: 'pull',
    at: `manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
    headers: { accept: ACCEPT },
    accept: [404],
    ...LOOK_UP,
    ...patience,
  };
}

async function headManifest(send: Transport, reference: Reference, asked: LookUp) {
  const { status, headers } = await send({ ...asked, method: 'HEAD' });
  if (status === 404) return undefined;
  const digest = headers['docker-content-digest'];
  const mediaType = mediaTypeOf(headers['content-type']);
  const isAsked = reference.digest === undefined || reference.digest === digest;
  // Some registries tell no digest, or no type, before they are asked for the whole.
  if (!isDigest(digest) || !isAsked || !isKnownType(mediaType)) return getManifest(send, reference, asked);
  return { digest, mediaType };
}

async function getManifest(send: Transport, reference: Reference, asked: LookUp): Promise<Manifest | undefined> {
  const answer = await send({ ...asked, method: 'GET', limit: MANIFEST_LIMIT });
  if (answer.status === 404) return undefined;
  const bytes = answer.body;
  const what = `the manifest of ${referenceText(reference)}`;
  const sent = answer.headers['docker-content-digest'];
  const expected = reference.digest ?? (isDigest(sent) ? sent : undefined);
  const digest = checkedDigest(bytes, expected, what);
  const json = parseJson(bytes, what);
  // Manifests say their own type since 2016; OCI's may leave it to the header.
  const mediaType =
    typeof json['mediaType'] === 'string' ? json['mediaType'] : mediaTypeOf(answer.headers['content-type']);
  return { digest, mediaType, bytes, json, content: readManifest(json, mediaType, what) };
}

const mediaTypeOf = (contentType: string | undefined) => contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';

function checkedDigest(bytes: Buffer, expected: string | undefined, what: string): string {
  const digest = digestOf(bytes, expected);
  if (expected === undefined || digest === expected) return digest;
  throw new RegistryError(`${what} is not what its digest says: ${digest} instead of ${expected}`, { kind: 'content' });
}

type Asking = Asked & Patience & Pick<Ask, 'limit'>;

async function getBlob(send: Transport, asked: Asking, digest: string, what: string): Promise<Buffer> {
  const { body } = await send({ ...asked, method: 'GET', actions: 'pull', at: `blobs/${digest}` });
  checkedDigest(body, digest, what);
  return body;
}

async function putManifest(
  send: Transport,
  asked: Asked,
  name: string,
  { bytes, mediaType }: Pick<Manifest, 'bytes' | 'mediaType'>,
): Promise<string> {
  const digest = digestOf(bytes, name);
  const at = `manifests/${name}`;
  const headers = { 'content-type': mediaType };
  const answer = await send({ ...asked, method: 'PUT', actions: 'pull,push', at, headers, body: bytes });
  const taken = answer.headers['docker-content-digest'];
  if (taken === undefined || taken === digest || !taken.startsWith(digest.slice(0, 7))) return digest;
  throw new RegistryError(`${repositoryName(asked.repository)} took a manifest as ${shown(taken)}, which is ${digest}`);
}
