/** Starts programs. Arguments are passed as they are: no shell ever reads them. */
export interface Programs {
  /** Runs a short command to its end, whatever its exit code. Its output is kept, not shown. */
  run(program: string, args: readonly string[], options: RunOptions): Promise<Finished>;
  /** Runs a long command whose output is told line by line; it is ended when the signal aborts. */
  stream(program: string, args: readonly string[], options: StreamOptions): Promise<number>;
}

export interface RunOptions {
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** What the program reads on stdin: the way for secrets, which never stand in arguments. */
  readonly input?: string;
}

export interface StreamOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Finished {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}
