import { hasEnded, type Job } from './jobs.ts';
import type { Trial } from './types.ts';

/** How long a job waited and how long it ran, in milliseconds. */
export interface JobTimes {
  /** From its creation to its start; where it never started, to its end or to now. */
  readonly queuedMs: number;
  /** From its start to its end or to now; undefined where it never started. */
  readonly runningMs: number | undefined;
}

type Timed = Pick<Job, 'state' | 'createTime' | 'startTime' | 'endTime'>;

/**
 * Told apart by the times of the job itself: startTime is its first time in RUNNING, and a job that never ran has none. A
 * pipeline counts as started while the job behind it still waits, and a tuning job while the machines of its trials do.
 * `now` (milliseconds since the epoch) stands in for an end that has no time. A clock that is behind the service's gives 0,
 * never less.
 */
export function timesOf(job: Timed, now: number): JobTimes {
  const ended = epochOf(job.endTime) ?? now;
  const started = epochOf(job.startTime);
  const created = epochOf(job.createTime) ?? started ?? ended;
  return {
    queuedMs: Math.max(0, (started ?? ended) - created),
    runningMs: started === undefined ? undefined : Math.max(0, (hasEnded(job) ? ended : now) - started),
  };
}

/** How long a trial took, in milliseconds; undefined until it has started and ended. */
export function trialMs({ startTime, endTime }: Pick<Trial, 'startTime' | 'endTime'>): number | undefined {
  const start = epochOf(startTime);
  const end = epochOf(endTime);
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}

/** Milliseconds since the epoch of an API's time; undefined where it is none. */
export function epochOf(time: string | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
