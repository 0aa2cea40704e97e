import type {
  CustomJob,
  HyperparameterTuningJob,
  JobStateWord,
  MetricSpec,
  Status,
  TrainingPipeline,
  Trial,
  WorkerPoolSpec,
} from './types.ts';

/** The collections that jobs are created in. */
export type Collection = 'customJobs' | 'hyperparameterTuningJobs' | 'trainingPipelines';
export type JobResource = CustomJob | HyperparameterTuningJob | TrainingPipeline;

/** A job as the service last told of it; what the watching needs, whichever kind it is. */
export interface Job {
  /** Full resource name. */
  readonly name: string;
  /** The API's word without its prefix; one that this version does not know is kept as it came. */
  readonly state: JobStateWord | (string & {});
  readonly error: Status | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly createTime: string | undefined;
  readonly startTime: string | undefined;
  readonly endTime: string | undefined;
  readonly trials: readonly Trial[];
  /** The job that a training pipeline runs its training in; its id is the one in the logs. */
  readonly backing: string | undefined;
  /** As people read it. */
  readonly displayName?: string | undefined;
  /** What a tuning job optimises, or the one behind a training pipeline. */
  readonly study?: JobStudy | undefined;
  /** What runs; of a tuning job each of its trials. Undefined where the answer does not tell. */
  readonly spec?: JobSpec | undefined;
  /** Whether it is a training pipeline that uploads a model itself once training has succeeded. */
  readonly uploads?: boolean | undefined;
  /** The model that a training pipeline uploaded. */
  readonly uploaded?: UploadedModel | undefined;
}

export interface JobStudy {
  readonly metrics: readonly MetricSpec[];
  readonly maxTrials: number | undefined;
  /** Which of a trial's measurements counts; the API's word, undefined for its default. */
  readonly selection?: string | undefined;
}

/** Of a CustomJobSpec, what is told once the job has run. */
export interface JobSpec {
  /** `gs://bucket/path` without a slash at its end. */
  readonly outputUri: string | undefined;
  /** Full resource name. */
  readonly tensorboard: string | undefined;
  readonly pools: readonly WorkerPoolSpec[];
  /** How its machines are had, as the API names it; undefined for its default. */
  readonly strategy?: string | undefined;
  /** The persistent resource that it runs on, by its id. */
  readonly persistentResource?: string | undefined;
}

export interface UploadedModel {
  readonly name: string;
  readonly version: string | undefined;
  readonly artifactUri: string | undefined;
  readonly aliases: readonly string[];
}

/** States that a job never leaves. PAUSED and unknown ones are not among them: they are waited on. */
const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED']);

export const hasEnded = (job: Pick<Job, 'state'>) => ENDED.has(job.state);

/** The location in a resource name: a region, or what a local service calls itself; '' where it has none. */
export const locationOf = (name: string) => /\/locations\/([^/]+)/.exec(name)?.[1] ?? '';

/** A region, or what a local service calls itself; nothing that would lead elsewhere in an address. */
const PLACE = 'projects/(?:[a-z0-9.-]+:)?[a-z0-9-]+/locations/([a-z0-9-]+)';
/** Where jobs are created; catches the location. The project is given by its id or its number. */
export const PARENT = new RegExp(`^${PLACE}$`);
/** A job's full resource name; catches the location. */
export const JOB_NAME = new RegExp(`^${PLACE}/(?:customJobs|hyperparameterTuningJobs|trainingPipelines)/\\d+$`);

/** Which kind of job a resource name means. */
export function collectionOf(name: string): Collection {
  if (name.includes('/trainingPipelines/')) return 'trainingPipelines';
  return name.includes('/hyperparameterTuningJobs/') ? 'hyperparameterTuningJobs' : 'customJobs';
}

/** The last part of a resource name. */
export const idOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
