import type { Job } from '../vertex/jobs.ts';
import { byId } from './best-trial.ts';

/** Why a job did not succeed: what the service says of it, and the last lines of the replica or trial that failed. */
export interface Cause {
  readonly message: string;
  /** The worker or trial, and its last lines; undefined where no line is at hand. */
  readonly source: string | undefined;
  readonly lines: readonly string[];
}

export function causeOf(job: Job, tail: (source: string) => readonly string[]): Cause {
  const message = job.error?.message ?? `the service names no cause.`;
  const source = failedSource(job, message);
  const lines = source === undefined ? [] : tail(source);
  return { message, source: lines.length === 0 ? undefined : source, lines };
}

/** The replica that the service's message names, in a tuning job the first trial that failed. */
function failedSource(job: Job, message: string): string | undefined {
  const trial = [...job.trials].sort(byId).find(({ state }) => state === 'INFEASIBLE');
  if (trial !== undefined) return `trial ${trial.id}`;
  return job.trials.length > 0 ? undefined : (/\bworkerpool\d+-\d+\b/.exec(message)?.[0] ?? 'workerpool0-0');
}
