import { describe, expect, test } from '@jest/globals';
import { asNextVersion, type JobPlan, planJob, withImage } from '../../src/plan/job.ts';
import { chooseMachines } from '../../src/plan/request/machines.ts';
import { buildRequest } from '../../src/plan/request/request.ts';
import type { TrainingPipeline } from '../../src/vertex/types.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { TUNING } from './run.ts';

const MACHINE = { machineType: 'n1-standard-4' };
const POOL = { machineSpec: MACHINE, containerSpec: { imageUri: 'IMAGE' }, replicaCount: '1' };
const SPEC = { workerPoolSpecs: [POOL], scheduling: { timeout: '86400s' } };

function plan(given: Given, labels: Readonly<Record<string, string>> = {}, gated = false): JobPlan {
  const inputs = inputsOf(given);
  const { draft } = buildRequest(inputs, undefined, 'IMAGE');
  const { spec } = chooseMachines(draft.spec, inputs.region);
  const { projectId, kmsKey, model } = inputs;
  return planJob({ projectId, draft: { ...draft, spec }, displayName: 'NAME', labels, kmsKey, model, gated });
}

test('the least custom job', () => {
  expect(plan({})).toEqual({
    collection: 'customJobs',
    parent: 'projects/my-project/locations/us-central1',
    resource: { displayName: 'NAME', labels: {}, jobSpec: SPEC },
  });
});

test('a custom job with everything', () => {
  const { resource } = plan({
    command: '- python\n- -u',
    args: '--list=1,2\n--text=a "b" c',
    env_vars: 'A: 1\nB: "x y"',
    timeout: '90m',
    job_service_account: 'trainer@my-project.iam.gserviceaccount.com',
    output_uri: 'gs://bucket/out',
    kms_key: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k',
  });
  expect(resource).toEqual({
    displayName: 'NAME',
    labels: {},
    encryptionSpec: { kmsKeyName: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
    jobSpec: {
      workerPoolSpecs: [
        {
          machineSpec: MACHINE,
          containerSpec: {
            imageUri: 'IMAGE',
            command: ['python', '-u'],
            args: ['--list=1,2', '--text=a "b" c'],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: 'x y' },
            ],
          },
          replicaCount: '1',
        },
      ],
      scheduling: { timeout: '5400s' },
      serviceAccount: 'trainer@my-project.iam.gserviceaccount.com',
      baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' },
    },
  });
});

test('the account to sign in as is not the account of the job', () => {
  const given = {
    workload_identity_provider: 'projects/123/locations/global/workloadIdentityPools/github/providers/repo',
    service_account: 'deployer@my-project.iam.gserviceaccount.com',
  };
  expect(JSON.stringify(plan(given))).not.toContain('deployer');
});

describe('replicas', () => {
  test.each([
    { count: '', pools: ['1'] },
    { count: '1', pools: ['1'] },
    { count: '2', pools: ['1', '1'] },
    { count: '4', pools: ['1', '3'] },
  ])('$count make pools of $pools', ({ count, pools }) => {
    const job = plan({ replica_count: count, args: '--x' });
    const specs = job.collection === 'customJobs' ? job.resource.jobSpec.workerPoolSpecs : [];
    expect(specs.map(({ replicaCount }) => replicaCount)).toEqual(pools);
    for (const spec of specs) {
      expect(spec).toMatchObject({ machineSpec: MACHINE, containerSpec: { imageUri: 'IMAGE', args: ['--x'] } });
    }
  });
});

const STUDY = {
  studySpec: {
    metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }],
    parameters: [
      { parameterId: 'rate', doubleValueSpec: { minValue: 0.001, maxValue: 0.1 }, scaleType: 'UNIT_LOG_SCALE' },
      { parameterId: 'optimizer', categoricalValueSpec: { values: ['sgd', 'adam'] } },
    ],
    algorithm: 'RANDOM_SEARCH',
  },
  maxTrialCount: 20,
  parallelTrialCount: 4,
};

test('a tuning job', () => {
  expect(plan({ ...TUNING, algorithm: 'RANDOM_SEARCH' })).toEqual({
    collection: 'hyperparameterTuningJobs',
    parent: 'projects/my-project/locations/us-central1',
    resource: { displayName: 'NAME', labels: {}, ...STUDY, trialJobSpec: SPEC },
  });
});

test('a tuning job has one trial, where nothing is said of their number', () => {
  expect(plan({ ...TUNING, max_trials: '', parallel_trials: '' }).resource).toMatchObject({
    maxTrialCount: 1,
    parallelTrialCount: 1,
  });
});

test('the default algorithm is left to the service', () => {
  expect(plan({ ...TUNING }).resource).not.toHaveProperty('studySpec.algorithm');
});

const MODEL: Given = {
  model: 'digits',
  serving_image: 'us-docker.pkg.dev/p/serve/digits:1',
  serving_predict_route: '/predict',
  serving_health_route: '/health',
  serving_ports: '8080\n9090',
};
const DEFINITIONS = 'gs://google-cloud-aiplatform/schema/trainingjob/definition';

describe('a training pipeline', () => {
  test('around a custom job uploads the model with what serves it', () => {
    expect(plan(MODEL, { a: 'b' })).toEqual({
      collection: 'trainingPipelines',
      parent: 'projects/my-project/locations/us-central1',
      resource: {
        displayName: 'NAME',
        labels: { a: 'b' },
        trainingTaskDefinition: `${DEFINITIONS}/custom_task_1.0.0.yaml`,
        trainingTaskInputs: SPEC,
        modelId: 'digits',
        modelToUpload: {
          displayName: 'digits',
          labels: { a: 'b' },
          containerSpec: {
            imageUri: 'us-docker.pkg.dev/p/serve/digits:1',
            predictRoute: '/predict',
            healthRoute: '/health',
            ports: [{ containerPort: 8080 }, { containerPort: 9090 }],
          },
        },
      },
    });
  });

  test('around a tuning job', () => {
    expect(plan({ ...TUNING, ...MODEL, algorithm: 'RANDOM_SEARCH' }).resource).toMatchObject({
      trainingTaskDefinition: `${DEFINITIONS}/hyperparameter_tuning_task_1.0.0.yaml`,
      trainingTaskInputs: { ...STUDY, trialJobSpec: SPEC },
      modelId: 'digits',
    });
  });

  test('of the least leaves routes and ports to the service', () => {
    expect(plan({ model: 'digits', serving_image: 'i' }).resource).toMatchObject({
      modelToUpload: { containerSpec: { imageUri: 'i' } },
    });
    expect(JSON.stringify(plan({ model: 'digits', serving_image: 'i' }))).not.toMatch(/Route|ports/);
  });

  test('gives the version its aliases', () => {
    expect(plan({ ...MODEL, model_aliases: 'champion\ndefault' }).resource).toMatchObject({
      modelToUpload: { versionAliases: ['champion', 'default'] },
    });
    expect(JSON.stringify(plan(MODEL))).not.toContain('versionAliases');
  });

  test.each<{ kind: string; given: Given }>([
    { kind: 'a custom job', given: {} },
    { kind: 'a tuning job', given: TUNING },
  ])('around $kind uploads nothing itself behind a gate, and is else the same', ({ given }) => {
    const { modelId, modelToUpload, ...rest } = plan({ ...MODEL, ...given }).resource as TrainingPipeline;
    const gated = plan({ ...MODEL, ...given }, {}, true);
    expect([modelId, modelToUpload?.displayName]).toEqual(['digits', 'digits']);
    expect(gated).toEqual({ ...plan({ ...MODEL, ...given }), resource: rest });
    expect(asNextVersion(gated)).toEqual(gated);
  });

  test.each<{ kind: string; given: Given }>([
    { kind: 'custom job', given: {} },
    { kind: 'tuning job', given: TUNING },
  ])('is none where the step registers the model: the $kind is as without one', ({ given }) => {
    for (const gated of [false, true]) {
      expect(plan({ ...MODEL, ...given, register: 'best' }, {}, gated)).toEqual(plan(given));
    }
  });

  test('is encrypted like any job', () => {
    const key = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';
    expect(plan({ ...MODEL, kms_key: key }).resource).toMatchObject({ encryptionSpec: { kmsKeyName: key } });
  });

  test('of a model that exists uploads its next version, and names no model id', () => {
    const before = plan(MODEL);
    const { modelId, ...rest } = before.resource as { readonly modelId: string };
    expect(asNextVersion(before)).toEqual({
      ...before,
      resource: { ...rest, parentModel: `projects/my-project/locations/us-central1/models/${modelId}` },
    });
  });
});

test.each<{ kind: string; given: Given }>([
  { kind: 'a custom job', given: {} },
  { kind: 'a tuning job', given: TUNING },
])('$kind uploads no model, and has no next version', ({ given }) => {
  expect(asNextVersion(plan(given))).toEqual(plan(given));
});

describe.each<{ kind: string; given: Given }>([
  { kind: 'a custom job', given: { replica_count: '3' } },
  { kind: 'a tuning job', given: { ...TUNING, replica_count: '3' } },
  { kind: 'a training pipeline', given: { ...MODEL, replica_count: '3' } },
  { kind: 'a training pipeline around a tuning job', given: { ...TUNING, ...MODEL, replica_count: '3' } },
])('$kind', ({ given }) => {
  test('gets the built image in every pool that takes it, and keeps the rest', () => {
    const before = plan(given);
    const after = withImage(before, 'IMAGE@sha256:1', [0, 1]);
    expect(JSON.stringify(after)).toBe(JSON.stringify(before).replaceAll('"IMAGE"', '"IMAGE@sha256:1"'));
    expect(JSON.stringify(before)).not.toContain('sha256');
  });

  test('gets the built image in no other pool', () => {
    const after = JSON.stringify(withImage(plan(given), 'IMAGE@sha256:1', [1]));
    expect(after.match(/"IMAGE"/g)).toHaveLength(1);
    expect(after.match(/"IMAGE@sha256:1"/g)).toHaveLength(1);
  });

  test('gets labels', () => {
    expect(plan(given, { a: 'b' }).resource).toMatchObject({ ...plan(given).resource, labels: { a: 'b' } } as object);
  });
});
