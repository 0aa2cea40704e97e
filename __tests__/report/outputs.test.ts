import { describe, expect, test } from '@jest/globals';
import { consoleUrl, jobOutputs, trialOutputs } from '../../src/report/outputs.ts';
import type { MetricSpec } from '../../src/vertex/types.ts';
import { CUSTOM, job, TUNING, trial } from '../job/jobs.ts';

const METRICS: MetricSpec[] = [{ metricId: 'm', goal: 'MAXIMIZE' }];

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
  expect(jobOutputs(job(state), 'https://x')).toEqual({
    job: 'projects/1/locations/us-central1/customJobs/77',
    job_id: '77',
    state,
    console_url: 'https://x',
    finished,
  });
});

describe('the best trial', () => {
  const best = trial(
    '2',
    'SUCCEEDED',
    { m: 0.1 + 0.2 },
    {
      parameters: [
        { parameterId: 'rate', value: 1e-7 },
        { parameterId: 'kind', value: '010' },
      ],
      customJob: 'projects/1/locations/l/customJobs/5',
    },
  );

  test('is told as JSON, with every digit and every type', () => {
    const outputs = trialOutputs(job('SUCCEEDED', { name: TUNING, trials: [trial('1', 'INFEASIBLE'), best] }), METRICS);
    expect(outputs).toEqual({
      best_trial:
        '{"id":"2","parameters":{"rate":1e-7,"kind":"010"},"metrics":{"m":0.30000000000000004},"job":"projects/1/locations/l/customJobs/5"}',
      best_trial_id: '2',
      best_parameters: '{"rate":1e-7,"kind":"010"}',
      best_metrics: '{"m":0.30000000000000004}',
    });
  });

  test('is told of a job that failed too', () => {
    expect(trialOutputs(job('FAILED', { trials: [best] }), METRICS).best_trial_id).toBe('2');
  });

  test.each([
    { name: 'no trial succeeded', trials: [trial('1', 'INFEASIBLE', { m: 1 })], metrics: METRICS },
    { name: 'several metrics', trials: [best], metrics: [...METRICS, { metricId: 'n', goal: 'MINIMIZE' as const }] },
    { name: 'a custom job', trials: [], metrics: [] },
  ])('is left unset: $name', ({ trials, metrics }) => {
    expect(trialOutputs(job('SUCCEEDED', { trials }), metrics)).toEqual({});
  });
});

test.each([
  {
    project: 'my-project',
    url: 'https://console.cloud.google.com/ai/platform/locations/us-central1/training/77?project=my-project',
  },
  {
    project: 'example.com:app',
    url: 'https://console.cloud.google.com/ai/platform/locations/us-central1/training/77?project=example.com%3Aapp',
  },
])("the console's page of a job of $project", ({ project, url }) => {
  expect(consoleUrl(CUSTOM, project)).toBe(url);
});
