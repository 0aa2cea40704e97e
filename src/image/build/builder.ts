import { access } from 'node:fs/promises';
import { UserError } from '../../faults.ts';
import { harmless, splitLines } from '../../log.ts';
import { engineMend } from './engine-away.ts';
import type { BuildEdges } from './types.ts';
import { atLeast, parseBuilder, parseVersion, storesInContainerd, type Version } from './versions.ts';

/** What builds: a client and, behind buildx, a driver. */
export interface Builder {
  /** `plain` is a docker client that speaks to BuildKit itself, without buildx: the last are of version 22. */
  readonly kind: 'buildx' | 'plain' | 'podman';
  /** buildx's version, else the client's; undefined where it does not tell. */
  readonly version: Version | undefined;
  /** buildx's driver, such as `docker`, `docker-container`, `remote`, `kubernetes`; `docker` and `podman` without it. */
  readonly driver: string;
  /** Whether the image lands in the engine, from where `docker push` takes it; else the builder itself pushes. */
  readonly inEngine: boolean;
  /** Whether it chooses the manifest's media types, exports caches other than inline, and attaches attestations. */
  readonly full: boolean;
  /** The platforms that it runs or emulates; empty where it does not tell. */
  readonly platforms: readonly string[];
  /** All of this in a few words, for the log. */
  readonly words: string;
}

type BuilderEdges = Pick<BuildEdges, 'programs' | 'env' | 'signal'>;

/**
 * Asks the docker program of this machine what it is; a docker-container builder that is not running yet is started.
 * Throws UserError for a client that cannot build, and for a builder that does not answer.
 */
export async function findBuilder(edges: BuilderEdges): Promise<Builder> {
  const { programs, env } = edges;
  const told = (args: readonly string[]) => programs.run('docker', args, { env });
  const [client, buildx] = await Promise.all([told(['--version']), told(['buildx', 'version'])]);
  const version = parseVersion(client.stdout);
  // Podman has a command of the name buildx too, which is its own build.
  if (/\bpodman\b/i.test(client.stdout)) return podman(edges, version);
  if (buildx.exitCode === 0) return withBuildx(edges, parseVersion(buildx.stdout));
  if (version !== undefined && !atLeast(version, 23)) return plain(edges, version);
  throw new UserError(
    `This docker client (${version?.text ?? 'of unknown version'}) builds only with its plugin buildx, which is missing. Install buildx; in a workflow, run docker/setup-buildx-action before this step.`,
  );
}

async function withBuildx(edges: BuilderEdges, version: Version | undefined): Promise<Builder> {
  const [found, info] = await Promise.all([
    inspect(edges),
    edges.programs.run('docker', ['info', '--format', '{{json .DriverStatus}}'], { env: edges.env }),
  ]);
  const { driver, buildkit, platforms } = found;
  const inEngine = driver === 'docker';
  const containerd = inEngine && info.exitCode === 0 && storesInContainerd(info.stdout);
  const store = containerd ? ' with the containerd image store' : '';
  const words = `buildx ${version?.text ?? ''}, driver ${driver}${store}${buildkit === '' ? '' : `, BuildKit ${buildkit}`}`;
  return { kind: 'buildx', version, driver, inEngine, full: !inEngine || containerd, platforms, words };
}

/** Streamed, not run: a builder's start can take minutes, and has to end with the step. */
async function inspect({ programs, env, signal }: BuilderEdges) {
  const lines: string[] = [];
  const exitCode = await programs.stream('docker', ['buildx', 'inspect', '--bootstrap'], {
    env,
    cwd: '/',
    signal,
    onLine: (line) => lines.push(harmless(line)),
  });
  signal.throwIfAborted();
  const found = parseBuilder(lines);
  if (exitCode === 0 && found !== undefined) return found;
  const last = lines.filter((line) => line !== '').slice(-5);
  const mend =
    engineMend(lines, env) ??
    'Start it, choose another with BUILDX_BUILDER, or run docker/setup-buildx-action before this step.';
  throw new UserError(
    `The builder of docker buildx does not answer (docker buildx inspect --bootstrap):\n${last.join('\n')}\n${mend}`,
  );
}

async function plain({ programs, env }: BuilderEdges, version: Version): Promise<Builder> {
  const format = '{{.Server.Os}}/{{.Server.Arch}}';
  const server = await programs.run('docker', ['version', '--format', format], { env });
  if (server.exitCode !== 0) mustReach(server.stderr, env);
  const platforms = await runnable(server.exitCode === 0 ? server.stdout.trim() : '');
  const words = `docker ${version.text} with BuildKit`;
  return { kind: 'plain', version, driver: 'docker', inEngine: true, full: false, platforms, words };
}

/** Nothing is built without an engine; whatever else went wrong shows in the build. */
function mustReach(stderr: string, env: BuilderEdges['env']): void {
  const lines = splitLines(stderr)
    .map(harmless)
    .filter((line) => line !== '');
  const mend = engineMend(lines, env);
  if (mend !== undefined)
    throw new UserError(`docker reaches no engine (docker version):\n${lines.join('\n')}\n${mend}`);
}

async function podman({ programs, env }: BuilderEdges, version: Version | undefined): Promise<Builder> {
  const info = await programs.run('docker', ['info', '--format', '{{.Host.OS}}/{{.Host.Arch}}'], { env });
  const platforms = await runnable(info.exitCode === 0 ? info.stdout.trim() : '');
  const words = `podman ${version?.text ?? ''}`.trim();
  return { kind: 'podman', version, driver: 'podman', inEngine: true, full: false, platforms, words };
}

/** The kernel's names of the emulators that docker/setup-qemu-action registers. */
const EMULATORS = { 'linux/amd64': 'qemu-x86_64', 'linux/arm64': 'qemu-aarch64' };

/** The engine's own platform and those that this machine's kernel emulates; none where the engine does not tell its own. */
async function runnable(own: string): Promise<string[]> {
  if (!/^\w+\/\w+$/.test(own)) return [];
  const found = await Promise.all(
    Object.entries(EMULATORS).map(async ([platform, name]) => {
      const there = await access(`/proc/sys/fs/binfmt_misc/${name}`).then(
        () => true,
        () => false,
      );
      return there ? [platform] : [];
    }),
  );
  return [own, ...found.flat()];
}

/**
 * What to say before a build for a platform that the builder does not name among its own. No error: a Dockerfile without
 * RUN needs no emulation, and BuildKit's own image brings emulators that it does not list.
 */
export function emulationWarning(platform: string | undefined, builder: Builder): string | undefined {
  if (platform === undefined || builder.platforms.length === 0) return undefined;
  const runs = builder.platforms.some((each) => each === platform || each.startsWith(`${platform}/`));
  if (runs) return undefined;
  return `The image is for ${platform}, and this builder runs ${builder.platforms.join(', ')}: RUN instructions need emulation. Run docker/setup-qemu-action before this step, or use a runner of that platform, which builds many times faster.`;
}
