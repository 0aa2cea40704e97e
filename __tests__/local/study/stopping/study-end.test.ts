import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextLookMs, type StudyProgress, studyEnd } from '../../../../src/local/study/stopping/study-end.ts';
import type { StudySpec, StudyStoppingConfig, Trial } from '../../../../src/vertex/types.ts';

const BEGUN = Date.parse('2026-11-01T12:00:00Z');
const SECOND = 1000;

function study(studyStoppingConfig: StudyStoppingConfig, metricIds = ['m']): StudySpec {
  return {
    metrics: metricIds.map((metricId) => ({ metricId, goal: 'MAXIMIZE' })),
    parameters: [],
    studyStoppingConfig,
  };
}

/** Trials that ended ten seconds apart with these values, the first after ten; `undefined` is one that failed. */
function ended(values: readonly (number | undefined)[]): Trial[] {
  return values.map((value, index): Trial => {
    const endTime = new Date(BEGUN + (index + 1) * 10 * SECOND).toISOString();
    const trial = { id: String(index + 1), parameters: [], endTime };
    if (value === undefined) return { ...trial, state: 'INFEASIBLE' };
    return { ...trial, state: 'SUCCEEDED', finalMeasurement: { metrics: [{ metricId: 'm', value }] } };
  });
}

function at(seconds: number, values: readonly (number | undefined)[] = [], running = 0): StudyProgress {
  const nowMs = BEGUN + seconds * SECOND;
  return { begunMs: BEGUN, nowMs, trialCount: values.length + running, finished: ended(values) };
}

const minute = { maxDuration: '60s' };

describe('studyEnd', () => {
  it.each<[string, StudyStoppingConfig, StudyProgress, RegExp | undefined]>([
    ['no condition', {}, at(1e6, [1, 1, 1]), undefined],
    ['before the longest time', { maximumRuntimeConstraint: minute }, at(59.9), undefined],
    ['after the longest time', { maximumRuntimeConstraint: minute }, at(60), /maximum_runtime_constraint/],
    [
      'after a moment by the clock',
      { maximumRuntimeConstraint: { endTime: '2026-11-01T12:00:30Z' } },
      at(30),
      /maximum_runtime_constraint/,
    ],
    ['too early by the shortest time', { minimumRuntimeConstraint: minute, maxNumTrials: 1 }, at(59, [1]), undefined],
    ['the shortest time over', { minimumRuntimeConstraint: minute, maxNumTrials: 1 }, at(60, [1]), /max_num_trials/],
    [
      'too few trials, however late (the proto’s example)',
      { minNumTrials: 5, maximumRuntimeConstraint: minute },
      at(4000, [1, 2, 3, 4, undefined]),
      undefined,
    ],
    [
      'enough trials, and late',
      { minNumTrials: 5, maximumRuntimeConstraint: minute },
      at(4000, [1, 2, 3, 4, 5]),
      /maximum_runtime_constraint/,
    ],
    ['fewer trials than the most', { maxNumTrials: 3 }, at(20, [1], 1), undefined],
    ['as many trials as the most, some of which run', { maxNumTrials: 3 }, at(20, [1], 2), /`max_num_trials` is 3/],
    ['progress of late', { maxNumTrialsNoProgress: 2 }, at(40, [1, 1, 2, 2]), undefined],
    ['no progress', { maxNumTrialsNoProgress: 2 }, at(40, [1, 2, 2, 1]), /^2 trials brought no progress/],
    ['no progress, by failed trials', { maxNumTrialsNoProgress: 2 }, at(40, [1, undefined, undefined]), /no progress/],
    [
      'failed trials before the first value',
      { maxNumTrialsNoProgress: 2 },
      at(40, [undefined, undefined, 1]),
      undefined,
    ],
    ['only failed trials', { maxNumTrialsNoProgress: 1 }, at(40, [undefined, undefined]), undefined],
    ['no progress for less than that', { maxDurationNoProgress: '30s' }, at(39, [1, 1, 1]), undefined],
    ['no progress for so long', { maxDurationNoProgress: '30s' }, at(40, [1, 1, 1]), /no progress for 30s/],
    ['no progress, but nothing yet at all', { maxDurationNoProgress: '30s' }, at(400), undefined],
  ])('%s', (_name, config, progress, expected) => {
    const reason = studyEnd(study(config), progress);
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });

  it('knows no progress among several metrics', () => {
    const config = { maxNumTrialsNoProgress: 1, maxDurationNoProgress: '1s' };
    const progress = at(100, [1, 1, 1]);
    expect(studyEnd(study(config), progress)).toBeDefined();
    expect(studyEnd(study(config, ['m', 'n']), progress)).toBeUndefined();
  });

  it('has a lack of progress where less is better and it rises', () => {
    const spec = { ...study({ maxNumTrialsNoProgress: 2 }), metrics: [{ metricId: 'm', goal: 'MINIMIZE' as const }] };
    expect(studyEnd(spec, at(40, [1, 2, 3]))).toBeDefined();
    expect(studyEnd(spec, at(40, [3, 2, 1]))).toBeUndefined();
  });
});

describe('nextLookMs', () => {
  const config = fc.record(
    {
      minimumRuntimeConstraint: fc.constantFrom({ maxDuration: '20s' }, { endTime: '2026-11-01T12:01:00Z' }),
      maximumRuntimeConstraint: fc.constantFrom({ maxDuration: '45s' }, { endTime: '2026-11-01T12:00:10Z' }),
      minNumTrials: fc.nat(4),
      maxNumTrials: fc.integer({ min: 1, max: 6 }),
      maxDurationNoProgress: fc.constantFrom('5s', '33s'),
    },
    { requiredKeys: [] },
  );
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }), { maxLength: 4 });

  it('is the next moment at which the answer can change while no trial ends', () => {
    fc.assert(
      fc.property(config, values, fc.nat(100), fc.nat(100), (given, all, now, later) => {
        const spec = study(given);
        const first = at(all.length * 10 + now, all);
        const second = at(all.length * 10 + now + later, all);
        const next = nextLookMs(spec, first);
        if (next !== undefined) expect(next).toBeGreaterThan(first.nowMs);
        if (studyEnd(spec, first) === studyEnd(spec, second)) return;
        expect(next).toBeLessThanOrEqual(second.nowMs);
      }),
    );
  });
});
