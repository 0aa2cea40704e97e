import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../src/local/service.ts';
import { CUSTOM_TASK, TUNING_TASK } from '../../src/local/validation/pipeline.ts';
import { googleClients, protoValue } from './google-clients.ts';

/** Without an engine every job fails at once, which is all that the forms of requests and answers need. */
let service: Service;
let clients: ReturnType<typeof googleClients>;
const parent = 'projects/my-project/locations/us-central1';

beforeAll(async () => {
  service = await startService({ port: 0, engine: { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') } });
  clients = googleClients(service.port);
});
afterAll(async () => {
  await clients.jobs.close();
  await clients.pipelines.close();
  await clients.models.close();
  await service.close();
});

const workerPoolSpecs = [
  {
    replicaCount: 1,
    machineSpec: {
      machineType: 'n1-standard-8',
      acceleratorType: 'NVIDIA_TESLA_T4' as const,
      acceleratorCount: 2,
    },
    containerSpec: { imageUri: 'image', args: ['--a', ''], env: [{ name: 'A', value: 'b' }] },
  },
];
const jobSpec = { workerPoolSpecs, scheduling: { strategy: 'SPOT' as const, timeout: { seconds: 3600 } } };

/** What the client tells of a refused call; its codes are gRPC's over HTTP too. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    const { code, message } = error as { readonly code?: number; readonly message: string };
    return { code, message };
  }
  return 'answered';
}

describe('JobServiceClient', () => {
  const create = async (displayName: string, labels: Record<string, string> = {}) => {
    const [job] = await clients.jobs.createCustomJob({ parent, customJob: { displayName, labels, jobSpec } });
    return job;
  };

  it('creates and gets a custom job, its enums as numbers on the way and as names at the end', async () => {
    const made = await create('client-1');
    expect(made).toMatchObject({
      name: expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/customJobs\/\d+$/),
      state: 'JOB_STATE_PENDING',
      createTime: { seconds: expect.any(String) },
      jobSpec: {
        workerPoolSpecs: [
          {
            replicaCount: '1',
            machineSpec: { acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 },
            containerSpec: { args: ['--a', ''], env: [{ name: 'A', value: 'b' }] },
          },
        ],
        scheduling: { strategy: 'SPOT', timeout: { seconds: '3600' } },
      },
    });
    const [found] = await clients.jobs.getCustomJob({ name: made.name ?? '' });
    expect(found).toMatchObject({ name: made.name, displayName: 'client-1' });
  });

  it('lists by filter, page by page, with a mask', async () => {
    for (const name of ['page-1', 'page-2', 'page-3', 'other']) await create(name, { series: 's' });
    const filter = 'labels.series="s" AND display_name:"page-*"';
    const pages: unknown[] = [];
    for (let pageToken = '', first = true; first || pageToken !== ''; first = false) {
      const request = { parent, filter, pageSize: 2, pageToken, readMask: { paths: ['name', 'display_name'] } };
      const [jobs, , answer] = await clients.jobs.listCustomJobs(request, { autoPaginate: false });
      pages.push(jobs.map(({ name, displayName, jobSpec: spec }) => [typeof name, displayName, spec]));
      pageToken = answer?.nextPageToken ?? '';
    }
    expect(pages).toEqual([
      [
        ['string', 'page-3', null],
        ['string', 'page-2', null],
      ],
      [['string', 'page-1', null]],
    ]);
    const [all] = await clients.jobs.listCustomJobs({ parent, filter });
    expect(all).toHaveLength(3);
  });

  it('creates and lists a tuning job', async () => {
    const studySpec = {
      metrics: [{ metricId: 'm', goal: 'MINIMIZE' as const }],
      parameters: [
        { parameterId: 'p', integerValueSpec: { minValue: 1, maxValue: 9 }, scaleType: 'UNIT_LINEAR_SCALE' as const },
      ],
      algorithm: 'RANDOM_SEARCH' as const,
    };
    const hyperparameterTuningJob = {
      displayName: 'tuning',
      studySpec,
      maxTrialCount: 2,
      parallelTrialCount: 1,
      trialJobSpec: jobSpec,
    };
    const [made] = await clients.jobs.createHyperparameterTuningJob({ parent, hyperparameterTuningJob });
    expect(made.studySpec).toMatchObject({
      metrics: [{ goal: 'MINIMIZE' }],
      parameters: [{ integerValueSpec: { minValue: '1', maxValue: '9' }, scaleType: 'UNIT_LINEAR_SCALE' }],
      algorithm: 'RANDOM_SEARCH',
    });
    const [listed] = await clients.jobs.listHyperparameterTuningJobs({ parent, filter: 'display_name="tuning"' });
    expect(listed.map(({ name, trials }) => [name, trials])).toEqual([[made.name, []]]);
  });

  it('cancels and deletes a job that has ended', async () => {
    const { name } = await create('ended');
    const ended = async () => (await clients.jobs.getCustomJob({ name: name ?? '' }))[0].state === 'JOB_STATE_FAILED';
    while (!(await ended()));
    await clients.jobs.cancelCustomJob({ name: name ?? '' });
    const [operation] = await clients.jobs.deleteCustomJob({ name: name ?? '' });
    expect(operation.done).toBe(true);
    expect(await refusal(clients.jobs.getCustomJob({ name: name ?? '' }))).toMatchObject({ code: 5 });
  });

  it('is told of errors in Google’s form', async () => {
    const call = clients.jobs.createCustomJob({ parent, customJob: { displayName: '', jobSpec } });
    expect(await refusal(call)).toMatchObject({
      code: 3,
      message: 'List of found errors:\t1.Field: display_name; Message: Required field is not set.\t',
    });
    expect(await refusal(clients.jobs.getCustomJob({ name: `${parent}/customJobs/1` }))).toMatchObject({
      code: 5,
      message: expect.stringContaining('The CustomJob does not exist'),
    });
  });
});

describe('PipelineServiceClient', () => {
  const modelToUpload = {
    displayName: 'model',
    containerSpec: { imageUri: 'serving', predictRoute: '/predict', ports: [{ containerPort: 8080 }] },
  };
  const inputs = { workerPoolSpecs, baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' } };
  const create = async (displayName: string, change: object = {}) => {
    const trainingTaskInputs = protoValue(inputs);
    const trainingPipeline = { displayName, trainingTaskDefinition: CUSTOM_TASK, trainingTaskInputs, ...change };
    const [pipeline] = await clients.pipelines.createTrainingPipeline({ parent, trainingPipeline });
    return pipeline;
  };
  const ended = async (name: string) => {
    for (;;) {
      const [found] = await clients.pipelines.getTrainingPipeline({ name });
      if (found.endTime) return found;
    }
  };

  it('creates a pipeline, and gets it with its job and its error', async () => {
    const made = await create('client-1', { modelToUpload, modelId: 'model-1', labels: { series: 'p' } });
    expect(made).toMatchObject({
      name: expect.stringMatching(/^projects\/\d+\/locations\/us-central1\/trainingPipelines\/\d+$/),
      state: 'PIPELINE_STATE_PENDING',
      trainingTaskMetadata: null,
      trainingTaskInputs: protoValue(inputs),
      modelToUpload: { displayName: 'model', containerSpec: { ports: [{ containerPort: 8080 }] } },
    });
    const found = await ended(made.name ?? '');
    const backing = found.trainingTaskMetadata?.structValue?.fields?.['backingCustomJob']?.stringValue ?? '';
    const [job] = await clients.jobs.getCustomJob({ name: backing });
    expect(job).toMatchObject({ displayName: 'client-1-custom-job', state: 'JOB_STATE_FAILED', labels: {} });
    expect(found).toMatchObject({ state: 'PIPELINE_STATE_FAILED', error: { code: 13, message: job.error?.message } });
    const [listed] = await clients.jobs.listCustomJobs({ parent, filter: 'display_name="client-1-custom-job"' });
    expect(listed.map(({ name }) => name)).toEqual([backing]);
  });

  it('lists by definition, state and label, page by page, with a mask', async () => {
    const labels = { series: 'l' };
    const made = [
      await create('list-1', { labels }),
      await create('list-2', { labels }),
      await create('list-3', { labels }),
    ];
    for (const { name } of made) await ended(name ?? '');
    const of = async (filter: string, more: object = {}) => {
      const request = { parent, filter: `labels.series="l" AND ${filter}`, ...more };
      const [found, , answer] = await clients.pipelines.listTrainingPipelines(request, { autoPaginate: false });
      return { names: found.map(({ displayName }) => displayName), next: answer?.nextPageToken, first: found[0] };
    };
    expect((await of('training_task_definition:"*/custom_task_*"')).names).toEqual(['list-3', 'list-2', 'list-1']);
    expect((await of(`training_task_definition="${TUNING_TASK}"`)).names).toEqual([]);
    expect((await of('state="PIPELINE_STATE_FAILED" AND NOT display_name="list-2"')).names).toEqual([
      'list-3',
      'list-1',
    ]);
    expect((await of('state=5 AND create_time>"2021-05-18T00:00:00Z"')).names).toHaveLength(3);
    const page = await of('state!=4', { pageSize: 2, readMask: { paths: ['display_name'] } });
    expect([page.names, page.first?.name]).toEqual([['list-3', 'list-2'], '']);
    expect((await of('state!=4', { pageSize: 2, pageToken: page.next })).names).toEqual(['list-1']);
  });

  it('cancels and deletes a pipeline that has ended, and leaves its job', async () => {
    const { name } = await create('ended');
    const { trainingTaskMetadata } = await ended(name ?? '');
    await clients.pipelines.cancelTrainingPipeline({ name: name ?? '' });
    const [operation] = await clients.pipelines.deleteTrainingPipeline({ name: name ?? '' });
    expect(operation.done).toBe(true);
    expect(await refusal(clients.pipelines.getTrainingPipeline({ name: name ?? '' }))).toMatchObject({
      code: 5,
      message: expect.stringContaining('The TrainingPipeline does not exist'),
    });
    const job = trainingTaskMetadata?.structValue?.fields?.['backingCustomJob']?.stringValue ?? '';
    expect(await refusal(clients.jobs.getCustomJob({ name: job }))).toBe('answered');
  });

  it('is told of errors in Google’s form', async () => {
    expect(await refusal(create('x', { trainingTaskDefinition: 'gs://other.yaml' }))).toMatchObject({
      code: 3,
      message: expect.stringMatching(
        /List of found errors:\t1\.Field: training_task_definition; Message: .*are accepted/,
      ),
    });
    expect(await refusal(create('x', { modelToUpload, parentModel: `${parent}/models/none` }))).toMatchObject({
      code: 5,
      message: expect.stringContaining('The Model does not exist'),
    });
  });
});
