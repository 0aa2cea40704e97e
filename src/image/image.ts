import { isAbsolute, resolve } from 'node:path';
import { bytesText } from '../bytes.ts';
import { shown, UserError } from '../faults.ts';
import type { Log } from '../log.ts';
import type { ImagePlan } from '../plan/image/types.ts';
import type { Clock } from '../retry.ts';
import { buildImage } from './build/build.ts';
import { findBuilder } from './build/builder.ts';
import type { BuildSecret } from './build/types.ts';
import type { Login } from './docker-config.ts';
import type { Programs } from './programs.ts';
import { type Pusher, report } from './push-access.ts';
import { RegistryError } from './registry/errors.ts';
import { CREATED_LABEL } from './registry/image-facts.ts';
import { decideReuse } from './reuse.ts';
import { type BuildSource, readSource } from './source.ts';
import { lackOfSpace } from './space.ts';
import type { KeptImage } from './store.ts';
import { openTools, type Tools } from './tools.ts';

export interface ImageOptions {
  readonly plan: ImagePlan;
  readonly workspace: string;
  /** The step's own folder, which the caller removes. */
  readonly tempFolder: string;
  /** Absolute paths of files and folders that no build is sent. */
  readonly neverSent: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** registry_username and registry_password, where given. */
  readonly login: Login | undefined;
  readonly vertexOnLoopback: boolean;
  readonly pusher: Pusher;
  readonly accessToken: () => Promise<string>;
  /** Hears what the image is called, and of its base, before anything is built. */
  readonly onSource: (source: Pick<BuildSource, 'base' | 'fingerprint' | 'dockerfile'>) => void;
}

/** The image that the job runs. */
export interface MadeImage {
  /** `repository@sha256:…`, or the engine's image id. */
  readonly reference: string;
  readonly base: Pick<BuildSource['base'], 'image' | 'why'>;
  readonly fingerprint: string;
  /** Whether it was there already. */
  readonly reused: boolean;
}

/**
 * The image of what the repository holds now: the one that was built from just that, else a new one. Logins and copies
 * are gone afterwards. Throws InputError or UserError, or the signal's reason.
 */
export async function makeImage(options: ImageOptions): Promise<MadeImage> {
  const tools = await openTools(options);
  try {
    const source = await readSource({ ...options, ...tools });
    try {
      tellSource(source, options);
      options.onSource(source);
      return await imageOf(source, options, tools);
    } finally {
      await source.context.remove();
    }
  } finally {
    await tools.config.remove();
  }
}

function tellSource({ context, tag }: BuildSource, { log }: ImageOptions): void {
  log.info(`Context: ${context.files} files, ${bytesText(context.bytes)}; the content's tag is ${tag}`);
  if (context.withheld.length > 0) {
    const names = context.withheld.map((path) => shown(path)).join(', ');
    log.info(`Kept out of the context: ${names} (credentials, .git and this run's own files)`);
  }
  if (context.bytes > LARGE_CONTEXT) {
    const largest = context.largest.map(({ path, bytes }) => `${shown(path)} (${bytesText(bytes)})`).join(', ');
    log.info(`Its largest files are ${largest}. Name what the image does not need in .dockerignore.`);
  }
}

const LARGE_CONTEXT = 200e6;

async function imageOf(source: BuildSource, options: ImageOptions, tools: Tools): Promise<MadeImage> {
  const { plan, clock, log } = options;
  const { base, fingerprint, tag } = source;
  const existing = plan.mode === 'always' ? undefined : await findExisting(tools, tag);
  const answer = decideReuse({
    mode: plan.mode,
    existing,
    maxAgeSeconds: plan.maxAge?.seconds,
    nowMs: clock.now(),
    name: `${plan.repository}:${tag}`,
  });
  log.info(answer.reuse ? `Not built: ${answer.why}` : `To be built: ${answer.why}`);
  const image =
    answer.reuse && existing !== undefined
      ? existing
      : await built(source, options, tools, !answer.reuse && answer.fresh);
  const reference = await tools.store.finish(image, tag);
  return { reference, base, fingerprint, reused: answer.reuse };
}

async function findExisting({ store }: Tools, tag: string): Promise<KeptImage | undefined> {
  try {
    return await store.find(tag);
  } catch (error) {
    if (!(error instanceof RegistryError) || (error.status !== 401 && error.status !== 403)) throw error;
    // It asks for more than the refusal tells: why, and what mends it.
    await store.checkAccess();
    throw error;
  }
}

async function built(source: BuildSource, options: ImageOptions, tools: Tools, fresh: boolean): Promise<KeptImage> {
  const { plan, clock, log, pusher } = options;
  const edges = { ...options, env: tools.config.env, signIn: tools.signIn };
  const [builder] = await Promise.all([findBuilder(edges), tools.store.checkAccess()]);
  const lack = await lackOfSpace(source, builder, { ...edges, ...tools, platform: plan.platform });
  if (lack !== undefined) report([{ level: 'error', fault: lack }], { log, ignore: pusher.ignore });
  const { context } = source;
  // Older clients have rules of their own for what is sent, and an argument may name another frontend.
  const exact = builder.kind !== 'buildx' || source.buildArgs['BUILDKIT_SYNTAX'] !== undefined;
  const { reference, pushed } = await buildImage(
    {
      ...plan,
      tag: source.tag,
      folder: exact ? await context.stage() : context.folder,
      dockerfile: context.dockerfile,
      buildArgs: source.buildArgs,
      labels: labelsOf(options),
      cacheTag: cacheTag(plan, clock.now()),
      fresh,
      pull: source.pull,
      secrets: plan.secrets.map((secret) => secretOf(secret, options.workspace)),
    },
    { ...edges, verify: () => mustBeUnchanged(context) },
    builder,
  );
  return tools.store.built(reference, pushed);
}

/** What was built while its files changed is not what its tag says. */
async function mustBeUnchanged(context: BuildSource['context']): Promise<void> {
  const path = await context.changed();
  if (path === undefined) return;
  throw new UserError(
    `${shown(path)} changed while the image was built, so that nobody knows what is in it. Nothing may write to the context during this step: run it again, or name what changes in .dockerignore.`,
  );
}

/** A time of its own would make every build another image for those who ask for the same bytes. */
function labelsOf({ plan, env, clock }: ImageOptions): Readonly<Record<string, string>> {
  if (env['SOURCE_DATE_EPOCH'] !== undefined) return plan.labels;
  return { ...plan.labels, [CREATED_LABEL]: new Date(clock.now()).toISOString() };
}

/** Where packages are to be fresh, the cache of the last period is left behind with them. */
function cacheTag({ maxAge }: ImagePlan, nowMs: number): string {
  return maxAge === undefined ? 'buildcache' : `buildcache-${Math.floor(nowMs / 1000 / maxAge.seconds)}`;
}

function secretOf({ id, from, text }: ImagePlan['secrets'][number], workspace: string): BuildSecret {
  if (from === 'value') return { id, from, value: text };
  if (from === 'env') return { id, from, name: text };
  return { id, from, path: isAbsolute(text) ? text : resolve(workspace, text) };
}
