import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureProgram, isRoot } from './apt.ts';
import { withLock } from './lock.ts';
import { cacheFolder, findProgram, isThere } from './places.ts';
import { must } from './run.ts';
import { mustAgree, type Teller, terminalTeller, Unavailable } from './say.ts';

/** A BuildKit daemon of its own, as docker/setup-buildx-action gives one in a container: buildx's driver `remote` reaches it. */
export interface BuildKit {
  readonly version: string;
  /** `unix:///…`, as `docker buildx create --driver remote` takes it. */
  readonly address: string;
  readonly pid: number;
  /** Ends the daemon and deletes what it built. */
  stop(): Promise<void>;
}

export interface BuildKitOptions {
  readonly teller?: Teller | undefined;
  /** The folder under which its own is made: the disk that it fills. */
  readonly under?: string | undefined;
}

const VERSION = 'v0.34.2';
const MODULE = 'github.com/moby/buildkit';

/** Whether this machine can make and run one: it takes Go's compiler, and root. */
export async function canHaveBuildKit(): Promise<boolean> {
  return isRoot() && (await findProgram('go')) !== undefined;
}

/** Compiles buildkitd from the Go module, in caches that are gone afterwards. */
async function compile(go: string, program: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'buildkit-'));
  const env = {
    ...process.env,
    GOMODCACHE: join(work, 'modules'),
    GOCACHE: join(work, 'cache'),
    GOFLAGS: '-modcacherw -buildvcs=false',
    CGO_ENABLED: '0',
  };
  try {
    const told: unknown = JSON.parse(await must(go, ['mod', 'download', '-json', `${MODULE}@${VERSION}`], { env }));
    const { Dir: cwd } = told as { readonly Dir: string };
    // `go install` refuses a module that excludes others: it is built in its own folder, by its own go.sum.
    const flags = ['-ldflags', `-s -w -X ${MODULE}/version.Version=${VERSION}`];
    const unfinished = `${program}.${process.pid}.part`;
    await must(go, ['build', '-o', unfinished, ...flags, './cmd/buildkitd'], { cwd, env });
    await rename(unfinished, program);
  } catch (error) {
    throw new Unavailable('install-failed', `buildkitd ${VERSION} could not be compiled.`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * The daemon's program: compiled once into the checkout's cache, in about two minutes on two cores. Throws `Unavailable`
 * where it cannot be.
 */
export async function ensureBuildKitd(teller: Teller = terminalTeller): Promise<string> {
  const program = join(await cacheFolder('buildkit', VERSION), 'buildkitd');
  return withLock('buildkit', async () => {
    if (await isThere(program)) return program;
    const go = await findProgram('go');
    if (go === undefined) throw new Unavailable('install-failed', 'A BuildKit daemon is compiled, and go is missing.');
    await mustAgree(teller, `A BuildKit daemon for the tests: compiles buildkitd ${VERSION} into the .cache folder`);
    await compile(go, program);
    return program;
  });
}

/** The daemon's process: its output goes to a file, and it goes when this process goes. */
function startProcess(program: string, args: readonly string[], logFile: string) {
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  const state = { over: false };
  const killIt = () => {
    child.kill('SIGKILL');
  };
  process.once('exit', killIt);
  const ended = new Promise<void>((resolve) => {
    const onEnd = () => {
      state.over = true;
      process.off('exit', killIt);
      resolve();
    };
    child.once('exit', onEnd);
    child.once('error', onEnd);
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const patience = setTimeout(killIt, 20_000);
    await ended;
    clearTimeout(patience);
  };
  return { pid: child.pid ?? 0, state, stop };
}

/** Throws `Unavailable` with the log's last lines for a daemon that ends, or says nothing, instead of listening. */
async function waitUntilItListens(logFile: string, state: { readonly over: boolean }): Promise<void> {
  const told = () => readFile(logFile, 'utf8');
  for (let waited = 0; waited < 30_000 && !state.over; waited += 50) {
    if ((await told()).includes('running server on')) return;
    await delay(50);
  }
  const last = (await told()).trim().split('\n').slice(-5).join('\n');
  throw new Unavailable('start-failed', `buildkitd did not start:\n${last}`);
}

/**
 * Starts a BuildKit daemon on a socket of its own, everything of it in a temporary folder. Its builds use the machine's
 * network. Throws `Unavailable` where it cannot be had.
 */
export async function startBuildKit(options: BuildKitOptions = {}): Promise<BuildKit> {
  const { teller = terminalTeller, under = tmpdir() } = options;
  if (!isRoot()) throw new Unavailable('not-root', 'A BuildKit daemon can only be run by root.');
  const program = await ensureBuildKitd(teller);
  const runc = await ensureProgram('runc', 'runc', 'What BuildKit runs its steps with', teller);
  const folder = await mkdtemp(join(under, 'buildkitd-'));
  const address = `unix://${join(folder, 'socket')}`;
  const worker = ['--oci-worker=true', `--oci-worker-binary=${runc}`, '--oci-worker-net=host'];
  const args = [`--addr=${address}`, `--root=${join(folder, 'root')}`, '--containerd-worker=false', ...worker];
  const daemon = startProcess(program, args, join(folder, 'log'));
  const stop = async () => {
    await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntilItListens(join(folder, 'log'), daemon.state);
    return { version: VERSION, address, pid: daemon.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
