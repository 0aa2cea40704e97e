import { describe, expect, it } from '@jest/globals';
import { bestTrial } from '../../../src/local/study/best-trial.ts';
import type { Goal, StudySpec, Trial } from '../../../src/vertex/types.ts';

describe('bestTrial', () => {
  const study = (...goals: Goal[]): StudySpec => ({
    metrics: goals.map((goal, index) => ({ metricId: `m${index}`, goal })),
    parameters: [],
  });
  const trial = (id: string, state: Trial['state'], ...values: number[]): Trial => ({
    id,
    state,
    parameters: [],
    finalMeasurement: { metrics: values.map((value, index) => ({ metricId: `m${index}`, value })) },
  });
  it.each([
    ['the highest', study('MAXIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'SUCCEEDED', 3)], '2'],
    ['the lowest', study('MINIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'SUCCEEDED', 3)], '1'],
    [
      'the highest without a goal',
      study('GOAL_TYPE_UNSPECIFIED'),
      [trial('2', 'SUCCEEDED', 3), trial('1', 'SUCCEEDED', 1)],
      '2',
    ],
    ['the lower id of equals', study('MAXIMIZE'), [trial('10', 'SUCCEEDED', 1), trial('9', 'SUCCEEDED', 1)], '9'],
    ['none that failed', study('MAXIMIZE'), [trial('1', 'SUCCEEDED', 1), trial('2', 'INFEASIBLE', 3)], '1'],
    [
      'the first metric',
      study('MAXIMIZE', 'MAXIMIZE'),
      [trial('1', 'SUCCEEDED', 1, 9), trial('2', 'SUCCEEDED', 2, 0)],
      '2',
    ],
    ['nothing of nothing', study('MAXIMIZE'), [trial('1', 'SUCCEEDED')], undefined],
  ])('is %s', (_name, spec, trials, expected) => {
    expect(bestTrial(spec, trials)?.id).toBe(expected);
  });
});
