import type { EngineAddress } from '../engine/http.ts';
import type { Log } from '../log.ts';
import { syntaxImage } from '../plan/dockerfile.ts';
import { outsideImages } from '../plan/image/base/outside-images.ts';
import { buildArgsOf, type ImagePlan, textFor } from '../plan/image/types.ts';
import { type BuildContext, openContext } from './context/context.ts';
import { contentTag, fingerprintOf } from './context/fingerprint.ts';
import { type LookUpOptions, type Meant, type ResolvedBase, resolveBase, resolveDigests } from './registry/base.ts';
import type { RegistryClient } from './registry/client.ts';

export interface SourceOptions {
  readonly plan: ImagePlan;
  readonly workspace: string;
  /** The step's own folder. */
  readonly tempFolder: string;
  /** Absolute paths of files and folders that no build is sent. */
  readonly neverSent: readonly string[];
  readonly client: RegistryClient;
  readonly engine: EngineAddress | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Everything that a build reads, and the name that follows from it. */
export interface BuildSource {
  readonly base: ResolvedBase;
  readonly context: BuildContext;
  /** The Dockerfile's text. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Whether every base image was found in its registry, so that the build takes it from there. */
  readonly pull: boolean;
  /** SHA-256 over all of it, in hex. */
  readonly fingerprint: string;
  readonly tag: string;
}

/**
 * Looks the base images up and reads the context. The caller removes the context. Throws InputError or UserError.
 */
export async function readSource(options: SourceOptions): Promise<BuildSource> {
  const { plan } = options;
  const base = await findBase(options);
  const text = textFor(plan.dockerfile, base.image);
  // By its digest, so that what is built on is what was fingerprinted.
  const buildArgs = buildArgsOf(plan, pinned(base));
  const opened = openContext({ ...options, context: plan.context, dockerfile: dockerfileOf(plan, text) });
  try {
    const [others, context] = await Promise.all([findOthers(options, text, buildArgs), opened]);
    const fingerprint = fingerprintOf({
      contextDigest: context.digest,
      dockerfile: text,
      buildArgs,
      target: plan.target,
      platform: plan.platform,
      bases: { ...(plan.takesBase ? { [base.image]: base.digest } : {}), ...digestsOf(others) },
      options: optionsOf(plan),
    });
    const pull = inRegistry(plan.takesBase ? [base, ...others.values()] : [...others.values()]);
    return { base, context, dockerfile: text, buildArgs, pull, fingerprint, tag: contentTag(fingerprint) };
  } catch (error) {
    await (await opened.catch(() => undefined))?.remove();
    throw error;
  }
}

const optionsOf = ({ provenance, sbom, secrets, gpu }: ImagePlan) => ({
  provenance,
  sbom,
  secrets: secrets.map(({ id }) => id).sort(),
  gpu,
});

/** The base by its digest; one that was named by it stays as it is. */
function pinned({ image, pin }: ResolvedBase): string {
  return pin === undefined || image.includes('@') ? image : `${image}@${pin}`;
}

const dockerfileOf = ({ dockerfile: { path, written } }: ImagePlan, text: string) => ({
  path: written === undefined ? path : undefined,
  text,
});

const lookUp = ({ client, engine, plan, signal }: SourceOptions): LookUpOptions => ({
  client,
  engine,
  platform: plan.platform,
  signal,
});

/** A Dockerfile that does not take the base needs none to be found. */
async function findBase(options: SourceOptions): Promise<ResolvedBase> {
  const { plan, log } = options;
  if (!plan.takesBase) return { ...plan.bases[0], ...UNASKED, passedOver: [] };
  const base = await resolveBase(plan.bases, lookUp(options));
  for (const { image, why } of base.passedOver) log.warning(`The base image ${image} is passed over: ${why}.`);
  if (base.warning !== undefined) log.warning(base.warning);
  return base;
}

const UNASKED = { digest: undefined, source: 'name', pin: undefined, size: undefined, warning: undefined } as const;

const digestsOf = (images: ReadonlyMap<string, Meant>) =>
  Object.fromEntries([...images].map(([image, { digest }]) => [image, digest]));

const inRegistry = (images: readonly Meant[]) =>
  images.length > 0 && images.every(({ source }) => source === 'registry' || source === 'reference');

/** The images that the Dockerfile names itself. */
async function findOthers(
  options: SourceOptions,
  dockerfile: string,
  buildArgs: Readonly<Record<string, string>>,
): Promise<ReadonlyMap<string, Meant>> {
  const { plan, log } = options;
  const named = [syntaxImage(dockerfile) ?? 'scratch', ...outsideImages(dockerfile, buildArgs, plan.target)];
  const found = await resolveDigests(
    named.filter((image) => image !== buildArgs['BASE_IMAGE']),
    lookUp(options),
  );
  for (const { warning } of found.values()) if (warning !== undefined) log.warning(warning);
  return found;
}
