import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** The service's entry as it stands in the sources. */
const ENTRY = resolve(import.meta.dirname, '../../../src/local/index.ts');

export interface FaultyProcess {
  readonly port: number;
  readonly child: ChildProcess;
  /** SIGKILL: nothing is tidied up. */
  kill(): Promise<void>;
  /** SIGTERM: all jobs are cancelled. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  /** The service's folder, which outlives it. */
  readonly data: string;
  /** Any that is free, when left out: one that stays free while the service is down. */
  readonly port?: number | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Below the ports that systems give to whoever asks for any: nobody takes one while the service is down. */
const PORTS = { first: 20_000, count: 10_000 } as const;
const anyPort = () => PORTS.first + Math.floor(Math.random() * PORTS.count);

/** Starts the service as a process of its own that fails on demand; resolves once it listens. */
export async function startProcess(options: ProcessOptions): Promise<FaultyProcess> {
  for (let left = 20; ; left -= 1) {
    try {
      return await startOn(options.port ?? anyPort(), options);
    } catch (error) {
      if (options.port !== undefined || left === 0 || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

async function startOn(port: number, { data, env = {} }: ProcessOptions): Promise<FaultyProcess> {
  const child = spawn(process.execPath, [ENTRY, '--faults', '--port', String(port), '--data', data], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  let said = '';
  const listening = new Promise<void>((found, failed) => {
    const take = (text: string) => {
      said += text;
      if (said.includes(`http://127.0.0.1:${port}/`)) found();
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    void exited.then(() => failed(new Error(`the service ended: ${said}`)));
  });
  await listening;
  return { port, child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
