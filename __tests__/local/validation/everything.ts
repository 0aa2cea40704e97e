import type { Fields } from './requests.ts';

const NAME = 'projects/p/locations/us-central1';

const container = {
  imageUri: 'us-docker.pkg.dev/p/r/image:1',
  command: ['python', '-m'],
  args: ['trainer', ''],
  env: [{ name: 'A', value: '1' }, { name: 'B' }],
};

/** A valid spec that sets every field of CustomJobSpec but those that exclude others. */
export const fullSpec = {
  workerPoolSpecs: [
    {
      machineSpec: { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 },
      replicaCount: '1',
      containerSpec: container,
      diskSpec: { bootDiskType: 'pd-ssd', bootDiskSizeGb: 200 },
      nfsMounts: [{ server: '10.0.0.2', path: '/share', mountPoint: 'data' }],
      lustreMounts: [{ instanceIp: '10.0.0.3', volumeHandle: 'v', filesystem: 'f', mountPoint: 'scratch' }],
    },
    {
      machineSpec: {
        machineType: 'a3-highgpu-8g',
        acceleratorType: 'NVIDIA_H100_80GB',
        acceleratorCount: 8,
        gpuPartitionSize: '1g.10gb',
        reservationAffinity: {
          reservationAffinityType: 'SPECIFIC_RESERVATION',
          key: 'compute.googleapis.com/reservation-name',
          values: ['projects/p/zones/us-central1-a/reservations/r'],
        },
      },
      replicaCount: '3',
      pythonPackageSpec: {
        executorImageUri: 'us-docker.pkg.dev/vertex-ai/training/tf-cpu.2-17.py310:latest',
        packageUris: ['gs://bucket/trainer.tar.gz'],
        pythonModule: 'trainer.task',
        args: ['--epochs=1'],
        env: [{ name: 'C', value: '$(A)' }],
      },
    },
  ],
  scheduling: {
    timeout: '3600.5s',
    restartJobOnWorkerRestart: true,
    strategy: 'SPOT',
    disableRetries: true,
    maxWaitDuration: '60s',
  },
  serviceAccount: 'robot@p.iam.gserviceaccount.com',
  network: 'projects/123/global/networks/default',
  reservedIpRanges: ['range'],
  pscInterfaceConfig: {
    networkAttachment: 'projects/p/regions/us-central1/networkAttachments/a',
    dnsPeeringConfigs: [{ domain: 'a.b.', targetProject: 'p', targetNetwork: 'n' }],
  },
  baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' },
  protectedArtifactLocationId: 'us-central1',
  tensorboard: `${NAME}/tensorboards/1`,
  enableWebAccess: true,
  enableDashboardAccess: true,
  experiment: `${NAME}/metadataStores/default/contexts/e`,
  experimentRun: `${NAME}/metadataStores/default/contexts/e-r`,
  models: [`${NAME}/models/m@1`],
};

const named = {
  displayName: 'everything',
  labels: { team: 'a', größe: '1' },
  encryptionSpec: { kmsKeyName: `${NAME}/keyRings/r/cryptoKeys/k` },
};

/** A valid custom job that sets every field. */
export const fullJob: Fields = { ...named, jobSpec: fullSpec };

/** A valid tuning job that sets every field but those that exclude others. */
export const fullTuning: Fields = {
  ...named,
  studySpec: {
    metrics: [
      { metricId: 'accuracy', goal: 'MAXIMIZE' },
      { metricId: 'cost', goal: 'MINIMIZE', safetyConfig: { safetyThreshold: 2.5, desiredMinSafeTrialsFraction: 0.5 } },
    ],
    parameters: [
      {
        parameterId: 'rate',
        scaleType: 'UNIT_LOG_SCALE',
        doubleValueSpec: { minValue: 0.001, maxValue: 0.1, defaultValue: 0.01 },
      },
      {
        parameterId: 'layers',
        scaleType: 'UNIT_LINEAR_SCALE',
        integerValueSpec: { minValue: '1', maxValue: '9', defaultValue: '3' },
        conditionalParameterSpecs: [
          {
            parentIntValues: { values: ['2', '3'] },
            parameterSpec: {
              parameterId: 'units',
              discreteValueSpec: { values: [16, 32.5], defaultValue: 16 },
              conditionalParameterSpecs: [
                {
                  parentDiscreteValues: { values: [32.5] },
                  parameterSpec: { parameterId: 'wide', categoricalValueSpec: { values: ['y', 'n'] } },
                },
              ],
            },
          },
        ],
      },
      {
        parameterId: 'optimizer',
        categoricalValueSpec: { values: ['sgd', 'adam'], defaultValue: 'sgd' },
        conditionalParameterSpecs: [
          {
            parentCategoricalValues: { values: ['sgd'] },
            parameterSpec: {
              parameterId: 'momentum',
              scaleType: 'UNIT_REVERSE_LOG_SCALE',
              doubleValueSpec: { minValue: 0.5, maxValue: 0.99 },
            },
          },
        ],
      },
    ],
    algorithm: 'RANDOM_SEARCH',
    observationNoise: 'LOW',
    measurementSelectionType: 'BEST_MEASUREMENT',
    convexAutomatedStoppingSpec: {
      maxStepCount: '100',
      minStepCount: '10',
      minMeasurementCount: '5',
      learningRateParameterName: 'rate',
      useElapsedDuration: true,
      updateAllStoppedTrials: true,
    },
    studyStoppingConfig: {
      shouldStopAsap: true,
      minimumRuntimeConstraint: { maxDuration: '60s' },
      maximumRuntimeConstraint: { endTime: '2030-01-01T00:00:00Z' },
      minNumTrials: 1,
      maxNumTrials: 9,
      maxNumTrialsNoProgress: 5,
      maxDurationNoProgress: '3600s',
    },
  },
  maxTrialCount: 10,
  parallelTrialCount: 2,
  maxFailedTrialCount: 3,
  trialJobSpec: fullSpec,
};

/** One place of a JSON value: how it is reached, and what is there. */
export interface Spot {
  readonly keys: readonly (string | number)[];
  readonly value: unknown;
}

/** Every place of a JSON value, the value itself first. */
export function spotsOf(value: unknown, keys: readonly (string | number)[] = []): Spot[] {
  if (typeof value !== 'object' || value === null) return [{ keys, value }];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [{ keys, value }, ...inner.flatMap(([key, each]) => spotsOf(each, [...keys, key]))];
}

/** The value with what is at a place changed. */
export function changedAt(value: unknown, [key, ...rest]: Spot['keys'], change: (found: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => (index === key ? changedAt(each, rest, change) : each));
  }
  const fields = value as Fields;
  return { ...fields, [key]: changedAt(fields[key], rest, change) };
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A place as the API names it: `job_spec.worker_pool_specs[0]`. */
export const pathOf = (keys: Spot['keys']) =>
  keys.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? snake(key) : `${path}.${snake(key)}`;
  }, '');

/** The value with every name of a field in snake_case; the keys of labels are no names of fields. */
export function inSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [snake(name), name === 'labels' ? each : inSnakeCase(each)]),
  );
}
