import type { Manifest, RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { type ImageFacts, imageFacts, pullSize } from './image-facts.ts';
import { entryFor, type ImageManifest, isIndexType, parseJson } from './manifests.ts';
import { type Reference, referenceText } from './reference.ts';
import { told } from './told.ts';
import type { Patience } from './transport.ts';

/** Where a reference leads on one platform. */
export interface Resolved {
  /** Digest of the platform's own manifest. */
  readonly digest: string;
  /** Digest of the index around it, if there is one. */
  readonly indexDigest: string | undefined;
}

export interface ResolvedImage extends Resolved {
  readonly manifest: Manifest;
  readonly image: ImageManifest;
  readonly index: Manifest | undefined;
  /** Bytes of a pull: compressed layers and configuration. */
  readonly size: number;
}

export interface FoundImage extends Resolved {
  /** Bytes of a pull: compressed layers and configuration. */
  readonly size: number;
  readonly facts: ImageFacts;
}

/**
 * The digest of the image for a platform, with one request where a single-platform image is meant, two for an index.
 * Undefined where there is none. Whether a single-platform image is for that platform is not asked. Throws RegistryError.
 */
export async function findDigest(
  client: RegistryClient,
  reference: Reference,
  platform: string,
  patience?: Patience,
): Promise<Resolved | undefined> {
  const head = await client.headManifest(reference, patience);
  if (head === undefined) return undefined;
  if (!isIndexType(head.mediaType)) return { digest: head.digest, indexDigest: undefined };
  const index = await client.getManifest({ ...reference, digest: head.digest }, patience);
  const entry = index?.content.kind === 'index' ? entryFor(index.content, platform) : undefined;
  return entry === undefined ? undefined : { digest: entry.digest, indexDigest: head.digest };
}

/** The manifest of a platform's image, with one request, or two for an index. Throws RegistryError. */
export async function resolve(
  client: RegistryClient,
  reference: Reference,
  platform: string,
  patience?: Patience,
): Promise<ResolvedImage | undefined> {
  const first = await client.getManifest(reference, patience);
  if (first === undefined) return undefined;
  if (first.content.kind === 'image') return resolved(first, first.content, undefined);
  const entry = entryFor(first.content, platform);
  if (entry === undefined) return undefined;
  const manifest = await client.getManifest({ ...reference, digest: entry.digest }, patience);
  if (manifest === undefined) return undefined;
  if (manifest.content.kind === 'image') return resolved(manifest, manifest.content, first);
  const words = `the index of ${referenceText(reference)} names another index for ${platform}`;
  return told(askedFor(reference), () => Promise.reject(new RegistryError(words, { kind: 'content' })));
}

const askedFor = (reference: Reference) => ({
  doing: `Looking for the image ${referenceText(reference)}`,
  repository: reference,
});

function resolved(manifest: Manifest, image: ImageManifest, index: Manifest | undefined): ResolvedImage {
  return { digest: manifest.digest, indexDigest: index?.digest, manifest, image, index, size: pullSize(image) };
}

/** The configuration blob of an image. Throws RegistryError. */
export async function imageConfig(client: RegistryClient, reference: Reference, { config }: ImageManifest) {
  const what = `the configuration of the image ${referenceText(reference)}`;
  const bytes = await client.getBlob(reference, config.digest, { what });
  return told({ doing: `Reading ${what}`, repository: reference }, async () => parseJson(bytes, 'it', 'content'));
}

/**
 * The image for a platform with its facts: a request for the manifest, one more for an index, one for the
 * configuration. Undefined where there is none, or only one for another platform. Throws RegistryError.
 */
export async function findImage(
  client: RegistryClient,
  reference: Reference,
  platform: string,
  patience?: Patience,
): Promise<FoundImage | undefined> {
  const found = await resolve(client, reference, platform, patience);
  if (found === undefined) return undefined;
  const facts = imageFacts(await imageConfig(client, reference, found.image));
  const { digest, indexDigest, size } = found;
  return { digest, indexDigest, size, facts };
}
