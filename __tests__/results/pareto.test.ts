import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paretoFront } from '../../src/results/pareto.ts';
import { type Point, pointsOf } from '../../src/results/points.ts';
import { trial } from '../job/jobs.ts';
import { ab, anyPoints, MAX_A_MIN_B, point, sphere } from './points.ts';

const ids = (points: readonly Point[]) => points.map((each) => each.trial.id);

describe('the Pareto set', () => {
  test.each<{ name: string; points: Point[]; front: string[] }>([
    { name: 'of nothing', points: [], front: [] },
    { name: 'of one', points: [point(1, 0, 0)], front: ['1'] },
    { name: 'is the one that is better in all', points: [point(1, 1, 1), point(2, 2, 2)], front: ['2'] },
    { name: 'is the one that is better in one', points: [point(1, 1, 1), point(2, 1, 2)], front: ['2'] },
    { name: 'has both of a trade', points: [point(1, 1, 2), point(2, 2, 1)], front: ['2', '1'] },
    { name: 'keeps equals', points: [point(1, 1, 2), point(2, 1, 2), point(3, 0, 2)], front: ['1', '2'] },
    {
      name: 'is sorted by the first metric, best first',
      points: [point(1, 1, 5), point(2, 3, 3), point(3, 2, 4), point(4, 2, 3)],
      front: ['2', '3', '1'],
    },
    {
      name: 'in three metrics has one that is best in none',
      points: [point(1, 3, 0, 0), point(2, 0, 3, 0), point(3, 0, 0, 3), point(4, 1, 1, 1), point(5, 1, 1, 0)],
      front: ['1', '4', '2', '3'],
    },
  ])('$name', ({ points, front }) => {
    expect(ids(paretoFront(points))).toEqual(front);
  });

  test('is what holding each against each gives, sorted', () => {
    const better = (a: Point, b: Point) =>
      a.values.every((value, index) => value >= (b.values[index] ?? 0)) &&
      a.values.some((value, index) => value > (b.values[index] ?? 0));
    fc.assert(
      fc.property(anyPoints(5, 30), (points) => {
        const expected = points.filter((each) => !points.some((other) => better(other, each)));
        const found = paretoFront(points);
        expect([...ids(found)].sort()).toEqual([...ids(expected)].sort());
        const firsts = found.map(({ values: [first = 0] }) => first);
        expect(firsts).toEqual([...firsts].sort((a, b) => b - a));
      }),
      { numRuns: 1_000 },
    );
  });

  // Each of them is held against every other: the most work there is.
  test('of ten thousand trials in four metrics, all of them in it', () => {
    expect(paretoFront(sphere(10_000, 4))).toHaveLength(10_000);
  });
});

describe('the points of trials', () => {
  test('are those that succeeded with a finite value of every metric, by id, higher being better', () => {
    const trials = [
      ab(10, 1, 2),
      ab(9, -0, 0),
      trial('1', 'INFEASIBLE', { a: 9, b: 0 }),
      trial('2', 'SUCCEEDED', { a: 9 }),
      ab(3, Number.NaN, 1),
      ab(4, 1, Number.NEGATIVE_INFINITY),
      trial('5', 'ACTIVE', { a: 1, b: 1 }),
    ];
    const points = pointsOf(trials, { metrics: MAX_A_MIN_B });
    expect(points.map(({ trial: { id }, values }) => ({ id, values }))).toEqual([
      { id: '9', values: [0, 0] },
      { id: '10', values: [1, -2] },
    ]);
  });

  test('are those that the study selects', () => {
    const measurements = [3, 5, 4].map((value) => ({
      metrics: [
        { metricId: 'a', value },
        { metricId: 'b', value },
      ],
    }));
    const [best] = pointsOf([trial('1', 'SUCCEEDED', undefined, { measurements })], {
      metrics: MAX_A_MIN_B,
      selection: 'BEST_MEASUREMENT',
    });
    expect(best?.values).toEqual([5, -3]);
  });
});
