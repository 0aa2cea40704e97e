import { describe, expect, test } from '@jest/globals';
import { preflightChecks } from '../../src/preflight/checks.ts';
import type { Given } from '../inputs/given.ts';
import { TUNING } from '../plan/request/judge.ts';
import { CALLER, checkOf, checksOf, DEPLOYER, requestOf } from './given.ts';

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const TENSORBOARD = 'projects/my-project/locations/us-central1/tensorboards/7';
const KEY = 'projects/my-project/locations/us-central1/keyRings/r/cryptoKeys/k';
const NETWORK = 'projects/42/global/networks/vpc';
const MODEL: Given = {
  model: 'digits',
  serving_image: 'us-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-6:latest',
};

const POOL: Given = { persistent_resource_id: 'p', machine_type: 'n1-standard-4' };

const kinds = (given: Given, config?: string) => checksOf(given, config).map(({ kind }) => kind);

describe('what is asked', () => {
  test.each([
    { name: 'a plain job', given: {}, more: [] },
    { name: 'with an account', given: { job_service_account: ACCOUNT }, more: ['job-account'] },
    { name: 'with data', given: { args: 'gs://my-data/x\nbq://my-project.sales.orders' }, more: ['dataset', 'bucket'] },
    { name: 'with an output folder', given: { output_uri: 'gs://my-out/runs' }, more: ['bucket'] },
    {
      name: 'with a TensorBoard',
      given: { tensorboard: TENSORBOARD, job_service_account: ACCOUNT },
      more: ['job-account', 'tensorboard'],
    },
    {
      name: 'on a persistent resource',
      given: { persistent_resource_id: 'pool', machine_type: 'n1-standard-4' },
      more: ['persistent-resource'],
    },
    { name: 'in a network', given: { network: NETWORK }, more: ['network'] },
    { name: 'with a key', given: { kms_key: KEY }, more: ['kms-key'] },
    { name: 'a study', given: TUNING, more: [] },
    { name: 'that uploads a model', given: MODEL, more: ['model'] },
    {
      name: 'that serves an image of its own',
      given: { ...MODEL, serving_image: 'europe-docker.pkg.dev/other-project/serving/app:1' },
      more: ['model', 'image'],
    },
  ] as readonly { name: string; given: Given; more: string[] }[])('of $name', ({ given, more }) => {
    expect(kinds(given)).toEqual(['project', 'vertex-api', 'permissions', ...more]);
  });

  test('is nothing where no job is submitted', () => {
    expect(checksOf({ submit: 'false', output_uri: 'gs://my-out' })).toEqual([]);
  });

  test('on this machine is the model alone', () => {
    const given = { ...MODEL, region: 'local', job_service_account: ACCOUNT, output_uri: 'gs://my-out' };
    expect(kinds(given)).toEqual(['model']);
    expect(kinds({ region: 'local' })).toEqual([]);
  });

  test('is a question in words, each', () => {
    const given = { ...MODEL, job_service_account: ACCOUNT, tensorboard: TENSORBOARD, kms_key: KEY, network: NETWORK };
    expect(checksOf({ ...given, args: 'gs://my-data', ...POOL }).map(({ question }) => question)).toEqual([
      'Is there a project my-project, and which is its number?',
      'Does Vertex AI answer in us-central1 for project my-project?',
      "May this step create and follow training pipelines, and look for models, and read the job's logs in project my-project?",
      `Is there a service account ${ACCOUNT}, and may this step submit jobs that run as it?`,
      'Is gs://my-data in us-central1 and in project my-project, as the job is?',
      `Is there a TensorBoard instance ${TENSORBOARD}, in us-central1 as the job is?`,
      "Is there a persistent resource projects/my-project/locations/us-central1/persistentResources/p, ready for the job's machines?",
      `Is there a network ${NETWORK}, peered for Google's services?`,
      `Is there a key ${KEY}, in us-central1 as the job is, that Vertex AI may use?`,
      'Does projects/my-project/locations/us-central1/models/digits exist, so that the upload becomes its next version?',
    ]);
  });

  test('is asked as who signed in', () => {
    const asked = checksOf({ job_service_account: ACCOUNT });
    expect(asked.map(({ caller }) => caller)).toEqual(asked.map(() => CALLER));
    expect(CALLER.member).toBe(DEPLOYER);
  });
});

describe('of several regions and hardware', () => {
  const TWO: Given = { region: 'us-central1\neurope-west4' };

  /** What of a kind is asked, each question once. */
  const asked = (kind: string, given: Given) => [
    ...new Set(checksOf({ ...TWO, ...given }).flatMap((check) => (check.kind === kind ? [check.question] : []))),
  ];

  test.each<{ kind: string; given: Given; questions: (region: string) => string }>([
    {
      kind: 'vertex-api',
      given: {},
      questions: (region) => `Does Vertex AI answer in ${region} for project my-project?`,
    },
    {
      kind: 'bucket',
      given: { output_uri: 'gs://my-out' },
      questions: (region) => `Is gs://my-out in ${region} and in project my-project, as the job is?`,
    },
    {
      kind: 'tensorboard',
      given: { tensorboard: TENSORBOARD, job_service_account: ACCOUNT },
      questions: (region) => `Is there a TensorBoard instance ${TENSORBOARD}, in ${region} as the job is?`,
    },
    {
      kind: 'model',
      given: MODEL,
      questions: (region) =>
        `Does projects/my-project/locations/${region}/models/digits exist, so that the upload becomes its next version?`,
    },
    {
      kind: 'persistent-resource',
      given: POOL,
      questions: (region) =>
        `Is there a persistent resource projects/my-project/locations/${region}/persistentResources/p, ready for the job's machines?`,
    },
    {
      kind: 'kms-key',
      given: { kms_key: KEY },
      questions: (region) => `Is there a key ${KEY}, in ${region} as the job is, that Vertex AI may use?`,
    },
  ])('the $kind is asked about in each region', ({ kind, given, questions }) => {
    expect(asked(kind, given)).toEqual(['us-central1', 'europe-west4'].map(questions));
    expect(asked(kind, { ...given, fallback_hardware: '- { machine_type: n1-standard-8 }' })).toEqual(
      ['us-central1', 'europe-west4'].map(questions),
    );
  });

  test('what has no region is one question', () => {
    for (const [kind, given] of [
      ['project', {}],
      ['permissions', {}],
      ['job-account', { job_service_account: ACCOUNT }],
      ['network', { network: NETWORK }],
    ] as const) {
      expect([kind, asked(kind, given).length]).toEqual([kind, 1]);
    }
  });

  test('a persistent resource is asked for the machines of each', () => {
    const checks = checksOf({ ...POOL, fallback_hardware: '- { machine_type: n1-standard-4, accelerator_type: t4 }' });
    expect(checks.flatMap((check) => (check.kind === 'persistent-resource' ? check.machines : []))).toEqual([
      { machineType: 'n1-standard-4' },
      { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
    ]);
  });
});

describe('permissions', () => {
  const verbs = (collection: string) =>
    ['create', 'get', 'list', 'cancel'].map((verb) => `aiplatform.${collection}.${verb}`);

  test.each([
    { name: 'a custom job', given: {}, permissions: verbs('customJobs') },
    { name: 'a study', given: TUNING, permissions: verbs('hyperparameterTuningJobs') },
    { name: 'a pipeline', given: MODEL, permissions: verbs('trainingPipelines') },
    {
      name: 'a pipeline around a study, whose trials are read too',
      given: { ...MODEL, ...TUNING },
      permissions: [...verbs('trainingPipelines'), 'aiplatform.hyperparameterTuningJobs.get'],
    },
  ] as readonly { name: string; given: Given; permissions: string[] }[])('for $name', ({ given, permissions }) => {
    const { needs } = checkOf('permissions', given);
    const [job, logs, ...more] = needs.filter(({ rule }) => rule !== 'permission-model');
    expect([job?.rule, job?.role, job?.permissions]).toEqual([
      'permission-create-job',
      'roles/aiplatform.user',
      permissions,
    ]);
    expect([logs?.rule, logs?.role, logs?.permissions]).toEqual([
      'permission-logs',
      'roles/logging.viewer',
      ['logging.logEntries.list'],
    ]);
    expect(more).toEqual([]);
  });

  const upload = ['aiplatform.models.upload', 'aiplatform.models.get', 'aiplatform.models.list'];
  const GATE: Given = { ...TUNING, gate: 'accuracy >= 0.9', output_uri: 'gs://my-out/runs' };

  test.each<{ name: string; given: Given; permissions: string[]; to: string | undefined }>([
    { name: 'no model', given: GATE, permissions: [], to: undefined },
    {
      name: 'a model that a pipeline uploads',
      given: MODEL,
      permissions: ['aiplatform.models.get'],
      to: 'look for models',
    },
    { name: 'a model behind a gate', given: { ...MODEL, ...GATE }, permissions: upload, to: 'upload models' },
    {
      name: 'a model that the step registers, with aliases',
      given: { ...MODEL, register: 'best', output_uri: 'gs://my-out/runs', model_aliases: 'champion' },
      permissions: [...upload, 'aiplatform.models.update'],
      to: 'upload models',
    },
  ])('for $name', ({ given, permissions, to }) => {
    const [model] = checkOf('permissions', given).needs.filter(({ rule }) => rule === 'permission-model');
    expect([model?.permissions ?? [], model?.to]).toEqual([permissions, to]);
    expect(model?.role).toBe(model && 'roles/aiplatform.user');
  });

  test('to read logs are not needed by who reads none', () => {
    const [, , check] = preflightChecks(requestOf({}, undefined, false));
    expect(check?.kind === 'permissions' && check.needs.map(({ rule }) => rule)).toEqual(['permission-create-job']);
  });
});

describe('the objects of the output folder', () => {
  const asked = (given: Given, readsObjects: boolean) =>
    preflightChecks(requestOf(given, undefined, true, readsObjects)).flatMap((check) =>
      check.kind === 'objects' ? [check] : [],
    );
  const given: Given = { output_uri: 'gs://my-out/runs', args: '--data=gs://my-data/x' };

  test('are asked about where the step reads them, in the output’s bucket alone', () => {
    expect(asked(given, true)).toMatchObject([
      {
        bucket: 'my-out',
        need: {
          rule: 'permission-read-objects',
          role: 'roles/storage.objectViewer',
          permissions: ['storage.objects.get', 'storage.objects.list'],
        },
        source: { input: 'output_uri' },
        question: 'May this step read what the job writes to gs://my-out?',
      },
    ]);
  });

  test('are not asked about else', () => {
    expect(asked(given, false)).toEqual([]);
    expect(asked({ args: '--data=gs://my-data/x' }, true)).toEqual([]);
    expect(asked({ ...given, region: 'local' }, true)).toEqual([]);
    expect(asked({ ...given, submit: 'false' }, true)).toEqual([]);
  });

  test('are one question in two regions', () => {
    const both = asked({ ...given, region: 'us-central1\neurope-west4' }, true);
    expect(both.map((check) => JSON.stringify(check))).toEqual(Array(2).fill(JSON.stringify(both[0])));
  });
});

describe('where a thing was given', () => {
  test.each([
    { name: 'an argument', given: { args: '--data=gs://my-data/x' }, source: { input: 'args' } },
    { name: 'a variable', given: { env_vars: 'DATA=/gcs/my-data' }, source: { input: 'env_vars' } },
    { name: 'the output folder', given: { output_uri: 'gs://my-data/x' }, source: { input: 'output_uri' } },
    {
      name: 'the output folder before an argument',
      given: { output_uri: 'gs://my-data/x', args: 'gs://my-data/y' },
      source: { input: 'output_uri' },
    },
  ] as readonly { name: string; given: Given; source: object }[])('$name', ({ given, source }) => {
    expect(checkOf('bucket', given).source).toEqual(source);
  });

  test('a config, with the part of it and the line', () => {
    const config = `
workerPoolSpecs:
  - replicaCount: 1
    machineSpec: { machineType: n1-standard-4 }
    containerSpec:
      imageUri: europe-docker.pkg.dev/other-project/training/app:1
      args:
        - --data=gs://my-data/x
serviceAccount: ${ACCOUNT}
baseOutputDirectory: { outputUriPrefix: gs://my-out/runs }
`;
    const sources = checksOf({}, config).map(({ kind, source: { part, place } }) => [
      kind,
      part,
      place?.file,
      place?.line,
    ]);
    expect(sources.slice(3)).toEqual([
      ['job-account', 'serviceAccount', 'job.yaml', 9],
      ['bucket', 'workerPoolSpecs[0].containerSpec.args[0]', 'job.yaml', 8],
      ['bucket', 'baseOutputDirectory.outputUriPrefix', 'job.yaml', 10],
      ['image', 'workerPoolSpecs[0].containerSpec.imageUri', 'job.yaml', 6],
    ]);
  });

  test('the key of a tuning config', () => {
    const config = `
studySpec:
  metrics: [{ metricId: accuracy, goal: MAXIMIZE }]
  parameters: [{ parameterId: rate, doubleValueSpec: { minValue: 0, maxValue: 1 } }]
maxTrialCount: 2
parallelTrialCount: 1
trialJobSpec:
  workerPoolSpecs: [{ replicaCount: 1, machineSpec: { machineType: n1-standard-4 }, containerSpec: { imageUri: us-central1-docker.pkg.dev/my-project/training/mnist } }]
encryptionSpec: { kmsKeyName: ${KEY} }
`;
    const { name, source } = checkOf('kms-key', {}, config);
    expect([name, source.place?.line]).toEqual([KEY, 9]);
  });
});

describe('a bucket is for', () => {
  test.each([
    { name: 'data', given: { args: 'gs://my-data/x' }, use: 'data' },
    {
      name: 'data, though the output’s name begins alike',
      given: { args: 'gs://my-out-2/x', output_uri: 'gs://my-out/' },
      use: 'data',
    },
    { name: 'output', given: { output_uri: 'gs://my-data/x', args: 'gs://my-data/y' }, use: 'output' },
    { name: 'a model', given: { ...MODEL, output_uri: 'gs://my-data/x' }, use: 'model-output' },
    {
      name: 'a model that the step uploads',
      given: { ...MODEL, output_uri: 'gs://my-data/x', register: 'best' },
      use: 'model-output',
    },
    {
      name: 'TensorBoard’s logs',
      given: { output_uri: 'gs://my-data/x', tensorboard: TENSORBOARD, job_service_account: ACCOUNT },
      use: 'tensorboard-output',
    },
  ] as readonly { name: string; given: Given; use: string }[])('$name', ({ given, use }) => {
    const buckets = checksOf(given).flatMap((check) => (check.kind === 'bucket' ? [check] : []));
    expect(buckets.filter(({ bucket }) => bucket !== 'my-out').map((each) => each.use)).toEqual([use]);
  });
});

test('a dataset is asked for by its project and its own name', () => {
  const { project, dataset, region } = checkOf('dataset', { args: '--t=bq://example.com:my-project.sales.orders' });
  expect([project, dataset, region]).toEqual(['example.com:my-project', 'sales', 'us-central1']);
});

describe('images that nobody builds here', () => {
  const config = (image: string) =>
    `workerPoolSpecs: [{ replicaCount: 1, machineSpec: { machineType: n1-standard-4 }, containerSpec: { imageUri: '${image}' } }]`;

  test.each([
    {
      image: 'us-central1-docker.pkg.dev/example.com/other-project/r/a/b:1',
      name: { project: 'example.com:other-project', location: 'us-central1', repository: 'r', image: 'a/b' },
    },
    {
      image: `europe-docker.pkg.dev/p-project/r/a@sha256:${'0'.repeat(64)}`,
      name: { project: 'p-project', location: 'europe', repository: 'r', image: 'a' },
    },
    { image: 'gcr.io/p-project/a', name: { project: 'p-project', location: 'us', repository: 'gcr.io', image: 'a' } },
  ])('$image', ({ image, name }) => {
    expect(checkOf('image', {}, config(image)).name).toEqual(name);
  });

  test.each([
    'us-docker.pkg.dev/vertex-ai/training/pytorch-gpu.2-4.py310:latest',
    'gcr.io/deeplearning-platform-release/base-cpu',
    'docker.io/library/python:3.12',
    'us-central1-docker.pkg.dev/my-project/training/mnist:9',
  ])('are not asked about: %s', (image) => {
    expect(kinds({}, config(image))).toEqual(['project', 'vertex-api', 'permissions']);
  });

  test('are asked about once for each repository', () => {
    const pool = (image: string) =>
      `{ replicaCount: 1, machineSpec: { machineType: n1-standard-4 }, containerSpec: { imageUri: '${image}' } }`;
    const two = `workerPoolSpecs: [${pool('us-docker.pkg.dev/p-project/r/a')}, ${pool('us-docker.pkg.dev/p-project/r/b')}]`;
    expect(checksOf({}, two).filter(({ kind }) => kind === 'image')).toHaveLength(1);
  });
});

test('a persistent resource is asked for the machines of the pools, each once', () => {
  const pool =
    '{ replicaCount: 1, machineSpec: { machineType: n1-standard-8, acceleratorType: NVIDIA_TESLA_T4, acceleratorCount: 1 }, containerSpec: { imageUri: us-docker.pkg.dev/vertex-ai/x } }';
  const { name, machines } = checkOf(
    'persistent-resource',
    {},
    `persistentResourceId: pool\nworkerPoolSpecs: [${pool}, ${pool}]`,
  );
  expect(name).toBe('projects/my-project/locations/us-central1/persistentResources/pool');
  expect(machines).toEqual([{ machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 }]);
});
