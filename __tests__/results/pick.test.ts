import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { paretoFront } from '../../src/results/pareto.ts';
import { pickFrom, pickText } from '../../src/results/pick.ts';
import type { Point } from '../../src/results/points.ts';
import { PICK_RULES, type PickRule } from '../../src/results/types.ts';
import { anyPoints, point, sphere } from './points.ts';

const picked = (points: readonly Point[], rule: PickRule) => pickFrom(paretoFront(points), points, rule);

describe('the pick', () => {
  test.each<{ name: string; rule: PickRule; points: Point[]; id: string }>([
    {
      name: 'nearest to the best of both',
      rule: 'nearest_to_ideal',
      points: [point(1, 10, 0), point(2, 8, 7), point(3, 0, 10)],
      id: '2',
    },
    {
      name: 'whatever the scale of a metric',
      rule: 'nearest_to_ideal',
      points: [point(1, 1_000_000, 0), point(2, 800_000, 0.07), point(3, 0, 0.1)],
      id: '2',
    },
    {
      name: 'whatever a bad trial measured',
      rule: 'nearest_to_ideal',
      points: [point(1, 10, 0), point(2, 8, 7), point(3, 0, 10), point(4, -1e9, -1)],
      id: '2',
    },
    { name: 'the only one', rule: 'nearest_to_ideal', points: [point(7, 1, 1)], id: '7' },
    { name: 'of a tie, the lower id', rule: 'nearest_to_ideal', points: [point(10, 1, 0), point(9, 0, 1)], id: '9' },
    {
      name: 'of a tie but for rounding, the lower id',
      rule: 'nearest_to_ideal',
      points: [point(9, 0.1, 0.7), point(2, 0.7, 0.1), point(4, 0, 0.8), point(3, 0.8, 0)],
      id: '2',
    },
    {
      name: 'best by the first metric',
      rule: 'first_metric',
      points: [point(1, 9, 0), point(2, 10, -5), point(3, 0, 10)],
      id: '2',
    },
    {
      name: 'best by the first metric, however little',
      rule: 'first_metric',
      points: [point(1, 1, 5), point(2, 1 + Number.EPSILON, 4)],
      id: '2',
    },
    {
      name: 'of equals of the first metric, the lower id',
      rule: 'first_metric',
      points: [point(3, 1, 0, 1), point(2, 1, 1, 0), point(1, 0, 2, 2)],
      id: '2',
    },
    {
      name: 'that adds most to the volume',
      rule: 'largest_hypervolume',
      points: [point(1, 10, 1), point(2, 9, 8), point(3, 8, 9), point(4, 1, 10), point(5, 0, 0)],
      // Alone: 1, 7, 7 and 1.
      id: '2',
    },
    {
      name: 'that adds most, though it is there twice',
      rule: 'largest_hypervolume',
      points: [point(1, 9, 1), point(5, 5, 5), point(6, 5, 5), point(2, 1, 9), point(3, 0, 0)],
      id: '5',
    },
    {
      name: 'that adds most, where a metric stays',
      rule: 'largest_hypervolume',
      points: [point(1, 9, 1, 3), point(5, 5, 5, 3), point(2, 1, 9, 3), point(3, 0, 0, 3)],
      id: '5',
    },
  ])('$rule: $name', ({ rule, points, id }) => {
    expect(picked(points, rule)).toMatchObject({ point: { trial: { id } }, rule });
    expect(picked([...points].reverse(), rule)?.point.trial.id).toBe(id);
  });

  test('of nothing is none', () => {
    expect(picked([], 'nearest_to_ideal')).toBeUndefined();
  });

  test('of too many for their volumes is another, and says by which rule', () => {
    const points = sphere(100, 4);
    expect(pickFrom(points, points, 'largest_hypervolume', 1_000)?.rule).toBe('nearest_to_ideal');
    expect(pickFrom(points, points, 'largest_hypervolume')?.rule).toBe('largest_hypervolume');
  });

  test('is of the set, and the same in whatever order they come', () => {
    fc.assert(
      fc.property(anyPoints(4, 12), fc.constantFrom(...PICK_RULES), (points, rule) => {
        fc.pre(points.length > 0);
        const id = picked(points, rule)?.point.trial.id;
        expect(paretoFront(points).map(({ trial }) => trial.id)).toContain(id);
        expect(picked([...points].reverse(), rule)?.point.trial.id).toBe(id);
      }),
    );
  });

  test.each(PICK_RULES)('%s is told in one sentence', (rule) => {
    expect(pickText(rule)).toMatch(/^Picked [^.]+\.$/);
  });
});
