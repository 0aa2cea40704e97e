import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, Trial } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import type { Place } from '../api/ids.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Runtime } from '../containers/runtime.ts';
import type { Registry } from '../models/registry.ts';
import { type Collection, type Collections, type JobRecord, JobStore, KINDS, recordName } from '../resources/store.ts';
import { isTerminal, type Model, type TrainingPipeline } from '../resources/types.ts';
import { Admission } from '../scheduling/admission.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import { type PipelineRequest, type Task, taskOf } from '../validation/pipeline.ts';
import { CustomRuns } from './custom-runs.ts';
import { type BackingRecord, type PipelineHost, runPipeline } from './pipeline.ts';
import { Running } from './running.ts';
import type { TrialHost, TrialJob } from './trial.ts';
import { runTuningJob } from './tuning-job.ts';

/** A display name made from another one, which is cut where both together are longer than a name may be. */
function derivedName(displayName: string, suffix: string): string {
  return [...displayName].slice(0, 128 - suffix.length).join('') + suffix;
}

/** The jobs and training pipelines of the service: made, found, cancelled, and all ended when it closes. */
export class Jobs implements TrialHost, PipelineHost {
  readonly store = new JobStore();
  readonly #runtime: Runtime;
  readonly #newId: () => string;
  readonly #registry: Registry;
  readonly #scheduler: Scheduler | undefined;
  readonly #admission: Admission;
  readonly #customRuns: CustomRuns;
  readonly #running: Running;
  #closing = false;

  /** Without a scheduler there is room for every job at once. */
  constructor(runtime: Runtime, newId: () => string, registry: Registry, scheduler?: Scheduler) {
    this.#runtime = runtime;
    this.#newId = newId;
    this.#registry = registry;
    this.#running = new Running(runtime);
    this.#scheduler = scheduler;
    this.#admission = new Admission(runtime, scheduler);
    this.#customRuns = new CustomRuns(runtime, this.#admission);
  }

  /** Throws RESOURCE_EXHAUSTED for a job that exceeds the quota, as do all that make jobs. */
  createCustomJob(place: Place, job: CustomJob): CustomJob {
    return this.#customJob(place, job).record.resource;
  }

  createTuningJob(place: Place, job: HyperparameterTuningJob): HyperparameterTuningJob {
    return this.#tuningJob(place, job).record.resource;
  }

  /** Makes a pipeline. Throws where the model that is to get a new version is not there. */
  createPipeline(place: Place, { pipeline, task }: PipelineRequest): TrainingPipeline {
    if (pipeline.modelToUpload !== undefined) this.#registry.check(place, pipeline);
    const record = this.#add(place, 'trainingPipelines', pipeline, true);
    this.#runPipeline(record, task);
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

  backingJob(name: string): { readonly record: BackingRecord; readonly ended: Promise<void> } {
    const record = this.store.named(name) as BackingRecord;
    return { record, ended: this.#running.ended(record) };
  }

  customJob(name: string): CustomJob {
    return this.store.named(name).resource as CustomJob;
  }

  /** A pipeline that an earlier process of the service ran to this point uploads no second time. */
  uploadModel(record: JobRecord<TrainingPipeline>, model: Model): Model {
    return (
      this.#registry.store.madeBy(recordName(record)) ?? this.#registry.upload(record.place, record.resource, model)
    );
  }

  /** False where that job has been deleted. */
  wasStopped({ customJob = '' }: Pick<Trial, 'customJob'>): boolean {
    return this.store.find(customJob)?.resource.state === 'JOB_STATE_CANCELLED';
  }

  startTrialJob(
    tuning: JobRecord<HyperparameterTuningJob>,
    { id, customJob }: Pick<Trial, 'id' | 'customJob'>,
    jobSpec: CustomJobSpec,
    signal: AbortSignal,
  ): TrialJob {
    const displayName = derivedName(tuning.resource.displayName, `-trial-${id}`);
    // The tuning job's key secures all that it makes (the proto's comment).
    const { encryptionSpec } = tuning.resource;
    const job = { displayName, jobSpec, ...(encryptionSpec && { encryptionSpec }) };
    const record =
      customJob === undefined
        ? this.#add(tuning.place, 'customJobs', job, false)
        : (this.store.named(customJob) as JobRecord<CustomJob>);
    const { promise: begun, resolve: onBegin } = Promise.withResolvers<void>();
    const run = (own: AbortSignal) =>
      this.#customRuns.runTrial(record, AbortSignal.any([own, signal]), { tuning, id, onBegin });
    const ended = isTerminal(record.resource) ? Promise.resolve() : this.#running.start(record, run);
    return { record, name: recordName(record), begun: Promise.race([begun, ended]), ended };
  }

  /** Asks a job to end; one that has ended stays as it is. */
  cancel(record: JobRecord): void {
    this.#running.cancel(record);
  }

  /**
   * Removes a job that has ended, with those of its trials, which nothing else names. What the service does with a running
   * one is not documented: it is refused here.
   */
  delete(record: JobRecord): void {
    if (!isTerminal(record.resource)) {
      const message = `The ${KINDS[record.collection].name} ${recordName(record)} has not ended (${record.resource.state}): cancel it first.`;
      throw new ApiError('FAILED_PRECONDITION', message);
    }
    const { trials = [] } = record.resource as Partial<HyperparameterTuningJob>;
    for (const { customJob = '' } of trials) this.#forget(this.store.find(customJob));
    this.#forget(record);
  }

  /**
   * Takes up the jobs of an earlier process of this service, in the order of their making: those that have not ended go
   * on. Custom jobs and trials that ran have their room at once and before all others; the others ask for it anew, in
   * that order.
   */
  resume(records: readonly JobRecord[]): void {
    for (const record of records) {
      this.store.add(record);
      this.#admission.adopt(record);
    }
    const live = records.filter(({ listed, resource }) => listed && !isTerminal(resource));
    const isPipeline = ({ collection }: JobRecord) => collection === 'trainingPipelines';
    // A pipeline waits for its job, which therefore runs before.
    for (const record of [...live.filter((each) => !isPipeline(each)), ...live.filter(isPipeline)]) {
      const wasCancelled = record.resource.state?.endsWith('_CANCELLING') === true;
      void this.#run(record);
      if (wasCancelled) this.cancel(record);
    }
  }

  /** Ends every job and removes all that is left of them. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#runtime.backend.close(this.#runtime, this.#running.cancelAll());
  }

  #forget(record: JobRecord | undefined): void {
    if (record === undefined) return;
    this.store.delete(record);
    this.#runtime.journal?.deleted(record);
  }

  #customJob(place: Place, job: CustomJob) {
    this.#scheduler?.check(job.jobSpec);
    const record = this.#add(place, 'customJobs', job, true);
    return { record, ended: this.#runCustomJob(record) };
  }

  #tuningJob(place: Place, job: HyperparameterTuningJob) {
    this.#scheduler?.check(job.trialJobSpec);
    const record = this.#add(place, 'hyperparameterTuningJobs', job, true);
    return { record, ended: this.#runTuningJob(record) };
  }

  #runCustomJob(record: JobRecord<CustomJob>): Promise<void> {
    return this.#running.start(record, (signal) => this.#customRuns.run(record, signal));
  }

  #runTuningJob(record: JobRecord<HyperparameterTuningJob>): Promise<void> {
    const run = (signal: AbortSignal) => runTuningJob(this.#runtime, { record, signal, seed: record.id, host: this });
    return this.#running.start(record, run).finally(() => this.#admission.disown(record));
  }

  #runPipeline(record: JobRecord<TrainingPipeline>, task = taskOf(record.resource)): Promise<void> {
    return this.#running.start(record, (signal) => runPipeline(this.#runtime, { record, task, signal, host: this }));
  }

  #run(record: JobRecord): Promise<void> {
    switch (record.collection) {
      case 'customJobs':
        return this.#runCustomJob(record as JobRecord<CustomJob>);
      case 'hyperparameterTuningJobs':
        return this.#runTuningJob(record as JobRecord<HyperparameterTuningJob>);
      case 'trainingPipelines':
        return this.#runPipeline(record as JobRecord<TrainingPipeline>);
    }
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
    const resource = { name, ...job, state: `${KINDS[collection].states}PENDING`, createTime: now, updateTime: now };
    const record = { id, place, collection, listed, resource };
    this.store.add(record);
    this.#runtime.journal?.added(record);
    return record;
  }
}
