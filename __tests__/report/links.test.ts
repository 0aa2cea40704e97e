import { describe, expect, test } from '@jest/globals';
import { consoleUrl, linksOf } from '../../src/report/links.ts';
import { CUSTOM, TUNING } from '../job/jobs.ts';

const PIPELINE = 'projects/1/locations/us-central1/trainingPipelines/99';
const spec = { outputUri: 'gs://b/a folder/(x)', tensorboard: undefined, pools: [] };

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

describe('the pages about a job', () => {
  test('are those that its answer tells of', () => {
    expect(linksOf({ name: CUSTOM, backing: undefined, spec: undefined }, 'p')).toEqual({
      console: 'https://console.cloud.google.com/ai/platform/locations/us-central1/training/77?project=p',
      logs: 'https://console.cloud.google.com/logs/query;query=resource.type%3D%22ml_job%22%0Aresource.labels.job_id%3D%2277%22?project=p',
      tensorboard: undefined,
      output: undefined,
    });
  });

  test("of a pipeline are its job's where the log is", () => {
    const { console: page, logs } = linksOf({ name: PIPELINE, backing: TUNING, spec: undefined }, 'p');
    expect(page).toContain('/training/99?');
    expect(logs).toContain('job_id%3D%2288%22');
  });

  test('can stand in a Markdown link', () => {
    const { output } = linksOf({ name: CUSTOM, backing: undefined, spec }, 'p');
    expect(output).toBe('https://console.cloud.google.com/storage/browser/b/a%20folder/%28x%29?project=p');
  });

  test.each([
    {
      name: 'projects/7/locations/europe-west4/tensorboards/5',
      url: 'https://europe-west4.tensorboard.googleusercontent.com/experiment/projects+7+locations+europe-west4+tensorboards+5+experiments+77',
    },
    { name: 'projects/7/locations/evil.example/#/tensorboards/5', url: undefined },
    { name: 'projects/7/locations/evil.example/tensorboards/5', url: undefined },
  ])('of TensorBoard: $name', ({ name, url }) => {
    const job = { name: CUSTOM, backing: undefined, spec: { ...spec, tensorboard: name } };
    expect(linksOf(job, 'p').tensorboard).toBe(url);
  });
});
