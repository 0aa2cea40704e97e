import { UserError } from '../faults.ts';
import type { Log } from '../log.ts';
import { type Amended, giveDriverLibraries } from './registry/amend.ts';
import type { RegistryClient } from './registry/client.ts';
import { findDigest, findImage, type Resolved } from './registry/existing.ts';
import { hasDriverLibraries } from './registry/library-path.ts';
import { referenceOf, referenceText } from './registry/reference.ts';
import { putTags } from './registry/tags.ts';
import type { ImageStore, KeptImage } from './store.ts';

export interface RegistryStoreOptions {
  readonly client: RegistryClient;
  /** Name without tag. */
  readonly repository: string;
  /** Docker's platform, such as `linux/amd64`. */
  readonly platform: string;
  /** Tags beside the content's. */
  readonly tags: readonly string[];
  /** Whether the program is to find a GPU's driver. */
  readonly gpu: boolean;
  /** Whether an image's age counts. */
  readonly ageCounts: boolean;
  readonly log: Log;
  /** Throws InputError where the image could not be pushed, or not be pulled by the job. */
  readonly checkAccess: () => Promise<void>;
  /** Throws InputError where nobody but its owner may pull an image. */
  readonly checkPull: (image: string) => Promise<void>;
}

/** Images in a registry, asked for and tagged over HTTP. */
export function registryStore(options: RegistryStoreOptions): ImageStore {
  return {
    find: (tag) => find(options, tag),
    built: (reference, pushed) => built(options, reference, pushed),
    checkAccess: options.checkAccess,
    finish: (image, contentTag) => finish(options, image, contentTag),
  };
}

const named = ({ repository }: RegistryStoreOptions, digest: string) =>
  referenceText({ ...referenceOf(repository), digest });

async function find(options: RegistryStoreOptions, tag: string): Promise<KeptImage | undefined> {
  const { client, repository, platform, gpu, ageCounts } = options;
  const reference = referenceOf(`${repository}:${tag}`);
  if (!gpu && !ageCounts) {
    const found = await findDigest(client, reference, platform);
    return found && { ...keptImage(options, found), tagged: true, ready: true, createdMs: undefined };
  }
  const found = await findImage(client, reference, platform);
  if (found === undefined) return undefined;
  const { created } = found.facts;
  const ready = !gpu || hasDriverLibraries(found.facts);
  return { ...keptImage(options, found), tagged: true, ready, createdMs: created };
}

async function built(options: RegistryStoreOptions, reference: string, pushed: string | undefined): Promise<KeptImage> {
  const { client, platform, gpu } = options;
  const found = await findImage(client, referenceOf(reference), platform);
  if (found === undefined) throw new UserError(`The registry has no ${reference}, which was pushed just now.`);
  if (found.facts.platform !== undefined && found.facts.platform !== platform) {
    throw new UserError(
      `The image was built for ${found.facts.platform}, and the job's machines are ${platform}: its base image is not to be had for them. Name one that is, with base_image or in FROM.`,
    );
  }
  const indexDigest = pushed === found.digest ? undefined : pushed;
  return {
    reference,
    indexDigest,
    tagged: false,
    ready: !gpu || hasDriverLibraries(found.facts),
    createdMs: undefined,
  };
}

const keptImage = (options: RegistryStoreOptions, { digest, indexDigest }: Resolved) => ({
  reference: named(options, digest),
  indexDigest,
});

async function finish(options: RegistryStoreOptions, image: KeptImage, contentTag: string): Promise<string> {
  const { client, repository, tags, log } = options;
  const { changed, ...ready } = await withDriver(options, image);
  await putTags({
    client,
    repository: referenceOf(repository),
    digest: ready.indexDigest ?? ready.digest,
    // Last, for it is what the next run looks for; no request is made for one that is there.
    tags: changed || !image.tagged ? [...tags, contentTag] : tags,
    log,
  });
  const reference = named(options, ready.digest);
  await options.checkPull(reference);
  return reference;
}

/** A GPU's program finds the driver's libraries; any other image stays as it is. */
async function withDriver(
  options: RegistryStoreOptions,
  { reference, indexDigest, ready }: KeptImage,
): Promise<Amended> {
  const { client, platform, gpu, log } = options;
  const { digest, ...repository } = referenceOf(reference);
  if (digest === undefined) throw new Error(`${reference} names no digest`);
  if (!gpu || ready) return { digest, indexDigest, changed: false };
  return giveDriverLibraries({ client, repository, digest: indexDigest ?? digest, platform, log });
}
