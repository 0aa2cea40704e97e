import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UserError } from '../../faults.ts';
import { harmless } from '../../log.ts';
import { mustAttest, safeProvenance } from './attestations.ts';
import { type Builder, emulationWarning, findBuilder } from './builder.ts';
import { planCache } from './cache.ts';
import { docker, localId, type Pushed, pushedByBuilder, pushedByEngine } from './named.ts';
import { persist } from './persist.ts';
import { DockerFailure } from './run.ts';
import { prepareSecrets } from './secrets.ts';
import type { BuildEdges, BuildRequest, BuiltImage } from './types.ts';
import { build, pushTag, signIn, type Work, warm } from './work.ts';

/**
 * Builds the image, pushes it where the request says so, and names it by the digest of its own manifest, or by the
 * engine's id. `known` saves the question which builder this machine has. Nothing temporary stays. Throws UserError with
 * the failing step's last lines, or the signal's reason.
 */
export async function buildImage(asked: BuildRequest, edges: BuildEdges, known?: Builder): Promise<BuiltImage> {
  const builder = known ?? (await findBuilder(edges));
  mustAttest(asked, builder);
  const { provenance, warning } = safeProvenance(asked, edges.env);
  const request = { ...asked, provenance };
  const cache = planCache(request, builder, edges.env);
  edges.log.info(`Builder: ${builder.words}. Cache: ${cache.words}.`);
  tell([emulationWarning(request.platform, builder), cache.warning, warning], edges);
  // mkdtemp makes folders of mode 0700.
  const folder = await mkdtemp(join(edges.tempFolder, 'build-'));
  try {
    const asFiles = builder.kind !== 'buildx';
    const secrets = await prepareSecrets(request.secrets, { env: edges.env, folder, asFiles });
    const image = await made({ request, builder, cache, secrets, folder, edges });
    return { ...image, builder: builder.words, cache: cache.words };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tell(warnings: readonly (string | undefined)[], { log }: BuildEdges): void {
  for (const warning of warnings) {
    if (warning !== undefined) log.warning(warning);
  }
}

async function made(work: Work): Promise<Pick<BuiltImage, 'reference' | 'pushed'>> {
  const { request, builder } = work;
  if (!request.push) {
    await build(work);
    await verified(work);
    return { reference: await localId(work), pushed: undefined };
  }
  // A base, and the cache, may lie behind the same login.
  await signIn(work);
  return builder.inEngine ? buildThenPush(work) : buildAndPush(work);
}

/** What the engine has is untagged where it is not what its tag says. */
async function verified(work: Work): Promise<void> {
  try {
    await work.edges.verify();
  } catch (error) {
    await docker(work, ['image', 'rm', '--force', `${work.request.repository}:${work.request.tag}`]);
    throw error;
  }
}

async function buildThenPush(work: Work): Promise<Pushed> {
  await build(work);
  await verified(work);
  // The build may have outlived the first login.
  await signIn(work);
  const edges = { ...work.edges, signIn: () => signIn(work) };
  const image = await pushedByEngine(work, await persist(() => pushTag(work, work.request.tag), edges));
  await leaveCache(work, async (cached) => {
    await docker(work, ['tag', `${work.request.repository}:${work.request.tag}`, cached]);
    await pushTag(work, work.cache.imageTag ?? '');
  });
  return image;
}

/** Build and push are one command; only what failed in its push is tried again, with all of its steps warm. */
async function buildAndPush(work: Work): Promise<Pushed> {
  let request = work.request;
  const once = async () => {
    const now = request;
    request = warm(request);
    await build(work, now);
  };
  await persist(once, { ...work.edges, signIn: () => signIn(work) });
  await work.edges.verify();
  const image = await pushedByBuilder(work);
  await leaveCache(work, async (cached) => {
    const { exitCode, stderr } = await docker(work, [
      'buildx',
      'imagetools',
      'create',
      `--tag=${cached}`,
      image.reference,
    ]);
    if (exitCode !== 0) throw new UserError(stderr.trim().split('\n').at(-1));
  });
  return image;
}

/** Puts the tag by which the next build finds a cache that is inside the image. Its failure is told, and fails nothing. */
async function leaveCache({ request, cache, edges }: Work, put: (cached: string) => Promise<void>): Promise<void> {
  if (cache.imageTag === undefined) return;
  try {
    await put(`${request.repository}:${cache.imageTag}`);
  } catch (error) {
    edges.signal.throwIfAborted();
    const reason = error instanceof DockerFailure ? error.reason : messageOf(error);
    edges.log.warning(`The cache could not be left at ${request.repository}:${cache.imageTag}: ${harmless(reason)}`);
  }
}
