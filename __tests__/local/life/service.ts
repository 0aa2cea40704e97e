import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Client } from '../client.ts';

/** The service's entry as it stands in the sources. */
const ENTRY = resolve(import.meta.dirname, '../../../src/local/index.ts');

export interface Running {
  readonly client: Client;
  readonly child: ChildProcess;
  /** Sends the signal and waits for the end; gives what it said on stderr. */
  end(signal: NodeJS.Signals): Promise<string>;
}

/** Starts the service as a process of its own on a folder, and waits until it is ready. */
export async function startOn(data: string, ...flags: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [ENTRY, '--port', '0', '--data', data, ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const said = { stdout: '', stderr: '' };
  const ready = new Promise<number>((found, failed) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        const port = /127\.0\.0\.1:(\d+)\//.exec(said.stdout)?.[1];
        if (port !== undefined) found(Number(port));
      });
    }
    void exited.then(() => failed(new Error(said.stderr)));
  });
  const client = new Client(await ready);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
    return said.stderr;
  };
  return { client, child, end };
}
