import { UserError } from '../../faults.ts';
import type { Failure } from './failure.ts';
import { hintFor } from './hints.ts';
import { Progress } from './progress.ts';
import type { BuildEdges } from './types.ts';

/** A docker command that failed: told with its failing step's last lines and, where they leave no doubt, the mend. */
export class DockerFailure extends UserError {
  /** What the failure is worth. */
  readonly failure: Failure;
  /** The error alone, in one line, for the log. */
  readonly reason: string;

  constructor(what: string, exitCode: number, progress: Progress, failure: Failure, hint?: string) {
    const lines = progress.lastStep();
    super(
      [`docker ${what} ended with exit code ${exitCode}:`, ...lines, ...(hint === undefined ? [] : [hint])].join('\n'),
    );
    this.failure = failure;
    this.reason = progress.reason;
  }
}

export interface DockerCommand {
  /** Names the lines in the log. */
  readonly what: 'build' | 'push';
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Says what a failure is worth. */
  readonly judge: (progress: Progress) => Failure;
}

/** Runs docker with its output told, and gives what it told. Throws DockerFailure, or the signal's reason. */
export async function runDocker(
  { what, args, env, cwd, judge }: DockerCommand,
  { programs, log, signal }: Pick<BuildEdges, 'programs' | 'log' | 'signal'>,
): Promise<Progress> {
  signal.throwIfAborted();
  const progress = new Progress();
  const onLine = (line: string) => {
    log.untrusted(what, line);
    progress.add(line);
  };
  const exitCode = await programs.stream('docker', args, { env, cwd, onLine, signal });
  signal.throwIfAborted();
  if (exitCode !== 0) throw new DockerFailure(what, exitCode, progress, judge(progress), hintFor(progress, env));
  return progress;
}
