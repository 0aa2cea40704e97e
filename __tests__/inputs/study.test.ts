import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Given, inputsOf } from './given.ts';

const STUDY: Given = { metrics: 'accuracy: maximize', parameters: 'x: [1, 2]' };
const GOAL_FORM = "Write 'NAME: maximize' or 'NAME: minimize'. [metric-goal]";

test('neither metrics nor parameters make no tuning job', () => {
  expect(inputsOf({ metrics: ' \n', parameters: '' }).study).toBeUndefined();
});

test('a tuning job leaves to the plan what is not given', () => {
  expect(inputsOf(STUDY).study).toEqual({
    metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }],
    parameters: [{ parameterId: 'x', discreteValueSpec: { values: [1, 2] } }],
    maxTrials: undefined,
    parallelTrials: undefined,
    maxFailedTrials: undefined,
    algorithm: undefined,
    earlyStopping: undefined,
    measurementSelection: undefined,
  });
});

describe('metrics', () => {
  test.each<{ name: string; metrics: string; goals: [string, string][] }>([
    { name: 'one', metrics: 'loss: minimize', goals: [['loss', 'MINIMIZE']] },
    { name: 'in any case', metrics: 'loss: MiniMize', goals: [['loss', 'MINIMIZE']] },
    {
      name: 'several, in their order',
      metrics: 'b: maximize\na: minimize',
      goals: [
        ['b', 'MAXIMIZE'],
        ['a', 'MINIMIZE'],
      ],
    },
    { name: "the API's list", metrics: '- { metricId: a, goal: MAXIMIZE }', goals: [['a', 'MAXIMIZE']] },
    {
      name: "the API's list in snake_case",
      metrics: '[{"metric_id":"a","goal":"minimize"}]',
      goals: [['a', 'MINIMIZE']],
    },
    { name: 'a name with a slash', metrics: 'val/acc@1: maximize', goals: [['val/acc@1', 'MAXIMIZE']] },
  ])('$name', ({ metrics, goals }) => {
    expect(inputsOf({ ...STUDY, metrics }).study?.metrics).toEqual(
      goals.map(([metricId, goal]) => ({ metricId, goal })),
    );
  });
});

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'metrics alone',
      given: { metrics: 'a: maximize' },
      faults: ['parameters is missing: a tuning job needs it. Give it, or remove metrics for a custom job. [required]'],
    },
    {
      name: 'parameters alone',
      given: { parameters: 'x: [1]' },
      faults: ['metrics is missing: a tuning job needs it. Give it, or remove parameters for a custom job. [required]'],
    },
    {
      name: "a tuning job's inputs beside a custom job",
      given: { max_trials: '3', parallel_trials: '2', algorithm: 'GRID_SEARCH' },
      faults: ['max_trials', 'parallel_trials', 'algorithm'].map(
        (input) => `${input} belongs to a tuning job. Give metrics and parameters too, or remove it. [tuning-only]`,
      ),
    },
    {
      name: 'a goal that is none',
      given: { ...STUDY, metrics: 'a: maximise' },
      faults: [`metrics: line 1: the goal of "a" is "maximise". ${GOAL_FORM}`],
    },
    {
      name: 'no goal',
      given: { ...STUDY, metrics: 'b: minimize\na:' },
      faults: [`metrics: line 2: the goal of "a" is "". ${GOAL_FORM}`],
    },
    {
      name: 'a mapping for a goal',
      given: { ...STUDY, metrics: 'a: { goal: maximize }' },
      faults: [`metrics: line 1: the goal of "a" is a map. ${GOAL_FORM}`],
    },
    {
      name: 'a name alone',
      given: { ...STUDY, metrics: 'accuracy' },
      faults: [`metrics is neither a mapping of metrics nor a list of MetricSpec. ${GOAL_FORM}`],
    },
    {
      name: 'two metrics of one name',
      given: { ...STUDY, metrics: 'a: maximize\na: minimize' },
      faults: ['metrics: "a" is named more than once. Keep one of them. [unique-name]'],
    },
    {
      name: 'a name with a space',
      given: { ...STUDY, metrics: 'my loss: minimize' },
      faults: [
        'metrics: "my loss" is not accepted. A name is not empty and holds no white space. [name-without-space]',
      ],
    },
    {
      name: 'a MetricSpec with more',
      given: { ...STUDY, metrics: '- { metricId: a, goal: MAXIMIZE, safetyConfig: {} }' },
      faults: [
        'metrics: line 1: a MetricSpec holds metricId and goal (MAXIMIZE or MINIMIZE) and nothing else here. [metric-goal]',
      ],
    },
    {
      name: 'YAML that is none',
      given: { ...STUDY, metrics: 'a: maximize\nb: \n  - {' },
      faults: [expect.stringMatching(/^metrics: line 3: not valid YAML: .* \[yaml\]$/) as unknown as string],
    },
    {
      name: 'counts',
      given: { ...STUDY, max_trials: '0', parallel_trials: 'all' },
      faults: [
        'max_trials: "0" is not accepted. Write a whole number from 1 to 2147483647. [count]',
        'parallel_trials: "all" is not accepted. Write a whole number from 1 to 2147483647. [count]',
      ],
    },
    {
      name: 'an algorithm',
      given: { ...STUDY, algorithm: 'BAYES' },
      faults: [
        'algorithm: "BAYES" is not accepted. Accepted: ALGORITHM_UNSPECIFIED, GRID_SEARCH, RANDOM_SEARCH. [algorithm]',
      ],
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});

describe('algorithms', () => {
  test.each([
    { name: 'the default', text: '', algorithm: undefined },
    { name: 'the default by name', text: 'ALGORITHM_UNSPECIFIED', algorithm: undefined },
    { name: 'grid', text: 'GRID_SEARCH', algorithm: 'GRID_SEARCH' },
    { name: 'random, in small letters', text: 'random_search', algorithm: 'RANDOM_SEARCH' },
  ])('$name', ({ text, algorithm }) => {
    expect(inputsOf({ ...STUDY, algorithm: text }).study?.algorithm).toBe(algorithm);
  });
});
