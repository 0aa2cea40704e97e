import { describe, expect, test } from '@jest/globals';
import { imageChecks } from '../../src/plan/checks.ts';
import { planDocument } from '../../src/plan/document.ts';
import { planOf, RUN, TUNING, verdictOf } from './run.ts';

const documentOf = (...args: Parameters<typeof verdictOf>) => planDocument(verdictOf(...args));

test('of a plan without findings', () => {
  const { job, image } = planOf({});
  expect(documentOf({})).toEqual({
    plan: {
      image: 'us-central1-docker.pkg.dev/my-project/training/mnist',
      tags: [RUN.sha],
      base: { image: 'python:3.12-slim', why: 'no GPU is asked for' },
      dockerfile: null,
      choices: [{ region: 'us-central1', hardware: 'n1-standard-4' }],
      machines: ['n1-standard-4: the default without accelerators'],
      upperBounds: {
        machineHours: 24,
        acceleratorHours: 0,
        wallHours: 24,
        accelerators: 0,
        platformRetries: 3,
        cost: undefined,
      },
      upload: null,
      results: { metricsFile: null, gate: [], baseline: false, download: null, comment: false },
      detachAfter: null,
    },
    request: {
      method: 'POST',
      collection: 'projects/my-project/locations/us-central1/customJobs',
      body: job.resource,
    },
    errors: [],
    warnings: [],
    notes: [],
    checks: imageChecks(image),
  });
  expect(imageChecks(image)).toHaveLength(2);
});

test('of a tuning job: bounds over all trials, and their cost', () => {
  const { plan, request } = documentOf({
    ...TUNING,
    accelerator_type: 'l4',
    accelerator_count: '2',
    timeout: '30m',
    hourly_price: '2',
    disable_retries: 'true',
  });
  expect(plan?.upperBounds).toEqual({
    machineHours: 10,
    acceleratorHours: 20,
    wallHours: 2.5,
    accelerators: 8,
    platformRetries: 0,
    cost: 20,
  });
  expect(request?.collection).toMatch(/\/hyperparameterTuningJobs$/);
});

test('of a model that the step uploads, which is no part of the request', () => {
  const given = { model: 'digits', serving_image: 'serve', register: 'best', output_uri: 'gs://my-out/runs' };
  const { plan, request } = documentOf({ ...given, model_aliases: 'champion' });
  expect(plan?.upload).toEqual({
    model: 'projects/my-project/locations/us-central1/models/digits',
    aliases: ['champion'],
    gated: false,
  });
  expect(JSON.stringify(request)).not.toContain('"digits"');
});

test('of a job that brings its own images builds none', () => {
  const text =
    'workerPoolSpecs:\n- machineSpec: { machineType: n1-standard-4 }\n  replicaCount: 1\n  containerSpec: { imageUri: "python:3" }\n';
  const { plan } = documentOf({ config: 'job.yaml' }, { files: { config: { file: 'job.yaml', text } } });
  expect([plan?.image, plan?.base]).toEqual([null, null]);
});

test('of machines that are not told is null', () => {
  const { plan } = documentOf({ reduction_servers: '1', machine_type: 'n1-standard-4' });
  expect(plan?.machines).toEqual([expect.any(String), null, expect.any(String)]);
});

describe('findings', () => {
  test('are flat records of rule, input or place, and text; with errors there is no plan', () => {
    const document = documentOf(
      { wait: 'maybe', machine_type: 'z9-hyperscale-128', config: 'job.yaml' },
      { files: { config: { file: 'job.yaml', text: 'scheduling:\n  timeout: soon\n' } } },
    );
    expect([document.plan, document.request, document.checks]).toEqual([null, null, []]);
    expect(document.errors[0]).toEqual({
      rule: 'boolean',
      input: 'wait',
      text: '"maybe" is not accepted. Write true or false.',
    });
    expect(document.errors[1]).toEqual({
      rule: expect.any(String),
      file: 'job.yaml',
      line: 2,
      column: expect.any(Number),
      text: expect.stringContaining('soon'),
    });
    expect(document.warnings.map(({ rule, input }) => [rule, input])).toContainEqual([
      'machine-unlisted',
      'machine_type',
    ]);
  });

  test('that are ignored are notes', () => {
    const { plan, notes, warnings } = documentOf({ machine_type: 'z9-hyperscale-128', ignore: 'machine-unlisted' });
    expect(plan).not.toBeNull();
    expect([notes.map(({ rule }) => rule), warnings]).toEqual([['machine-unlisted'], []]);
  });
});

test('checks still to make come along', () => {
  expect(documentOf({ output_uri: 'gs://bucket/out', model: 'm', serving_image: 'i' }).checks.slice(0, 2)).toEqual([
    {
      kind: 'data-location',
      subject: 'gs://bucket',
      question: 'Is gs://bucket in us-central1 and in project my-project, as the job is?',
    },
    {
      kind: 'model-version',
      subject: 'projects/my-project/locations/us-central1/models/m',
      question:
        'Does projects/my-project/locations/us-central1/models/m exist, so that the upload becomes its next version?',
    },
  ]);
});

test('is JSON, and comes back the same', () => {
  const document = documentOf({ ...TUNING, hourly_price: '1' });
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});
