import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bestTrial } from '../../src/results/best.ts';
import { type MetricSpec, TRIAL_STATES, type Trial } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';

const MAX: MetricSpec[] = [{ metricId: 'm', goal: 'MAXIMIZE' }];
const MIN: MetricSpec[] = [{ metricId: 'm', goal: 'MINIMIZE' }];

describe('the best trial', () => {
  test.each<{ name: string; trials: Trial[]; metrics: MetricSpec[]; id: string | undefined }>([
    { name: 'of none', trials: [], metrics: MAX, id: undefined },
    {
      name: 'the highest',
      trials: [trial('1', 'SUCCEEDED', { m: 1 }), trial('2', 'SUCCEEDED', { m: 3 })],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'the lowest',
      trials: [trial('1', 'SUCCEEDED', { m: 1 }), trial('2', 'SUCCEEDED', { m: -3 })],
      metrics: MIN,
      id: '2',
    },
    {
      name: 'without a goal, the highest',
      trials: [trial('1', 'SUCCEEDED', { m: 1 }), trial('2', 'SUCCEEDED', { m: 3 })],
      metrics: [{ metricId: 'm', goal: 'GOAL_TYPE_UNSPECIFIED' }],
      id: '2',
    },
    {
      name: 'of a tie, the lower id, and ids are numbers',
      trials: [trial('10', 'SUCCEEDED', { m: 1 }), trial('9', 'SUCCEEDED', { m: 1 })],
      metrics: MAX,
      id: '9',
    },
    {
      name: 'never an infeasible one, whatever it measured',
      trials: [trial('1', 'INFEASIBLE', { m: 9 }), trial('2', 'SUCCEEDED', { m: 1 })],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'never one that still runs',
      trials: [trial('1', 'ACTIVE', { m: 9 }), trial('2', 'STOPPING', { m: 9 }), trial('3', 'REQUESTED', { m: 9 })],
      metrics: MAX,
      id: undefined,
    },
    {
      name: 'never NaN',
      trials: [trial('1', 'SUCCEEDED', { m: Number.NaN }), trial('2', 'SUCCEEDED', { m: -5 })],
      metrics: MAX,
      id: '2',
    },
    { name: 'NaN alone', trials: [trial('1', 'SUCCEEDED', { m: Number.NaN })], metrics: MIN, id: undefined },
    {
      name: 'never one without a measurement',
      trials: [trial('1', 'SUCCEEDED'), trial('2', 'SUCCEEDED', { m: -5 })],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'never one that measured something else',
      trials: [trial('1', 'SUCCEEDED', { n: 9 }), trial('2', 'SUCCEEDED', { m: 0 })],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'by an intermediate measurement only where there is no final one',
      trials: [
        trial('1', 'SUCCEEDED', { m: 0 }, { measurements: [{ metrics: [{ metricId: 'm', value: 9 }] }] }),
        trial('3', 'SUCCEEDED', undefined, { measurements: [{ metrics: [{ metricId: 'm', value: 0.5 }] }] }),
        trial('2', 'SUCCEEDED', { m: 1 }, { measurements: [{ metrics: [{ metricId: 'm', value: 5 }] }] }),
      ],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'a measured 0 counts',
      trials: [trial('1', 'SUCCEEDED', { m: -1 }), trial('2', 'SUCCEEDED', { m: 0 })],
      metrics: MAX,
      id: '2',
    },
    {
      name: 'of several metrics',
      trials: [trial('1', 'SUCCEEDED', { m: 1, n: 1 })],
      metrics: [...MAX, { metricId: 'n', goal: 'MINIMIZE' }],
      id: undefined,
    },
    { name: 'of a custom job', trials: [], metrics: [], id: undefined },
  ])('$name', ({ trials, metrics, id }) => {
    expect(bestTrial(trials, metrics)?.id).toBe(id);
    expect(bestTrial([...trials].reverse(), metrics)?.id).toBe(id);
  });

  test('comes with parameters of their own types, all its metrics, and its job', () => {
    const best = trial(
      '2',
      'SUCCEEDED',
      { m: 0.5, other: 7 },
      {
        parameters: [
          { parameterId: 'rate', value: 0.01 },
          { parameterId: 'optimizer', value: 'adam' },
          { parameterId: '__proto__', value: '1' },
        ],
        customJob: 'projects/1/locations/l/customJobs/5',
      },
    );
    const found = bestTrial([best], MAX);
    expect(JSON.stringify(found)).toBe(
      '{"id":"2","parameters":{"rate":0.01,"optimizer":"adam","__proto__":"1"},"metrics":{"m":0.5,"other":7},"job":"projects/1/locations/l/customJobs/5"}',
    );
  });
});

const anyTrial = fc.record({
  id: fc.integer({ min: 1, max: 60 }).map(String),
  state: fc.constantFrom(...TRIAL_STATES),
  value: fc.option(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double()), { nil: undefined }),
});
const anyTrials = fc
  .uniqueArray(anyTrial, { selector: ({ id }) => id, maxLength: 30 })
  .map((all) => all.map(({ id, state, value }) => trial(id, state, value === undefined ? undefined : { m: value })));

test('the best is what looking at each gives, in whatever order they come', () => {
  fc.assert(
    fc.property(anyTrials, fc.constantFrom<MetricSpec['goal']>('MAXIMIZE', 'MINIMIZE'), (trials, goal) => {
      // Independent of the source: sort the finite values, take the first of equals by number.
      const measured = trials
        .filter(({ state }) => state === 'SUCCEEDED')
        .map((each) => ({ id: Number(each.id), value: each.finalMeasurement?.metrics?.[0]?.value ?? Number.NaN }))
        .filter(({ value }) => Number.isFinite(value));
      const values = measured.map(({ value }) => value);
      const top = goal === 'MAXIMIZE' ? Math.max(...values) : Math.min(...values);
      const ids = measured.filter(({ value }) => value === top || (value === 0 && top === 0)).map(({ id }) => id);
      const expected = ids.length === 0 ? undefined : `${Math.min(...ids)}`;
      expect(bestTrial(trials, [{ metricId: 'm', goal }])?.id).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

test('finding it leaves the list as it was', () => {
  const trials = [trial('2', 'SUCCEEDED', { m: 1 }), trial('1', 'SUCCEEDED', { m: 2 })];
  bestTrial(trials, MAX);
  expect(trials.map(({ id }) => id)).toEqual(['2', '1']);
});
