import type { Job } from '../../vertex/jobs.ts';
import { expectedEnds, type Nearest, nearestPoints } from './points.ts';
import { phaseOf } from './states.ts';

/** Between which bounds a job is asked for, and how soon the pace slackens. */
export interface Pace {
  /** No two looks follow one another sooner, in milliseconds. */
  readonly minMs: number;
  /** No look is later than this after the one before, in milliseconds, but for failures. */
  readonly capMs: number;
  /** The part of the time since something last happened that the next look may be late by. */
  readonly growth: number;
}

/**
 * Google's regions. A change is seen within a thirtieth of the time that the state before it lasted, 4 s at best and 20 s at
 * worst. After ten quiet minutes that is 180 to 225 looks an hour, of the 600 a minute that a project has in a region (quotas);
 * a change of state brings some eighty in the ten minutes after it. bench/watch.ts measures what that is worth.
 */
export const CLOUD_PACE: Pace = { minMs: 4_000, capMs: 20_000, growth: 1 / 30 };
/** A service on this machine, whose quota nobody shares. */
export const LOCAL_PACE: Pace = { minMs: 250, capMs: 1_000, growth: 1 / 30 };

/** Waits are shortened by up to this part, so that many watchers that began together do not stay together. */
const JITTER = 0.2;
/** A Retry-After that asks for more than this is not waited out in whole, in milliseconds. */
export const LONGEST_RETRY_AFTER_MS = 10 * 60_000;
/** The longest wait between two attempts where the service does not answer, in milliseconds. */
export const FAILURE_CAP_MS = 60_000;

/** The trials of a study are looked for no oftener than this on their own account, in milliseconds … */
const TRIAL_FLOOR_MS = 10_000;
/** … and so much later for each trial that the answer then holds. */
const PER_TRIAL_MS = 20;

/** All that the next wait depends on. Times are milliseconds since the epoch. */
export interface LookMoment {
  readonly now: number;
  readonly job: Pick<Job, 'state' | 'trials'>;
  /** When the job's state last changed, as far as is known. */
  readonly changedAt: number;
  /** When a line of the service last told of a change to come. */
  readonly heardAt?: number | undefined;
  /** When the service's own timeout strikes the job. */
  readonly deadline?: number | undefined;
  /** The last look failed. */
  readonly failure?: Failure | undefined;
  /** From [0, 1). */
  readonly random: number;
}

/** Looks, or readings of the log, that failed up to now. */
export interface Failure {
  /** Looks that failed one after the other, the last included. */
  readonly count: number;
  /** The wait that the service asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * Milliseconds to the next look at the job. Frequent at first and around what is to be expected (a change of state, the
 * timeout, the end of trials by how long others took), rarer the longer nothing happens, never outside the pace's bounds;
 * after a failure doubled from the shortest wait, and never sooner than the service asked for.
 */
export function nextWaitMs(moment: LookMoment, pace: Pace): number {
  const { job, now, random, failure } = moment;
  if (failure !== undefined) return failureWaitMs(failure, pace.minMs, random);
  if (phaseOf(job.state) === 'held') return clamped(pace, jittered(pace.capMs, random));
  const states = [moment.changedAt, moment.heardAt, moment.deadline].filter((point) => point !== undefined);
  const forState = pointWait(nearestPoints(states, now), pace, random);
  const forTrials = pointWait(nearestPoints(expectedEnds(job.trials), now), trialPace(job.trials.length, pace), random);
  return clamped(pace, Math.min(forState, forTrials));
}

/** A part of the time since the last moment of interest, and no further than the next. */
function pointWait({ sinceMs, untilMs }: Nearest, pace: Pace, random: number): number {
  return clamped(pace, Math.min(jittered(clamped(pace, sinceMs * pace.growth), random), untilMs));
}

/** The end of a trial is worth less haste than the end of the job, and a large study's answer weighs more. */
function trialPace(count: number, pace: Pace): Pace {
  return { ...pace, minMs: Math.min(pace.capMs, Math.max(pace.minMs, TRIAL_FLOOR_MS + PER_TRIAL_MS * count)) };
}

/** Waits after failures: the shortest wait, doubled each time, capped, with half of it left to chance. */
export function failureWaitMs({ count, retryAfterMs = 0 }: Failure, minMs: number, random: number): number {
  const ceiling = Math.min(FAILURE_CAP_MS, minMs * 2 ** Math.min(count, 30));
  const asked = Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, retryAfterMs));
  // Whoever is told to come back in 30 s comes back with everybody else who was: a little later is as good.
  return Math.round(Math.max(minMs, ceiling * (0.5 + random / 2), asked * (1 + random / 10)));
}

const jittered = (ms: number, random: number) => ms * (1 - JITTER * random);
const clamped = ({ minMs, capMs }: Pace, ms: number) => Math.round(Math.max(minMs, Math.min(capMs, ms)));

/** How often a job's log entries are read. */
export interface LogPace {
  readonly minMs: number;
  readonly capMs: number;
}

/** Cloud Logging allows 60 reads a minute to a whole project: a job that writes takes six of them, a silent one two. */
export const CLOUD_LOG_PACE: LogPace = { minMs: 10_000, capMs: 30_000 };
/** A service on this machine, whose quota nobody shares. */
export const LOCAL_LOG_PACE: LogPace = { minMs: 300, capMs: 1_000 };

interface LogMoment {
  /** Reads that told nothing new, one after the other. */
  readonly quiet: number;
  readonly failure?: Failure | undefined;
  readonly random: number;
}

/** Milliseconds to the next reading of the logs: half as long again after each that told nothing, within the bounds. */
export function logWaitMs({ quiet, failure, random }: LogMoment, { minMs, capMs }: LogPace): number {
  if (failure !== undefined) return failureWaitMs(failure, minMs, random);
  const wait = Math.min(capMs, minMs * 1.5 ** Math.min(quiet, 20));
  return Math.round(Math.max(minMs, jittered(wait, random)));
}
