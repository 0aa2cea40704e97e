import { messageOf } from '../../faults.ts';
import type { CustomJob, HyperparameterTuningJob, Status } from '../../vertex/types.ts';
import { ApiError, RPC_CODES } from '../api/errors.ts';
import { timestampOf } from '../api/timestamps.ts';
import { JobEnded, stoppedEnding } from '../containers/failure.ts';
import { modelDir } from '../containers/replica/environment.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import { type JobRecord, recordName } from '../resources/store.ts';
import type { Model, TaskMetadata, TrainingPipeline } from '../resources/types.ts';
import { bestTrial } from '../study/best-trial.ts';
import type { Task } from '../validation/pipeline.ts';

export type BackingRecord = JobRecord<CustomJob> | JobRecord<HyperparameterTuningJob>;

/** Makes and runs the job behind a pipeline, and keeps the model that comes of it. */
export interface PipelineHost {
  /** Gives the job's record at once, and a promise that resolves when the job has ended. */
  startBackingJob(
    pipeline: JobRecord<TrainingPipeline>,
    task: Task,
  ): { readonly record: BackingRecord; readonly ended: Promise<void> };
  /** The same of a job that was started before. */
  backingJob(name: string): { readonly record: BackingRecord; readonly ended: Promise<void> };
  cancel(record: BackingRecord): void;
  /** The custom job of that full name. */
  customJob(name: string): CustomJob;
  uploadModel(pipeline: JobRecord<TrainingPipeline>, model: Model): Model;
}

export interface PipelineRun {
  readonly record: JobRecord<TrainingPipeline>;
  readonly task: Task;
  /** Aborts to cancel the pipeline. */
  readonly signal: AbortSignal;
  readonly host: PipelineHost;
}

/** What fails in the pipeline itself stands behind these words (observed); a backing job's own error is handed on as it is. */
function pipelineTrouble(error: unknown): Status {
  const code = RPC_CODES[error instanceof ApiError ? error.rpc : 'INTERNAL'].number;
  return { code, message: `Training pipeline failed with error message: ${messageOf(error)}` };
}

function isTuning(record: BackingRecord): record is JobRecord<HyperparameterTuningJob> {
  return record.collection === 'hyperparameterTuningJobs';
}

/** What the pipeline tells of its job: of a tuning job also, once it has ended, which trial's job was the best. */
function metadataOf(record: BackingRecord): TaskMetadata {
  const name = recordName(record);
  if (!isTuning(record)) return { backingCustomJob: name };
  const { studySpec, trials = [], state } = record.resource;
  const best = state === 'JOB_STATE_SUCCEEDED' ? bestTrial(studySpec, trials)?.customJob : undefined;
  return {
    backingHyperparameterTuningJob: name,
    ...(best === undefined ? {} : { bestTrialBackingCustomJob: best }),
  };
}

/** AIP_MODEL_DIR of the job that the model comes from: the best trial's, or the custom job itself. */
function trainedFolder(host: PipelineHost, metadata: TaskMetadata): string | undefined {
  const source = metadata.bestTrialBackingCustomJob ?? metadata.backingCustomJob;
  if (source === undefined) {
    const message = 'No trial ended with a final measurement, so that there is no model to upload.';
    throw new ApiError('FAILED_PRECONDITION', message);
  }
  return modelDir(host.customJob(source).jobSpec);
}

function upload({ record, host }: PipelineRun, metadata: TaskMetadata): Partial<TrainingPipeline> {
  const { modelToUpload: wanted, encryptionSpec } = record.resource;
  if (wanted === undefined) return {};
  const artifactUri = wanted.artifactUri ?? trainedFolder(host, metadata);
  const model: Model = {
    // The pipeline's key secures its model where the model has none of its own (the proto's comment).
    ...(encryptionSpec === undefined ? {} : { encryptionSpec }),
    ...wanted,
    ...(artifactUri === undefined ? {} : { artifactUri }),
    trainingPipeline: recordName(record),
  };
  const { name, versionId } = host.uploadModel(record, model);
  return { modelToUpload: { ...wanted, ...(name && { name }), ...(versionId && { versionId }) } };
}

/** How the pipeline ends after its job has. A job that was cancelled by itself ends its pipeline as cancelled too: our choice. */
function conclusion(run: PipelineRun, backing: BackingRecord): Partial<TrainingPipeline> {
  const { state, error } = backing.resource;
  const trainingTaskMetadata = metadataOf(backing);
  if (state === 'JOB_STATE_SUCCEEDED') {
    return { ...upload(run, trainingTaskMetadata), trainingTaskMetadata, state: 'PIPELINE_STATE_SUCCEEDED' };
  }
  const word = state === 'JOB_STATE_CANCELLED' ? 'CANCELLED' : 'FAILED';
  return { trainingTaskMetadata, state: `PIPELINE_STATE_${word}`, ...(error && { error }) };
}

/** Starts the job behind the pipeline and waits for its end; gives how the pipeline ends. */
async function outcome(runtime: Runtime, run: PipelineRun): Promise<Partial<TrainingPipeline>> {
  const { record, task, signal, host } = run;
  // So that the answer to create shows the pipeline as PENDING and without its job, as the service's does (observed).
  await runtime.clock.sleep(0, signal);
  const { backingCustomJob, backingHyperparameterTuningJob: earlier = backingCustomJob } =
    record.resource.trainingTaskMetadata ?? {};
  const { record: backing, ended } =
    earlier === undefined ? host.startBackingJob(record, task) : host.backingJob(earlier);
  const onAbort = () => host.cancel(backing);
  signal.addEventListener('abort', onAbort, { once: true });
  // The pipeline is RUNNING through its job's own PENDING (observed).
  const { startTime = timestampOf(runtime.clock.now()) } = record.resource;
  update(runtime, record, { state: 'PIPELINE_STATE_RUNNING', startTime, trainingTaskMetadata: metadataOf(backing) });
  await ended;
  signal.removeEventListener('abort', onAbort);
  if (signal.reason instanceof JobEnded) throw signal.reason;
  return conclusion(run, backing);
}

/** Runs a training pipeline to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
export async function runPipeline(runtime: Runtime, run: PipelineRun): Promise<void> {
  const end = (change: Partial<TrainingPipeline>) =>
    update(runtime, run.record, { ...change, endTime: timestampOf(runtime.clock.now()) });
  try {
    end(await outcome(runtime, run));
  } catch (error) {
    if (!run.signal.aborted) return end({ state: 'PIPELINE_STATE_FAILED', error: pipelineTrouble(error) });
    const { state, error: status } = stoppedEnding(run.signal.reason);
    end({ state: `PIPELINE_STATE_${state}`, ...(status && { error: status }) });
  }
}
