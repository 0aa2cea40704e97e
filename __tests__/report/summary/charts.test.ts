import { describe, expect, test } from '@jest/globals';
import { importanceSection } from '../../../src/report/summary/study/importance.ts';
import { measuredOf } from '../../../src/report/summary/study/measured.ts';
import { objectiveSection } from '../../../src/report/summary/study/objective.ts';
import { parameterSections } from '../../../src/report/summary/study/parameters.ts';
import { timelineSection } from '../../../src/report/summary/study/timeline.ts';
import { trialsSection } from '../../../src/report/summary/study/trials.ts';
import type { MetricSpec, ParameterValue, Trial } from '../../../src/vertex/types.ts';
import { trial } from '../../job/jobs.ts';
import { ACCURACY, tuningJob } from '../scenes.ts';

const LOSS: MetricSpec = { metricId: 'loss', goal: 'MINIMIZE' };

/** Trials by their values; undefined is one that did not succeed. */
const measuring = (metric: MetricSpec, values: readonly (number | undefined)[]): Trial[] =>
  values.map((value, index) =>
    value === undefined
      ? trial(`${index + 1}`, 'INFEASIBLE')
      : trial(`${index + 1}`, 'SUCCEEDED', { [metric.metricId]: value }),
  );

const objective = (metric: MetricSpec, values: readonly (number | undefined)[]) =>
  objectiveSection(measuredOf(tuningJob(measuring(metric, values)), metric), metric)?.forms[0];

const linesOf = (text: string | undefined, ...kinds: string[]) =>
  (text ?? '').split('\n').filter((line) => kinds.some((kind) => line.startsWith(`  ${kind}`)));

describe('a metric by trial', () => {
  test.each([
    { name: 'nothing', values: [] },
    { name: 'one trial', values: [1] },
    { name: 'one value', values: [1, undefined, undefined] },
    { name: 'always the same', values: [1, 1, 1] },
    { name: 'no value', values: [undefined, undefined] },
    { name: 'no number', values: [Number.NaN, Number.POSITIVE_INFINITY] },
  ])('has no chart of $name', ({ values }) => {
    expect(objective(ACCURACY, values)).toBeUndefined();
  });

  test('shows each value and the best so far', () => {
    const text = objective(ACCURACY, [undefined, 0.5, 0.75, 0.25, 1]);
    expect(linesOf(text, 'x-axis', 'y-axis', 'bar', 'line')).toEqual([
      '  x-axis "trial" ["2", "3", "4", "5"]',
      '  y-axis "accuracy" 0 --> 1.0375',
      '  bar [0.5, 0.75, 0.25, 1]',
      '  line [0.5, 0.75, 0.75, 1]',
    ]);
    expect(text).toContain(
      '*Each bar is a trial; the line is the best so far, and higher is better. 1 without a value is left out.*',
    );
    expect(text).toContain('| 2 | 0.5 |\n| 3 | 0.75 |\n| 5 | 1 |\n');
  });

  test('shows the least as the best where that is the goal, and small numbers by a power of ten', () => {
    const text = objective(LOSS, [undefined, 4e-5, 2e-5, 3e-5]);
    expect(linesOf(text, 'y-axis', 'line')).toEqual(['  y-axis "loss (×10⁻⁵)" 0 --> 4.1', '  line [4, 2, 2]']);
    expect(text).toContain('lower is better');
  });

  test('draws what diverged at the edge, and says so', () => {
    const text = objective(LOSS, [1, 0.9, 1.1, 1e30, 0.95]);
    expect(linesOf(text, 'bar')).toEqual(['  bar [1, 0.9, 1.1, 1.11, 0.95]']);
    expect(text).toContain('One value above 1.1 is drawn at the edge.');
  });

  test('has no more bars than can be told apart: trials in a row share one, which shows their best', () => {
    const text = objective(
      ACCURACY,
      Array.from({ length: 1_000 }, (_, index) => index),
    );
    const [bars = ''] = linesOf(text, 'bar');
    expect(bars.split(',')).toHaveLength(200);
    expect(bars.startsWith('  bar [4, 9, 14,')).toBe(true);
    expect(text).toContain('*Each bar is the best of 5 trials in a row; the line');
  });
});

const withParameter = (values: readonly (ParameterValue | undefined)[]) =>
  measuredOf(
    tuningJob(
      values.map((value, index) =>
        trial(
          `${index + 1}`,
          'SUCCEEDED',
          { accuracy: 0.5 + ((index * 7) % 11) / 50 },
          {
            parameters: value === undefined ? [] : [{ parameterId: 'p', value }],
          },
        ),
      ),
    ),
    ACCURACY,
  );
const parameter = (values: readonly (ParameterValue | undefined)[]) =>
  parameterSections(withParameter(values), ACCURACY, undefined)
    .map(({ forms }) => forms[0])
    .join('\n\n');

describe('a parameter', () => {
  test.each([
    { name: 'that is always the same', values: ['a', 'a', 'a', 'a'] },
    { name: 'that two trials have', values: ['a', 'b', undefined, undefined] },
    { name: 'of more categories than can be read', values: Array.from({ length: 30 }, (_, index) => `c${index}`) },
  ])('$name has no chart', ({ values }) => {
    expect(parameter(values)).toBe('');
  });

  test('of categories shows the best and the median of each', () => {
    const text = parameter(['b', 'a', 'b', 'a', 'b', undefined]);
    expect(linesOf(text, 'x-axis', 'bar')).toEqual([
      '  x-axis "p" ["a", "b"]',
      '  bar [0.7, 0.62]',
      '  bar [0.64, 0.56]',
    ]);
    expect(text).toContain('dark: their median. 5 of 6 trials have it. The axis does not begin at 0.*');
    expect(text).toContain('| <code>a</code> | 2 | 0.7 | 0.64 |');
  });

  test('of few numbers is shown by them, in their order', () => {
    expect(linesOf(parameter([128, 32, 128, 32, 64, 64, 128]), 'x-axis')).toEqual(['  x-axis "p" ["32", "64", "128"]']);
  });

  test('of many numbers is shown by points, over orders of magnitude by their logarithms', () => {
    const text = parameter([1e-4, 1e-3, 1e-2, 1e-1, 1, 5e-4, 5e-3]);
    expect(text).toContain('  x-axis "p (log): 0.0001 to 0.01" --> "0.01 to 1"');
    expect(text.match(/^ {2}" ": \[0\.\d{4}, 0\.\d{4}\]/gm)).toHaveLength(7);
    expect(text).toContain('the large one is the best, trial 4.');
  });

  test('of a thousand numbers is thinned, and says so', () => {
    const text = parameter(Array.from({ length: 1_000 }, (_, index) => index / 7));
    expect(text.match(/^ {2}" ": /gm)?.length).toBe(400);
    expect(text).toContain('400 of 1000 trials are drawn, at even distances by id.');
    expect(text.match(/color: /g)).toHaveLength(1);
  });

  test('is drawn the sooner the more it explains; what explains little is folded away', () => {
    const trials = measuredOf(
      tuningJob(
        Array.from({ length: 20 }, (_, index) =>
          trial(
            `${index + 1}`,
            'SUCCEEDED',
            { accuracy: index / 20 },
            {
              parameters: ['p1', 'p2', 'p3', 'p4', 'p5'].map((parameterId) => ({ parameterId, value: index % 3 })),
            },
          ),
        ),
      ),
      ACCURACY,
    );
    const importance = [
      { parameter: 'p4', share: 0.6 },
      { parameter: 'p2', share: 0.3 },
    ];
    const [open, more] = parameterSections(trials, ACCURACY, importance).map(({ forms }) => forms[0]);
    expect([...(open ?? '').matchAll(/\*\*<code>(.*)<\/code>\*\*/g)].map(([, name]) => name)).toEqual([
      'p4',
      'p2',
      'p1',
    ]);
    expect(more).toContain('<details><summary>2 more parameters</summary>');
  });
});

test('of very many parameters the table and the charts say how many they leave out', () => {
  const trials = Array.from({ length: 9 }, (_, index) =>
    trial(
      `${index + 1}`,
      'SUCCEEDED',
      { accuracy: index / 9 },
      { parameters: Array.from({ length: 50 }, (_each, name) => ({ parameterId: `p${name}`, value: index })) },
    ),
  );
  const [, more] = parameterSections(measuredOf(tuningJob(trials), ACCURACY), ACCURACY, undefined);
  expect(more?.forms[0]).toContain('<details><summary>9 more parameters</summary>');
  expect(more?.forms[0]).toContain('\n\n38 more are in the table of the trials.\n\n');
  const table = trialsSection(tuningJob(trials), [ACCURACY], ['9'])?.forms[0] ?? '';
  expect(table).toContain('\n\n13 more columns are in trials_file.\n\n</details>');
  expect(table).toContain('\n| 9 | SUCCEEDED | **0.888889** | 8 |');
  expect(
    new Set(
      table
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map((line) => line.split('|').length),
    ),
  ).toEqual(new Set([42]));
});

describe('importance', () => {
  test.each([
    { name: 'of too few trials', importance: undefined },
    { name: 'of a single parameter', importance: [{ parameter: 'a', share: 1 }] },
  ])('$name is not shown', ({ importance }) => {
    expect(importanceSection(importance, ACCURACY, 20)).toBeUndefined();
  });

  test('shows the most important first', () => {
    const text = importanceSection(
      [
        { parameter: 'a', share: 0.251 },
        { parameter: '<b>', share: 0.5 },
      ],
      ACCURACY,
      20,
    )?.forms[0];
    expect((text ?? '').split('\n').filter((line) => line.includes('█'))).toEqual([
      `| <code>&lt;b&gt;</code> | <code>${'█'.repeat(10)}${'░'.repeat(10)}</code> 50 % |`,
      `| <code>a</code> | <code>${'█'.repeat(5)}${'░'.repeat(15)}</code> 25 % |`,
    ]);
  });

  test('of nothing is said', () => {
    const text = importanceSection(
      [
        { parameter: 'a', share: 0 },
        { parameter: 'b', share: 0 },
      ],
      ACCURACY,
      20,
    )?.forms[0];
    expect(text).toContain('No parameter explains more than chance would.');
  });
});

const NOW = Date.parse('2026-11-01T09:00:00Z');
const ran = (id: string, start: string | undefined, end: string | undefined, state: Trial['state'] = 'SUCCEEDED') =>
  trial(id, state, undefined, {
    ...(start === undefined ? {} : { startTime: `2026-11-01T${start}Z` }),
    ...(end === undefined ? {} : { endTime: `2026-11-01T${end}Z` }),
  });
const clock = (minutes: number) => new Date(minutes * 60_000).toISOString().slice(11, 19);
const timeline = (trials: readonly Trial[], best: readonly string[] = []) =>
  timelineSection(tuningJob(trials), best, NOW)?.forms[0];

describe('a timeline', () => {
  test('has a row for each trial that ran at once', () => {
    const text = timeline(
      [
        ran('1', '08:00:00', '08:10:00'),
        ran('2', '08:05:00', '08:15:00'),
        ran('3', '08:10:00', '08:20:00', 'INFEASIBLE'),
        ran('4', '08:15:00', undefined, 'ACTIVE'),
        ran('5', undefined, undefined),
      ],
      ['2'],
    );
    expect((text ?? '').split('\n').filter((line) => /^ {2}(?:section|\d)/.test(line))).toEqual([
      '  section 1',
      '  1 :2026-11-01 08:00:00, 2026-11-01 08:10:00',
      '  3 :crit, 2026-11-01 08:10:00, 2026-11-01 08:20:00',
      '  section 2',
      '  2 :active, 2026-11-01 08:05:00, 2026-11-01 08:15:00',
      '  4 :2026-11-01 08:15:00, 2026-11-01 09:00:00',
    ]);
  });

  test('of many trials has no names, which would hide each other', () => {
    const sequence = Array.from({ length: 61 }, (_, index) =>
      ran(`${index + 1}`, clock(index * 10), clock(index * 10 + 5)),
    );
    expect(timeline(sequence.slice(0, 60))).toMatch(/^ {2}60 :/m);
    expect(timeline(sequence)).not.toMatch(/^ {2}\d+ :/m);
  });

  test.each([
    { name: 'one trial', trials: [ran('1', '08:00:00', '08:10:00')] },
    { name: 'no times', trials: [ran('1', undefined, undefined), ran('2', undefined, undefined)] },
    {
      name: 'more at once than a page has rows',
      trials: Array.from({ length: 41 }, (_, index) => ran(`${index}`, '08:00:00', '08:10:00')),
    },
  ])('is not drawn for $name', ({ trials }) => {
    expect(timeline(trials)).toBeUndefined();
  });
});
