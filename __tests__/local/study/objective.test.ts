import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSafe, onlyObjective, ranked } from '../../../src/local/study/objective.ts';
import type { MetricSpec, StudySpec, Trial } from '../../../src/vertex/types.ts';

const study = (...metrics: MetricSpec[]): StudySpec => ({ metrics, parameters: [] });
const loss: MetricSpec = { metricId: 'loss', goal: 'MINIMIZE' };
const accuracy: MetricSpec = { metricId: 'accuracy', goal: 'GOAL_TYPE_UNSPECIFIED' };
const latency: MetricSpec = { metricId: 'latency', goal: 'MINIMIZE', safetyConfig: { safetyThreshold: 10 } };

function trial(id: number, values: Readonly<Record<string, number>>, state: Trial['state'] = 'SUCCEEDED'): Trial {
  const metrics = Object.entries(values).map(([metricId, value]) => ({ metricId, value }));
  return { id: String(id), state, parameters: [], finalMeasurement: { metrics } };
}

const order = (spec: StudySpec, trials: readonly Trial[]) => ranked(spec, trials).map(({ id }) => id);

describe('ranked', () => {
  it.each<[string, StudySpec, Trial[], string[]]>([
    ['the least first', study(loss), [trial(1, { loss: 2 }), trial(2, { loss: 1 })], ['2', '1']],
    ['the greatest first', study(accuracy), [trial(1, { accuracy: 1 }), trial(2, { accuracy: 2 })], ['2', '1']],
    [
      'no trial that failed, runs, or lacks a metric',
      study(loss, accuracy),
      [trial(1, { loss: 2 }), trial(2, { loss: 1, accuracy: 1 }, 'INFEASIBLE'), trial(3, { loss: 1, accuracy: 1 })],
      ['3'],
    ],
    [
      'those that none surpasses in goals that differ',
      study(loss, accuracy),
      [
        trial(1, { loss: 2, accuracy: 1 }),
        trial(2, { loss: 1, accuracy: 1 }),
        trial(3, { loss: 5, accuracy: 9 }),
        trial(4, { loss: 6, accuracy: 0 }),
      ],
      ['2', '3', '1', '4'],
    ],
    [
      'the safe before the better',
      study(latency, loss),
      [trial(1, { loss: 1, latency: 11 }), trial(2, { loss: 9, latency: 10 }), trial(3, { loss: 8, latency: 1 })],
      ['3', '2', '1'],
    ],
  ])('%s', (_name, spec, trials, expected) => {
    expect(order(spec, trials)).toEqual(expected);
  });

  it('has none before one that surpasses it', () => {
    const point = fc.record({ loss: fc.integer({ min: 0, max: 4 }), accuracy: fc.integer({ min: 0, max: 4 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 12 }), (points) => {
        const found = ranked(
          study(loss, accuracy),
          points.map((values, index) => trial(index, values)),
        ).map(({ id }) => points[Number(id)] ?? { loss: Number.NaN, accuracy: Number.NaN });
        expect(found).toHaveLength(points.length);
        for (const [index, later] of found.entries()) {
          for (const earlier of found.slice(0, index)) {
            const surpasses = later.loss <= earlier.loss && later.accuracy >= earlier.accuracy;
            expect(surpasses && (later.loss < earlier.loss || later.accuracy > earlier.accuracy)).toBe(false);
          }
        }
      }),
    );
  });
});

describe('safety metrics', () => {
  it.each([
    ['at the threshold', 10, true],
    ['better', 9, true],
    ['worse', 10.5, false],
  ])('are safe or not: %s', (_name, value, expected) => {
    expect(isSafe(study(loss, latency), trial(1, { loss: 1, latency: value }))).toBe(expected);
  });

  it('are not safe where they are missing, and have 0 for a threshold that is not given', () => {
    expect(isSafe(study(loss, latency), trial(1, { loss: 1 }))).toBe(false);
    const gain: MetricSpec = { metricId: 'gain', goal: 'MAXIMIZE', safetyConfig: {} };
    expect(isSafe(study(loss, gain), trial(1, { gain: 0 }))).toBe(true);
    expect(isSafe(study(loss, gain), trial(1, { gain: -1 }))).toBe(false);
  });

  it('leave one objective where there is one beside them', () => {
    expect(onlyObjective(study(latency, loss))).toBe(loss);
    expect(onlyObjective(study(accuracy, loss))).toBeUndefined();
    expect(onlyObjective(study(latency))).toBeUndefined();
  });
});
