import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string | undefined;
  /** The whole environment of the program; this process's own when left out. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Text for the program's standard input; closed at once when left out. */
  readonly input?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Called with each piece of output as it comes, standard output and standard error alike. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How a program ended. `code` is 127 when it could not be started and 128 when a signal ended it. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that had to succeed and did not. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly ran: Ran;

  constructor(command: string, args: readonly string[], ran: Ran) {
    const last = `${ran.stdout}\n${ran.stderr}`.trim().split('\n').slice(-15).join('\n');
    super(`${[command, ...args].join(' ')} ended with exit code ${ran.code}:\n${last}`);
    this.ran = ran;
  }
}

/** Runs a program to its end, without a shell. Never throws for the program's own failure: see `code`. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      timeout: options.timeoutMs,
      signal: options.signal,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      options.onOutput?.(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onOutput?.(text);
    });
    // A program that never reads its input closes the pipe: no failure of ours.
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: `${stderr}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 128, stdout, stderr }));
  });
}

/** Runs a program that has to succeed, and gives its standard output. */
export async function must(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await run(command, args, options);
  if (ran.code !== 0) throw new ProgramError(command, args, ran);
  return ran.stdout;
}
