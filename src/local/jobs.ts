import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, JobFields, JobState } from '../vertex/types.ts';
import { runCustomJob } from './custom-job.ts';
import { ApiError } from './errors.ts';
import { JobStopped } from './failure.ts';
import type { Place } from './ids.ts';
import { SERVICE_LABEL } from './labels.ts';
import { type Runtime, update } from './runtime.ts';
import { type Collection, type Collections, type JobRecord, JobStore, recordName } from './store.ts';
import { timestampOf } from './timestamps.ts';
import type { TrialHost } from './trial.ts';
import { runTuningJob } from './tuning-job.ts';

const TERMINAL: ReadonlySet<JobState | undefined> = new Set([
  'JOB_STATE_SUCCEEDED',
  'JOB_STATE_FAILED',
  'JOB_STATE_CANCELLED',
] as const);

export function isTerminal(job: JobFields): boolean {
  return TERMINAL.has(job.state);
}

/** The jobs of the service: made, found, cancelled, and all ended when it closes. */
export class Jobs implements TrialHost {
  readonly store = new JobStore();
  readonly #runtime: Runtime;
  readonly #newId: () => string;
  readonly #running = new Map<JobRecord, { readonly controller: AbortController; readonly ended: Promise<void> }>();
  #closing = false;

  constructor(runtime: Runtime, newId: () => string) {
    this.#runtime = runtime;
    this.#newId = newId;
  }

  createCustomJob(place: Place, job: CustomJob): CustomJob {
    const record = this.#add(place, 'customJobs', job, true);
    this.#start(record, (signal) => runCustomJob(this.#runtime, { record, signal }));
    return record.resource;
  }

  createTuningJob(place: Place, job: HyperparameterTuningJob): HyperparameterTuningJob {
    const record = this.#add(place, 'hyperparameterTuningJobs', job, true);
    this.#start(record, (signal) => runTuningJob(this.#runtime, { record, signal, seed: record.id, host: this }));
    return record.resource;
  }

  startTrialJob(
    tuning: JobRecord<HyperparameterTuningJob>,
    trialId: string,
    jobSpec: CustomJobSpec,
    signal: AbortSignal,
  ): { readonly record: JobRecord<CustomJob>; readonly name: string; readonly ended: Promise<void> } {
    const displayName = [...`${tuning.resource.displayName}-trial-${trialId}`].slice(-128).join('');
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
    update(this.#runtime, record, { state: 'JOB_STATE_CANCELLING' });
    running.controller.abort(new JobStopped('cancelled', 'The job was cancelled.'));
  }

  /** Removes a job that has ended. What the service does with a running one is not documented: it is refused here. */
  delete(record: JobRecord): void {
    if (!isTerminal(record.resource)) {
      const message = `The job ${recordName(record)} has not ended (${record.resource.state}): cancel it first.`;
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
    const resource = { name, ...job, state: 'JOB_STATE_PENDING' as const, createTime: now, updateTime: now };
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
