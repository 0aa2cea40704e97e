import { describe, expect, test } from '@jest/globals';
import { againstBaseline, deltaText, goalOf, moneyText, shortNumber } from '../../../src/report/summary/numbers.ts';
import type { SummaryParts } from '../../../src/report/summary/parts.ts';
import { verdict, whereLine } from '../../../src/report/summary/verdict.ts';
import { ACCURACY, BASELINE, job, LATENCY, NOTHING, parts, results, rule, tuningJob } from '../scenes.ts';

const measured = { best: { ...NOTHING, metrics: { accuracy: 0.98 } } };
const cheap = results().usage;

describe('the verdict', () => {
  test.each<{ name: string; told: Partial<SummaryParts>; line: string }>([
    { name: 'of a job that measured nothing', told: {}, line: '✅ Custom job SUCCEEDED after 1 h 12 min: cost 3.15' },
    {
      name: 'of a study',
      told: { job: tuningJob([]), metrics: [ACCURACY], results: results(measured) },
      line: '✅ Hyperparameter tuning job SUCCEEDED after 1 h 12 min: accuracy 0.98, cost 3.15',
    },
    {
      name: 'against a baseline',
      told: { metrics: [ACCURACY], results: results({ ...measured, baseline: BASELINE }) },
      line: '✅ Custom job SUCCEEDED after 1 h 12 min: accuracy 0.98 (▲ 0.0088, better than the baseline), cost 3.15',
    },
    {
      name: 'of a gate that passed',
      told: { results: results({ ...measured, gate: [rule('accuracy', '>=', 0.9, 0.98)] }) },
      line: '✅ Custom job SUCCEEDED after 1 h 12 min: accuracy 0.98, gate passed, cost 3.15',
    },
    {
      name: 'of a gate that failed',
      told: {
        results: results({
          ...measured,
          gate: [rule('accuracy', '>=', 0.99, 0.98), rule('accuracy', '>=', 0.9, 0.98)],
        }),
      },
      line: '❌ Gate failed (1 of 2 rules): custom job SUCCEEDED after 1 h 12 min, accuracy 0.98, cost 3.15',
    },
    {
      name: 'of a job that succeeded in a step that failed',
      told: { failures: ['download: nothing lies in gs://b/model/.'], results: results(measured) },
      line: '❌ Step failed: custom job SUCCEEDED after 1 h 12 min, accuracy 0.98, cost 3.15',
    },
    {
      name: 'of a job that failed',
      told: { job: job('FAILED'), results: results({ usage: { ...cheap, cost: undefined } }) },
      line: '❌ Custom job FAILED after 1 h 12 min',
    },
    {
      name: 'of a job that runs on',
      told: { job: job('RUNNING', { endTime: undefined }), results: results({ usage: { ...cheap, cost: 0.014 } }) },
      line: '⏳ Custom job RUNNING 1 h 12 min after its creation: cost 0.014',
    },
    {
      name: 'of a state and a metric that nobody knows',
      told: { job: job('<b>'), results: results({ best: { ...NOTHING, metrics: { '**x**': 1 } } }) },
      line: '⏳ Custom job &lt;b&gt; 1 h 12 min after its creation: &#42;&#42;x&#42;&#42; 1, cost 3.15',
    },
  ])('$name', ({ told, line }) => {
    expect(verdict(parts(told))).toBe(`### ${line}`);
  });
});

test.each([
  { value: 0.98, before: 0.97, goal: 'MAXIMIZE', text: '▲ 0.01, better', sentence: '▲ 0.01, better than the baseline' },
  { value: 0.97, before: 0.98, goal: 'MAXIMIZE', text: '▼ 0.01, worse', sentence: '▼ 0.01, worse than the baseline' },
  { value: 9, before: 10, goal: 'MINIMIZE', text: '▼ 1, better', sentence: '▼ 1, better than the baseline' },
  { value: 11, before: 10, goal: 'MINIMIZE', text: '▲ 1, worse', sentence: '▲ 1, worse than the baseline' },
  { value: 11, before: 10, goal: undefined, text: '▲ 1', sentence: '▲ 1 against the baseline' },
  { value: 10, before: 10, goal: 'MINIMIZE', text: 'the same', sentence: 'as the baseline' },
] as const)('$value against $before to $goal: $text', ({ value, before, goal, text, sentence }) => {
  expect(deltaText(value, before, goal)).toBe(text);
  expect(againstBaseline(value, before, goal)).toBe(sentence);
});

test.each([
  { name: 'the study says', metric: 'latency-ms', gate: [], goal: 'MINIMIZE' },
  { name: 'a study that says nothing maximises', metric: 'plain', gate: [], goal: 'MAXIMIZE' },
  { name: 'the gate says', metric: 'loss', gate: [rule('loss', '<=', 1, 0)], goal: 'MINIMIZE' },
  {
    name: 'two rules say different',
    metric: 'x',
    gate: [rule('x', '<=', 1, 0), rule('x', '>=', 0, 0)],
    goal: undefined,
  },
  { name: 'nobody says', metric: 'x', gate: [rule('y', '<=', 1, 0)], goal: undefined },
])('which way a metric is to go: $name', ({ metric, gate, goal }) => {
  expect(goalOf(metric, [ACCURACY, LATENCY, { metricId: 'plain', goal: 'GOAL_TYPE_UNSPECIFIED' }], gate)).toBe(goal);
});

test.each([
  [0.1 + 0.2, '0.3'],
  [-0, '0'],
  [1234567.89, '1234570'],
  [1e-7, '1e-7'],
  [Number.NaN, 'NaN'],
])('%d is shown as %s', (value, text) => {
  expect(shortNumber(value)).toBe(text);
});

test('a sum of money is short', () => {
  expect([0, 0.00123, 0.5, 3.1515, 1234.5].map(moneyText)).toEqual(['0', '0.0012', '0.5', '3.15', '1234.50']);
});

describe('where a job is to be seen', () => {
  test('has the links that are addresses', () => {
    const links = {
      console: 'https://c.example',
      logs: 'javascript:x',
      tensorboard: 'http://t.example',
      output: 'gs://b',
    };
    expect(whereLine(parts({ links }))).toBe(
      '**octo/digits Train &#35;&#8203;7** · [Console](https://c.example) · [TensorBoard](http://t.example)',
    );
  });

  test('has the job’s id where it has no name that is seen', () => {
    const links = { console: undefined, logs: undefined, tensorboard: undefined, output: undefined };
    for (const displayName of [undefined, '', ' ', '\u200b']) {
      expect(whereLine(parts({ links, job: job('SUCCEEDED', { displayName }) }))).toBe('**77**');
    }
  });
});
