import { poolSize } from '../plan/cost.ts';
import { hasEnded, type Job, type JobSpec } from '../vertex/jobs.ts';
import { epochOf, timesOf } from '../vertex/times.ts';
import type { Trial } from '../vertex/types.ts';
import { caveatsOf } from './caveats.ts';
import type { Usage } from './types.ts';

const HOUR_MS = 3_600_000;

/** The job's own times, its machines, and its trials, which each have these machines. */
export type UsedJob = Pick<
  Job,
  'name' | 'state' | 'createTime' | 'startTime' | 'endTime' | 'trials' | 'study' | 'spec'
>;

/**
 * What a job used up by its own times: the machines of its pools from its start to its end, or of each trial from the trial's
 * start to its end. `now` (milliseconds since the epoch) stands in for an end that is still to come; what has not started used
 * nothing. Money only by `hourlyPrice`, that of a machine with its accelerators for an hour: no price is built in.
 */
export function usageOf(job: UsedJob, now: number, hourlyPrice: number | undefined): Usage {
  const { queuedMs, runningMs = 0 } = timesOf(job, now);
  const hours = hoursOf(job, runningMs, now);
  const size = sizeOf(job.spec);
  const machineHours = size && hours * size.machines;
  const priced = hourlyPrice !== undefined && machineHours !== undefined;
  return {
    elapsedMs: queuedMs + runningMs,
    queuedMs,
    machineHours,
    acceleratorHours: size && hours * size.accelerators,
    cost: priced ? machineHours * hourlyPrice : undefined,
    caveats: caveatsOf(job, { hours, priced }),
  };
}

/** Whether each trial runs on machines of its own. */
const isStudy = ({ study, trials }: Pick<Job, 'study' | 'trials'>) => study !== undefined || trials.length > 0;

function hoursOf(job: UsedJob, runningMs: number, now: number): number {
  if (!isStudy(job)) return runningMs / HOUR_MS;
  const end = hasEnded(job) ? (epochOf(job.endTime) ?? now) : now;
  return job.trials.reduce((sum, trial) => sum + spanOf(trial, end), 0) / HOUR_MS;
}

/** In milliseconds; a clock that is behind the service's gives 0, never less. */
function spanOf({ startTime, endTime }: Pick<Trial, 'startTime' | 'endTime'>, end: number): number {
  const start = epochOf(startTime);
  return start === undefined ? 0 : Math.max(0, (epochOf(endTime) ?? end) - start);
}

/** Machines and accelerators of all pools; undefined where the job does not tell of any. */
function sizeOf(spec: JobSpec | undefined) {
  const pools = (spec?.pools ?? []).map(poolSize);
  const machines = pools.reduce((sum, pool) => sum + pool.machines, 0);
  const accelerators = pools.reduce((sum, pool) => sum + pool.accelerators, 0);
  return Number.isFinite(machines) && machines > 0 ? { machines, accelerators } : undefined;
}
