import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byId, finalValue, toResult } from '../../src/results/trials.ts';
import type { Measurement, MetricSpec } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';

const MAX: MetricSpec = { metricId: 'm', goal: 'MAXIMIZE' };
const MIN: MetricSpec = { metricId: 'm', goal: 'MINIMIZE' };

const measured = (...values: (number | undefined)[]): Measurement[] =>
  values.map((value) => ({ metrics: value === undefined ? [] : [{ metricId: 'm', value }] }));

test('ids are ordered as numbers, and other texts as texts', () => {
  const ids = ['10', '9', '1', 'b', 'a'].map((id) => trial(id, 'ACTIVE'));
  expect(
    ids
      .slice(0, 3)
      .sort(byId)
      .map(({ id }) => id),
  ).toEqual(['1', '9', '10']);
  expect(
    ids
      .slice(3)
      .sort(byId)
      .map(({ id }) => id),
  ).toEqual(['a', 'b']);
});

describe('the final value', () => {
  const LAST = 'LAST_MEASUREMENT';
  const BEST = 'BEST_MEASUREMENT';
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  test.each<{
    name: string;
    final?: number;
    way?: Measurement[];
    metric?: MetricSpec;
    selection?: string;
    value: number | undefined;
  }>([
    { name: 'is the final measurement', final: 1, way: measured(5, 6), selection: BEST, value: 1 },
    { name: 'may be 0', final: 0, way: measured(5), value: 0 },
    { name: 'without one, is the last', way: measured(5, 6, 2), value: 2 },
    { name: 'by LAST_MEASUREMENT, is the last', way: measured(5, 6, 2), selection: LAST, value: 2 },
    { name: 'is the last that has the metric', way: measured(5, 6, undefined), selection: LAST, value: 6 },
    { name: 'by BEST_MEASUREMENT, is the highest', way: measured(5, 6, 2), selection: BEST, value: 6 },
    { name: 'by BEST_MEASUREMENT, is the lowest', way: measured(5, 6, 2, 4), selection: BEST, metric: MIN, value: 2 },
    { name: 'by BEST_MEASUREMENT, passes over NaN', way: measured(nan, 6, infinity), selection: BEST, value: 6 },
    { name: 'is none where the last is NaN', way: measured(5, nan), selection: LAST, value: undefined },
    { name: 'is none where the final one is NaN', final: nan, way: measured(5), value: undefined },
    { name: 'is none where the final one is infinite', final: infinity, value: undefined },
    { name: 'is none where the final one is -Infinity', final: -infinity, metric: MIN, value: undefined },
    { name: 'is none without any measurement', value: undefined },
    { name: 'is none where none has the metric', way: measured(undefined), selection: BEST, value: undefined },
  ])('$name', ({ final, way, metric = MAX, selection, value }) => {
    const one = trial('1', 'SUCCEEDED', final === undefined ? undefined : { m: final }, {
      ...(way === undefined ? {} : { measurements: way }),
    });
    expect(finalValue(one, metric, selection)).toBe(value);
  });

  test('is the selected one where the final measurement has other metrics', () => {
    const one = trial('1', 'SUCCEEDED', { other: 9 }, { measurements: measured(3, 1) });
    expect(finalValue(one, MAX)).toBe(1);
  });

  test.each(['INFEASIBLE', 'ACTIVE', 'STOPPING', 'REQUESTED', 'STATE_UNSPECIFIED'] as const)(
    'is none of %s',
    (state) => {
      expect(finalValue(trial('1', state, { m: 1 }, { measurements: measured(1) }), MAX)).toBeUndefined();
    },
  );

  test('by BEST_MEASUREMENT, is never worse than by LAST_MEASUREMENT', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const one = trial('1', 'SUCCEEDED', undefined, { measurements: measured(...values) });
        const best = finalValue(one, MIN, BEST) ?? Number.NaN;
        expect(best).toBeLessThanOrEqual(finalValue(one, MIN, LAST) ?? Number.NaN);
        expect(values.filter((value) => value < best)).toEqual([]);
      }),
    );
  });
});

describe('a trial as a result', () => {
  test('has the finite metrics of its final measurement', () => {
    const one = trial('3', 'SUCCEEDED', { m: 1, worse: Number.NaN, endless: Number.POSITIVE_INFINITY, other: -2 });
    expect(toResult(one)).toEqual({ id: '3', parameters: {}, metrics: { m: 1, other: -2 }, job: undefined });
  });

  test('has what the study selects where the final measurement lacks it', () => {
    const one = trial('3', 'SUCCEEDED', { other: 2 }, { measurements: measured(4, 3) });
    expect(toResult(one, { metrics: [MAX], selection: 'BEST_MEASUREMENT' }).metrics).toEqual({ other: 2, m: 4 });
    expect(toResult(one, { metrics: [MAX] }).metrics).toEqual({ other: 2, m: 3 });
  });

  test('keeps hostile names as its own', () => {
    const text = JSON.stringify(toResult(trial('3', 'SUCCEEDED', JSON.parse('{"__proto__": 1, "constructor": 2}'))));
    expect(text).toContain('"metrics":{"__proto__":1,"constructor":2}');
  });
});
