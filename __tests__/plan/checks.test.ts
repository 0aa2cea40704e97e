import { describe, expect, test } from '@jest/globals';
import type { Given } from '../inputs/given.ts';
import { IMAGE, planned, TUNING } from './request/judge.ts';

/** What is asked about the job's data: each plan asks for its images too. */
const ofData = (given: Given, config?: string) =>
  planned(given, config).checks.filter(({ kind }) => !/image/.test(kind));
const subjects = (given: Given, config?: string) => ofData(given, config).map(({ subject }) => subject);

describe('images are looked up', () => {
  const asked = (given: Given) => planned(given).checks.map(({ question }) => question);

  test('the base, and the repository that is pushed to', () => {
    expect(asked({})).toEqual([
      'Is python:3.12-slim to be had, and by which digest?',
      `May this step push to ${IMAGE}, and Vertex AI pull from it?`,
    ]);
  });

  test('no repository where nothing is pushed', () => {
    expect(asked({ region: 'local' })).toEqual(['Is python:3.12-slim to be had, and by which digest?']);
  });
});

describe('data that the job names is looked up', () => {
  test.each([
    { name: 'none', given: {}, found: [] },
    { name: 'a bucket in an argument', given: { args: '--data=gs://my-data/train/*.csv' }, found: ['gs://my-data'] },
    {
      name: 'a bucket as a folder',
      given: { args: '/gcs/my-data/train\n--out=/gcs/my-out' },
      found: ['gs://my-data', 'gs://my-out'],
    },
    { name: 'a bucket in a variable', given: { env_vars: 'DATA=gs://my-data' }, found: ['gs://my-data'] },
    {
      name: 'a BigQuery table, by its dataset',
      given: { args: '--t=bq://my-project.sales.orders' },
      found: ['bq://my-project.sales'],
    },
    {
      name: 'two tables of one dataset, of a project with a domain',
      given: { args: 'bq://example.com:my-project.sales.a\nbq://example.com:my-project.sales.b' },
      found: ['bq://example.com:my-project.sales'],
    },
    { name: 'the output folder', given: { output_uri: 'gs://my-out/runs' }, found: ['gs://my-out'] },
    {
      name: 'several in one text, each once',
      given: { args: 'gs://aaa/x,gs://bbb/y,gs://aaa/z' },
      found: ['gs://aaa', 'gs://bbb'],
    },
    { name: 'no folder that only ends so', given: { args: '/data/gcs/bucket\nmy/gcs/bucket' }, found: [] },
    { name: 'no bucket that cannot be', given: { args: 'gs://A\ngs://x\n/gcs/' }, found: [] },
    {
      name: 'a bucket with dots and underscores',
      given: { args: 'gs://data.example.com/x gs://a_b-c/y' },
      found: ['gs://a_b-c', 'gs://data.example.com'],
    },
    { name: 'nothing on this machine', given: { region: 'local', args: 'gs://my-data/x' }, found: [] },
    { name: 'each trial’s', given: { ...TUNING, args: '--data=gs://my-data/x' }, found: ['gs://my-data'] },
  ] as readonly { name: string; given: Given; found: string[] }[])('$name', ({ given, found }) => {
    expect(subjects(given)).toEqual(found);
  });

  test('of every pool of a config, Python packages included', () => {
    const config = `
      workerPoolSpecs:
        - pythonPackageSpec: { executorImageUri: a, pythonModule: m, packageUris: ['gs://packages/t.tar.gz'], args: [gs://chief/x] }
        - { replicaCount: 1, containerSpec: { imageUri: a, env: [{ name: A, value: /gcs/worker/x }] } }
      baseOutputDirectory: { outputUriPrefix: gs://output }
    `;
    expect(subjects({}, config)).toEqual(['gs://chief', 'gs://output', 'gs://packages', 'gs://worker']);
  });

  test('as a question', () => {
    expect(ofData({ output_uri: 'gs://my-out/runs' })).toEqual([
      {
        kind: 'data-location',
        subject: 'gs://my-out',
        question: 'Is gs://my-out in us-central1 and in project my-project, as the job is?',
      },
    ]);
  });

  test('before the model', () => {
    const given = { model: 'm', serving_image: 'a', args: 'gs://my-data/x' };
    expect(ofData(given).map(({ kind }) => kind)).toEqual(['data-location', 'model-version']);
  });
});
