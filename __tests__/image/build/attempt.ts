import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../../scripts/machine/run.ts';
import { buildImage } from '../../../src/image/build/build.ts';
import type { BuildEdges, BuildRequest, BuiltImage } from '../../../src/image/build/types.ts';
import type { Programs } from '../../../src/image/programs.ts';
import { systemPrograms } from '../../../src/runner/programs.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import type { Ground } from './ground.ts';
import type { Way } from './ways.ts';

export interface AttemptOptions {
  /** Files of the context; `Dockerfile` and `Dockerfile.dockerignore` lie outside of it. */
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly request?: Partial<BuildRequest>;
  readonly env?: Readonly<Record<string, string>>;
  /** Hears each login, by number from 1, once it is written. */
  readonly onSignIn?: (count: number) => unknown;
  /** Hears each line of docker's. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Changes what docker is started with: another builder's behaviour. */
  readonly rewrite?: (arg: string) => string;
  readonly clock?: SimulatedClock;
}

/** One build by one way, and all that it did. */
export interface Attempt {
  readonly repository: string;
  readonly tempFolder: string;
  readonly log: ReturnType<typeof recordingLog>;
  /** Every program's arguments. */
  readonly calls: (readonly string[])[];
  readonly signIns: () => number;
  readonly built: Promise<BuiltImage>;
}

/** Starts a build of these files. */
export async function attempt(ground: Ground, way: Way, options: AttemptOptions): Promise<Attempt> {
  const root = await ground.folder();
  const repository = options.request?.repository ?? `${ground.proxy.host}/t-${randomBytes(5).toString('hex')}/app`;
  await writeFiles(root, options.files);
  const tempFolder = join(root, 'temp');
  await mkdir(tempFolder);
  const log = recordingLog();
  const calls: (readonly string[])[] = [];
  let signIns = 0;
  const edges: BuildEdges = {
    env: { ...way.env, ...options.env },
    programs: recorded(calls, options),
    log,
    clock: options.clock ?? new SimulatedClock(),
    signal: options.signal ?? new AbortController().signal,
    tempFolder,
    verify: async () => {},
    signIn: async () => {
      signIns += 1;
      await signIn(ground, way);
      await options.onSignIn?.(signIns);
    },
  };
  const request: BuildRequest = {
    repository,
    tag: 'content',
    folder: join(root, 'context'),
    dockerfile: join(root, 'Dockerfile'),
    buildArgs: { BASE_IMAGE: ground.base },
    target: undefined,
    platform: undefined,
    labels: {},
    push: true,
    cache: 'none',
    cacheTag: 'buildcache',
    fresh: false,
    pull: false,
    secrets: [],
    provenance: 'false',
    sbom: false,
    ...options.request,
  };
  if (way.name === 'plain' || way.name === 'docker driver' || (way.name === 'remote driver' && !request.push)) {
    for (const tag of [request.tag, request.cacheTag]) ground.removeImage(`${repository}:${tag}`);
  }
  return { repository, tempFolder, log, calls, signIns: () => signIns, built: buildImage(request, edges) };
}

async function writeFiles(root: string, files: AttemptOptions['files']): Promise<void> {
  await mkdir(join(root, 'context'));
  for (const [name, content] of Object.entries({ 'Dockerfile.dockerignore': '', ...files })) {
    const path = join(root, name.startsWith('Dockerfile') ? '' : 'context', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

function recorded(
  calls: (readonly string[])[],
  { onLine, rewrite = (arg) => arg }: Pick<AttemptOptions, 'onLine' | 'rewrite'>,
): Programs {
  return {
    // The step's own runner of short programs looks for them in this process's PATH.
    run: async (program, args, { env, input }) => {
      calls.push(args);
      const { code, stdout, stderr } = await run(program, args, { env: { ...env }, input });
      return { exitCode: code, stdout, stderr };
    },
    stream: (program, args, given) => {
      calls.push(args);
      const hear = (line: string) => {
        given.onLine(line);
        onLine?.(line);
      };
      return systemPrograms.stream(program, args.map(rewrite), { ...given, onLine: hear });
    },
  };
}

/** The login that is good now, in the configuration that docker reads. */
async function signIn(ground: Ground, { env }: Way): Promise<void> {
  const path = join(env['DOCKER_CONFIG'] ?? '', 'config.json');
  const config: unknown = JSON.parse(await readFile(path, 'utf8').catch(() => '{}'));
  await writeFile(path, JSON.stringify({ ...(config as object), auths: ground.auths() }), { mode: 0o600 });
}

/** What is left in a folder. */
export const leftIn = (folder: string) => readdir(folder);
