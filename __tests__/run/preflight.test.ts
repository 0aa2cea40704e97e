import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import type { VertexResourcesApi } from '../../src/google/vertex-resources.ts';
import type { JobPlan } from '../../src/plan/job.ts';
import { nothingButVertex } from '../../src/preflight/apis.ts';
import { systemClock } from '../../src/retry.ts';
import { checkNetwork, requestsOf } from '../../src/run/preflight.ts';
import type { Run } from '../../src/run/run.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { planned } from '../plan/request/judge.ts';

const MODEL: Given = {
  model: 'digits',
  serving_image: 'us-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-6:latest',
  output_uri: 'gs://my-out/runs',
};
const CHOICES: Given = {
  region: 'us-central1\neurope-west4',
  accelerator_type: 'l4',
  fallback_hardware: '- { accelerator_type: t4 }',
};
const modelIn = (region: string) => `projects/my-project/locations/${region}/models/digits`;

/** What a request uploads: a model of its own, or the next version of one. */
const uploadOf = (request: JobPlan) =>
  request.collection === 'trainingPipelines'
    ? (request.resource.parentModel ?? `new ${request.resource.modelId}`)
    : request.collection;

describe('requests', () => {
  test('are those of the choices, in their order', () => {
    const { choices } = planned(CHOICES);
    expect(requestsOf({ choices }, new Map())).toEqual(choices.map(({ job }) => job));
    expect(choices).toHaveLength(4);
  });

  test.each<{ name: string; models: Map<string, boolean>; uploads: string[] }>([
    { name: 'new everywhere', models: new Map(), uploads: Array(4).fill('new digits') },
    {
      name: 'known in the second region',
      models: new Map([
        [modelIn('us-central1'), false],
        [modelIn('europe-west4'), true],
      ]),
      uploads: ['new digits', 'new digits', modelIn('europe-west4'), modelIn('europe-west4')],
    },
    {
      name: 'known in the first alone',
      models: new Map([[modelIn('us-central1'), true]]),
      uploads: [modelIn('us-central1'), modelIn('us-central1'), 'new digits', 'new digits'],
    },
    {
      name: 'another model',
      models: new Map([[`${modelIn('us-central1')}-2`, true]]),
      uploads: Array(4).fill('new digits'),
    },
  ])('upload a model that is $name', ({ models, uploads }) => {
    expect(requestsOf(planned({ ...CHOICES, ...MODEL }), models).map(uploadOf)).toEqual(uploads);
  });

  test('are one, whatever becomes of the model', () => {
    const models = new Map([[modelIn('europe-west4'), true]]);
    const labels = requestsOf(planned({ ...CHOICES, ...MODEL }), models).map(({ resource }) => resource.labels);
    expect(labels).toEqual(Array(4).fill(labels[0]));
  });
});

describe('the network', () => {
  interface World {
    readonly models: readonly string[];
    /** Whether preflight is answered. */
    readonly answers: boolean;
  }

  /** A run at a Vertex AI that is asked for models alone, by preflight and then by the region's own client. */
  function runOf(given: Given, { models, answers }: World) {
    const again: string[] = [];
    const vertex = (): VertexResourcesApi => ({
      reach: async () => undefined,
      tensorboardExists: async () => true,
      persistentResource: async () => undefined,
      modelExists: async (name) => {
        if (!answers) throw new Error('preflight has no answer');
        return models.includes(name);
      },
    });
    const vertexIn = (region: string) => ({
      modelExists: async (name: string) => {
        again.push(`${region}: ${name}`);
        return models.includes(name);
      },
    });
    const preflight = { ...nothingButVertex('http://localhost', fixedCredentials('TOKEN')), vertex };
    const log = recordingLog();
    const run = {
      step: { inputs: inputsOf(given) },
      plan: planned(given),
      region: { accessToken: async () => 'TOKEN', vertexIn, preflight },
      log,
      clock: systemClock,
      signal: new AbortController().signal,
    } as unknown as Run;
    return { run, again, log };
  }

  const EUROPE = modelIn('europe-west4');
  const UPLOADS = ['new digits', 'new digits', EUROPE, EUROPE];

  test('tells in which regions the model is', async () => {
    const { run, again } = runOf({ ...CHOICES, ...MODEL }, { models: [EUROPE], answers: true });
    expect((await checkNetwork(run)).requests.map(uploadOf)).toEqual(UPLOADS);
    expect(again).toEqual([]);
  });

  test('is asked again for what preflight got no answer about, once in each region', async () => {
    const { run, again, log } = runOf({ ...CHOICES, ...MODEL }, { models: [EUROPE], answers: false });
    expect((await checkNetwork(run)).requests.map(uploadOf)).toEqual(UPLOADS);
    expect(again).toEqual(['us-central1', 'europe-west4'].map((region) => `${region}: ${modelIn(region)}`));
    expect(log.texts('info').filter((text) => text.includes('preflight has no answer'))).toHaveLength(2);
  });

  test('is not asked for models where none is uploaded', async () => {
    const { run, again } = runOf(CHOICES, { models: [], answers: false });
    expect((await checkNetwork(run)).requests).toHaveLength(4);
    expect(again).toEqual([]);
  });
});
