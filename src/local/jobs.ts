import type { CustomJob, CustomJobSpec, HyperparameterTuningJob } from '../vertex/types.ts';
import { runCustomJob } from './custom-job.ts';
import { ApiError } from './errors.ts';
import { JobStopped } from './failure.ts';
import { type Place, parentName } from './ids.ts';
import { SERVICE_LABEL } from './labels.ts';
import { modelTarget } from './model-target.ts';
import { ModelStore } from './models.ts';
import { type BackingRecord, type PipelineHost, runPipeline } from './pipeline.ts';
import type { Model, ResourceFields, TrainingPipeline } from './resources.ts';
import { type Runtime, update } from './runtime.ts';
import { type Collection, type Collections, type JobRecord, JobStore, KINDS, recordName } from './store.ts';
import { timestampOf } from './timestamps.ts';
import type { TrialHost } from './trial.ts';
import { runTuningJob } from './tuning-job.ts';
import type { PipelineRequest, Task } from './validate-pipeline.ts';

export function isTerminal({ state = '' }: ResourceFields): boolean {
  return /_STATE_(?:SUCCEEDED|FAILED|CANCELLED)$/.test(state);
}

/** A display name made from another one, which is cut where both together are longer than a name may be. */
function derivedName(displayName: string, suffix: string): string {
  return [...displayName].slice(0, 128 - suffix.length).join('') + suffix;
}

/** The jobs and training pipelines of the service: made, found, cancelled, and all ended when it closes. */
export class Jobs implements TrialHost, PipelineHost {
  readonly store = new JobStore();
  readonly models = new ModelStore();
  readonly #runtime: Runtime;
  readonly #newId: () => string;
  readonly #running = new Map<JobRecord, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  #closing = false;

  constructor(runtime: Runtime, newId: () => string) {
    this.#runtime = runtime;
    this.#newId = newId;
  }

  createCustomJob(place: Place, job: CustomJob): CustomJob {
    return this.#customJob(place, job).record.resource;
  }

  createTuningJob(place: Place, job: HyperparameterTuningJob): HyperparameterTuningJob {
    return this.#tuningJob(place, job).record.resource;
  }

  /** Makes a pipeline. Throws where the model that is to get a new version is not there. */
  createPipeline(place: Place, { pipeline, task }: PipelineRequest): TrainingPipeline {
    if (pipeline.modelToUpload !== undefined) modelTarget(place, pipeline, this.models);
    const record = this.#add(place, 'trainingPipelines', pipeline, true);
    this.#start(record, (signal) => runPipeline(this.#runtime, { record, task, signal, host: this }));
    return record.resource;
  }

  /**
   * The pipeline's key goes to its job, since it secures the whole pipeline (the proto's comment). Its labels do not: no
   * source says so, and the task's inputs have labels of their own.
   */
  startBackingJob(
    { place, resource: { displayName, encryptionSpec } }: JobRecord<TrainingPipeline>,
    task: Task,
  ): { readonly record: BackingRecord; readonly ended: Promise<void> } {
    const key = encryptionSpec === undefined ? {} : { encryptionSpec };
    if (task.collection === 'customJobs') {
      return this.#customJob(place, { ...task.job, ...key, displayName: derivedName(displayName, '-custom-job') });
    }
    const name = derivedName(displayName, '-hyperparameter-tuning-job');
    return this.#tuningJob(place, { ...task.job, ...key, displayName: name });
  }

  customJob(name: string): CustomJob {
    return this.store.named(name) as CustomJob;
  }

  uploadModel({ place, resource }: JobRecord<TrainingPipeline>, model: Model): Model {
    const name = modelTarget(place, resource, this.models) ?? `${parentName(place)}/models/${this.#newId()}`;
    return this.models.add(name, model, timestampOf(this.#runtime.clock.now()));
  }

  startTrialJob(
    tuning: JobRecord<HyperparameterTuningJob>,
    trialId: string,
    jobSpec: CustomJobSpec,
    signal: AbortSignal,
  ): { readonly record: JobRecord<CustomJob>; readonly name: string; readonly ended: Promise<void> } {
    const displayName = derivedName(tuning.resource.displayName, `-trial-${trialId}`);
    const record = this.#add(tuning.place, 'customJobs', { displayName, jobSpec }, false);
    const trial = { id: trialId, tuningJobId: tuning.id };
    const ended = this.#start(record, (own) =>
      runCustomJob(this.#runtime, { record, signal: AbortSignal.any([own, signal]), trial }),
    );
    return { record, name: recordName(record), ended };
  }

  /** Asks a job to end; one that has ended stays as it is. */
  cancel(record: JobRecord): void {
    const running = this.#running.get(record);
    if (running === undefined || running.controller.signal.aborted) return;
    update(this.#runtime, record, { state: `${KINDS[record.collection].states}CANCELLING` });
    running.controller.abort(new JobStopped('cancelled', 'The job was cancelled.'));
  }

  /** Removes a job that has ended. What the service does with a running one is not documented: it is refused here. */
  delete(record: JobRecord): void {
    if (!isTerminal(record.resource)) {
      const message = `The ${KINDS[record.collection].name} ${recordName(record)} has not ended (${record.resource.state}): cancel it first.`;
      throw new ApiError('FAILED_PRECONDITION', message);
    }
    this.store.delete(record);
  }

  /** Ends every job and removes every container and network of this service. */
  async close(): Promise<void> {
    this.#closing = true;
    const ends = [...this.#running].map(([record, { ended }]) => {
      this.cancel(record);
      return ended;
    });
    await Promise.all(ends);
    const { engine, instance } = this.#runtime;
    const left = await engine.labelled(`${SERVICE_LABEL}=${instance}`);
    for (const container of left.containers) await engine.remove(container);
    for (const network of left.networks) await engine.removeNetwork(network);
  }

  #customJob(place: Place, job: CustomJob) {
    const record = this.#add(place, 'customJobs', job, true);
    return { record, ended: this.#start(record, (signal) => runCustomJob(this.#runtime, { record, signal })) };
  }

  #tuningJob(place: Place, job: HyperparameterTuningJob) {
    const record = this.#add(place, 'hyperparameterTuningJobs', job, true);
    const run = (signal: AbortSignal) => runTuningJob(this.#runtime, { record, signal, seed: record.id, host: this });
    return { record, ended: this.#start(record, run) };
  }

  #add<C extends Collection>(
    place: Place,
    collection: C,
    job: Collections[C],
    listed: boolean,
  ): JobRecord<Collections[C]> {
    if (this.#closing) throw new ApiError('UNAVAILABLE', 'The service is stopping.');
    const id = this.#newId();
    const now = timestampOf(this.#runtime.clock.now());
    const name = recordName({ id, place, collection });
    // Jobs that wait for room come with a later version: until then every job is PENDING at once.
    const resource = { name, ...job, state: `${KINDS[collection].states}PENDING`, createTime: now, updateTime: now };
    const record = { id, place, collection, listed, resource };
    this.store.add(record);
    return record;
  }

  #start(record: JobRecord, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const ended = run(controller.signal).finally(() => this.#running.delete(record));
    this.#running.set(record, { controller, ended });
    return ended;
  }
}
