import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Unavailable } from './say.ts';

/** What is known of a daemon that we started: enough to end it later, and only it. */
export interface DaemonRecord {
  readonly pid: number;
  /** The process's start, in the kernel's ticks: another process that was given the same id later has another one. */
  readonly born: string;
  readonly logFile: string;
  /** Lives on when its last user leaves, until it is stopped by name. */
  readonly keep: boolean;
}

/** The kernel's start tick of a live process, undefined when it is gone (or a zombie). */
export async function bornOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field, the program's name in brackets, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return stat === '' || fields[0] === 'Z' ? undefined : fields[19];
}

export async function isAlive(record: DaemonRecord): Promise<boolean> {
  return (await bornOf(record.pid)) === record.born;
}

/** Starts a program in the background, its output in a log file of its own, and waits until `answers` says true. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  answers: () => Promise<boolean>,
  keep: boolean,
): Promise<DaemonRecord> {
  const logFile = join(await mkdtemp(join(tmpdir(), 'engine-')), 'daemon.log');
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended ??= `it ended with ${signal ?? `exit code ${code}`}`;
  });
  child.unref();
  for (let waited = 0; waited < 60_000 && ended === undefined; waited += 200) {
    if (await answers()) break;
    await delay(200);
  }
  const born = child.pid === undefined ? undefined : await bornOf(child.pid);
  if (ended === undefined && child.pid !== undefined && born !== undefined && (await answers())) {
    return { pid: child.pid, born, logFile, keep };
  }
  if (ended === undefined) child.kill('SIGTERM');
  const last = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-8).join('\n');
  await rm(dirname(logFile), { recursive: true, force: true });
  throw new Unavailable('start-failed', `${command} did not start: ${ended ?? 'no answer within 60 s'}.\n${last}`);
}

/** Ends the daemon: asks first, kills it when it has not gone after 20 s, and removes its log. Another process is never touched. */
export async function endDaemon(record: DaemonRecord): Promise<void> {
  if (await isAlive(record)) process.kill(record.pid, 'SIGTERM');
  for (let waited = 0; waited < 20_000 && (await isAlive(record)); waited += 100) await delay(100);
  if (await isAlive(record)) process.kill(record.pid, 'SIGKILL');
  await rm(dirname(record.logFile), { recursive: true, force: true });
}

/** The machine-wide note of the daemon that we started and of the processes that use it. Hold the lock while using it. */
export class DaemonBook {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(): Promise<DaemonRecord | undefined> {
    const text = await readFile(join(this.#folder, 'daemon.json'), 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    const record = JSON.parse(text) as DaemonRecord;
    // A note that outlived its daemon says nothing.
    return (await isAlive(record)) ? record : undefined;
  }

  async write(record: DaemonRecord): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, 'daemon.json'), JSON.stringify(record));
  }

  async forget(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Notes one use of the daemon by this process. */
  async join(use: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(join(this.#folder, `user-${use}`), (await bornOf(process.pid)) ?? '');
  }

  async leave(use: string): Promise<void> {
    await rm(join(this.#folder, `user-${use}`), { force: true });
  }

  /** Whether a live process still uses it; notes of dead ones are removed on the way. */
  async hasUsers(): Promise<boolean> {
    const names = await readdir(this.#folder).catch(() => []);
    const users = names.filter((name) => name.startsWith('user-'));
    const alive = await Promise.all(users.map((name) => this.#isInUse(name)));
    return alive.some((live) => live);
  }

  async #isInUse(name: string): Promise<boolean> {
    const path = join(this.#folder, name);
    const pid = Number(name.split('-')[1]);
    const born = await readFile(path, 'utf8').catch(() => undefined);
    const live = born !== undefined && (await bornOf(pid)) === born;
    if (!live) await rm(path, { force: true });
    return live;
  }
}
