import type { EncryptionSpec, Status } from '../../vertex/types.ts';

/** What jobs and training pipelines have in common. */
export interface ResourceFields {
  /** Output only: `projects/NUMBER/locations/LOCATION/COLLECTION/ID`. */
  readonly name?: string;
  readonly displayName: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly state?: string;
  readonly createTime?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly updateTime?: string;
  readonly error?: Status;
  readonly encryptionSpec?: EncryptionSpec;
}

/** The exit of a replica that decided its job. */
export interface Decision {
  readonly replica: string;
  readonly exit: { readonly exitCode: number; readonly oomKilled: boolean; readonly endedByOthers?: boolean };
  /** When the job ended, in milliseconds since the epoch, where that was before this process of the service knew it. */
  readonly endedMs?: number;
}

/** Whether a job or pipeline is in a state that it never leaves. */
export function isTerminal({ state = '' }: ResourceFields): boolean {
  return /_STATE_(?:SUCCEEDED|FAILED|CANCELLED|EXPIRED|PARTIALLY_SUCCEEDED)$/.test(state);
}

/** google.cloud.aiplatform.v1.TrainingPipeline. */
export interface TrainingPipeline extends ResourceFields {
  readonly trainingTaskDefinition: string;
  /** As the caller sent it. */
  readonly trainingTaskInputs: unknown;
  /** Output only: which jobs the pipeline runs. */
  readonly trainingTaskMetadata?: TaskMetadata;
  readonly modelToUpload?: Model;
  readonly modelId?: string;
  readonly parentModel?: string;
}

/** The metadata of the custom task and of the tuning task. */
export interface TaskMetadata {
  readonly backingCustomJob?: string;
  readonly backingHyperparameterTuningJob?: string;
  readonly bestTrialBackingCustomJob?: string;
}

/** google.cloud.aiplatform.v1.Model: one version of it. Fields that this service only hands on are not named. */
export interface Model {
  /** `projects/NUMBER/locations/LOCATION/models/ID`, without the version. */
  readonly name?: string;
  /** 1 upward. */
  readonly versionId?: string;
  readonly versionAliases?: readonly string[];
  readonly versionCreateTime?: string;
  readonly versionUpdateTime?: string;
  readonly displayName: string;
  readonly description?: string;
  readonly versionDescription?: string;
  readonly containerSpec?: { readonly imageUri?: string };
  readonly artifactUri?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly encryptionSpec?: EncryptionSpec;
  readonly trainingPipeline?: string;
  readonly createTime?: string;
  readonly updateTime?: string;
}

/** A model with all its versions. Replaced at each change, never changed. */
export interface ModelRecord {
  /** `projects/NUMBER/locations/LOCATION/models/ID` */
  readonly name: string;
  /** The number of the version made last; that of a deleted one is not given again. */
  readonly lastVersion: number;
  /** In the order of their making; exactly one has the alias `default`. */
  readonly versions: readonly Model[];
}
