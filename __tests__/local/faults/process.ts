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
  /** A free one, when left out. */
  readonly port?: number | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Starts the service as a process of its own that fails on demand; resolves once it listens. */
export async function startProcess({ data, port = 0, env = {} }: ProcessOptions): Promise<FaultyProcess> {
  const child = spawn(process.execPath, [ENTRY, '--faults', '--port', String(port), '--data', data], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  let said = '';
  const listening = new Promise<number>((found, failed) => {
    const take = (text: string) => {
      said += text;
      const address = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said);
      if (address !== null) found(Number(address[1]));
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    void exited.then(() => failed(new Error(`the service ended: ${said}`)));
  });
  return { port: await listening, child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
