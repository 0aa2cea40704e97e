import { ACCELERATOR_TYPES, GOALS, MEASUREMENT_SELECTIONS, SCALE_TYPES } from '../vertex/types.ts';

/** How one field of a request is read (proto3 JSON). */
export type Field =
  | { readonly kind: 'string' | 'int32' | 'int64' | 'double' | 'bool' | 'duration' | 'any' }
  /** Output only: accepted and dropped, since clients send back what they read. */
  | { readonly kind: 'output' }
  /** Names by wire number; a hole is a number that is not used. */
  | { readonly kind: 'enum'; readonly names: readonly (string | undefined)[] }
  | { readonly kind: 'list'; readonly of: Field }
  | { readonly kind: 'map'; readonly of: Field }
  | { readonly kind: 'message'; readonly fields: () => Fields };
/** By camelCase name. */
export type Fields = Readonly<Record<string, Field>>;

const string: Field = { kind: 'string' };
const int32: Field = { kind: 'int32' };
const int64: Field = { kind: 'int64' };
const double: Field = { kind: 'double' };
const bool: Field = { kind: 'bool' };
const duration: Field = { kind: 'duration' };
const any: Field = { kind: 'any' };
const output: Field = { kind: 'output' };
const list = (of: Field): Field => ({ kind: 'list', of });
const message = (fields: Fields): Field => ({ kind: 'message', fields: () => fields });
const oneOf = (...names: (string | undefined)[]): Field => ({ kind: 'enum', names });
const env = list(message({ name: string, value: string }));

const machineSpec = message({
  machineType: string,
  acceleratorType: oneOf(...ACCELERATOR_TYPES),
  acceleratorCount: int32,
  gpuPartitionSize: string,
  tpuTopology: string,
  reservationAffinity: message({
    reservationAffinityType: oneOf('TYPE_UNSPECIFIED', 'NO_RESERVATION', 'ANY_RESERVATION', 'SPECIFIC_RESERVATION'),
    key: string,
    values: list(string),
  }),
});

const workerPoolSpec = message({
  containerSpec: message({ imageUri: string, command: list(string), args: list(string), env }),
  pythonPackageSpec: message({
    executorImageUri: string,
    packageUris: list(string),
    pythonModule: string,
    args: list(string),
    env,
  }),
  machineSpec,
  replicaCount: int64,
  diskSpec: message({ bootDiskType: string, bootDiskSizeGb: int32 }),
  nfsMounts: list(message({ server: string, path: string, mountPoint: string })),
  lustreMounts: list(message({ instanceIp: string, volumeHandle: string, filesystem: string, mountPoint: string })),
});

const scheduling = message({
  timeout: duration,
  restartJobOnWorkerRestart: bool,
  strategy: oneOf('STRATEGY_UNSPECIFIED', 'ON_DEMAND', 'LOW_COST', 'STANDARD', 'SPOT', undefined, 'FLEX_START'),
  disableRetries: bool,
  maxWaitDuration: duration,
});

/** google.cloud.aiplatform.v1.CustomJobSpec. */
const customJobSpec = message({
  persistentResourceId: string,
  workerPoolSpecs: list(workerPoolSpec),
  scheduling,
  serviceAccount: string,
  network: string,
  reservedIpRanges: list(string),
  pscInterfaceConfig: any,
  baseOutputDirectory: message({ outputUriPrefix: string }),
  protectedArtifactLocationId: string,
  tensorboard: string,
  enableWebAccess: bool,
  enableDashboardAccess: bool,
  experiment: string,
  experimentRun: string,
  models: list(string),
});

const conditionalParameterSpec = message({
  parameterSpec: { kind: 'message', fields: () => parameterSpec },
  parentDiscreteValues: message({ values: list(double) }),
  parentIntValues: message({ values: list(int64) }),
  parentCategoricalValues: message({ values: list(string) }),
});

const parameterSpec: Fields = {
  parameterId: string,
  scaleType: oneOf(...SCALE_TYPES),
  doubleValueSpec: message({ minValue: double, maxValue: double, defaultValue: double }),
  integerValueSpec: message({ minValue: int64, maxValue: int64, defaultValue: int64 }),
  categoricalValueSpec: message({ values: list(string), defaultValue: string }),
  discreteValueSpec: message({ values: list(double), defaultValue: double }),
  conditionalParameterSpecs: list(conditionalParameterSpec),
};

const studySpec = message({
  metrics: list(message({ metricId: string, goal: oneOf(...GOALS), safetyConfig: any })),
  parameters: list(message(parameterSpec)),
  algorithm: oneOf('ALGORITHM_UNSPECIFIED', undefined, 'GRID_SEARCH', 'RANDOM_SEARCH'),
  observationNoise: oneOf('OBSERVATION_NOISE_UNSPECIFIED', 'LOW', 'HIGH'),
  measurementSelectionType: oneOf(...MEASUREMENT_SELECTIONS),
  decayCurveStoppingSpec: message({ useElapsedDuration: bool }),
  medianAutomatedStoppingSpec: message({ useElapsedDuration: bool }),
  convexAutomatedStoppingSpec: message({
    maxStepCount: int64,
    minStepCount: int64,
    minMeasurementCount: int64,
    learningRateParameterName: string,
    useElapsedDuration: bool,
    updateAllStoppedTrials: bool,
  }),
  studyStoppingConfig: any,
});

const jobFields: Fields = {
  name: output,
  displayName: string,
  state: output,
  createTime: output,
  startTime: output,
  endTime: output,
  updateTime: output,
  error: output,
  labels: { kind: 'map', of: string },
  encryptionSpec: message({ kmsKeyName: string }),
  satisfiesPzs: output,
  satisfiesPzi: output,
};

/** google.cloud.aiplatform.v1.CustomJob. */
export const CUSTOM_JOB: Fields = { ...jobFields, jobSpec: customJobSpec, webAccessUris: output };

/** google.cloud.aiplatform.v1.HyperparameterTuningJob. */
export const TUNING_JOB: Fields = {
  ...jobFields,
  studySpec,
  maxTrialCount: int32,
  parallelTrialCount: int32,
  maxFailedTrialCount: int32,
  trialJobSpec: customJobSpec,
  trials: output,
};
