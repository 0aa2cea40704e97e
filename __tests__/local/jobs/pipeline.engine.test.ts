import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Model, TrainingPipeline } from '../../../src/local/resources/types.ts';
import { type Service, startService } from '../../../src/local/service.ts';
import { CUSTOM_TASK, TUNING_TASK } from '../../../src/local/validation/pipeline.ts';
import { Client } from '../client.ts';
import { googleClients } from '../google-clients.ts';
import { findMachine, IMAGE } from '../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: training pipelines on an engine (${machine})\n`);

let service: Service;
let client: Client;
let google: ReturnType<typeof googleClients>;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1 });
  client = new Client(service.port);
  google = googleClients(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await google.pipelines.close();
  await google.jobs.close();
  await service.close();
  await machine.stop();
});

const get = async <T>(name: string) => (await client.call('GET', `/v1/${name}`)) as T & { readonly name: string };

async function until(name: string, isWanted: (pipeline: TrainingPipeline) => boolean) {
  for (;;) {
    const found = await get<TrainingPipeline>(name);
    if (isWanted(found)) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function run(body: object) {
  return until(await client.create('trainingPipelines', body), ({ endTime }) => endTime !== undefined);
}

const base = { baseOutputDirectory: { outputUriPrefix: 'gs://bucket-1/out' } };
const pools = (script: string) => [{ containerSpec: { imageUri: IMAGE, command: ['sh', '-c'], args: [script, 'sh'] } }];
const custom = (script: string, more: object = {}) => ({
  displayName: 'train',
  trainingTaskDefinition: CUSTOM_TASK,
  trainingTaskInputs: { workerPoolSpecs: pools(script), ...base },
  ...more,
});
const model = {
  displayName: 'shown',
  containerSpec: { imageUri: 'serving', predictRoute: '/predict' },
  labels: { a: 'b' },
};
const key = { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' };

suite('a training pipeline', () => {
  it('trains, and its model gets the next version with each run', async () => {
    const first = await run(
      custom('exit 0', { modelToUpload: model, modelId: 'digits', labels: { team: 'x' }, encryptionSpec: key }),
    );
    const parent = first.name.split('/trainingPipelines/')[0];
    const name = `${parent}/models/digits`;
    expect(first).toMatchObject({
      state: 'PIPELINE_STATE_SUCCEEDED',
      labels: { team: 'x' },
      startTime: expect.any(String),
      endTime: expect.any(String),
      trainingTaskMetadata: { backingCustomJob: expect.stringMatching(/\/customJobs\/\d+$/) },
      modelToUpload: { ...model, name, versionId: '1' },
    });
    expect(first).not.toHaveProperty('error');
    const job = await client.get(first.trainingTaskMetadata?.backingCustomJob ?? '');
    expect(job).toMatchObject({ displayName: 'train-custom-job', state: 'JOB_STATE_SUCCEEDED', encryptionSpec: key });
    expect(job).not.toHaveProperty('labels');
    expect(await get<Model>(name)).toEqual({
      ...model,
      name,
      versionId: '1',
      versionAliases: ['default'],
      artifactUri: 'gs://bucket-1/out/model/',
      encryptionSpec: key,
      trainingPipeline: first.name,
      createTime: expect.any(String),
      updateTime: expect.any(String),
      versionCreateTime: expect.any(String),
      versionUpdateTime: expect.any(String),
    });
    const artifactUri = 'gs://bucket-1/elsewhere';
    const second = await run(custom('exit 0', { modelToUpload: { ...model, artifactUri }, parentModel: name }));
    expect(second.modelToUpload).toMatchObject({ name, versionId: '2' });
    expect((await get<Model>(name)).versionId).toBe('1');
    expect(await get<Model>(`${name}@2`)).toMatchObject({ versionId: '2', artifactUri, trainingPipeline: second.name });
  }, 60_000);

  it('fails with the error of its job, and makes no model', async () => {
    const pipeline = await run(custom('exit 7', { modelToUpload: model, modelId: 'unmade' }));
    const job = await client.get(pipeline.trainingTaskMetadata?.backingCustomJob ?? '');
    expect(pipeline).toMatchObject({ state: 'PIPELINE_STATE_FAILED', error: job.error });
    expect(pipeline.error?.message).toMatch(/^The replica workerpool0-0 exited with a non-zero status of 7\./);
    expect(pipeline.modelToUpload).toEqual(model);
    expect(await get(pipeline.name.replace(/trainingPipelines.*/, 'models/unmade'))).toMatchObject({
      error: { code: 404, status: 'NOT_FOUND' },
    });
  });

  it('is cancelled with its job, through Google’s client', async () => {
    const name = await client.create('trainingPipelines', custom('sleep 60'));
    const { trainingTaskMetadata } = await until(name, (found) => found.trainingTaskMetadata !== undefined);
    const job = trainingTaskMetadata?.backingCustomJob ?? '';
    await client.until(job, ({ state }) => state === 'JOB_STATE_RUNNING');
    expect((await get<TrainingPipeline>(name)).state).toBe('PIPELINE_STATE_RUNNING');
    await google.pipelines.cancelTrainingPipeline({ name });
    expect(await get(name)).toMatchObject({ state: 'PIPELINE_STATE_CANCELLING' });
    expect(await get(job)).toMatchObject({ state: 'JOB_STATE_CANCELLING' });
    const early = await client.call('DELETE', `/v1/${name}`);
    expect(early).toMatchObject({
      error: { status: 'FAILED_PRECONDITION', message: expect.stringContaining('cancel it first') },
    });
    const pipeline = await until(name, ({ endTime }) => endTime !== undefined);
    const error = { code: 1, message: expect.stringContaining('CANCELED') };
    expect(pipeline).toMatchObject({ state: 'PIPELINE_STATE_CANCELLED', error });
    expect(await get(job)).toMatchObject({ state: 'JOB_STATE_CANCELLED', error });
  });

  it('is cancelled before it has a job', async () => {
    const name = await client.create('trainingPipelines', custom('sleep 60'));
    await client.call('POST', `/v1/${name}:cancel`);
    expect(await until(name, ({ endTime }) => endTime !== undefined)).toMatchObject({
      state: 'PIPELINE_STATE_CANCELLED',
    });
  });

  it('ends as its job does when that is cancelled by itself, through Google’s client', async () => {
    const name = await client.create('trainingPipelines', custom('sleep 60'));
    const { trainingTaskMetadata } = await until(name, (found) => found.trainingTaskMetadata !== undefined);
    await google.jobs.cancelCustomJob({ name: trainingTaskMetadata?.backingCustomJob ?? '' });
    expect(await until(name, ({ endTime }) => endTime !== undefined)).toMatchObject({
      state: 'PIPELINE_STATE_CANCELLED',
    });
  });
});

suite('a training pipeline that tunes', () => {
  const report = (value: string) =>
    `echo '{"global_step": "1", "m": "'${value}'", "timestamp": 1, "trial": "1", "checkpoint_path": ""}' > $CLOUD_ML_HP_METRIC_FILE`;
  const tuning = (script: string, values: number[]) => ({
    displayName: 'tune',
    trainingTaskDefinition: TUNING_TASK,
    trainingTaskInputs: {
      studySpec: {
        metrics: [{ metricId: 'm', goal: 'MINIMIZE' }],
        parameters: [{ parameterId: 'x', discreteValueSpec: { values } }],
        algorithm: 'GRID_SEARCH',
      },
      trialJobSpec: { workerPoolSpecs: pools(script), ...base },
      maxTrialCount: '3',
      parallelTrialCount: 1,
      labels: { of: 'the-job' },
    },
    modelToUpload: model,
    labels: { of: 'the-pipeline' },
  });

  it('uploads the model of the best trial', async () => {
    const pipeline = await run(tuning(`x=\${1#--x=}; ${report('$(( (x - 2) * (x - 2) ))')}`, [1, 2, 3]));
    expect(pipeline).toMatchObject({
      state: 'PIPELINE_STATE_SUCCEEDED',
      labels: { of: 'the-pipeline' },
      modelToUpload: { versionId: '1', name: expect.stringMatching(/\/models\/\d{19}$/) },
    });
    const { backingHyperparameterTuningJob = '', bestTrialBackingCustomJob } = pipeline.trainingTaskMetadata ?? {};
    const job = await client.get(backingHyperparameterTuningJob);
    expect(job).toMatchObject({ displayName: 'tune-hyperparameter-tuning-job', labels: { of: 'the-job' } });
    const best = job.trials?.find(({ parameters }) => parameters[0]?.value === 2);
    expect(bestTrialBackingCustomJob).toBe(best?.customJob);
    expect(await get<Model>(pipeline.modelToUpload?.name ?? '')).toMatchObject({
      artifactUri: `gs://bucket-1/out/${best?.id}/model/`,
    });
  }, 60_000);

  it('fails with the error of its tuning job', async () => {
    const pipeline = await run(tuning('exit 3', [1, 2, 3]));
    const job = await client.get(pipeline.trainingTaskMetadata?.backingHyperparameterTuningJob ?? '');
    expect(pipeline).toMatchObject({ state: 'PIPELINE_STATE_FAILED', error: job.error });
    expect(pipeline.trainingTaskMetadata).not.toHaveProperty('bestTrialBackingCustomJob');
  });
});
