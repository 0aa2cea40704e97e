import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../faults.ts';
import { harmless, type Log } from '../log.ts';
import type { ImagePlan } from '../plan/image.ts';
import { isFields } from '../vertex/read.ts';
import type { Programs } from './programs.ts';

export interface BuildOptions {
  readonly plan: ImagePlan;
  readonly workspace: string;
  readonly tempFolder: string;
  /** Environment of docker, its DOCKER_CONFIG already signed in. */
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Builds the image, pushes it where the plan says so, and gives what the job runs: `name@sha256:…`, or the engine's
 * image id where nothing is pushed. Throws UserError with the failing step's last lines.
 */
export async function buildImage(options: BuildOptions): Promise<string> {
  const { plan } = options;
  const buildx = await hasBuildx(options);
  if (!plan.push) {
    return buildHere(options, buildx ? ['buildx', 'build', '--load'] : ['build']);
  }
  return buildx ? buildAndPush(options) : buildThenPush(options);
}

const tagOf = ({ repository, tag }: ImagePlan) => `${repository}:${tag}`;

/** Throws UserError for a client that can build neither way: from version 23 on BuildKit needs the buildx plugin. */
async function hasBuildx({ programs, env }: BuildOptions): Promise<boolean> {
  if ((await programs.run('docker', ['buildx', 'version'], { env })).exitCode === 0) return true;
  const { stdout } = await programs.run('docker', ['version', '--format', '{{.Client.Version}}'], { env });
  const version = stdout.trim().split('\n', 1)[0] ?? '';
  if (Number.parseInt(version, 10) < 23) return false;
  throw new UserError(
    `This docker client (${version || 'of unknown version'}) builds only with its plugin buildx, which is missing. Install buildx; in a workflow, run docker/setup-buildx-action before this step.`,
  );
}

/** The arguments of one build. Attestations are left out, so that the digest names a plain single-platform image. */
export function buildArgs(
  { plan, workspace }: Pick<BuildOptions, 'plan' | 'workspace'>,
  command: readonly string[],
): string[] {
  return [
    ...command,
    '--progress=plain',
    `--file=${resolve(workspace, plan.dockerfile)}`,
    `--tag=${tagOf(plan)}`,
    ...(plan.platform === undefined ? [] : [`--platform=${plan.platform}`]),
    ...Object.entries(plan.buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    resolve(workspace, plan.context),
  ];
}

/** Builds into the engine. The id comes from the build itself: steps beside this one may move the tag. */
async function buildHere(options: BuildOptions, command: readonly string[]): Promise<string> {
  return inFolder(options, async (folder) => {
    const idFile = join(folder, 'id');
    await runDocker('build', buildArgs(options, [...command, `--iidfile=${idFile}`]), options);
    return imageId(options, (await readFile(idFile, 'utf8').catch(() => '')).trim());
  });
}

async function inFolder(options: BuildOptions, body: (folder: string) => Promise<string>): Promise<string> {
  const folder = await mkdtemp(join(options.tempFolder, 'build-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildAndPush(options: BuildOptions): Promise<string> {
  return inFolder(options, async (folder) => {
    const metadata = join(folder, 'metadata.json');
    const command = ['buildx', 'build', '--push', '--provenance=false', `--metadata-file=${metadata}`];
    await runDocker('build', buildArgs(options, command), options);
    const parsed: unknown = JSON.parse(await readFile(metadata, 'utf8'));
    const digest = isFields(parsed) ? parsed['containerimage.digest'] : undefined;
    return withDigest(options.plan, typeof digest === 'string' ? digest : '');
  });
}

async function buildThenPush(options: BuildOptions): Promise<string> {
  const { plan, programs, env } = options;
  await runDocker('build', buildArgs(options, ['build']), options);
  const pushed = await runDocker('push', ['push', tagOf(plan)], options);
  const told = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(pushed.join('\n'))?.[1];
  if (told !== undefined) return withDigest(plan, told);
  const inspected = await programs.run(
    'docker',
    ['image', 'inspect', '--format', '{{json .RepoDigests}}', tagOf(plan)],
    { env },
  );
  const digests: unknown = inspected.exitCode === 0 ? JSON.parse(inspected.stdout) : [];
  const own = `${plan.repository}@`;
  const found = Array.isArray(digests)
    ? digests.find((each) => typeof each === 'string' && each.startsWith(own))
    : undefined;
  return withDigest(plan, typeof found === 'string' ? found.slice(own.length) : '');
}

function withDigest({ repository }: ImagePlan, digest: string): string {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return `${repository}@${digest}`;
  throw new Error(`docker told no digest of the image that it pushed to ${repository}`);
}

/** The engine's id of what was built; a builder in a container may tell one that the engine does not know. */
async function imageId({ plan, programs, env }: BuildOptions, told: string): Promise<string> {
  const inspect = (image: string) =>
    programs.run('docker', ['image', 'inspect', '--format', '{{.Id}}', image], { env });
  const isId = (text: string) => /^sha256:[0-9a-f]{64}$/.test(text);
  const byId = isId(told) ? await inspect(told) : undefined;
  const { exitCode, stdout, stderr } = byId?.exitCode === 0 ? byId : await inspect(tagOf(plan));
  const id = stdout.trim();
  if (exitCode === 0 && isId(id)) return id;
  throw new Error(`docker does not know the image that it built as ${tagOf(plan)}: ${stderr.trim()}`);
}

/** As many of the last lines as show a failing step with its cause. */
const TAIL = 40;

/** Runs docker with its output told; gives the last lines. */
async function runDocker(
  what: 'build' | 'push',
  args: readonly string[],
  options: BuildOptions,
): Promise<readonly string[]> {
  const { programs, log, env, workspace, signal } = options;
  const tail: string[] = [];
  const onLine = (line: string) => {
    log.untrusted(what, line);
    if (tail.push(harmless(line)) > TAIL) tail.shift();
  };
  const exitCode = await programs.stream('docker', args, {
    env: { ...env, DOCKER_BUILDKIT: '1' },
    cwd: workspace,
    onLine,
    signal,
  });
  signal.throwIfAborted();
  if (exitCode !== 0)
    throw new UserError(`docker ${what} ended with exit code ${exitCode}:\n${lastStep(tail).join('\n')}`);
  return tail;
}

const RULE = '------';

/** BuildKit repeats the failing step between rules at the end; older clients leave its output out there. */
function lastStep(tail: readonly string[]): readonly string[] {
  const start = tail.indexOf(RULE);
  if (start === -1) return tail;
  const [title = '', ...rest] = tail.slice(start + 1);
  return rest[0] === RULE ? [title, ...failedOutput(tail.slice(0, start)), ...rest] : [title, ...rest];
}

/** The lines of the step that ended in an error: `#5 0.162 text`. */
function failedOutput(lines: readonly string[]): readonly string[] {
  const step = lines.findLast((line) => /^#\d+ ERROR\b/.test(line))?.split(' ', 1)[0];
  return step === undefined ? [] : lines.filter((line) => line.startsWith(`${step} `));
}
