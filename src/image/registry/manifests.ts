import { createHash } from 'node:crypto';
import { shown } from '../../faults.ts';
import { isRecord, textAt } from '../../json.ts';
import { RegistryError, type RegistryErrorKind, registryWords } from './errors.ts';
import { isDigest } from './reference.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const DOCKER_INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** The manifests that this project reads, as an Accept header. */
export const ACCEPT = [OCI_INDEX, DOCKER_INDEX, OCI_MANIFEST, DOCKER_MANIFEST].join(', ');

/** Whether a media type is an index: one image for each of several platforms. */
export const isIndexType = (mediaType: string) => mediaType === OCI_INDEX || mediaType === DOCKER_INDEX;

const isManifestType = (mediaType: string) => mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;

/** Whether a media type is one that this project reads. */
export const isKnownType = (mediaType: string) => isIndexType(mediaType) || isManifestType(mediaType);

/** What a manifest says of a blob or of another manifest. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** An image for one platform. */
export interface ImageManifest {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface IndexEntry extends Descriptor {
  /** `os/architecture[/variant]`; undefined where the index does not say. */
  readonly platform: string | undefined;
  /** The digest that an attestation tells of; undefined for images. */
  readonly attests: string | undefined;
}

export interface ImageIndex {
  readonly kind: 'index';
  readonly entries: readonly IndexEntry[];
}

/** The digest of bytes, by the algorithm of `like` where one is given. */
export function digestOf(bytes: Uint8Array, like = 'sha256:'): string {
  const algorithm = like.startsWith('sha512:') ? 'sha512' : 'sha256';
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** As much of an answer as shows what it is. */
const SHOWN = 40;

/** JSON from a registry. Throws RegistryError, of that kind. */
export function parseJson(bytes: Buffer, what: string, kind?: RegistryErrorKind): Record<string, unknown> {
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON's parser says of it is no help to anybody who cannot see the text.
    const words = text === '' ? 'is empty' : `is no JSON: it begins with ${shown(registryWords(text.slice(0, SHOWN)))}`;
    throw new RegistryError(`${what} ${words}`, { kind });
  }
  if (isRecord(value)) return value;
  throw new RegistryError(`${what} is no JSON object`, { kind });
}

const broken = (words: string) => new RegistryError(words, { kind: 'content' });

/** Reads a manifest or an index, called `what` in messages. Throws RegistryError where it is neither. */
export function readManifest(
  json: Readonly<Record<string, unknown>>,
  mediaType: string,
  what: string,
): ImageManifest | ImageIndex {
  if (isIndexType(mediaType)) {
    return { kind: 'index', entries: listOf(json, 'manifests', what).map((each) => readEntry(each, what)) };
  }
  if (!isManifestType(mediaType)) throw broken(`${what} is of type ${shown(mediaType)}, which cannot be read`);
  const layers = listOf(json, 'layers', what).map((each) => readDescriptor(each, what));
  return { kind: 'image', config: readDescriptor(json['config'], what), layers };
}

function listOf(json: Readonly<Record<string, unknown>>, key: string, what: string): readonly unknown[] {
  const value = json[key];
  if (Array.isArray(value)) return value;
  throw broken(`${what} has no ${key}`);
}

function readDescriptor(value: unknown, what: string): Descriptor {
  const digest = textAt(value, 'digest');
  const size = isRecord(value) ? value['size'] : undefined;
  if (!isDigest(digest) || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw broken(`${what} names content without a digest and a size`);
  }
  return { mediaType: textAt(value, 'mediaType') ?? '', digest, size };
}

function readEntry(value: unknown, what: string): IndexEntry {
  const platform = isRecord(value) ? value['platform'] : undefined;
  const annotations = isRecord(value) ? value['annotations'] : undefined;
  const [os, architecture] = [textAt(platform, 'os'), textAt(platform, 'architecture')];
  const attestation = textAt(annotations, 'vnd.docker.reference.type') === 'attestation-manifest';
  return {
    ...readDescriptor(value, what),
    platform:
      os === undefined || architecture === undefined
        ? undefined
        : platformText(os, architecture, textAt(platform, 'variant')),
    attests: attestation ? (textAt(annotations, 'vnd.docker.reference.digest') ?? '') : undefined,
  };
}

/** A platform as docker writes it: the variants that every machine of an architecture has are left out. */
export function platformText(os: string, architecture: string, variant: string | undefined): string {
  const usual =
    variant === undefined ||
    variant === '' ||
    (architecture === 'arm64' && variant === 'v8') ||
    (architecture === 'amd64' && variant === 'v1');
  return `${os}/${architecture}${usual ? '' : `/${variant}`}`;
}

/** Docker's platform text, such as `linux/arm64/v8`, in the form of `platformText`. */
export function normalPlatform(platform: string): string {
  const [os = '', architecture = '', variant] = platform.split('/');
  return platformText(os, architecture, variant);
}

/** The image of a platform in an index; one that names no platform counts where it is the only one. */
export function entryFor({ entries }: ImageIndex, platform: string): IndexEntry | undefined {
  const images = entries.filter(({ attests, platform: of }) => attests === undefined && of !== 'unknown/unknown');
  const found = images.find((entry) => entry.platform === normalPlatform(platform));
  const [only] = images;
  return found ?? (images.length === 1 && only?.platform === undefined ? only : undefined);
}
