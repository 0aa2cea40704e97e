/**
 * Vertex AI's training resources in the JSON form of its REST API, version v1 (proto3 JSON: int64 as decimal strings,
 * durations as `"3600s"`, enums by name). Only the fields that this project reads or writes by name are typed.
 */

/** google.cloud.aiplatform.v1.JobState without its prefix; the index is the wire number. */
export const JOB_STATES = [
  'UNSPECIFIED',
  'QUEUED',
  'PENDING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'CANCELLING',
  'CANCELLED',
  'PAUSED',
  'EXPIRED',
  'UPDATING',
  'PARTIALLY_SUCCEEDED',
] as const;
export type JobStateWord = (typeof JOB_STATES)[number];
export type JobState = `JOB_STATE_${JobStateWord}`;

/** google.cloud.aiplatform.v1.AcceleratorType; the index is the wire number. */
export const ACCELERATOR_TYPES = [
  'ACCELERATOR_TYPE_UNSPECIFIED',
  'NVIDIA_TESLA_K80',
  'NVIDIA_TESLA_P100',
  'NVIDIA_TESLA_V100',
  'NVIDIA_TESLA_P4',
  'NVIDIA_TESLA_T4',
  'TPU_V2',
  'TPU_V3',
  'NVIDIA_TESLA_A100',
  'NVIDIA_A100_80GB',
  'TPU_V4_POD',
  'NVIDIA_L4',
  'TPU_V5_LITEPOD',
  'NVIDIA_H100_80GB',
  'NVIDIA_H100_MEGA_80GB',
  'NVIDIA_H200_141GB',
  'NVIDIA_B200',
  'NVIDIA_GB200',
  'NVIDIA_RTX_PRO_6000',
] as const;
export type AcceleratorType = (typeof ACCELERATOR_TYPES)[number];

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface ContainerSpec {
  readonly imageUri: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
}

export interface PythonPackageSpec {
  readonly executorImageUri?: string;
  readonly packageUris?: readonly string[];
  readonly pythonModule?: string;
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
}

export interface ReservationAffinity {
  readonly reservationAffinityType?: string;
  readonly key?: string;
  readonly values?: readonly string[];
}

export interface MachineSpec {
  readonly machineType?: string;
  readonly acceleratorType?: AcceleratorType;
  readonly acceleratorCount?: number;
  readonly tpuTopology?: string;
  readonly reservationAffinity?: ReservationAffinity;
}

export interface DiskSpec {
  readonly bootDiskType?: string;
  readonly bootDiskSizeGb?: number;
}

export interface NfsMount {
  readonly server?: string;
  readonly path?: string;
  readonly mountPoint?: string;
}

export interface WorkerPoolSpec {
  readonly containerSpec?: ContainerSpec;
  readonly pythonPackageSpec?: PythonPackageSpec;
  readonly machineSpec?: MachineSpec;
  /** int64. */
  readonly replicaCount?: string;
  readonly diskSpec?: DiskSpec;
  readonly nfsMounts?: readonly NfsMount[];
  readonly lustreMounts?: readonly Pick<NfsMount, 'mountPoint'>[];
}

export interface Scheduling {
  /** Duration. */
  readonly timeout?: string;
  readonly restartJobOnWorkerRestart?: boolean;
  readonly strategy?: string;
  readonly disableRetries?: boolean;
  /** Duration. */
  readonly maxWaitDuration?: string;
}

export interface CustomJobSpec {
  readonly workerPoolSpecs: readonly WorkerPoolSpec[];
  readonly scheduling?: Scheduling;
  readonly serviceAccount?: string;
  readonly network?: string;
  readonly pscInterfaceConfig?: { readonly dnsPeeringConfigs?: readonly { readonly domain?: string }[] };
  readonly baseOutputDirectory?: { readonly outputUriPrefix: string };
  readonly persistentResourceId?: string;
  readonly tensorboard?: string;
  readonly enableWebAccess?: boolean;
  readonly enableDashboardAccess?: boolean;
}

/** google.rpc.Status. */
export interface Status {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly unknown[];
}

export interface EncryptionSpec {
  /** `projects/P/locations/L/keyRings/R/cryptoKeys/K`. */
  readonly kmsKeyName: string;
}

export interface JobFields {
  /** Output only: `projects/NUMBER/locations/LOCATION/COLLECTION/ID`. */
  readonly name?: string;
  readonly displayName: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: JobState;
  readonly createTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly updateTime?: string;
  readonly error?: Status;
  readonly encryptionSpec?: EncryptionSpec;
}

export interface CustomJob extends JobFields {
  readonly jobSpec: CustomJobSpec;
}

/** google.cloud.aiplatform.v1.StudySpec.MetricSpec.GoalType; the index is the wire number. */
export const GOALS = ['GOAL_TYPE_UNSPECIFIED', 'MAXIMIZE', 'MINIMIZE'] as const;
export type Goal = (typeof GOALS)[number];

export interface MetricSpec {
  readonly metricId: string;
  readonly goal: Goal;
  /** Makes it a safety metric, which is no objective: its value is to be as good as the threshold, which is 0 if not given. */
  readonly safetyConfig?: { readonly safetyThreshold?: number };
}

/** StudySpec.ParameterSpec.ScaleType; the index is the wire number. */
export const SCALE_TYPES = [
  'SCALE_TYPE_UNSPECIFIED',
  'UNIT_LINEAR_SCALE',
  'UNIT_LOG_SCALE',
  'UNIT_REVERSE_LOG_SCALE',
] as const;
export type ScaleType = (typeof SCALE_TYPES)[number];

export interface ParameterSpec {
  readonly parameterId: string;
  readonly scaleType?: ScaleType;
  readonly doubleValueSpec?: { readonly minValue: number; readonly maxValue: number };
  /** int64 bounds. */
  readonly integerValueSpec?: { readonly minValue: string; readonly maxValue: string };
  readonly categoricalValueSpec?: { readonly values: readonly string[] };
  readonly discreteValueSpec?: { readonly values: readonly number[] };
  readonly conditionalParameterSpecs?: readonly ConditionalParameterSpec[];
}

/** A parameter that is active only while its parent has one of the values. */
export interface ConditionalParameterSpec {
  readonly parameterSpec: ParameterSpec;
  readonly parentDiscreteValues?: { readonly values?: readonly number[] };
  /** int64. */
  readonly parentIntValues?: { readonly values?: readonly string[] };
  readonly parentCategoricalValues?: { readonly values?: readonly string[] };
}

/** StudySpec.Algorithm by name, with its wire number (1 is not used). */
export const ALGORITHMS = { ALGORITHM_UNSPECIFIED: 0, GRID_SEARCH: 2, RANDOM_SEARCH: 3 } as const;
export type Algorithm = keyof typeof ALGORITHMS;

/** StudySpec.MeasurementSelectionType; the index is the wire number. */
export const MEASUREMENT_SELECTIONS = [
  'MEASUREMENT_SELECTION_TYPE_UNSPECIFIED',
  'LAST_MEASUREMENT',
  'BEST_MEASUREMENT',
] as const;

/** google.cloud.aiplatform.v1.StudyTimeConstraint: one of the two. */
export interface StudyTimeConstraint {
  /** Duration since the study was made. */
  readonly maxDuration?: string;
  /** RFC 3339. */
  readonly endTime?: string;
}

/** StudySpec.StudyStoppingConfig. */
export interface StudyStoppingConfig {
  readonly shouldStopAsap?: boolean;
  readonly minimumRuntimeConstraint?: StudyTimeConstraint;
  readonly maximumRuntimeConstraint?: StudyTimeConstraint;
  readonly minNumTrials?: number;
  readonly maxNumTrials?: number;
  readonly maxNumTrialsNoProgress?: number;
  /** Duration. */
  readonly maxDurationNoProgress?: string;
}

export interface StudySpec {
  readonly metrics: readonly MetricSpec[];
  readonly parameters: readonly ParameterSpec[];
  readonly algorithm?: Algorithm;
  readonly measurementSelectionType?: (typeof MEASUREMENT_SELECTIONS)[number];
  readonly decayCurveStoppingSpec?: Readonly<Record<string, unknown>>;
  readonly medianAutomatedStoppingSpec?: Readonly<Record<string, unknown>>;
  readonly convexAutomatedStoppingSpec?: Readonly<Record<string, unknown>>;
  readonly studyStoppingConfig?: StudyStoppingConfig;
}

/** google.cloud.aiplatform.v1.Trial.State; the index is the wire number. */
export const TRIAL_STATES = [
  'STATE_UNSPECIFIED',
  'REQUESTED',
  'ACTIVE',
  'STOPPING',
  'SUCCEEDED',
  'INFEASIBLE',
] as const;
export type TrialState = (typeof TRIAL_STATES)[number];

export interface Measurement {
  readonly elapsedDuration?: string;
  /** int64. */
  readonly stepCount?: string;
  readonly metrics?: readonly { readonly metricId: string; readonly value: number }[];
}

export type ParameterValue = number | string;

export interface Trial {
  readonly id: string;
  readonly state: TrialState;
  readonly parameters: readonly { readonly parameterId: string; readonly value: ParameterValue }[];
  readonly finalMeasurement?: Measurement;
  readonly measurements?: readonly Measurement[];
  readonly startTime?: string;
  readonly endTime?: string;
  readonly infeasibleReason?: string;
  /** Name of the CustomJob that runs the trial. */
  readonly customJob?: string;
}

export interface HyperparameterTuningJob extends JobFields {
  readonly studySpec: StudySpec;
  readonly maxTrialCount: number;
  readonly parallelTrialCount: number;
  readonly maxFailedTrialCount?: number;
  readonly trialJobSpec: CustomJobSpec;
  /** Output only, and only of get. */
  readonly trials?: readonly Trial[];
}

/** A model as it is uploaded, by a training pipeline or by itself. */
export interface ModelToUpload {
  readonly displayName: string;
  readonly versionDescription?: string;
  /** Aliases that the new version takes from whichever had them. */
  readonly versionAliases?: readonly string[];
  /** Folder of its files; a pipeline's is AIP_MODEL_DIR where it is not given. */
  readonly artifactUri?: string;
  readonly encryptionSpec?: EncryptionSpec;
  readonly containerSpec: ContainerToServe;
  readonly labels?: Readonly<Record<string, string>>;
}

/** google.cloud.aiplatform.v1.ModelContainerSpec. */
export interface ContainerToServe {
  readonly imageUri: string;
  readonly predictRoute?: string;
  readonly healthRoute?: string;
  readonly ports?: readonly { readonly containerPort: number }[];
}

/** The inputs of a pipeline's task: a CustomJobSpec, or the fields of a tuning job. */
export type TrainingTaskInputs =
  | CustomJobSpec
  | Pick<
      HyperparameterTuningJob,
      'studySpec' | 'maxTrialCount' | 'parallelTrialCount' | 'maxFailedTrialCount' | 'trialJobSpec'
    >;

export interface TrainingPipeline {
  readonly displayName: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly encryptionSpec?: EncryptionSpec;
  /** Address of the task's schema. */
  readonly trainingTaskDefinition: string;
  readonly trainingTaskInputs: TrainingTaskInputs;
  readonly modelToUpload?: ModelToUpload;
  readonly modelId?: string;
  readonly parentModel?: string;
}

/** google.logging.v2.LogEntry, as entries.list answers it. */
export interface LogEntry {
  readonly insertId?: string;
  readonly timestamp?: string;
  readonly receiveTimestamp?: string;
  readonly severity?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly resource?: { readonly type?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly textPayload?: string;
  readonly jsonPayload?: Readonly<Record<string, unknown>>;
}
