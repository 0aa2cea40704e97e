import { describe, expect, test } from '@jest/globals';
import type { Given } from '../../inputs/given.ts';
import { IMAGE, judge, planned, specOf, TUNING, tuningOf, yaml } from './judge.ts';

/** A config that says something of everything that an input can say too. */
const CONFIG = yaml`
  workerPoolSpecs:
    - machineSpec: { machineType: n1-standard-8, acceleratorType: NVIDIA_TESLA_T4, acceleratorCount: 1 }
      replicaCount: 1
      diskSpec: { bootDiskType: pd-ssd, bootDiskSizeGb: 200 }
      containerSpec:
        imageUri: ${IMAGE}:of-the-config
        command: [config-command]
        args: [--config-arg]
        env: [{ name: KEPT, value: kept }, { name: BOTH, value: config }]
  scheduling: { timeout: 7200s, strategy: STANDARD, restartJobOnWorkerRestart: false, disableRetries: false }
  serviceAccount: config@my-project.iam.gserviceaccount.com
  network: projects/1/global/networks/config
  baseOutputDirectory: { outputUriPrefix: gs://config-bucket/runs }
  persistentResourceId: of-the-config
  tensorboard: projects/1/locations/us-central1/tensorboards/1
  enableWebAccess: false
`;
const pool = (fields: object) => ({ workerPoolSpecs: [fields] });
const container = (fields: object) => pool({ containerSpec: fields });

interface Case {
  readonly name: string;
  readonly inputs: Given;
  readonly spec: object;
}

const WINS: readonly Case[] = [
  {
    name: 'machine_type',
    inputs: { machine_type: 'n1-standard-16' },
    spec: pool({ machineSpec: { machineType: 'n1-standard-16', acceleratorType: 'NVIDIA_TESLA_T4' } }),
  },
  {
    name: 'accelerator_type, by its short name',
    inputs: { accelerator_type: 'v100' },
    spec: pool({
      machineSpec: { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_V100', acceleratorCount: 1 },
    }),
  },
  {
    name: 'accelerator_count',
    inputs: { accelerator_count: '4' },
    spec: pool({ machineSpec: { acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 4 } }),
  },
  {
    name: 'boot_disk_type',
    inputs: { boot_disk_type: 'pd-standard' },
    spec: pool({ diskSpec: { bootDiskType: 'pd-standard', bootDiskSizeGb: 200 } }),
  },
  {
    name: 'boot_disk_size_gb',
    inputs: { boot_disk_size_gb: '500' },
    spec: pool({ diskSpec: { bootDiskType: 'pd-ssd', bootDiskSizeGb: 500 } }),
  },
  {
    name: 'command',
    inputs: { command: 'python\n-m\ntrainer' },
    spec: container({ command: ['python', '-m', 'trainer'], args: ['--config-arg'] }),
  },
  {
    name: 'args',
    inputs: { args: '--lr=0.1\n--name=a, b' },
    spec: container({ command: ['config-command'], args: ['--lr=0.1', '--name=a, b'] }),
  },
  {
    name: 'env_vars, name by name',
    inputs: { env_vars: 'BOTH=input\nNEW=new' },
    spec: container({
      env: [
        { name: 'KEPT', value: 'kept' },
        { name: 'BOTH', value: 'input' },
        { name: 'NEW', value: 'new' },
      ],
    }),
  },
  { name: 'timeout', inputs: { timeout: '1h30m' }, spec: { scheduling: { timeout: '5400s', strategy: 'STANDARD' } } },
  { name: 'strategy', inputs: { strategy: 'spot' }, spec: { scheduling: { timeout: '7200s', strategy: 'SPOT' } } },
  {
    name: 'restart_job_on_worker_restart',
    inputs: { restart_job_on_worker_restart: 'true' },
    spec: { scheduling: { restartJobOnWorkerRestart: true, disableRetries: false } },
  },
  {
    name: 'disable_retries',
    inputs: { disable_retries: 'true' },
    spec: { scheduling: { restartJobOnWorkerRestart: false, disableRetries: true } },
  },
  {
    name: 'job_service_account',
    inputs: { job_service_account: 'input@my-project.iam.gserviceaccount.com' },
    spec: { serviceAccount: 'input@my-project.iam.gserviceaccount.com' },
  },
  {
    name: 'network',
    inputs: { network: 'projects/2/global/networks/input' },
    spec: { network: 'projects/2/global/networks/input' },
  },
  {
    name: 'output_uri',
    inputs: { output_uri: 'gs://input-bucket/runs' },
    spec: { baseOutputDirectory: { outputUriPrefix: 'gs://input-bucket/runs' } },
  },
  {
    name: 'persistent_resource_id',
    inputs: { persistent_resource_id: 'of-the-input' },
    spec: { persistentResourceId: 'of-the-input' },
  },
  {
    name: 'tensorboard',
    inputs: { tensorboard: 'projects/2/locations/us-central1/tensorboards/2' },
    spec: { tensorboard: 'projects/2/locations/us-central1/tensorboards/2' },
  },
  { name: 'enable_web_access', inputs: { enable_web_access: 'true' }, spec: { enableWebAccess: true } },
];

describe('an input wins over the config, and leaves the rest of it', () => {
  const plain = specOf(planned({}, CONFIG));

  test('without inputs all is the config’s', () => {
    expect(plain).toEqual({
      workerPoolSpecs: [
        {
          machineSpec: { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
          replicaCount: '1',
          diskSpec: { bootDiskType: 'pd-ssd', bootDiskSizeGb: 200 },
          containerSpec: {
            imageUri: IMAGE,
            command: ['config-command'],
            args: ['--config-arg'],
            env: [
              { name: 'KEPT', value: 'kept' },
              { name: 'BOTH', value: 'config' },
            ],
          },
        },
      ],
      scheduling: {
        timeout: '7200s',
        strategy: 'STANDARD',
        restartJobOnWorkerRestart: false,
        disableRetries: false,
      },
      serviceAccount: 'config@my-project.iam.gserviceaccount.com',
      network: 'projects/1/global/networks/config',
      baseOutputDirectory: { outputUriPrefix: 'gs://config-bucket/runs' },
      persistentResourceId: 'of-the-config',
      tensorboard: 'projects/1/locations/us-central1/tensorboards/1',
      enableWebAccess: false,
    });
  });

  test.each(WINS)('$name', ({ inputs, spec }) => {
    expect(specOf(planned(inputs, CONFIG))).toMatchObject(spec);
  });

  test.each(WINS)('$name alone, without a config', ({ inputs }) => {
    // accelerator_count belongs to accelerator_type, and persistent_resource_id to a machine.
    const { plan } = judge({
      machine_type: 'n1-standard-8',
      accelerator_type: 'accelerator_count' in inputs ? 't4' : '',
      ...inputs,
    });
    expect(plan).toBeDefined();
  });

  test('max_wait_duration, with the strategy that it goes with', () => {
    const config = yaml`
      workerPoolSpecs: [{ machineSpec: { machineType: g2-standard-4, acceleratorType: NVIDIA_L4, acceleratorCount: 1 } }]
      scheduling: { strategy: FLEX_START, maxWaitDuration: 60s }
    `;
    const { scheduling } = specOf(planned({ max_wait_duration: '6h' }, config));
    expect(scheduling).toEqual({ strategy: 'FLEX_START', maxWaitDuration: '21600s', timeout: '86400s' });
    expect(specOf(planned({ max_wait_duration: '0s' }, config)).scheduling?.maxWaitDuration).toBe('0s');
  });

  test('tpu_topology', () => {
    const config = 'workerPoolSpecs: [{ machineSpec: { machineType: ct5lp-hightpu-4t, tpuTopology: 2x2 } }]';
    expect(specOf(planned({ tpu_topology: '4x4' }, config))).toMatchObject(
      pool({ machineSpec: { tpuTopology: '4x4' } }),
    );
  });

  test('a timeout of a day where nobody says one', () => {
    expect(specOf(planned({})).scheduling).toEqual({ timeout: '86400s' });
    expect(specOf(planned({}, 'scheduling: { strategy: SPOT }')).scheduling).toEqual({
      strategy: 'SPOT',
      timeout: '86400s',
    });
  });
});

const STUDY_CONFIG = yaml`
  displayName: of the config
  studySpec:
    metrics: [{ metricId: config-metric, goal: MINIMIZE }]
    parameters: [{ parameterId: config-parameter, discreteValueSpec: { values: [1, 2] } }]
    algorithm: RANDOM_SEARCH
    measurementSelectionType: LAST_MEASUREMENT
    convexAutomatedStoppingSpec: { maxStepCount: 10 }
  maxTrialCount: 10
  parallelTrialCount: 2
  maxFailedTrialCount: 3
  labels: { team: config, kept: config }
  encryptionSpec: { kmsKeyName: projects/p/locations/l/keyRings/r/cryptoKeys/config }
  trialJobSpec:
    workerPoolSpecs: [{ machineSpec: { machineType: n1-standard-8 }, containerSpec: { args: [--config] } }]
    scheduling: { timeout: 600s }
`;
const KEY = 'projects/p/locations/l/keyRings/r/cryptoKeys/input';

describe('an input wins over the config of a tuning job', () => {
  test('without inputs all is the config’s, but for the name', () => {
    const { displayName, labels, ...rest } = tuningOf(planned({}, STUDY_CONFIG));
    expect(displayName).toBe('octo/digits Train #7');
    expect(labels).toMatchObject({ team: 'config', kept: 'config', 'managed-by': 'train-on-vertex' });
    expect(rest).toEqual({
      encryptionSpec: { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/config' },
      studySpec: {
        metrics: [{ metricId: 'config-metric', goal: 'MINIMIZE' }],
        parameters: [{ parameterId: 'config-parameter', discreteValueSpec: { values: [1, 2] } }],
        algorithm: 'RANDOM_SEARCH',
        measurementSelectionType: 'LAST_MEASUREMENT',
        convexAutomatedStoppingSpec: { maxStepCount: '10' },
      },
      maxTrialCount: 10,
      parallelTrialCount: 2,
      maxFailedTrialCount: 3,
      trialJobSpec: {
        workerPoolSpecs: [
          { machineSpec: { machineType: 'n1-standard-8' }, containerSpec: { imageUri: IMAGE, args: ['--config'] } },
        ],
        scheduling: { timeout: '600s' },
      },
    });
  });

  test.each([
    {
      name: 'metrics',
      inputs: { metrics: 'accuracy: maximize' },
      job: {
        studySpec: {
          metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }],
          parameters: [{ parameterId: 'config-parameter' }],
        },
      },
    },
    {
      name: 'parameters',
      inputs: { parameters: 'depth: { min: 1, max: 9 }' },
      job: {
        studySpec: {
          metrics: [{ metricId: 'config-metric' }],
          parameters: [{ parameterId: 'depth', integerValueSpec: { minValue: '1', maxValue: '9' } }],
        },
      },
    },
    {
      name: 'max_trials',
      inputs: { max_trials: '30' },
      job: { maxTrialCount: 30, parallelTrialCount: 2, maxFailedTrialCount: 3 },
    },
    { name: 'parallel_trials', inputs: { parallel_trials: '5' }, job: { maxTrialCount: 10, parallelTrialCount: 5 } },
    { name: 'max_failed_trials', inputs: { max_failed_trials: '0' }, job: { maxFailedTrialCount: 0 } },
    { name: 'algorithm', inputs: { algorithm: 'grid_search' }, job: { studySpec: { algorithm: 'GRID_SEARCH' } } },
    {
      name: 'measurement_selection',
      inputs: { measurement_selection: 'best' },
      job: { studySpec: { measurementSelectionType: 'BEST_MEASUREMENT' } },
    },
    {
      name: 'timeout, of each trial',
      inputs: { timeout: '1h' },
      job: { trialJobSpec: { scheduling: { timeout: '3600s' } } },
    },
    {
      name: 'args, of each trial',
      inputs: { args: '--input' },
      job: { trialJobSpec: { workerPoolSpecs: [{ containerSpec: { args: ['--input'] } }] } },
    },
    { name: 'kms_key', inputs: { kms_key: KEY }, job: { encryptionSpec: { kmsKeyName: KEY } } },
    {
      name: 'labels, key by key',
      inputs: { labels: 'team=input' },
      job: { labels: { team: 'input', kept: 'config' } },
    },
  ] as readonly { name: string; inputs: Given; job: object }[])('$name', ({ inputs, job }) => {
    expect(tuningOf(planned(inputs, STUDY_CONFIG))).toMatchObject(job);
  });

  test.each([
    { input: 'median', field: 'medianAutomatedStoppingSpec' },
    { input: 'decay_curve', field: 'decayCurveStoppingSpec' },
    { input: 'convex', field: 'convexAutomatedStoppingSpec' },
  ])('early_stopping $input, in place of the config’s', ({ input, field }) => {
    const { studySpec } = tuningOf(planned({ early_stopping: input }, STUDY_CONFIG));
    expect(Object.keys(studySpec).filter((key) => /StoppingSpec$/.test(key))).toEqual([field]);
    expect(studySpec).toMatchObject({ [field]: {} });
  });
});

describe('the kind of job', () => {
  const custom = 'workerPoolSpecs: [{ containerSpec: {} }]';
  const model = { model: 'digits', serving_image: 'us-docker.pkg.dev/p/serve:1' };
  test.each([
    { name: 'custom job without anything', inputs: {}, config: undefined, kind: 'customJobs' },
    { name: 'custom job by its config', inputs: {}, config: custom, kind: 'customJobs' },
    { name: 'custom job by an empty config', inputs: {}, config: '', kind: 'customJobs' },
    { name: 'tuning job by inputs', inputs: TUNING, config: undefined, kind: 'hyperparameterTuningJobs' },
    { name: 'tuning job by its config', inputs: {}, config: STUDY_CONFIG, kind: 'hyperparameterTuningJobs' },
    {
      name: 'tuning job by inputs around a custom job’s config',
      inputs: TUNING,
      config: custom,
      kind: 'hyperparameterTuningJobs',
    },
    { name: 'training pipeline', inputs: model, config: undefined, kind: 'trainingPipelines' },
    { name: 'training pipeline around a config', inputs: model, config: custom, kind: 'trainingPipelines' },
    {
      name: 'training pipeline around a tuning job',
      inputs: { ...model, ...TUNING },
      config: undefined,
      kind: 'trainingPipelines',
    },
    {
      name: 'training pipeline around a tuning config',
      inputs: model,
      config: STUDY_CONFIG,
      kind: 'trainingPipelines',
    },
  ] as readonly { name: string; inputs: Given; config: string | undefined; kind: string }[])(
    '$name',
    ({ inputs, config, kind }) => {
      expect(planned(inputs, config).job).toMatchObject({
        collection: kind,
        parent: 'projects/my-project/locations/us-central1',
      });
    },
  );

  test('a custom job’s config is what each trial runs', () => {
    const config =
      'workerPoolSpecs: [{ containerSpec: { args: [--x] } }]\nserviceAccount: a@b.iam.gserviceaccount.com\n';
    expect(tuningOf(planned(TUNING, config))).toMatchObject({
      maxTrialCount: 20,
      trialJobSpec: {
        serviceAccount: 'a@b.iam.gserviceaccount.com',
        workerPoolSpecs: [{ containerSpec: { args: ['--x'] } }],
      },
    });
  });
});
