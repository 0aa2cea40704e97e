import type { Finished, Programs, RunOptions, StreamOptions } from '../../src/image/programs.ts';

export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | undefined;
  readonly cwd?: string | undefined;
}

export interface Script {
  /** What a short command answers; exit code 0 and nothing where it gives nothing. */
  readonly run?: (args: readonly string[], options: RunOptions) => Partial<Finished> | undefined;
  /** What a long command does; its exit code. */
  readonly stream?: (args: readonly string[], options: StreamOptions) => number | Promise<number>;
}

/** Docker as a script, which keeps what it was called with. */
export function scripted({ run, stream }: Script): Programs & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    calls,
    run: async (program, args, options) => {
      calls.push({ program, args, env: options.env, input: options.input });
      return { exitCode: 0, stdout: '', stderr: '', ...run?.(args, options) };
    },
    stream: async (program, args, options) => {
      calls.push({ program, args, env: options.env, cwd: options.cwd });
      return (await stream?.(args, options)) ?? 0;
    },
  };
}
