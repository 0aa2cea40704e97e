import { epochOf, trialMs } from '../../vertex/times.ts';
import type { Trial } from '../../vertex/types.ts';

/** How far moments of interest lie from now, in milliseconds; Infinity where there is none on that side. */
export interface Nearest {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** How far the nearest of the points (milliseconds since the epoch) lie from `now`, on either side; one at `now` is past. */
export function nearestPoints(points: readonly number[], now: number): Nearest {
  let sinceMs = Number.POSITIVE_INFINITY;
  let untilMs = Number.POSITIVE_INFINITY;
  for (const point of points) {
    if (point <= now) sinceMs = Math.min(sinceMs, now - point);
    else untilMs = Math.min(untilMs, point - now);
  }
  return { sinceMs, untilMs };
}

/** When the active trials may be expected to end: after as long as half of those that ended took. Epoch milliseconds. */
export function expectedEnds(trials: readonly Trial[]): number[] {
  const typical = median(trials.flatMap((trial) => trialMs(trial) ?? []));
  if (typical === undefined) return [];
  return trials.flatMap(({ state, startTime }) => {
    const start = state === 'ACTIVE' ? epochOf(startTime) : undefined;
    return start === undefined ? [] : [start + typical];
  });
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
