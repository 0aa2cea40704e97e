import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { getExecOutput } from '@actions/exec';
import { UserError } from '../faults.ts';
import type { Programs, StreamOptions } from '../image/programs.ts';
import { rememberProgram, signalGroup } from './left-program.ts';

/** How long an ended program may take to go before it is killed, in milliseconds: the runner allows this step 7.5 s. */
const GRACE_MS = 2_000;

/** Programs as the runner's machine has them: short ones through @actions/exec, long ones as children that can be ended. */
export const systemPrograms: Programs = {
  run: async (program, args, { env, input }) => {
    try {
      return await getExecOutput(program, [...args], {
        env: { ...env },
        silent: true,
        ignoreReturnCode: true,
        ...(input === undefined ? {} : { input: Buffer.from(input) }),
      });
    } catch (cause) {
      throw cannotStart(program, cause);
    }
  },
  stream,
};

function cannotStart(program: string, cause: unknown): UserError {
  return new UserError(`${program} cannot be started. It has to be installed and in the PATH of this step.`, { cause });
}

async function stream(program: string, args: readonly string[], options: StreamOptions): Promise<number> {
  const { env, cwd, onLine, signal } = options;
  // A group of its own: docker's plugins survive the end of docker itself.
  const child = spawn(program, [...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  rememberProgram(child.pid);
  const end = () => {
    endGroup(child, 'SIGTERM');
    setTimeout(() => endGroup(child, 'SIGKILL'), GRACE_MS).unref();
  };
  signal.addEventListener('abort', end, { once: true });
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
  }
  try {
    if (signal.aborted) end();
    const [code] = (await once(child, 'close')) as [number | null];
    return code ?? 128;
  } catch (cause) {
    throw cannotStart(program, cause);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || process.platform === 'win32') child.kill(signal);
  else signalGroup(child.pid, signal);
}

/** The environment for programs: this step's own, without its inputs and its right to ask for tokens. */
export function programEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  const hidden = /^(?:INPUT_|STATE_|ACTIONS_ID_TOKEN_|ACTIONS_RUNTIME_TOKEN$)/;
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !hidden.test(entry[0])),
  );
}
