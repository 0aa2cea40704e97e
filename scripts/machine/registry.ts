import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureProgram } from './apt.ts';
import { bcrypt } from './bcrypt.ts';
import { listeningPort, type RegistryRequest, readRequests } from './registry-log.ts';
import { type Teller, terminalTeller, Unavailable } from './say.ts';

export interface RegistryOptions {
  readonly user: string;
  readonly password: string;
  readonly teller?: Teller | undefined;
}

/** A real image registry on loopback that demands a name and a password. */
export interface Registry {
  /** `localhost:PORT`, the start of an image's name in this registry. */
  readonly host: string;
  readonly port: number;
  /** Every request that arrived, in order, and whether its credentials were right. */
  requests(): Promise<RegistryRequest[]>;
  /** From here on only this user and password are let in. */
  demand(user: string, password: string): Promise<void>;
  /** Ends the registry at once, and starts it again at the same address with what it holds. */
  restart(): Promise<void>;
  /** Ends the registry and deletes what was pushed. */
  stop(): Promise<void>;
}

/** JSON is YAML too. Port 0 lets the kernel pick a free one. */
function config(folder: string, port = 0): string {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'storage') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: 'test registry', path: join(folder, 'htpasswd') } },
  });
}

async function writeHtpasswd(folder: string, user: string, password: string): Promise<void> {
  const unfinished = join(folder, 'htpasswd.part');
  await writeFile(unfinished, `${user}:${await bcrypt(password)}\n`, { mode: 0o600 });
  await rename(unfinished, join(folder, 'htpasswd'));
}

/** The registry's process: its output goes to a file, and it goes when this process goes. */
function startProcess(program: string, folder: string) {
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: ['ignore', log, log] });
  closeSync(log);
  const killIt = () => {
    child.kill('SIGKILL');
  };
  process.once('exit', killIt);
  const ended = new Promise<void>((resolve) => {
    const onEnd = () => {
      process.off('exit', killIt);
      resolve();
    };
    child.once('exit', onEnd);
    child.once('error', onEnd);
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    await ended;
  };
  return { ended, stop };
}

async function waitForPort(folder: string, ended: Promise<void>): Promise<number> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const log = () => readFile(join(folder, 'log'), 'utf8');
  for (let waited = 0; waited < 20_000 && !over; waited += 50) {
    const port = listeningPort(await log());
    if (port !== undefined) return port;
    await delay(50);
  }
  const last = (await log()).trim().split('\n').slice(-5).join('\n');
  throw new Unavailable('start-failed', `docker-registry did not start:\n${last}`);
}

/** The log holds the port of an earlier start already: the registry itself has to answer. */
async function waitForAnswer(port: number, ended: Promise<void>): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (let waited = 0; waited < 20_000 && !over; waited += 50) {
    const answers = await fetch(`http://127.0.0.1:${port}/v2/`).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(50);
  }
  throw new Unavailable('start-failed', 'docker-registry did not start again');
}

/**
 * Starts Debian's docker-registry (installed first where it is missing) on a free loopback port, with its files in a
 * temporary folder. Throws `Unavailable` where it cannot be had.
 */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { teller = terminalTeller } = options;
  const program = await ensureProgram('docker-registry', 'docker-registry', 'An image registry for the tests', teller);
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  await mkdir(join(folder, 'storage'));
  await writeFile(join(folder, 'config.yml'), config(folder));
  await writeHtpasswd(folder, options.user, options.password);
  let running = startProcess(program, folder);
  const stopAndClean = async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await waitForPort(folder, running.ended);
    const restart = async () => {
      await running.stop('SIGKILL');
      await writeFile(join(folder, 'config.yml'), config(folder, port));
      running = startProcess(program, folder);
      await waitForAnswer(port, running.ended);
    };
    return {
      host: `localhost:${port}`,
      port,
      requests: async () => readRequests(await readFile(join(folder, 'log'), 'utf8')),
      restart,
      demand: (user, password) => writeHtpasswd(folder, user, password),
      stop: stopAndClean,
    };
  } catch (error) {
    await stopAndClean();
    throw error;
  }
}
