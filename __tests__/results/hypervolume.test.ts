import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dominated, exclusives, hypervolumeOf } from '../../src/results/hypervolume.ts';
import { paretoFront, type Vector } from '../../src/results/pareto.ts';
import { type Point, rangesOf, scaled } from '../../src/results/points.ts';
import { anyPoints, point, sphere } from './points.ts';

/** Cells of a grid of unit cubes below a point: exact where the values are whole numbers up to 4. */
function cells(points: readonly Vector[]): number {
  const dimensions = points[0]?.length ?? 0;
  let count = 0;
  for (let code = 0; code < 4 ** dimensions; code += 1) {
    const cell = Array.from({ length: dimensions }, (_, index) => Math.floor(code / 4 ** index) % 4);
    if (points.some((vector) => cell.every((low, index) => (vector[index] ?? 0) > low))) count += 1;
  }
  return count;
}

const vectors = (points: readonly Point[]) => points.map(({ values }) => values);
const distinct = (points: readonly Point[]) => [
  ...new Map(points.map((each) => [each.values.join(), each] as const)).values(),
];

describe('the dominated volume', () => {
  test('is what counting the cells of a grid gives, whatever is dominated or equal', () => {
    fc.assert(
      fc.property(anyPoints(5, 10), (points) => {
        expect(dominated(vectors(points))).toBeCloseTo(cells(vectors(points)), 9);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of each point alone is what is lost without it', () => {
    fc.assert(
      fc.property(anyPoints(4, 10), (points) => {
        const front = vectors(distinct(paretoFront(points)));
        const alone = exclusives(front) ?? [];
        const lost = front.map((one) => cells(front) - cells(front.filter((other) => other !== one)));
        expect(alone).toHaveLength(front.length);
        for (const [index, volume] of alone.entries()) expect(volume).toBeCloseTo(lost[index] ?? Number.NaN, 9);
      }),
      { numRuns: 1_000 },
    );
  });

  test('of one metric is the highest value', () => {
    expect(dominated([[0.2], [0.7], [0.1]])).toBe(0.7);
  });

  test('of few points by inclusion and exclusion, with values of any fraction', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    const vector = fc.array(value, { minLength: 4, maxLength: 4 });
    const box = (points: readonly Vector[]) =>
      [0, 1, 2, 3].reduce((volume, index) => volume * Math.min(...points.map((each) => each[index] ?? 0)), 1);
    fc.assert(
      fc.property(vector, vector, vector, (a, b, c) => {
        const union = box([a]) + box([b]) + box([c]) - box([a, b]) - box([a, c]) - box([b, c]) + box([a, b, c]);
        expect(dominated([a, b, c])).toBeCloseTo(union, 12);
      }),
    );
  });

  test.each([
    { metrics: 2, count: 10_000 },
    { metrics: 3, count: 10_000 },
    { metrics: 4, count: 500 },
    { metrics: 5, count: 500 },
  ])('is computed of $count points in $metrics metrics', ({ metrics, count }) => {
    const volume = dominated(vectors(sphere(count, metrics))) ?? Number.NaN;
    // Below the part of the ball around 0 that has no negative value; close to it with so many points.
    const ball = [0, 1, Math.PI / 4, Math.PI / 6, Math.PI ** 2 / 32, Math.PI ** 2 / 60][metrics] ?? 0;
    expect(volume).toBeLessThan(ball);
    expect(volume).toBeGreaterThan(ball * 0.5);
  });

  test('is not given where it takes too long, and no other number is', () => {
    const points = vectors(sphere(40, 5));
    expect(dominated(points, 1_000)).toBeUndefined();
    expect(exclusives(points, 1_000)).toBeUndefined();
    const whole = dominated(points);
    for (const steps of [100, 2_000, 10_000, 50_000, 200_000])
      expect([undefined, whole]).toContain(dominated(points, steps));
  });
});

describe('the hypervolume of a set', () => {
  const of = (...points: Point[]) => hypervolumeOf(paretoFront(points), points);

  test.each<{ name: string; points: Point[]; share: number | undefined; why?: RegExp }>([
    { name: 'of one that is best in all', points: [point(1, 9, 9), point(2, -1, 3)], share: 1 },
    { name: 'of a trade', points: [point(1, 10, 0), point(2, 0, 10)], share: 0 },
    { name: 'of a trade with a middle', points: [point(1, 10, 0), point(2, 0, 10), point(3, 5, 5)], share: 0.25 },
    {
      name: 'of a trade above the worst',
      points: [point(1, 4, 2), point(2, 2, 4), point(3, 0, 0)],
      share: 0.75,
    },
    { name: 'of nothing', points: [], share: undefined, why: /No trial/ },
    { name: 'of one trial', points: [point(1, 1, 2)], share: undefined, why: /same value/ },
    { name: 'of a metric that stays', points: [point(1, 1, 2), point(2, 2, 2)], share: undefined, why: /same value/ },
    {
      name: 'of numbers further apart than the largest',
      points: [point(1, 1.7e308, -1.7e308), point(2, -1.7e308, 1.7e308), point(3, 0, 0)],
      share: 0.25,
    },
  ])('$name', ({ points, share, why }) => {
    const volume = of(...points);
    if (share === undefined) expect(volume.share).toBeUndefined();
    else expect(volume.share).toBeCloseTo(share, 12);
    if (why === undefined) expect(volume.why).toBeUndefined();
    else expect(volume.why).toMatch(why);
  });

  test('is the share of the box in cells, and does not change with the scale of a metric', () => {
    fc.assert(
      fc.property(anyPoints(3, 12), fc.integer({ min: 1, max: 1_000 }), fc.integer(), (points, factor, shift) => {
        const ranges = points.length === 0 ? [] : rangesOf(points);
        fc.pre(ranges.length > 0 && ranges.every(({ low, high }) => high > low));
        const low = (values: Vector) => values.map((value, index) => value - (ranges[index]?.low ?? 0));
        const box = ranges.reduce((product, range) => product * (range.high - range.low), 1);
        const { share } = of(...points);
        expect(share).toBeCloseTo(cells(points.map(({ values }) => low(values))) / box, 9);
        const other = points.map((each) => ({ ...each, values: each.values.map((value) => value * factor + shift) }));
        expect(of(...other).share).toBeCloseTo(share ?? Number.NaN, 9);
      }),
    );
  });

  test('scales what has no range to 1', () => {
    expect(scaled(point(1, 5, 3), rangesOf([point(1, 5, 3), point(2, 5, 7)]))).toEqual([1, 0]);
  });
});
