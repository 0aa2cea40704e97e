import type { ModelInputs } from '../inputs/inputs.ts';
import type {
  CustomJob,
  CustomJobSpec,
  EncryptionSpec,
  HyperparameterTuningJob,
  TrainingPipeline,
  TrainingTaskInputs,
} from '../vertex/types.ts';
import type { Draft, StudyDraft } from './draft.ts';
import { modelOfPipeline } from './model/upload.ts';

/** The job as it will be sent: where to, and the resource. */
export type JobPlan = { readonly parent: string } & (
  | { readonly collection: 'customJobs'; readonly resource: CustomJob }
  | { readonly collection: 'hyperparameterTuningJobs'; readonly resource: HyperparameterTuningJob }
  | { readonly collection: 'trainingPipelines'; readonly resource: TrainingPipeline }
);

export interface JobParts {
  readonly projectId: string;
  readonly draft: Draft;
  readonly displayName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kmsKey: string | undefined;
  readonly model: ModelInputs | undefined;
  /** Whether a gate decides on the upload of the model. */
  readonly gated: boolean;
}

const DEFINITIONS = 'gs://google-cloud-aiplatform/schema/trainingjob/definition';

/**
 * Metrics or parameters make it a tuning job, a model a training pipeline around either unless it is registered by the step,
 * else it is a custom job.
 */
export function planJob({ projectId, draft, displayName, labels, kmsKey, model, gated }: JobParts): JobPlan {
  const parent = `projects/${projectId}/locations/${draft.region}`;
  const encryptionSpec: EncryptionSpec | undefined = kmsKey === undefined ? undefined : { kmsKeyName: kmsKey };
  const common = { displayName, labels, ...(encryptionSpec === undefined ? {} : { encryptionSpec }) };
  const { spec, study } = draft;
  if (model !== undefined && model.register === undefined) {
    // A pipeline need not upload a model (training_pipeline.proto: model_to_upload is one that may be uploaded).
    const upload = gated ? {} : { modelToUpload: modelOfPipeline(model, labels), modelId: model.modelId };
    return { parent, collection: 'trainingPipelines', resource: { ...common, ...pipeline(draft), ...upload } };
  }
  if (study !== undefined)
    return { parent, collection: 'hyperparameterTuningJobs', resource: { ...common, ...tuning(spec, study) } };
  return { parent, collection: 'customJobs', resource: { ...common, jobSpec: spec } };
}

function tuning(trialJobSpec: CustomJobSpec, study: StudyDraft) {
  return { ...study, trialJobSpec };
}

function pipeline({ spec, study }: Draft) {
  const task = study === undefined ? 'custom_task_1.0.0.yaml' : 'hyperparameter_tuning_task_1.0.0.yaml';
  const trainingTaskInputs: TrainingTaskInputs = study === undefined ? spec : tuning(spec, study);
  return {
    trainingTaskDefinition: `${DEFINITIONS}/${task}`,
    trainingTaskInputs,
  };
}

/** The same plan for an existing model: the upload becomes its next version. A job that uploads none stays as it is. */
export function asNextVersion(job: JobPlan): JobPlan {
  if (job.collection !== 'trainingPipelines') return job;
  const { modelId, ...resource } = job.resource;
  if (modelId === undefined) return job;
  return { ...job, resource: { ...resource, parentModel: `${job.parent}/models/${modelId}` } };
}

/** The plan with the built image in the worker pools that take it. */
export function withImage(job: JobPlan, imageUri: string, pools: readonly number[]): JobPlan {
  const put = (spec: CustomJobSpec) => specWithImage(spec, imageUri, pools);
  if (job.collection === 'customJobs')
    return { ...job, resource: { ...job.resource, jobSpec: put(job.resource.jobSpec) } };
  if (job.collection === 'hyperparameterTuningJobs') {
    return { ...job, resource: { ...job.resource, trialJobSpec: put(job.resource.trialJobSpec) } };
  }
  const { trainingTaskInputs: inputs } = job.resource;
  const changed = 'trialJobSpec' in inputs ? { ...inputs, trialJobSpec: put(inputs.trialJobSpec) } : put(inputs);
  return { ...job, resource: { ...job.resource, trainingTaskInputs: changed } };
}

function specWithImage(spec: CustomJobSpec, imageUri: string, pools: readonly number[]): CustomJobSpec {
  const workerPoolSpecs = spec.workerPoolSpecs.map((pool, index) =>
    pool.containerSpec && pools.includes(index)
      ? { ...pool, containerSpec: { ...pool.containerSpec, imageUri } }
      : pool,
  );
  return { ...spec, workerPoolSpecs };
}
