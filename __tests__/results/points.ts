import fc from 'fast-check';
import type { Point } from '../../src/results/points.ts';
import type { MetricSpec, Trial } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';

/** A point of a trial, higher values being better. */
export const point = (id: number, ...values: number[]): Point => ({ trial: trial(`${id}`, 'SUCCEEDED'), values });

/** Points of whole numbers that often meet in a value, in two to `most` metrics. */
export const anyPoints = (most = 4, maxLength = 12) =>
  fc
    .integer({ min: 2, max: most })
    .chain((dimensions) =>
      fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: dimensions, maxLength: dimensions }), {
        maxLength,
      }),
    )
    .map((all) => all.map((values, index) => point(index + 1, ...values)));

export const MAX_A_MIN_B: MetricSpec[] = [
  { metricId: 'a', goal: 'MAXIMIZE' },
  { metricId: 'b', goal: 'MINIMIZE' },
];

/** A trial that measured a and b. */
export const ab = (id: number, a: number, b: number): Trial => trial(`${id}`, 'SUCCEEDED', { a, b });

/** Points that look random, the same in every run, in the given number of metrics; each on the unit sphere, so that none is better than another. */
export function sphere(count: number, dimensions: number): Point[] {
  let seed = 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return Array.from({ length: count }, (_, index) => {
    const values = Array.from({ length: dimensions }, () => Math.abs(next() + next() + next() - 1.5) + 1e-3);
    const length = Math.hypot(...values);
    return point(index + 1, ...values.map((value) => value / length));
  });
}
