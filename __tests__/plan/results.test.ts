import { describe, expect, test } from '@jest/globals';
import type { Given } from '../inputs/given.ts';
import { errorsOf, TUNING, verdictOf } from './run.ts';

const FOLDER = 'Give output_uri, such as gs://my-bucket/runs.';
const FOLLOW = 'Give it to the step that follows the job (job: …), or remove wait.';
const OUTPUT = { output_uri: 'gs://my-bucket/runs' };
const FILE = { metrics_file: 'metrics.json' };

describe('what is to be made of the job is judged before it is paid for', () => {
  test.each<{ name: string; given: Given; errors: readonly string[] }>([
    { name: 'a gate on the metric of a study', given: { ...TUNING, gate: 'accuracy >= 0.9' }, errors: [] },
    { name: 'a gate on the metrics of a file', given: { ...OUTPUT, ...FILE, gate: 'f1 >= baseline' }, errors: [] },
    { name: 'a download', given: { ...OUTPUT, download: 'model' }, errors: [] },
    {
      name: 'a gate on what the study does not measure',
      given: { ...TUNING, gate: 'acuracy >= 0.9' },
      errors: [expect.stringMatching(/^gate names "acuracy" .*"accuracy".* \[gate-metric\]$/) as unknown as string],
    },
    {
      name: 'a gate without any metrics',
      given: { gate: 'accuracy >= 0.9' },
      errors: [
        'gate has no metrics to judge: Vertex AI keeps none of a job without trials. Let the program write them below output_uri, and name the file in metrics_file. [gate-metrics]',
      ],
    },
    {
      name: 'a metrics file without a folder',
      given: FILE,
      errors: [`metrics_file names "metrics.json" below output_uri, which is missing. ${FOLDER} [metrics-file-folder]`],
    },
    {
      name: 'a metrics file beside trials',
      given: { ...TUNING, ...OUTPUT, ...FILE },
      errors: [
        'metrics_file is for a job without trials, whose metrics Vertex AI keeps. Remove it. [metrics-file-trials]',
      ],
    },
    {
      name: 'a download without a folder',
      given: { download: 'model' },
      errors: [`download has nothing to bring: output_uri is missing. ${FOLDER} [download-folder]`],
    },
    {
      name: 'both of a job that is not waited for',
      given: { ...TUNING, ...OUTPUT, gate: 'accuracy >= 0.9', download: 'model', wait: 'false' },
      errors: [
        `gate is judged once the job has ended, and wait is false. ${FOLLOW} [gate-wait]`,
        `download: brings what the job has written by its end, and wait is false. ${FOLLOW} [download-wait]`,
      ],
    },
    {
      name: 'all that is asked of a job that is not waited for, at once',
      given: {
        ...TUNING,
        ...OUTPUT,
        gate: 'accuracy >= 0.9',
        download: 'model',
        model: 'digits',
        serving_image: 'serve',
        register: 'best',
        wait: 'false',
      },
      errors: [
        `gate is judged once the job has ended, and wait is false. ${FOLLOW} [gate-wait]`,
        `download: brings what the job has written by its end, and wait is false. ${FOLLOW} [download-wait]`,
        `register is done once the job has ended, and wait is false. ${FOLLOW} [register-wait]`,
      ],
    },
  ])('$name', ({ given, errors }) => {
    expect(errorsOf(given)).toEqual(errors);
  });

  test.each([
    {
      name: 'metrics_file',
      given: { ...OUTPUT, metrics_file: '/metrics.json', gate: 'f1 >= 1' },
      rules: ['metrics-file'],
    },
    { name: 'output_uri', given: { output_uri: 's3://b', ...FILE, download: 'model' }, rules: ['output-uri'] },
  ])('a rejected $name makes up no other fault', ({ given, rules }) => {
    expect(verdictOf(given).errors.map(({ rule }) => rule)).toEqual(rules);
  });
});

describe('a gate that holds a metric against its goal', () => {
  const LOSS: Given = { ...TUNING, metrics: 'loss: minimize' };
  const warnings = (given: Given) => verdictOf(given).warnings.filter(({ rule }) => rule === 'gate-against-goal');
  const messages = (given: Given) => warnings(given).map(({ input, message }) => `${input} ${message}`);

  test.each<{ name: string; given: Given; told: string[] }>([
    {
      name: 'from below, though it is minimised',
      given: { ...LOSS, gate: 'loss >= baseline' },
      told: [
        'gate holds "loss" from below in "loss >= baseline", a metric that the study minimizes: the better it gets, the sooner the step fails. Write "loss <= baseline".',
      ],
    },
    {
      name: 'from above, though it is maximised',
      given: { ...TUNING, gate: 'accuracy < baseline - 1%' },
      told: [
        'gate holds "accuracy" from above in "accuracy < baseline - 1%", a metric that the study maximizes: the better it gets, the sooner the step fails. Write "accuracy > baseline - 1%".',
      ],
    },
    {
      name: 'by a number',
      given: { ...LOSS, gate: 'loss > 0.1' },
      told: [
        'gate holds "loss" from below in "loss > 0.1", a metric that the study minimizes: the better it gets, the sooner the step fails. Write "loss < 0.1".',
      ],
    },
  ])('$name', ({ given, told }) => {
    expect(messages(given)).toEqual(told);
  });

  test.each<{ name: string; given: Given }>([
    { name: 'with its goal', given: { ...LOSS, gate: 'loss <= baseline + 1%' } },
    { name: 'in a range of numbers', given: { ...LOSS, gate: 'loss <= 0.5\nloss >= 0.01' } },
    { name: 'of a metrics file, whose goals nobody knows', given: { ...OUTPUT, ...FILE, gate: 'loss >= baseline' } },
    { name: 'by another name', given: { ...TUNING, gate: 'acuracy <= 1' } },
  ])('is none $name', ({ given }) => {
    expect(warnings(given)).toEqual([]);
  });

  test('is told of the one of a range that names the baseline', () => {
    expect(warnings({ ...LOSS, gate: 'loss <= 0.5\nloss >= baseline' })).toHaveLength(1);
  });

  test('may be ignored', () => {
    const { notes } = verdictOf({ ...LOSS, gate: 'loss >= baseline', ignore: 'gate-against-goal' });
    expect(notes.map(({ rule }) => rule)).toEqual(['gate-against-goal']);
  });
});
