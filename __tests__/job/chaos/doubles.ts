import { CLOUD_LAG, lastSight } from '../../../src/job/submit/lag.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import type { LegReport } from './leg.ts';
import type { StoredJob } from './stored-job.ts';
import type { WorldReport } from './world.ts';

/**
 * The stated bound: so long after its creation a double has been asked to end, in milliseconds; counted while any process
 * of the step runs, and beside the time in which the service did not answer. What calls take comes on top.
 */
export const DOUBLE_BOUND_MS = lastSight(0, CLOUD_LAG);
const CALLS_MS = 10_000;

/** When a job began to be asked to end, or ended. */
export const overAt = ({ states }: StoredJob) =>
  states.find(({ state }) => state === 'CANCELLING' || hasEnded({ state }))?.at ?? Number.POSITIVE_INFINITY;

/** Stretches of time in which two jobs of the key were live, a process was there to see it, and the service answered. */
export function doubles(world: WorldReport): string[] {
  return doublesOf(world)
    .filter(({ ms, troubleMs }) => ms > DOUBLE_BOUND_MS + CALLS_MS + troubleMs)
    .map(
      ({ a, b, ms, troubleMs }) => `${a} and ${b} lived beside each other for ${ms} ms, ${troubleMs} ms of it trouble`,
    );
}

/** Two jobs of one key that were live at one time. */
export interface Double {
  readonly a: string;
  readonly b: string;
  /** For how long a process of the step was there to see it. */
  readonly ms: number;
  /** The time that was lost to faults meanwhile. */
  readonly troubleMs: number;
}

export function doublesOf({ jobs, attempts, endedAt }: WorldReport): Double[] {
  // Whoever only follows a job that it was given looks for no other.
  const legs = attempts.flatMap((attempt) => attempt.legs).filter(({ job }) => job === undefined);
  return jobs.flatMap((a, index) =>
    jobs.slice(index + 1).flatMap((b) => {
      const from = Math.max(a.createdAt, b.createdAt);
      const to = Math.min(overAt(a), overAt(b), endedAt);
      const ms = watched(legs, from, to);
      return ms > 0 ? [{ a: a.name, b: b.name, ms, troubleMs: troubleOf(legs, from, to) }] : [];
    }),
  );
}

/** The time that these processes lost to faults between two moments. */
export function troubleOf(legs: readonly LegReport[], from: number, to: number): number {
  const troubles = legs.flatMap(({ wires }) => wires).flatMap((wire) => wire.troubles);
  return troubles
    .filter((trouble) => trouble.at < to && trouble.at + trouble.ms > from)
    .reduce((sum, trouble) => sum + trouble.ms, 0);
}

/** Jobs that fail-over gave up, and that were not asked to end at once though the step went on. */
export function slowlyGivenUp({ attempts, jobs }: WorldReport): string[] {
  return attempts
    .flatMap(({ legs }) => legs)
    .flatMap((leg) =>
      leg.gaveUp.flatMap(({ name, at }) => {
        const job = jobs.find((each) => each.name === name);
        if (job === undefined) return [`${name} was given up, and never was`];
        const until = Math.min(overAt(job), leg.mainEndedAt ?? Number.POSITIVE_INFINITY);
        const ms = until - at;
        return ms > CALLS_MS + troubleOf([leg], at, until) ? [`${name} was given up and lived on for ${ms} ms`] : [];
      }),
    );
}

/** How much of a stretch of time some process of the step was there. */
export function watched(legs: readonly LegReport[], from: number, to: number): number {
  const spans = legs
    .flatMap(({ startedAt, mainEndedAt, postStartedAt, postEndedAt }) => [
      [startedAt, mainEndedAt ?? to] as const,
      ...(postStartedAt === undefined ? [] : [[postStartedAt, postEndedAt ?? to] as const]),
    ])
    .map(([start, end]) => [Math.max(start, from), Math.min(end, to)] as const)
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b);
  let ms = 0;
  let until = from;
  for (const [start, end] of spans) {
    ms += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return ms;
}
