import type { Log } from '../../log.ts';
import type { Manifest, RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { imageConfig, type Resolved, type ResolvedImage, resolve } from './existing.ts';
import { imageFacts } from './image-facts.ts';
import {
  attestationsOf,
  type Content,
  DRIVER_LIBRARIES,
  hasDriverLibraries,
  jsonBytes,
  withConfig,
  withDriverLibraries,
  withImage,
} from './library-path.ts';
import { digestOf } from './manifests.ts';
import { type Repository, referenceText } from './reference.ts';

export interface AmendOptions {
  readonly client: RegistryClient;
  readonly repository: Repository;
  /** The image, or the index around it. */
  readonly digest: string;
  readonly platform: string;
  readonly log: Log;
}

export interface Amended extends Resolved {
  /** Whether the image is another than before: its tags are to be put on it. */
  readonly changed: boolean;
}

/**
 * Gives a GPU image that the registry has the driver's folder in its library path, where it lacks it: a new configuration,
 * a new manifest, and a new index where there was one, put under their digests. No layer is moved, and no tag. Throws
 * RegistryError.
 */
export async function giveDriverLibraries(options: AmendOptions): Promise<Amended> {
  const { client, repository, digest, platform, log } = options;
  const reference = { ...repository, tag: undefined, digest };
  const found = await resolve(client, reference, platform);
  if (found === undefined) {
    const words = `${referenceText(reference)} has no image for ${platform} any more. Run this step again.`;
    throw new RegistryError(words, { status: 404 });
  }
  const config = await imageConfig(client, reference, found.image);
  if (hasDriverLibraries(imageFacts(config)))
    return { digest: found.digest, indexDigest: found.indexDigest, changed: false };
  const bytes = jsonBytes(withDriverLibraries(config));
  const blob = { digest: await client.putBlob(repository, bytes), size: bytes.length };
  const image = await put(options, found.manifest, withConfig(found.manifest.json, blob));
  const indexDigest = await amendIndex(options, found, image);
  log.info(
    `LD_LIBRARY_PATH of the image lacked ${DRIVER_LIBRARIES}, where Vertex AI mounts the GPU driver's libraries: it is added, as ${image.digest}.`,
  );
  return { digest: image.digest, indexDigest, changed: true };
}

async function put(
  { client, repository }: AmendOptions,
  { mediaType }: Manifest,
  json: Readonly<Record<string, unknown>>,
): Promise<Content> {
  const bytes = jsonBytes(json);
  return { digest: await client.putManifest(repository, digestOf(bytes), { bytes, mediaType }), size: bytes.length };
}

async function amendIndex(options: AmendOptions, found: ResolvedImage, image: Content): Promise<string | undefined> {
  const { index, digest: old } = found;
  if (index === undefined || index.content.kind !== 'index') return undefined;
  if (attestationsOf(index.content, old).length > 0) {
    options.log.warning(
      `The attestations of ${old} (provenance, SBOM) tell of the image as it was built, without ${DRIVER_LIBRARIES} in its library path. They stay with it at ${index.digest} and are left out beside the amended image. To have them, set LD_LIBRARY_PATH in the Dockerfile.`,
    );
  }
  return (await put(options, index, withImage(index.json, index.content, old, image))).digest;
}
