import { join } from 'node:path';
import { buildCommand, type CommandParts } from './arguments.ts';
import type { Builder } from './builder.ts';
import type { CachePlan } from './cache.ts';
import { judgeBuild, judgePush } from './failure.ts';
import { withoutLeftovers, writePodmanLogins } from './podman.ts';
import type { Progress } from './progress.ts';
import { DockerFailure, runDocker } from './run.ts';
import type { PreparedSecrets } from './secrets.ts';
import type { BuildEdges, BuildRequest } from './types.ts';

/** All that one build is made of. */
export interface Work {
  readonly request: BuildRequest;
  readonly builder: Builder;
  readonly cache: CachePlan;
  readonly secrets: PreparedSecrets;
  /** A private folder that is gone when the build ends. */
  readonly folder: string;
  readonly edges: BuildEdges;
}

const podmanLogins = (folder: string) => join(folder, 'logins.json');
export const digestFile = (folder: string) => join(folder, 'digest');
export const idFile = (folder: string) => join(folder, 'id');
export const metadataFile = (folder: string) => join(folder, 'metadata.json');

/** Docker's environment: the right to the workflow's cache goes along only where it is used. */
export function dockerEnv({ edges, builder, cache, folder }: Work): Record<string, string> {
  const { ACTIONS_RUNTIME_TOKEN: token, ...env } = edges.env;
  return {
    ...env,
    ...(cache.kind === 'gha' && token !== undefined ? { ACTIONS_RUNTIME_TOKEN: token } : {}),
    ...(builder.kind === 'plain' ? { DOCKER_BUILDKIT: '1' } : {}),
    // Podman leaves working files behind where it is cancelled.
    ...(builder.kind === 'podman' ? { REGISTRY_AUTH_FILE: podmanLogins(folder), TMPDIR: folder } : {}),
  };
}

/** Makes a login that is good now. */
export async function signIn({ edges, builder, folder }: Work): Promise<void> {
  await edges.signIn();
  const dockerConfig = edges.env['DOCKER_CONFIG'];
  if (builder.kind === 'podman' && dockerConfig !== undefined) {
    await writePodmanLogins(dockerConfig, podmanLogins(folder));
  }
}

/** Builds, and where the builder itself pushes, pushes. A cache that cannot be exported is left out, and told. */
export async function build(work: Work, request: BuildRequest = work.request): Promise<void> {
  try {
    const progress = await runBuild(work, request, work.cache);
    if (judgeBuild(progress) === 'cache') {
      work.edges.log.warning(
        `The cache could not be written, and the next build finds no newer one: ${progress.reason}`,
      );
    }
  } catch (error) {
    if (!(error instanceof DockerFailure) || error.failure !== 'cache' || work.cache.exports.length === 0) throw error;
    work.edges.log.warning(
      `The cache could not be written: the image is built once more from what was built now, and the next build finds no newer cache. ${error.reason}`,
    );
    await runBuild(work, warm(request), { ...work.cache, kind: 'none', exports: [], imageTag: undefined });
  }
}

/** The request again, when all of it was just built: nothing of it is to be built anew. */
export const warm = (request: BuildRequest): BuildRequest => ({ ...request, fresh: false });

function runBuild(work: Work, request: BuildRequest, cache: CachePlan): Promise<Progress> {
  const { builder, secrets, folder, edges } = work;
  const env = dockerEnv(work);
  const files = { idFile: idFile(folder), metadataFile: metadataFile(folder), runtimeFolder: join(folder, 'runtime') };
  const parts: CommandParts = { request, builder, cache, secrets, env, ...files };
  const command = buildCommand(parts);
  const build = { what: 'build', args: command.args, env: { ...env, ...command.env }, judge: judgeBuild } as const;
  const run = () => runDocker({ ...build, cwd: request.folder }, edges);
  if (builder.kind !== 'podman') return run();
  const { signal, programs } = edges;
  const { runtimeFolder } = files;
  return withoutLeftovers({ runtimeFolder, signal, run: (program, args) => programs.run(program, args, { env }) }, run);
}

/** Pushes `repository:tag` from the engine, and gives what docker told. */
export function pushTag(work: Work, tag: string): Promise<Progress> {
  const { request, builder, folder, edges } = work;
  const file = builder.kind === 'podman' ? [`--digestfile=${digestFile(folder)}`] : [];
  const args = ['push', ...file, `${request.repository}:${tag}`];
  return runDocker({ what: 'push', args, env: dockerEnv(work), cwd: request.folder, judge: judgePush }, edges);
}
