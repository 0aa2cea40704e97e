import type { EngineAddress } from '../../engine/http.ts';
import { messageOf, UserError } from '../../faults.ts';
import type { RegistryClient } from './client.ts';
import { type AtEngine, engineImage } from './engine-image.ts';
import { RegistryError } from './errors.ts';
import { type Reference, referenceOf } from './reference.ts';

/** Whom images from outside are looked up at. */
export interface LookUpOptions {
  readonly client: RegistryClient;
  /** The engine on this machine, where there is one. */
  readonly engine: EngineAddress | undefined;
  /** Docker's platform, such as `linux/amd64`; undefined is the engine's own. */
  readonly platform: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Which image a name means today. */
export interface Meant {
  /**
   * Of the image or of the index around it; of the engine's image its id where it has no digest. Undefined where the
   * name alone is known.
   */
  readonly digest: string | undefined;
  /** Who said so; `reference` where the name itself holds the digest. */
  readonly source: 'registry' | 'engine' | 'name' | 'reference';
  /** The digest that may stand behind the name in a FROM: the registry knows it. */
  readonly pin: string | undefined;
  /** Bytes of the unpacked image, where the engine has it. */
  readonly size: number | undefined;
  /** What is to be told where the name alone counts. */
  readonly warning: string | undefined;
}

export interface BaseCandidate {
  readonly image: string;
  readonly why: string;
}

export interface ResolvedBase extends Meant, BaseCandidate {
  /** Candidates before it that are not to be had, and why. */
  readonly passedOver: readonly BaseCandidate[];
}

/** A base image's look-up need not wait as long as a push. */
const PATIENCE = { attempts: 2, timeoutMs: 10_000 };

type AtRegistry =
  | { readonly kind: 'found'; readonly digest: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown'; readonly reason: string };

/** One HEAD, which Docker Hub counts as no pull. */
async function askRegistry({ client }: LookUpOptions, reference: Reference): Promise<AtRegistry> {
  try {
    const head = await client.headManifest(reference, PATIENCE);
    return head === undefined ? { kind: 'gone' } : { kind: 'found', digest: head.digest };
  } catch (error) {
    // Whoever cannot sign in is told so where the login is needed.
    if (error instanceof RegistryError) return { kind: 'unknown', reason: error.reason };
    if (error instanceof UserError) return { kind: 'unknown', reason: messageOf(error) };
    throw error;
  }
}

/** The image that the engine has under the name, else the name alone, for the reason why no registry counts. */
async function withoutRegistry(
  { engine, platform, signal }: LookUpOptions,
  reference: Reference,
  image: string,
  reason: string,
): Promise<Meant> {
  const nothing = { pin: undefined, size: undefined, warning: undefined };
  if (reference.digest !== undefined) {
    return { ...nothing, digest: reference.digest, source: 'reference', pin: reference.digest };
  }
  const found = engine === undefined ? undefined : await engineImage(engine, reference, platform, signal);
  if (found?.kind === 'found') {
    const { id, digest, size } = found.image;
    return { ...nothing, digest: digest ?? id, source: 'engine', pin: digest, size };
  }
  const warning = `Which image ${image} means today could not be found out (${reason}), and ${engineWords(found)}. Its name alone counts: a newer image of that name brings no new build.`;
  return { ...nothing, digest: undefined, source: 'name', warning };
}

function engineWords(answer: Exclude<AtEngine, { kind: 'found' }> | undefined): string {
  if (answer === undefined) return 'there is no Docker engine of this machine to ask';
  return answer.kind === 'missing'
    ? "this machine's Docker engine does not have it"
    : `this machine's Docker engine could not be asked either (${answer.reason})`;
}

const fromRegistry = (digest: string): Meant => ({
  digest,
  source: 'registry',
  pin: digest,
  size: undefined,
  warning: undefined,
});

/**
 * The first candidate that is to be had: one that its registry does not know is passed over. Where the registry cannot be
 * asked, the engine on this machine is; where that does not have it either, the name counts. Throws UserError where the
 * registries know none of them.
 */
export async function resolveBase(candidates: readonly BaseCandidate[], options: LookUpOptions): Promise<ResolvedBase> {
  const passedOver: BaseCandidate[] = [];
  for (const candidate of candidates) {
    const reference = referenceOf(candidate.image);
    const answer = await askRegistry(options, reference);
    if (answer.kind === 'found') return { ...candidate, ...fromRegistry(answer.digest), passedOver };
    if (answer.kind === 'unknown') {
      const meant = await withoutRegistry(options, reference, candidate.image, answer.reason);
      return { ...candidate, ...meant, passedOver };
    }
    passedOver.push({ image: candidate.image, why: `${reference.registry} does not have it` });
  }
  const list = passedOver.map(({ image, why }) => `- ${image}: ${why}`).join('\n');
  throw new UserError(`None of the base images is to be had:\n${list}\nName one that is with base_image.`);
}

/**
 * Which image each of the names means today, asked for side by side with one HEAD each. A name that its registry does
 * not know may be an image of this machine's engine.
 */
export async function resolveDigests(
  images: readonly string[],
  options: LookUpOptions,
): Promise<ReadonlyMap<string, Meant>> {
  const names = [...new Set(images)].filter((image) => image !== 'scratch');
  const found = await Promise.all(names.map(async (image) => [image, await meantBy(image, options)] as const));
  return new Map(found);
}

async function meantBy(image: string, options: LookUpOptions): Promise<Meant> {
  const reference = referenceOf(image);
  if (reference.digest !== undefined) return withoutRegistry(options, reference, image, '');
  const answer = await askRegistry(options, reference);
  if (answer.kind === 'found') return fromRegistry(answer.digest);
  const reason = answer.kind === 'gone' ? `${reference.registry} does not have it` : answer.reason;
  return withoutRegistry(options, reference, image, reason);
}
