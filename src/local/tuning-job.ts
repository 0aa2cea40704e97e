import type { CustomJobSpec, HyperparameterTuningJob, Status, Trial } from '../vertex/types.ts';
import { escapeReferences } from './environment.ts';
import { RPC_CODES } from './errors.ts';
import { cancelledStatus, JobStopped, troubleStatus } from './failure.ts';
import { ensureImages } from './images.ts';
import type { LogSource } from './log-store.ts';
import { type Runtime, update } from './runtime.ts';
import { type Point, searchNote, searchPoints, trialArguments } from './search.ts';
import type { JobRecord } from './store.ts';
import { timestampOf } from './timestamps.ts';
import { runTrial, type TrialHost } from './trial.ts';
import { tuningFailure } from './trial-rules.ts';

export interface TuningJobRun {
  readonly record: JobRecord<HyperparameterTuningJob>;
  /** Aborts to cancel the job. */
  readonly signal: AbortSignal;
  /** The same seed chooses the same points. */
  readonly seed: string;
  readonly host: TrialHost;
}

/** The job of one trial: its values after the given arguments, its output in a folder of its own. */
export function trialSpec(spec: CustomJobSpec, trialId: string, point: Point): CustomJobSpec {
  const values = trialArguments(point).map(escapeReferences);
  const workerPoolSpecs = spec.workerPoolSpecs.map((pool) => {
    const { containerSpec } = pool;
    if (containerSpec === undefined) return pool;
    return { ...pool, containerSpec: { ...containerSpec, args: [...(containerSpec.args ?? []), ...values] } };
  });
  const base = spec.baseOutputDirectory?.outputUriPrefix;
  if (base === undefined) return { ...spec, workerPoolSpecs };
  const folder = base.endsWith('/') ? base : `${base}/`;
  return { ...spec, workerPoolSpecs, baseOutputDirectory: { outputUriPrefix: `${folder}${trialId}/` } };
}

/** The trials of one job while it runs. */
class Tuning {
  readonly #runtime: Runtime;
  readonly #run: TuningJobRun;
  readonly #source: Omit<LogSource, 'task'>;
  readonly #points: Iterator<Point>;
  /** Aborts when the job has failed, so that its other trials end. */
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #trials = new Map<string, Trial>();
  readonly #finished: Trial[] = [];
  #failure: string | undefined;

  constructor(runtime: Runtime, run: TuningJobRun) {
    this.#runtime = runtime;
    this.#run = run;
    this.#source = { place: run.record.place, jobId: run.record.id };
    this.#points = searchPoints(run.record.resource.studySpec, run.seed);
    this.#signal = AbortSignal.any([run.signal, this.#over.signal]);
  }

  /** Runs all trials; gives the reason of the job's failure, or undefined. */
  async outcome(): Promise<string | undefined> {
    const { maxTrialCount, parallelTrialCount, trialJobSpec, studySpec } = this.#run.record.resource;
    const say = (text: string) => this.#runtime.logs.service(this.#source, text);
    say('Waiting for job to be provisioned.');
    await ensureImages(this.#runtime, trialJobSpec, this.#signal, say);
    update(this.#runtime, this.#run.record, {
      state: 'JOB_STATE_RUNNING',
      startTime: timestampOf(this.#runtime.clock.now()),
    });
    say('Job is running.');
    say(searchNote(studySpec));
    const lanes = Array.from({ length: Math.min(maxTrialCount, parallelTrialCount) }, () => this.#lane());
    try {
      await Promise.all(lanes);
    } catch (error) {
      this.#over.abort(new JobStopped('failed', 'The job has failed.'));
      await Promise.allSettled(lanes);
      throw error;
    }
    this.#run.signal.throwIfAborted();
    this.#failure ??= tuningFailure(this.#run.record.resource, this.#finished, true);
    return this.#failure;
  }

  /** One trial after the other, until the job has had all it wants or the points run out. */
  async #lane(): Promise<void> {
    while (!this.#signal.aborted && this.#trials.size < this.#run.record.resource.maxTrialCount) {
      const { value: point, done } = this.#points.next();
      // A grid smaller than the job: it ends, as done, after the grid. What the service does is not documented.
      if (done === true || point === undefined) return;
      await this.#trial(String(this.#trials.size + 1), point);
    }
  }

  async #trial(id: string, point: Point): Promise<void> {
    const { record, host } = this.#run;
    this.#put({ id, state: 'REQUESTED', parameters: point });
    this.#runtime.logs.service(this.#source, `Trial ${id}: ${trialArguments(point).join(' ')}`);
    const trial = await runTrial(this.#runtime, {
      tuning: record,
      trial: { id, state: 'REQUESTED', parameters: point },
      spec: trialSpec(record.resource.trialJobSpec, id, point),
      signal: this.#signal,
      host,
      onChange: (changed) => this.#put(changed),
    });
    if (this.#signal.aborted) return;
    const word = trial.state === 'SUCCEEDED' ? 'succeeded' : `is infeasible: ${trial.infeasibleReason ?? ''}`;
    this.#runtime.logs.service(this.#source, `Trial ${id} ${word}`);
    this.#finished.push(trial);
    this.#failure ??= tuningFailure(record.resource, this.#finished, false);
    if (this.#failure !== undefined) this.#over.abort(new JobStopped('failed', this.#failure));
  }

  #put(trial: Trial): void {
    this.#trials.set(trial.id, trial);
    update(this.#runtime, this.#run.record, { trials: [...this.#trials.values()] });
  }
}

/** Runs a tuning job to its end. Whatever goes wrong is told in the resource; nothing is thrown. */
export async function runTuningJob(runtime: Runtime, run: TuningJobRun): Promise<void> {
  const { record } = run;
  const say = (text: string, severity: string) =>
    runtime.logs.service({ place: record.place, jobId: record.id }, text, severity);
  const end = (change: Partial<HyperparameterTuningJob>) =>
    update(runtime, record, { ...change, endTime: timestampOf(runtime.clock.now()) });
  const fail = (error: Status) => {
    say(error.message ?? 'Job failed.', 'ERROR');
    end({ state: 'JOB_STATE_FAILED', error });
  };
  try {
    const message = await new Tuning(runtime, run).outcome();
    if (message !== undefined) return fail({ code: RPC_CODES.INVALID_ARGUMENT.number, message });
    say('Job completed successfully.', 'INFO');
    end({ state: 'JOB_STATE_SUCCEEDED' });
  } catch (error) {
    if (!run.signal.aborted) return fail(troubleStatus(error));
    say('Job is cancelled.', 'INFO');
    end({ state: 'JOB_STATE_CANCELLED', error: cancelledStatus() });
  }
}
