import type { Log } from '../../log.ts';
import type { Manifest, RegistryClient } from './client.ts';
import { RegistryError, unquoted } from './errors.ts';
import { type Repository, referenceText } from './reference.ts';

export interface TagsOptions {
  readonly client: RegistryClient;
  readonly repository: Repository;
  /** What the tags are put on: an image or an index. */
  readonly digest: string;
  readonly tags: readonly string[];
  readonly log: Log;
}

export interface TagsPut {
  readonly put: readonly string[];
  /** Tags that were there already. */
  readonly there: readonly string[];
  /** Tags that the registry keeps on another image, each with a warning told. */
  readonly refused: readonly string[];
}

type Outcome = keyof TagsPut;

/**
 * Puts tags on an image that the registry has; nothing is uploaded but its manifest. A tag that an immutable repository
 * keeps elsewhere is a warning. Throws RegistryError.
 */
export async function putTags(options: TagsOptions): Promise<TagsPut> {
  const { client, repository, digest } = options;
  const tags = [...new Set(options.tags)];
  const there = await Promise.all(tags.map((tag) => isThere(options, tag)));
  const missing = tags.filter((_, index) => !there[index]);
  const outcomes = new Map<string, Outcome>(tags.map((tag) => [tag, 'there']));
  if (missing.length > 0) {
    const reference = { ...repository, tag: undefined, digest };
    const manifest = await client.getManifest(reference);
    if (manifest === undefined) {
      const words = `${referenceText(reference)} is not there any more, to put tags on. Run this step again.`;
      throw new RegistryError(words, { status: 404 });
    }
    await Promise.all(missing.map(async (tag) => outcomes.set(tag, await putTag(options, tag, manifest))));
  }
  const having = (outcome: Outcome) => tags.filter((tag) => outcomes.get(tag) === outcome);
  return { put: having('put'), there: having('there'), refused: having('refused') };
}

async function isThere({ client, repository, digest }: TagsOptions, tag: string): Promise<boolean> {
  return (await client.headManifest({ ...repository, tag, digest: undefined }))?.digest === digest;
}

async function putTag(
  { client, repository, digest, log }: TagsOptions,
  tag: string,
  manifest: Manifest,
): Promise<Outcome> {
  try {
    await client.putManifest(repository, tag, manifest);
    return 'put';
  } catch (error) {
    if (!(error instanceof RegistryError) || !isImmutableTag(error)) throw error;
    log.warning(
      `The tag ${tag} stays on another image of ${repository.path}: its tags are immutable. The job runs ${digest} all the same.`,
    );
    return 'refused';
  }
}

/**
 * Whether a refusal says that a tag may not be moved. Artifact Registry: 'cannot update tag v1. The repository has enabled
 * tag immutability'; others speak of immutable tags. Names in quotes do not count: a repository may be called so.
 */
export function isImmutableTag({ status, reason }: RegistryError): boolean {
  const refused = status !== undefined && status >= 400 && status < 500 && status !== 401;
  return refused && /\bimmutab/i.test(unquoted(reason.replace(/^\S+ \S+/, '')));
}
