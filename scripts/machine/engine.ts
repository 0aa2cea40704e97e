import { randomUUID } from 'node:crypto';
import { installPackages, isDebian, isRoot } from './apt.ts';
import { DaemonBook, endDaemon, startDaemon } from './daemon.ts';
import { withLock } from './lock.ts';
import { findProgram, findPrograms } from './places.ts';
import { run } from './run.ts';
import { mustAgree, type Teller, terminalTeller, Unavailable } from './say.ts';

/** A Docker engine that answers. */
export interface Engine {
  /** The command-line client to use: the first in PATH that reaches the engine. */
  readonly docker: string;
  readonly serverVersion: string;
  readonly clientVersion: string;
  /** Whether this call started the engine. */
  readonly startedByUs: boolean;
  /** The engine's log, where it was started here. */
  readonly logFile: string | undefined;
  /** Leaves the engine; ends it where it was started here, is not to be kept, and no other live process uses it. */
  stop(): Promise<void>;
}

export interface EngineOptions {
  readonly teller?: Teller | undefined;
  /** An engine started by this call outlives its users, until `stopKeptEngine`. */
  readonly keep?: boolean | undefined;
}

const LOCK = 'engine';
const book = new DaemonBook('/run/train-on-vertex-engine');

/** A client that reaches an engine. */
export interface Client {
  readonly docker: string;
  readonly serverVersion: string;
  readonly clientVersion: string;
}

async function ping(docker: string): Promise<Client | undefined> {
  const format = '{{.Client.Version}} {{.Server.Version}}';
  const ran = await run(docker, ['version', '--format', format], { timeoutMs: 10_000 });
  const [clientVersion, serverVersion] = ran.stdout.trim().split(' ');
  if (ran.code !== 0 || clientVersion === undefined || serverVersion === undefined) return undefined;
  return { docker, clientVersion, serverVersion };
}

/** The first client in PATH that reaches an engine, or undefined; changes nothing. */
export async function probeEngine(): Promise<Client | undefined> {
  for (const docker of await findPrograms('docker')) {
    const client = await ping(docker);
    if (client !== undefined) return client;
  }
  return undefined;
}

/** The first client in PATH that builds with BuildKit on its own, without buildx (versions 18.09 to 22), if one does. */
export async function findBuildKitClient(): Promise<string | undefined> {
  for (const docker of await findPrograms('docker')) {
    const major = Number((await ping(docker))?.clientVersion.split('.')[0]);
    if (major >= 19 && major < 23) return docker;
  }
  return undefined;
}

async function mustBeAbleToStart(): Promise<void> {
  const why = 'No Docker engine answers (docker version)';
  const mend = 'Start one, or run on Debian as root, where one can be installed and started';
  if (process.env['DOCKER_HOST'] !== undefined) {
    throw new Unavailable('no-engine', `${why} at DOCKER_HOST. Start it, or unset DOCKER_HOST.`);
  }
  if (!(await isDebian()) || !isRoot()) throw new Unavailable('no-engine', `${why}. ${mend}.`);
}

async function start(teller: Teller, keep: boolean): Promise<void> {
  if ((await findProgram('dockerd')) === undefined || (await findProgram('docker')) === undefined) {
    await installPackages(['docker.io', 'iptables'], 'No Docker engine is on this machine', teller);
    // Where an init system runs, the package has started its service.
    if ((await probeEngine()) !== undefined) return;
  }
  await mustAgree(teller, 'No Docker engine answers: starts dockerd in the background');
  const answers = async () => (await probeEngine()) !== undefined;
  const record = await startDaemon((await findProgram('dockerd')) ?? 'dockerd', [], answers, keep);
  await book.write(record);
  teller.tell(`dockerd runs with process id ${record.pid}; its log: ${record.logFile}`);
}

async function leave(use: string): Promise<void> {
  await withLock(LOCK, async () => {
    await book.leave(use);
    const record = await book.read();
    if (record === undefined || record.keep || (await book.hasUsers())) return;
    await endDaemon(record);
    await book.forget();
  });
}

/**
 * A Docker engine that answers: the one that is there, else on Debian as root one that is installed and started here.
 * Throws `Unavailable` where neither can be had.
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const { teller = terminalTeller, keep = false } = options;
  const use = `${process.pid}-${randomUUID()}`;
  if ((await probeEngine()) === undefined) await mustBeAbleToStart();
  const inLock = async () => {
    const before = await probeEngine();
    if (before === undefined) await start(teller, keep);
    const client = before ?? (await probeEngine());
    if (client === undefined)
      throw new Unavailable('start-failed', 'dockerd started, but no docker client reaches it.');
    const record = await book.read();
    if (record !== undefined) await book.join(use);
    return { client, record, startedByUs: before === undefined && record !== undefined };
  };
  const { client, record, startedByUs } = await withLock(LOCK, inLock);
  return { ...client, startedByUs, logFile: record?.logFile, stop: () => leave(use) };
}

/** Ends the engine that was started here to be kept, unless a live process uses it. True when it was ended. */
export async function stopKeptEngine(): Promise<boolean> {
  return withLock(LOCK, async () => {
    const record = await book.read();
    if (record === undefined || (await book.hasUsers())) return false;
    await endDaemon(record);
    await book.forget();
    return true;
  });
}
