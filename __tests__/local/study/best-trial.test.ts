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
    [
      'a safe one before a better one',
      {
        ...study('MAXIMIZE'),
        metrics: [
          { metricId: 'm1', goal: 'MINIMIZE', safetyConfig: { safetyThreshold: 5 } },
          { metricId: 'm0', goal: 'MAXIMIZE' },
        ],
      } satisfies StudySpec,
      [trial('1', 'SUCCEEDED', 9, 6), trial('2', 'SUCCEEDED', 3, 5), trial('3', 'SUCCEEDED', 4, -1)],
      '3',
    ],
    [
      'the best where none is safe',
      {
        ...study('MAXIMIZE'),
        metrics: [
          { metricId: 'm0', goal: 'MAXIMIZE' },
          { metricId: 'm1', goal: 'MAXIMIZE', safetyConfig: {} },
        ],
      } satisfies StudySpec,
      [trial('1', 'SUCCEEDED', 1, -1), trial('2', 'SUCCEEDED', 3, -6)],
      '2',
    ],
    ['nothing of nothing', study('MAXIMIZE'), [trial('1', 'SUCCEEDED')], undefined],
  ])('is %s', (_name, spec, trials, expected) => {
    expect(bestTrial(spec, trials)?.id).toBe(expected);
  });
});
