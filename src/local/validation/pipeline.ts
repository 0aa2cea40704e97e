import { messageSchema } from '../../vertex/schema.ts';
import type { CustomJob, CustomJobSpec, HyperparameterTuningJob } from '../../vertex/types.ts';
import type { TrainingPipeline } from '../resources/types.ts';
import { type Finding, refuse, under } from './findings.ts';
import { tuningFindings } from './job.ts';
import { modelFindings, modelIdFindings } from './model.ts';
import { labelFindings, type Named, namedFindings } from './names.ts';
import { normalise } from './normalise.ts';
import { requiredFindings } from './required.ts';
import { refuseMachines, specFindings } from './spec.ts';

const FOLDER = 'gs://google-cloud-aiplatform/schema/trainingjob/definition';
export const CUSTOM_TASK = `${FOLDER}/custom_task_1.0.0.yaml`;
export const TUNING_TASK = `${FOLDER}/hyperparameter_tuning_task_1.0.0.yaml`;

/** The job behind a pipeline, before it has a name. */
export type Task =
  | { readonly collection: 'customJobs'; readonly job: Omit<CustomJob, 'displayName'> }
  | { readonly collection: 'hyperparameterTuningJobs'; readonly job: Omit<HyperparameterTuningJob, 'displayName'> };

/** A pipeline that may be made, and the job that it asks for. */
export interface PipelineRequest {
  readonly pipeline: TrainingPipeline;
  readonly task: Task;
}

const INPUTS = 'training_task_inputs';

/** The inputs of the tuning task (reference Shared.Types/HyperparameterTuningTask); the docs' sample puts labels there too. */
const TUNING_FIELDS = Object.fromEntries(
  Object.entries(messageSchema('HyperparameterTuningJob') ?? {}).filter(([name]) =>
    ['studySpec', 'trialJobSpec', 'maxTrialCount', 'parallelTrialCount', 'maxFailedTrialCount', 'labels'].includes(
      name,
    ),
  ),
);

interface ReadTask {
  readonly task?: Task;
  readonly findings: readonly Finding[];
  /** The spec that the model comes from. */
  readonly spec?: CustomJobSpec;
}

function readTask(definition: string | undefined, inputs: unknown): ReadTask {
  const field = 'training_task_definition';
  if (definition === undefined || inputs === undefined) return { findings: [] };
  if (definition !== CUSTOM_TASK && definition !== TUNING_TASK) {
    const message = `${JSON.stringify(definition)} is not known to this service: ${CUSTOM_TASK} and ${TUNING_TASK} are accepted.`;
    return { findings: [{ field, message }] };
  }
  const path = `training_pipeline.${INPUTS}`;
  if (definition === CUSTOM_TASK) {
    const jobSpec = normalise(inputs, 'CustomJobSpec', path) as unknown as CustomJobSpec;
    const task: Task = { collection: 'customJobs', job: { jobSpec } };
    const findings = [...requiredFindings(jobSpec, 'CustomJobSpec', INPUTS), ...specFindings(jobSpec, INPUTS)];
    return { task, spec: jobSpec, findings };
  }
  const job = normalise(inputs, 'HyperparameterTuningJob', path, TUNING_FIELDS) as unknown as HyperparameterTuningJob;
  // The job is named by the pipeline.
  const required = requiredFindings({ ...job, displayName: INPUTS }, 'HyperparameterTuningJob');
  const findings = under(INPUTS, [...required, ...tuningFindings(job), ...labelFindings(job.labels)]);
  return { task: { collection: 'hyperparameterTuningJobs', job }, spec: job.trialJobSpec, findings };
}

function datasetFindings(pipeline: object): Finding[] {
  if (!('inputDataConfig' in pipeline)) return [];
  const message = 'This service has no managed datasets: hand the data to the program by its arguments.';
  return [{ field: 'input_data_config', message }];
}

/** The job behind a pipeline that was made. */
export function taskOf({ trainingTaskDefinition, trainingTaskInputs }: TrainingPipeline): Task {
  const { task } = readTask(trainingTaskDefinition, trainingTaskInputs);
  if (task === undefined) throw new Error(`${trainingTaskDefinition} names no task`);
  return task;
}

/**
 * The training pipeline that a create request asks for, in the form of answers, with the job behind it; throws every
 * refusal at once. The inputs of the task stay in the pipeline as they came: to the API they are a value of any form.
 */
export function readPipeline(body: unknown): PipelineRequest {
  const pipeline = normalise(body, 'TrainingPipeline', 'training_pipeline') as unknown as TrainingPipeline & Named;
  const { task, spec, findings } = readTask(pipeline.trainingTaskDefinition, pipeline.trainingTaskInputs);
  const { modelToUpload } = pipeline;
  refuse([
    ...requiredFindings(pipeline, 'TrainingPipeline'),
    ...namedFindings(pipeline),
    ...datasetFindings(pipeline),
    ...findings,
    ...(modelToUpload === undefined ? [] : under('model_to_upload', modelFindings(modelToUpload))),
    ...modelIdFindings(pipeline),
  ]);
  if (task === undefined || spec === undefined) throw new Error('a pipeline without a task was not refused');
  refuseMachines(spec);
  return { pipeline, task };
}
