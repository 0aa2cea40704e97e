import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import { Faults } from '../../src/inputs/collect.ts';
import { parseGate } from '../../src/inputs/gate.ts';
import { judgeGate, metricFaults } from '../../src/results/gate.ts';
import type { Baseline, GateVerdict, Metrics } from '../../src/results/types.ts';

function rulesOf(text: string) {
  const faults = new Faults();
  const rules = parseGate(faults, text);
  expect(faults.list).toEqual([]);
  return rules;
}

const baselineOf = (metrics: Metrics): Baseline => ({
  job: 'projects/1/locations/l/customJobs/1',
  runId: '123',
  runUrl: 'https://github.com/o/r/actions/runs/123',
  commit: undefined,
  metrics,
});

function judged(text: string, metrics: Metrics, baseline?: Metrics): GateVerdict {
  const [verdict, ...more] = judgeGate(rulesOf(text), metrics, baseline && baselineOf(baseline));
  if (verdict === undefined || more.length > 0) throw new Error('one verdict was expected');
  return verdict;
}

describe('a rule', () => {
  test.each<{
    gate: string;
    metrics: Metrics;
    baseline?: Metrics;
    passed: boolean;
    bound: number | undefined;
    message: string;
  }>([
    {
      gate: 'accuracy >= 0.9',
      metrics: { accuracy: 0.9 },
      passed: true,
      bound: 0.9,
      message: 'accuracy is 0.9; it has to be >= 0.9.',
    },
    {
      gate: 'accuracy > 0.9',
      metrics: { accuracy: 0.9 },
      passed: false,
      bound: 0.9,
      message: 'accuracy is 0.9; it has to be > 0.9.',
    },
    {
      gate: 'loss < 0.5',
      metrics: { loss: -3 },
      passed: true,
      bound: 0.5,
      message: 'loss is -3; it has to be < 0.5.',
    },
    {
      gate: 'loss <= 0.5',
      metrics: { loss: 0.51 },
      passed: false,
      bound: 0.5,
      message: 'loss is 0.51; it has to be <= 0.5.',
    },
    {
      gate: 'loss <= 0',
      metrics: { loss: -0 },
      passed: true,
      bound: 0,
      message: 'loss is 0; it has to be <= 0.',
    },
    {
      gate: 'accuracy >= baseline - 0.01',
      metrics: { accuracy: 0.884 },
      baseline: { accuracy: 0.9 },
      passed: false,
      bound: 0.89,
      message: 'accuracy is 0.884; it has to be >= 0.89 (baseline 0.9 of run 123, less 0.01).',
    },
    {
      gate: 'accuracy > baseline',
      metrics: { accuracy: 0.91 },
      baseline: { accuracy: 0.9 },
      passed: true,
      bound: 0.9,
      message: 'accuracy is 0.91; it has to be > 0.9 (baseline 0.9 of run 123).',
    },
    {
      gate: 'loss <= baseline + 5%',
      metrics: { loss: 2.05 },
      baseline: { loss: 2 },
      passed: true,
      bound: 2.1,
      message: 'loss is 2.05; it has to be <= 2.1 (baseline 2 of run 123, plus 5%).',
    },
    {
      gate: 'reward >= baseline - 10%',
      metrics: { reward: -105 },
      baseline: { reward: -100 },
      passed: true,
      bound: -110,
      message: 'reward is -105; it has to be >= -110 (baseline -100 of run 123, less 10% of its absolute value).',
    },
    {
      gate: 'accuracy >= baseline - 0.01',
      metrics: { accuracy: 0.1 },
      passed: true,
      bound: undefined,
      message: 'accuracy is 0.1; there is no baseline yet, so it passes.',
    },
    {
      gate: 'accuracy >= baseline',
      metrics: { accuracy: 0.1 },
      baseline: { loss: 1 },
      passed: true,
      bound: undefined,
      message: 'accuracy is 0.1; the baseline, run 123, has no value of it, so it passes.',
    },
    {
      gate: 'acuracy >= 0.9',
      metrics: { accuracy: 1, loss: 2 },
      passed: false,
      bound: 0.9,
      message:
        'acuracy was not measured, and has to be >= 0.9. Measured: "accuracy", "loss". The nearest is "accuracy".',
    },
    {
      gate: 'accuracy >= baseline - 1%',
      metrics: {},
      passed: false,
      bound: undefined,
      message: 'accuracy was not measured, and has to be >= baseline - 1%. Nothing was measured.',
    },
    {
      gate: 'constructor >= 0',
      metrics: { a: 1 },
      passed: false,
      bound: 0,
      message: 'constructor was not measured, and has to be >= 0. Measured: "a".',
    },
    {
      gate: 'm >= 0',
      metrics: { m: Number.POSITIVE_INFINITY },
      passed: false,
      bound: 0,
      message: 'm was not measured, and has to be >= 0. Measured: "m".',
    },
    {
      gate: 'accuracy >= 0.9000000001',
      metrics: { accuracy: 0.9 },
      passed: false,
      bound: 0.9000000001,
      message: 'accuracy is 0.9; it has to be >= 0.9000000001.',
    },
    {
      gate: 'accuracy >= baseline + 0.2',
      metrics: { accuracy: 0.3 },
      baseline: { accuracy: 0.1 },
      passed: false,
      bound: 0.1 + 0.2,
      message: 'accuracy is 0.3; it has to be >= 0.30000000000000004 (baseline 0.1 of run 123, plus 0.2).',
    },
    {
      gate: 'accuracy >= 0.5',
      metrics: { accuracy: 2 / 3 },
      passed: true,
      bound: 0.5,
      message: 'accuracy is 0.666667; it has to be >= 0.5.',
    },
  ])('$gate: $message', ({ gate, metrics, baseline, passed, bound, message }) => {
    const verdict = judged(gate, metrics, baseline);
    expect(verdict).toMatchObject({ passed, message });
    if (bound === undefined) expect(verdict.bound).toBeUndefined();
    else expect(verdict.bound).toBeCloseTo(bound, 12);
  });

  test('of a hundred metrics names ten', () => {
    const metrics = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`${'m'.repeat(1_000)}${index}`, 1]));
    const { message } = judged('a >= 1', metrics);
    expect(message).toContain(' and 90 more.');
    expect(message.length).toBeLessThan(2_000);
  });

  test.each([{}, { ['x'.repeat(10_000)]: 1 }])('of a name of ten thousand characters is told shortly', (metrics) => {
    for (const bound of ['0', 'baseline']) {
      expect(judged(`${'x'.repeat(10_000)} >= ${bound}`, metrics).message.length).toBeLessThan(500);
    }
  });

  test('never contradicts itself, and judges as the numbers compare', () => {
    const near = fc
      .tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }))
      .map(([value, steps]) => [value, value + steps * Number.EPSILON * Math.abs(value)] as const)
      .filter(([, other]) => Number.isFinite(other));
    fc.assert(
      fc.property(near, fc.constantFrom('>=', '>', '<=', '<'), ([value, bound], operator) => {
        const { passed, message } = judged(`m ${operator} ${bound}`, { m: value });
        const [, shownValue = '', shownBound = ''] = /^m is (\S+); it has to be \S+ (\S+)\.$/.exec(message) ?? [];
        const difference = Number(shownValue) - Number(shownBound);
        const holds = { '>=': difference >= 0, '>': difference > 0, '<=': difference <= 0, '<': difference < 0 };
        expect(holds[operator as '>=']).toBe(passed);
        expect(passed).toBe(
          operator.includes('=') && value === bound ? true : operator[0] === '>' ? value > bound : value < bound,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('that allows more passes whatever the stricter passes', () => {
    const values = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(values, values, fc.nat(100), fc.constantFrom('', '%'), (value, before, size, unit) => {
        const strict = judged('m >= baseline', { m: value }, { m: before }).passed;
        const lax = judged(`m >= baseline - ${size}${unit}`, { m: value }, { m: before }).passed;
        expect(strict && !lax).toBe(false);
      }),
    );
  });
});

describe('the metrics of a gate', () => {
  test.each<{ name: string; gate: string; known: string[] | undefined; faults: string[] }>([
    { name: 'that nobody knows', gate: 'a >= 1', known: undefined, faults: [] },
    { name: 'that are measured', gate: 'a >= 1\nb < 1', known: ['b', 'a'], faults: [] },
    {
      name: 'one of which is not',
      gate: 'accuracy >= 1\nlos < baseline',
      known: ['accuracy', 'loss'],
      faults: [
        'gate names "los" in "los < baseline", a metric that the study does not measure. Measured: "accuracy", "loss". The nearest is "loss". [gate-metric]',
      ],
    },
  ])('$name', ({ gate, known, faults }) => {
    expect(metricFaults(rulesOf(gate), known).map(faultText)).toEqual(faults);
  });
});
