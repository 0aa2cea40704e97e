import { describe, expect, test } from '@jest/globals';
import { asNextVersion, withImage } from '../../../src/plan/job.ts';
import { errorsOf, IMAGE, planned, specOf, TUNING } from './judge.ts';

const MODEL = { model: 'digits', serving_image: 'us-docker.pkg.dev/p/serve:1' };
const DEFINITIONS = 'gs://google-cloud-aiplatform/schema/trainingjob/definition';

describe('a training pipeline', () => {
  test('around a custom job', () => {
    const { resource, collection, parent } = planned(MODEL).job;
    const { labels, ...rest } = resource;
    expect({ collection, parent }).toEqual({
      collection: 'trainingPipelines',
      parent: 'projects/my-project/locations/us-central1',
    });
    expect(rest).toEqual({
      displayName: 'octo/digits Train #7',
      trainingTaskDefinition: `${DEFINITIONS}/custom_task_1.0.0.yaml`,
      trainingTaskInputs: {
        workerPoolSpecs: [
          { replicaCount: '1', machineSpec: { machineType: 'n1-standard-4' }, containerSpec: { imageUri: IMAGE } },
        ],
        scheduling: { timeout: '86400s' },
      },
      modelToUpload: { displayName: 'digits', containerSpec: { imageUri: 'us-docker.pkg.dev/p/serve:1' }, labels },
      modelId: 'digits',
    });
  });

  test('around a tuning job', () => {
    expect(planned({ ...MODEL, ...TUNING, max_failed_trials: '2' }).job.resource).toMatchObject({
      trainingTaskDefinition: `${DEFINITIONS}/hyperparameter_tuning_task_1.0.0.yaml`,
      trainingTaskInputs: {
        studySpec: { metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }] },
        maxTrialCount: 20,
        parallelTrialCount: 4,
        maxFailedTrialCount: 2,
        trialJobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: IMAGE } }] },
      },
      modelId: 'digits',
    });
  });

  test('with all that a serving container is told', () => {
    const given = {
      ...MODEL,
      serving_predict_route: '/predict',
      serving_health_route: '/health',
      serving_ports: '8080\n8081',
    };
    expect(planned(given).job.resource).toMatchObject({
      modelToUpload: {
        containerSpec: {
          imageUri: 'us-docker.pkg.dev/p/serve:1',
          predictRoute: '/predict',
          healthRoute: '/health',
          ports: [{ containerPort: 8080 }, { containerPort: 8081 }],
        },
      },
    });
  });

  test('the key encrypts it', () => {
    const key = 'projects/p/locations/l/keyRings/r/cryptoKeys/k';
    expect(planned({ ...MODEL, kms_key: key }).job.resource.encryptionSpec).toEqual({ kmsKeyName: key });
  });

  test('looks whether the model exists', () => {
    expect(planned(MODEL).checks.slice(0, 1)).toEqual([
      {
        kind: 'model-version',
        subject: 'projects/my-project/locations/us-central1/models/digits',
        question:
          'Does projects/my-project/locations/us-central1/models/digits exist, so that the upload becomes its next version?',
      },
    ]);
  });

  test('of an existing model uploads the next version', () => {
    const { job } = planned(MODEL);
    const next = asNextVersion(job);
    expect(next.resource).toMatchObject({ parentModel: 'projects/my-project/locations/us-central1/models/digits' });
    expect(next.resource).not.toHaveProperty('modelId');
    const { modelId: _, ...rest } = job.resource as { modelId?: string };
    expect(next.resource).toMatchObject(rest);
  });

  test.each([
    { name: 'custom job', given: {} },
    { name: 'tuning job', given: TUNING },
  ])('a $name has no next version', ({ given }) => {
    const { job } = planned(given);
    expect(asNextVersion(job)).toBe(job);
  });

  test.each([
    {
      name: 'a model without its image',
      given: { model: 'digits' },
      told: 'serving_image is missing: a model is uploaded with the image that serves it. Name one. [required]',
    },
    {
      name: 'an image without its model',
      given: { serving_image: 'x' },
      told: 'model is missing, and serving_image goes with it. Give the id of the model to upload, or remove it. [model-only]',
    },
    {
      name: 'a name that is no id',
      given: { ...MODEL, model: '1-Digits' },
      told: 'model: "1-Digits" is not accepted. Write a model id: up to 63 of a-z, 0-9, _ and -, first no digit or hyphen. [model-id]',
    },
    {
      name: 'a route without its slash',
      given: { ...MODEL, serving_predict_route: 'predict' },
      told: 'serving_predict_route: "predict" is not accepted. Write a path that begins with /, such as /predict. [route]',
    },
    {
      name: 'a port that is none',
      given: { ...MODEL, serving_ports: '70000' },
      told: 'serving_ports: "70000" is not accepted. Write a port from 1 to 65535. [port]',
    },
  ])('$name is told', ({ given, told }) => {
    expect(errorsOf(given)).toEqual([told]);
  });
});

describe('the built image goes', () => {
  const config = 'workerPoolSpecs: [{ containerSpec: {} }, { replicaCount: 1, containerSpec: { imageUri: other } }]';
  const image = `${IMAGE}@sha256:${'1'.repeat(64)}`;
  test.each([
    { name: 'a custom job', given: {} },
    { name: 'a tuning job', given: TUNING },
    { name: 'a pipeline', given: MODEL },
    { name: 'a pipeline around a tuning job', given: { ...MODEL, ...TUNING } },
  ])('into $name where it is meant', ({ given }) => {
    const plan = planned(given, config);
    const job = withImage(plan.job, image, plan.built);
    const uris = specOf({ ...plan, job }).workerPoolSpecs.map(({ containerSpec }) => containerSpec?.imageUri);
    expect(uris).toEqual([image, 'other']);
    expect(withImage(job, IMAGE, plan.built)).toEqual(plan.job);
  });
});
