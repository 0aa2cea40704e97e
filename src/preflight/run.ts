import type { AccessFinding } from '../image/registry/findings.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../retry.ts';
import type { PreflightApis } from './apis.ts';
import type { PreflightCheck } from './check.ts';

export interface PreflightOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface PreflightAnswer {
  /** In the order of the checks, each thing once. */
  readonly findings: readonly AccessFinding[];
  /** The number of the job's project, where it could be asked. */
  readonly projectNumber: string | undefined;
  /** Whether the model that a training pipeline uploads is there already; undefined where it was not answered. */
  readonly modelExists: boolean | undefined;
}

/** Makes the checks, all at once. Nothing is thrown but the signal's reason: a check that cannot be made is a note. */
export async function runPreflight(
  checks: readonly PreflightCheck[],
  apis: PreflightApis,
  options: PreflightOptions,
): Promise<PreflightAnswer> {
  const { signal } = options;
  signal.throwIfAborted();
  throw new Error(`${checks.length} checks wait for their questions to ${Object.keys(apis).join(', ')}`);
}
