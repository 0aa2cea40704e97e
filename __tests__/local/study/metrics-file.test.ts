import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  measurementsOf,
  parseReports,
  type Report,
  reportsOf,
  verdictOf,
} from '../../../src/local/study/metrics-file.ts';
import type { StudySpec } from '../../../src/vertex/types.ts';

const line = (tag: string, value: string, step: number, timestamp: number) =>
  `${JSON.stringify({ checkpoint_path: '', global_step: String(step), [tag]: value, timestamp, trial: '1' })}\n`;

const one: StudySpec = { metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }], parameters: [] };
const two: StudySpec = { metrics: [...one.metrics, { metricId: 'acc', goal: 'MAXIMIZE' }], parameters: [] };
const best: StudySpec = { ...one, measurementSelectionType: 'BEST_MEASUREMENT' };
const read = (text: string): Report[] => parseReports(text);

describe('parseReports', () => {
  it.each([
    ['a number as text', '"0.93"', [0.93]],
    ['an exponent', '"1e-05"', [0.00001]],
    ['a plain number', '7', [7]],
    ['nan', '"nan"', [Number.NaN]],
    ['inf', '"inf"', [Number.POSITIVE_INFINITY]],
    ['-inf', '"-inf"', [Number.NEGATIVE_INFINITY]],
    ['a word', '"high"', []],
    ['an empty text', '""', []],
  ])('%s', (_name, value, expected) => {
    expect(read(`{"loss": ${value}, "global_step": "1", "timestamp": 1.5}`).map((report) => report.value)).toEqual(
      expected,
    );
  });

  it.each(['"nan"', '"inf"', '"-inf"', '1e999', '1e300', '-5', '"soon"', '{}'])(
    'a time of %s is none, and no measurement’s',
    (timestamp) => {
      const reports = read(`{"loss": 1, "global_step": "1", "timestamp": ${timestamp}}`);
      expect(reports.map((report) => report.timestamp)).toEqual([0]);
      expect(measurementsOf(one, reports, 10)[0]?.elapsedDuration).toBe('0s');
    },
  );

  it('passes over a line that is still being written', () => {
    expect(read(`${line('loss', '1', 1, 1)}{"loss": "0.`)).toHaveLength(1);
  });

  it('breaks on no text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseReports(text)));
    fc.assert(fc.property(fc.json(), (text) => void parseReports(text)));
  });
});

describe('measurementsOf', () => {
  it('groups by step, leaves out NaN and metrics that were not asked for', () => {
    const text =
      line('loss', '3', 1, 11) + line('acc', '0.1', 1, 12) + line('loss', 'nan', 2, 13) + line('other', '1', 3, 14);
    expect(measurementsOf(two, read(text), 10)).toEqual([
      {
        elapsedDuration: '2s',
        stepCount: '1',
        metrics: [
          { metricId: 'loss', value: 3 },
          { metricId: 'acc', value: 0.1 },
        ],
      },
    ]);
  });
});

describe('measurements without steps', () => {
  it('are as many as there were reports', () => {
    const text =
      line('loss', '3', 0, 11) + line('acc', '0.1', 0, 11.25) + line('loss', '2', 0, 12) + line('acc', '0.2', 0, 12.5);
    const metrics = (loss: number, acc: number) => [
      { metricId: 'loss', value: loss },
      { metricId: 'acc', value: acc },
    ];
    expect(measurementsOf(two, read(text), 10)).toEqual([
      { elapsedDuration: '1.250s', stepCount: '0', metrics: metrics(3, 0.1) },
      { elapsedDuration: '2.500s', stepCount: '0', metrics: metrics(2, 0.2) },
    ]);
  });
});

describe('reportsOf', () => {
  it('gives back what the measurements were made of', () => {
    const report = fc.record({
      metricId: fc.constantFrom('loss', 'acc'),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      step: fc.bigInt(0n, 3n),
    });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (given) => {
        const reports = given.map((each, index) => ({ ...each, timestamp: 10 + index / 8 }));
        const measurements = measurementsOf(two, reports, 10);
        expect(measurementsOf(two, reportsOf(measurements, 10), 10)).toEqual(measurements);
      }),
    );
  });
});

describe('the order of measurements', () => {
  it('is that of their steps, however they were reported', () => {
    const text = line('loss', '3', 10, 11) + line('loss', '2', 2, 12) + line('loss', '1', 10, 13);
    expect(
      measurementsOf(one, read(text), 10).map(({ stepCount, elapsedDuration }) => [stepCount, elapsedDuration]),
    ).toEqual([
      ['2', '2s'],
      ['10', '3s'],
    ]);
  });
});

describe('verdictOf', () => {
  const values = (study: StudySpec, text: string) => {
    const verdict = verdictOf(study, read(text), 0);
    return 'infeasible' in verdict
      ? verdict.infeasible
      : verdict.finalMeasurement.metrics?.map((metric) => metric.value);
  };
  const falling = line('loss', '1', 1, 1) + line('loss', '0.5', 2, 2) + line('loss', '0.7', 3, 3);

  it.each([
    ['the last by default', one, falling, [0.7]],
    ['the best where asked', best, falling, [0.5]],
    ['the best of those without a step', best, line('loss', '1', 0, 1) + line('loss', '2', 0, 2), [1]],
    ['the last of one step', one, line('loss', '1', 0, 1) + line('loss', '2', 0, 2), [2]],
    [
      'the last step that has all',
      two,
      line('loss', '1', 1, 1) + line('acc', '2', 1, 1) + line('loss', '9', 2, 2),
      [1, 2],
    ],
    ['each metric’s last where no step has all', two, line('loss', '1', 1, 1) + line('acc', '2', 0, 2), [1, 2]],
    ['the best, past a NaN at the end', best, falling + line('loss', 'nan', 4, 4), [0.5]],
    ['no report', one, '', 'The trial ended without a value for every metric of the study (loss): it reported none.'],
    [
      'another metric only',
      one,
      line('training/hptuning/metric', '1', 1, 1),
      'The trial ended without a value for every metric of the study (loss): it reported training/hptuning/metric.',
    ],
    ['NaN at the end', one, falling + line('loss', 'nan', 4, 4), 'The metric loss was NaN.'],
    ['infinity at the end', one, line('loss', 'inf', 4, 4), 'The metric loss was Infinity.'],
    ['nothing but NaN where the best counts', best, line('loss', 'nan', 4, 4), 'The metric loss was NaN.'],
  ])('%s', (_name, study, text, expected) => {
    expect(values(study, text)).toEqual(expected);
  });

  it('finds the best as a plain loop does', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (numbers) => {
        const text = numbers.map((value, index) => line('loss', String(value), index + 1, index + 1)).join('');
        expect(values(best, text)?.[0]).toBe(Math.min(...numbers) + 0);
      }),
      { examples: [[[2, 1, 3]]] },
    );
  });
});
