import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { NO_LINKS } from '../../src/report/links.ts';
import {
  bestOutputs,
  fitOutputs,
  gateOutputs,
  jobOutputs,
  modelOutputs,
  OUTPUT_NAMES,
  type Outputs,
  usageOutputs,
} from '../../src/report/outputs.ts';
import { Masks } from '../../src/runner/masks.ts';
import { job } from '../job/jobs.ts';

test.each([
  { state: 'PENDING', finished: 'false' },
  { state: 'PAUSED', finished: 'false' },
  { state: 'CANCELLING', finished: 'false' },
  { state: 'SUCCEEDED', finished: 'true' },
  { state: 'FAILED', finished: 'true' },
  { state: 'CANCELLED', finished: 'true' },
  { state: 'EXPIRED', finished: 'true' },
  { state: 'PARTIALLY_SUCCEEDED', finished: 'true' },
])('a job that is $state is finished: $finished', ({ state, finished }) => {
  expect(jobOutputs(job(state), { ...NO_LINKS, console: 'https://x', logs: 'https://y' })).toEqual({
    job: 'projects/1/locations/us-central1/customJobs/77',
    job_id: '77',
    state,
    region: 'us-central1',
    console_url: 'https://x',
    logs_url: 'https://y',
    finished,
  });
});

test('a job on this machine has no pages', () => {
  expect(jobOutputs(job('PENDING'), NO_LINKS)).toMatchObject({ console_url: '', logs_url: '' });
});

describe('the best', () => {
  const trial = { id: '2', parameters: { rate: 1e-7, kind: '010' }, metrics: { m: 0.1 + 0.2 }, job: 'jobs/5' };
  const folders = { model: 'gs://b/2/model', checkpoints: 'gs://b/2/checkpoints' };

  test('trial is told as JSON, with every digit and every type', () => {
    expect(bestOutputs({ trial, metrics: trial.metrics, pareto: undefined, folders })).toEqual({
      best_trial:
        '{"id":"2","parameters":{"rate":1e-7,"kind":"010"},"metrics":{"m":0.30000000000000004},"job":"jobs/5"}',
      best_trial_id: '2',
      best_parameters: '{"rate":1e-7,"kind":"010"}',
      best_metrics: '{"m":0.30000000000000004}',
      best_model_uri: 'gs://b/2/model',
      best_checkpoint_uri: 'gs://b/2/checkpoints',
    });
  });

  test('trials of several metrics are told in their order', () => {
    const other = { ...trial, id: '1', job: undefined };
    const pareto = { trials: [trial, other], hypervolume: { share: 0.5 }, rule: 'nearest_to_ideal' as const };
    const { pareto_trials } = bestOutputs({ trial, metrics: trial.metrics, pareto, folders: undefined });
    expect(JSON.parse(pareto_trials ?? '')).toMatchObject([{ id: '2' }, { id: '1' }]);
  });

  test.each([
    { name: 'no trial succeeded', metrics: {}, outputs: {} },
    { name: 'a metrics file', metrics: { m: 1 }, outputs: { best_metrics: '{"m":1}' } },
  ])('without a trial: $name', ({ metrics, outputs }) => {
    expect(bestOutputs({ trial: undefined, metrics, pareto: undefined, folders: undefined })).toEqual(outputs);
  });
});

describe('what a job used up', () => {
  const usage = { elapsedMs: 61_499, queuedMs: 1_500, caveats: [] };

  test.each([
    {
      name: 'all of it is known',
      more: { machineHours: 1 / 3, acceleratorHours: 2, cost: 0.1 + 0.2 },
      outputs: { machine_hours: '0.3333', accelerator_hours: '2', cost: '0.3' },
    },
    {
      name: 'there is no price',
      more: { machineHours: 0, acceleratorHours: 0, cost: undefined },
      outputs: { machine_hours: '0', accelerator_hours: '0' },
    },
    {
      name: 'the job does not tell its machines',
      more: { machineHours: undefined, acceleratorHours: undefined, cost: undefined },
      outputs: {},
    },
  ])('$name', ({ more, outputs }) => {
    expect(usageOutputs({ ...usage, ...more })).toEqual({ elapsed: '61', queue_time: '2', ...outputs });
  });
});

test.each([
  { name: 'nothing was judged', passed: [], outputs: {} },
  { name: 'all hold', passed: [true, true], outputs: { gate: 'passed' } },
  { name: 'one does not', passed: [true, false], outputs: { gate: 'failed' } },
])('the gate: $name', ({ passed, outputs }) => {
  const rule = { metric: 'm', operator: '>=', bound: { kind: 'number', value: 1 }, text: 'm >= 1' } as const;
  expect(gateOutputs(passed.map((each) => ({ rule, passed: each, value: 1, bound: 1, message: '' })))).toEqual(outputs);
});

test('a model is told with its version', () => {
  const model = { name: 'projects/1/locations/l/models/digits', version: '3', aliases: [] };
  expect(modelOutputs({ ...model, uri: 'gs://b/model' })).toEqual({
    model: 'projects/1/locations/l/models/digits@3',
    model_uri: 'gs://b/model',
  });
  expect(modelOutputs({ ...model, uri: undefined })).not.toHaveProperty('model_uri');
});

describe('what GitHub takes', () => {
  const asIs = (text: string) => text;
  const masksOf = (secret: string) => {
    const masks = new Masks();
    masks.add(secret);
    return (text: string) => masks.redact(text);
  };

  test.each<{ name: string; outputs: Outputs; redact: (text: string) => string; fitted: Outputs; change: RegExp }>([
    {
      name: 'too large',
      outputs: { pareto_trials: JSON.stringify(['é'.repeat(60_000)]), state: 'SUCCEEDED' },
      redact: asIs,
      fitted: { pareto_trials: '', state: 'SUCCEEDED' },
      change: /^The output pareto_trials is left empty: it would hold more than 100000 bytes\..*trials_file/,
    },
    {
      name: 'with a secret in a value of JSON',
      outputs: { best_parameters: '{"token":"hunter2"}' },
      redact: masksOf('hunter2'),
      fitted: { best_parameters: '{"token":"***"}' },
      change: /^The output best_parameters has \*\*\*/,
    },
    {
      name: 'with a secret that is a number of JSON',
      outputs: { best_metrics: '{"m":0.125}' },
      redact: masksOf('0.125'),
      fitted: { best_metrics: '' },
      change: /^The output best_metrics is left empty: it would hold text that is masked/,
    },
  ])('$name', ({ outputs, redact, fitted, change }) => {
    const { outputs: given, changes } = fitOutputs(outputs, redact);
    expect(given).toEqual(fitted);
    expect([...changes.values()]).toEqual([expect.stringMatching(change)]);
  });

  test('whatever is given, all of it together is below 1 MB in UTF-16, holds no secret, and JSON stays JSON', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ minLength: 1 }).map((part) => part.repeat(40_000)),
    );
    const value = text.map((each) => JSON.stringify({ a: each }));
    const outputs = fc.record({
      best_trial: value,
      best_parameters: value,
      best_metrics: value,
      pareto_trials: value,
    });
    const secret = fc.string({ minLength: 3 }).filter((each) => each.trim() === each && !each.includes('*'));
    fc.assert(
      fc.property(outputs, secret, (given, hidden) => {
        const { outputs: fitted } = fitOutputs(given, masksOf(hidden));
        const all = Object.values(fitted);
        expect(all.reduce((sum, each) => sum + 2 * each.length, 0)).toBeLessThan(1_000_000);
        for (const each of all) expect(each === '' || typeof JSON.parse(each) === 'object').toBe(true);
        for (const each of all) expect(each.includes(hidden)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test('names each output once', () => {
    expect(new Set(OUTPUT_NAMES).size).toBe(OUTPUT_NAMES.length);
  });
});
