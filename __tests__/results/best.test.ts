import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bestOf, bestTrial } from '../../src/results/best.ts';
import { type MetricSpec, TRIAL_STATES, type Trial } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';
import { ab, MAX_A_MIN_B } from './points.ts';

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

describe('the best of a job', () => {
  const spec = { outputUri: 'gs://bucket/runs/7', tensorboard: undefined, pools: [] };
  const request = { metrics: MAX, pick: 'nearest_to_ideal', metricsFile: undefined } as const;
  const folders = (folder: string) => ({ model: `${folder}/model`, checkpoints: `${folder}/checkpoints` });

  test('with one metric is the best trial, with its folders', () => {
    const trials = [trial('2', 'SUCCEEDED', { m: 1 }), trial('11', 'SUCCEEDED', { m: 2, other: 3 })];
    expect(bestOf({ ...request, job: { trials, spec } })).toEqual({
      trial: { id: '11', parameters: {}, metrics: { m: 2, other: 3 }, job: undefined },
      metrics: { m: 2, other: 3 },
      pareto: undefined,
      folders: folders('gs://bucket/runs/7/11'),
    });
  });

  test('goes by what the study selects', () => {
    const way = (...values: number[]) => ({
      measurements: values.map((value) => ({ metrics: [{ metricId: 'm', value }] })),
    });
    const trials = [trial('1', 'SUCCEEDED', undefined, way(9, 1)), trial('2', 'SUCCEEDED', undefined, way(2, 3))];
    const job = (selection: string | undefined) => ({ trials, study: { metrics: MAX, maxTrials: 2, selection } });
    expect(bestOf({ ...request, job: job(undefined) }).metrics).toEqual({ m: 3 });
    expect(bestOf({ ...request, job: job('BEST_MEASUREMENT') }).trial?.id).toBe('1');
    expect(bestOf({ ...request, job: job('BEST_MEASUREMENT') }).metrics).toEqual({ m: 9 });
  });

  test('takes the metrics of the study where none are given', () => {
    const job = { trials: [trial('1', 'SUCCEEDED', { m: 1 })], study: { metrics: MAX, maxTrials: 1 } };
    expect(bestOf({ ...request, metrics: [], job }).trial?.id).toBe('1');
  });

  test('with several metrics is the one picked, beside the Pareto set', () => {
    const trials = [ab(1, 10, 10), ab(2, 8, 3), ab(3, 0, 0), ab(4, 0, 10), trial('5', 'INFEASIBLE', { a: 99, b: 0 })];
    const best = bestOf({ ...request, metrics: MAX_A_MIN_B, job: { trials, spec } });
    expect(best).toMatchObject({
      trial: { id: '2' },
      metrics: { a: 8, b: 3 },
      folders: folders('gs://bucket/runs/7/2'),
      pareto: { rule: 'nearest_to_ideal' },
    });
    expect(best.pareto?.trials.map(({ id }) => id)).toEqual(['1', '2', '3']);
    // 8 by 7 tenths; the others have a worst value and add nothing.
    expect(best.pareto?.hypervolume.share).toBeCloseTo(0.56, 12);
  });

  test('with several metrics and one trial has no hypervolume, and says why', () => {
    const { trial: only, pareto } = bestOf({ ...request, metrics: MAX_A_MIN_B, job: { trials: [ab(1, 1, 1)] } });
    expect(only?.id).toBe('1');
    expect(pareto).toMatchObject({ hypervolume: { why: expect.stringMatching(/same value/) } });
  });

  test.each([1, 2])('of trials that all failed is nothing, with %d metrics', (count) => {
    const job = { trials: [trial('1', 'INFEASIBLE', { a: 1, b: 1 })], spec };
    const best = bestOf({ ...request, metrics: MAX_A_MIN_B.slice(0, count), metricsFile: { a: 9 }, job });
    expect(best).toEqual({ trial: undefined, metrics: {}, pareto: undefined, folders: undefined });
  });

  test('of a study without trials is nothing, whatever file there is', () => {
    const best = bestOf({ ...request, metricsFile: { m: 9 }, job: { trials: [], spec } });
    expect(best).toEqual({ trial: undefined, metrics: {}, pareto: undefined, folders: undefined });
  });

  test('of a job without trials is its metrics file', () => {
    const job = { trials: [], spec };
    const best = { trial: undefined, pareto: undefined, folders: folders('gs://bucket/runs/7') };
    expect(bestOf({ ...request, metrics: [], job, metricsFile: { m: 9 } })).toEqual({ ...best, metrics: { m: 9 } });
    expect(bestOf({ ...request, metrics: [], job })).toEqual({ ...best, metrics: {} });
  });

  test.each(['..', '1/../..', '', '1 ', '-1', '1e3', '\u0661', 'a'])('has no folders by the id %j', (id) => {
    const best = bestOf({ ...request, job: { trials: [trial(id, 'SUCCEEDED', { m: 1 })], spec } });
    expect(best.trial?.id).toBe(id);
    expect(best.folders).toBeUndefined();
  });

  test.each([undefined, '', 'gs://', '/tmp/out', 'https://bucket/runs'])('has no folders below %j', (outputUri) => {
    const job = { trials: [], spec: { ...spec, outputUri } };
    expect(bestOf({ ...request, metrics: [], job }).folders).toBeUndefined();
  });
});
