import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heightAt } from '../../../../src/local/study/stopping/curve.ts';
import { stopOf, stoppingNote } from '../../../../src/local/study/stopping/early-stopping.ts';
import { regress } from '../../../../src/local/study/stopping/gaussian-process.ts';
import type { Goal, Measurement, StudySpec, Trial } from '../../../../src/vertex/types.ts';

const NONE = new Set<string>();
const stopReason = (...given: Parameters<typeof stopOf>) => stopOf(...given)?.why;

function study(rule: object, goal: Goal = 'MAXIMIZE'): StudySpec {
  return { metrics: [{ metricId: 'm', goal }], parameters: [], ...rule };
}

/** A trial that reported these values at the steps 1, 2, 3 …, ten seconds apart unless told otherwise. */
function trial(id: number, values: readonly number[], state: Trial['state'] = 'SUCCEEDED', seconds = 10): Trial {
  const measurements = values.map(
    (value, index): Measurement => ({
      stepCount: String(index + 1),
      elapsedDuration: `${(index + 1) * seconds}s`,
      metrics: [{ metricId: 'm', value }],
    }),
  );
  const finalMeasurement = measurements.at(-1);
  return {
    id: String(id),
    state,
    parameters: [],
    measurements,
    ...(state === 'SUCCEEDED' && finalMeasurement !== undefined && { finalMeasurement }),
  };
}

describe('the median rule', () => {
  const steps = study({ medianAutomatedStoppingSpec: {} });
  const time = study({ medianAutomatedStoppingSpec: { useElapsedDuration: true } });
  // Their averages up to step 2 are 2, 4 and 6.
  const others = [trial(1, [1, 3, 90]), trial(2, [3, 5, 90]), trial(3, [5, 7, 90])];

  it.each<[string, StudySpec, readonly Trial[], number[], boolean]>([
    ['below the median', steps, others, [3, 3.9], true],
    ['at the median', steps, others, [3, 4], false],
    ['its best was above', steps, others, [5, 0], false],
    ['too few others', steps, others.slice(1), [0, 0], false],
    ['an even number of others', steps, [...others, trial(4, [9, 9])], [4.9, 0], true],
    ['the middle of two', steps, [...others, trial(4, [9, 9])], [5, 0], false],
    ['others that still run', steps, [...others.slice(1), trial(4, [9, 9], 'ACTIVE')], [0, 0], false],
    ['others that failed', steps, [...others.slice(1), trial(4, [9, 9], 'INFEASIBLE')], [0, 0], false],
    ['nothing reported yet', steps, others, [], false],
    [
      'others that had reported nothing by then',
      time,
      [1, 2, 3].map((id) => trial(id, [9], 'SUCCEEDED', 30)),
      [0, 0],
      false,
    ],
    [
      'over time, the others being slower',
      time,
      [1, 2, 3].map((id) => trial(id, [1, 9], 'SUCCEEDED', 15)),
      [2, 0],
      false,
    ],
    [
      'by steps, the others being slower',
      steps,
      [1, 2, 3].map((id) => trial(id, [1, 9], 'SUCCEEDED', 15)),
      [2, 0],
      true,
    ],
  ])('%s', (_name, spec, trials, values, isStopped) => {
    const reason = stopReason(spec, trial(9, values, 'ACTIVE'), trials, NONE);
    if (isStopped) expect(reason).toMatch(/^the median rule, (?:step 2|20 s)$/);
    else expect(reason).toBeUndefined();
  });

  it('turns round where less is better', () => {
    const less = study({ medianAutomatedStoppingSpec: {} }, 'MINIMIZE');
    expect(stopReason(less, trial(9, [4.1, 6], 'ACTIVE'), others, NONE)).toBeDefined();
    expect(stopReason(less, trial(9, [3.9, 6], 'ACTIVE'), others, NONE)).toBeUndefined();
  });

  it('never stops a trial that is above all others', () => {
    const values = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(values, { maxLength: 6 }), fc.integer({ min: 1, max: 8 }), (all, length) => {
        const completed = all.map((each, index) => trial(index + 1, each));
        const top = trial(
          9,
          Array.from({ length }, () => 100),
          'ACTIVE',
        );
        expect(stopReason(steps, top, completed, NONE)).toBeUndefined();
      }),
    );
  });
});

describe('the decay curve rule', () => {
  /** A curve that comes closer and closer to `end`, with a little unrest. */
  const curve = (end: number, steps: number) =>
    Array.from({ length: steps }, (_unused, index) => end * (1 - Math.exp(-(index + 1) / 5)) + 0.002 * (index % 2));
  const ends = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9];
  const completed = ends.map((end, index) => trial(index + 1, curve(end, 20)));
  const spec = study({ decayCurveStoppingSpec: {} });
  const reasonAt = (end: number, steps: number, trials = completed, stopped: ReadonlySet<string> = NONE) =>
    stopReason(spec, trial(99, curve(end, steps), 'ACTIVE'), trials, stopped);

  it.each([
    ['a poor one half way', 0.52, 10, true],
    ['a poor one early', 0.52, 4, true],
    ['one as good as the best', 0.9, 10, false],
    ['one better than the best', 0.99, 10, false],
    ['one that has run longer than all', 0.3, 20, false],
  ])('%s', (_name, end, steps, isStopped) => {
    const reason = reasonAt(end, steps);
    if (isStopped) expect(reason).toBe(`the decay curve rule, step ${steps}`);
    else expect(reason).toBeUndefined();
  });

  it('does not know before five trials have come to their end', () => {
    expect(reasonAt(0.3, 10, completed.slice(0, 4))).toBeUndefined();
    expect(reasonAt(0.3, 10, completed, new Set(['1', '2', '3', '4']))).toBeUndefined();
  });

  it('lets a late bloomer go on that others like it have been', () => {
    const late = (end: number) => Array.from({ length: 20 }, (_unused, index) => (index < 14 ? 0.1 : end));
    const bloomers = [0.7, 0.95, 0.8, 0.92, 0.6].map((end, index) => trial(index + 20, late(end)));
    const here = trial(99, late(0.9).slice(0, 10), 'ACTIVE');
    expect(stopReason(spec, here, [...completed, ...bloomers], NONE)).toBeUndefined();
    expect(stopReason(spec, here, completed, NONE)).toBeDefined();
  });

  it('breaks on no curve', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 5, maxLength: 9 }), values, (all, own) => {
        const trials = all.map((each, index) => trial(index + 1, each));
        expect(['string', 'undefined']).toContain(typeof stopReason(spec, trial(99, own, 'ACTIVE'), trials, NONE));
      }),
    );
  });
});

describe('the convex rule', () => {
  /** A curve that comes closer and closer to `end`. */
  const curve = (end: number, steps: number) =>
    Array.from({ length: steps }, (_unused, index) => end * (1 - Math.exp(-(index + 1) / 5)));
  const completed = [0.5, 0.6, 0.7, 0.75, 0.8, 0.9].map((end, index) => trial(index + 1, curve(end, 20)));
  const spec = (more: object = {}) => study({ convexAutomatedStoppingSpec: { maxStepCount: '20', ...more } });
  const stopAt = (values: readonly number[], given = spec(), trials: readonly Trial[] = completed) =>
    stopOf(given, trial(99, values, 'ACTIVE'), trials, NONE);

  it.each<[string, readonly number[], StudySpec, readonly Trial[], boolean]>([
    ['a poor one half way', curve(0.4, 10), spec(), completed, true],
    ['one as good as the best', curve(0.9, 10), spec(), completed, false],
    ['one whose slope still leads higher', [0.1, 0.15, 0.2, 0.25, 0.3], spec(), completed, false],
    ['a flat one', [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], spec(), completed, false],
    ['one that falls', [0.5, 0.4, 0.3, 0.2, 0.1], spec(), completed, true],
    ['one that has reported too little', curve(0.1, 4), spec(), completed, false],
    [
      'one that has reported enough for a lower bound',
      [0.1, 0.11, 0.11],
      spec({ minMeasurementCount: '3' }),
      completed,
      true,
    ],
    ['one that has not come far enough', curve(0.4, 10), spec({ minStepCount: '10' }), completed, false],
    ['one that has come to its end', curve(0.4, 20), spec(), completed, false],
    ['too few others', curve(0.4, 10), spec(), completed.slice(1), false],
    ['its end learnt from the others', curve(0.4, 10), spec({ maxStepCount: '0' }), completed, true],
  ])('%s', (_name, values, given, trials, isStopped) => {
    expect(stopAt(values, given, trials) !== undefined).toBe(isStopped);
  });

  it('adds a last measurement with the largest step and what the trial would have come to', () => {
    const stop = stopAt(curve(0.4, 10));
    expect(stop).toMatchObject({
      why: 'the convex rule, step 10',
      prediction: { metricId: 'm', step: 20n, timestamp: 100 },
    });
    expect(stop?.prediction?.value).toBeCloseTo(0.4 * (1 - Math.exp(-4)), 1);
  });

  it('goes by time, and down where less is better', () => {
    const given: StudySpec = {
      ...spec({ maxStepCount: '200', useElapsedDuration: true }),
      metrics: [{ metricId: 'm', goal: 'MINIMIZE' }],
    };
    const fall = (end: number, steps: number) => curve(end, steps).map((value) => 1 - value);
    const others = [0.5, 0.6, 0.7, 0.75, 0.8, 0.9].map((end, index) => trial(index + 1, fall(end, 20)));
    const stop = stopAt(fall(0.4, 10), given, others);
    expect(stop).toMatchObject({ why: 'the convex rule, 100 s', prediction: { step: 10n, timestamp: 200 } });
    expect(stop?.prediction?.value).toBeCloseTo(1 - 0.4 * (1 - Math.exp(-4)), 1);
    expect(stopAt(fall(0.9, 10), given, others)).toBeUndefined();
  });

  it('predicts nothing better than the best, and a number', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(values, { minLength: 6, maxLength: 9 }), values, (all, own) => {
        const trials = all.map((each, index) => trial(index + 1, each));
        const { prediction } = stopAt(own, spec(), trials) ?? {};
        if (prediction === undefined) return;
        expect(prediction.value).toBeLessThan(Math.max(...all.map((each) => each.at(-1) ?? 0)));
        expect(Number.isFinite(prediction.value)).toBe(true);
      }),
    );
  });
});

describe('heightAt', () => {
  const points = [
    { x: 1, y: 10 },
    { x: 3, y: 20 },
    { x: 3, y: 30 },
    { x: 5, y: 0 },
  ];
  it.each([
    [0, 10],
    [1, 10],
    [2, 15],
    [4, 15],
    [5, 0],
    [9, 0],
  ])('at %d is %d', (x, expected) => {
    expect(heightAt(points, x)).toBe(expected);
  });
});

describe('regress', () => {
  const between = (left: readonly number[], right: readonly number[]) =>
    left.map((one) => right.map((other) => Math.abs(one - other)));
  const at = (places: number[], values: number[], query: number) =>
    regress(between(places, places), values, between([query], places)[0] ?? []);
  const places = [0, 1, 2, 3, 4, 5, 6];

  it('comes close to a smooth function between its points, and is unsure far from them', () => {
    const values = places.map((x) => Math.sin(x));
    const near = at(places, values, 2.5);
    expect(near?.mean).toBeCloseTo(Math.sin(2.5), 1);
    const far = at(places, values, 40);
    expect(far?.mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 6);
    expect(far?.deviation ?? 0).toBeGreaterThan(5 * (near?.deviation ?? 0));
  });

  it('expects what is always so, and nothing of nothing', () => {
    expect(at([1, 1, 1], [2, 2, 2], 1)).toEqual({ mean: 2, deviation: 0 });
    expect(at([], [], 1)).toBeUndefined();
  });
});

describe('stoppingNote', () => {
  const two = { metrics: ['a', 'b'].map((metricId) => ({ metricId, goal: 'MAXIMIZE' as const })) };
  it.each([
    ['no rule', study({}), undefined],
    ['the median rule', study({ medianAutomatedStoppingSpec: {} }), /by the median rule/],
    ['the decay curve rule', study({ decayCurveStoppingSpec: {} }), /by the decay curve rule/],
    ['the convex rule', study({ convexAutomatedStoppingSpec: {} }), /by the convex rule\.$/],
    [
      'fields of the convex rule that mean nothing here',
      study({ convexAutomatedStoppingSpec: { learningRateParameterName: 'lr', updateAllStoppedTrials: true } }),
      /Without effect in this region: learning_rate_parameter_name, update_all_stopped_trials\.$/,
    ],
    ['several metrics', { ...study({ medianAutomatedStoppingSpec: {} }), ...two }, /several metrics no trial/],
  ])('%s', (_name, spec, expected) => {
    if (expected === undefined) expect(stoppingNote(spec)).toBeUndefined();
    else expect(stoppingNote(spec)).toMatch(expected);
    if (spec.metrics.length > 1) expect(stopReason(spec, trial(1, [1], 'ACTIVE'), [], NONE)).toBeUndefined();
  });
});
