import type { HyperparameterTuningJob, Status, Trial } from '../../vertex/types.ts';
import { RPC_CODES } from '../api/errors.ts';
import { timestampOf } from '../api/timestamps.ts';
import { JobStopped, stoppedEnding, troubleStatus } from '../containers/failure.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import type { LogSource } from '../logging/store.ts';
import type { JobRecord } from '../resources/store.ts';
import { type Search, searchNote, searchOf, trialArguments } from '../study/search.ts';
import type { Point } from '../study/space.ts';
import { type Stop, stopOf, stoppingNote } from '../study/stopping/early-stopping.ts';
import { tuningFailure } from '../study/trial-rules.ts';
import { StudyWatch } from './study-watch.ts';
import { runTrial, type TrialHost } from './trial.ts';
import { trialSpec } from './trial-spec.ts';

export interface TuningJobRun {
  readonly record: JobRecord<HyperparameterTuningJob>;
  /** Aborts to cancel the job. */
  readonly signal: AbortSignal;
  /** The same seed chooses the same points. */
  readonly seed: string;
  readonly host: TrialHost;
}

const isOver = ({ state }: Trial) => state === 'SUCCEEDED' || state === 'INFEASIBLE';
const endMs = ({ endTime = '' }: Trial) => Date.parse(endTime) || 0;

/** The trials of one job while it runs. */
class Tuning {
  readonly #runtime: Runtime;
  readonly #run: TuningJobRun;
  readonly #source: Omit<LogSource, 'task'>;
  readonly #search: Search;
  /** Aborts when the job has failed, so that its other trials end. */
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  /** By their ids; at first as an earlier process of the service left them. */
  readonly #trials: Map<string, Trial>;
  /** In the order in which they ended. */
  readonly #finished: Trial[];
  /** Ids of the trials that were stopped early. */
  readonly #stopped: Set<string>;
  readonly #study: StudyWatch;
  #begun = 0;
  #failure: string | undefined;

  constructor(runtime: Runtime, run: TuningJobRun) {
    this.#runtime = runtime;
    this.#run = run;
    this.#source = { place: run.record.place, jobId: run.record.id };
    this.#search = searchOf(run.record.resource.studySpec, run.seed);
    this.#signal = AbortSignal.any([run.signal, this.#over.signal]);
    const { trials = [] } = run.record.resource;
    this.#trials = new Map(trials.map((trial) => [trial.id, trial]));
    this.#finished = trials.filter(isOver).sort((left, right) => endMs(left) - endMs(right));
    this.#stopped = new Set(trials.filter((trial) => isOver(trial) && run.host.wasStopped(trial)).map(({ id }) => id));
    const { studySpec: study, createTime = '' } = run.record.resource;
    this.#study = new StudyWatch({
      clock: runtime.clock,
      study,
      begunMs: Date.parse(createTime),
      trials: () => ({ trialCount: this.#trials.size, finished: this.#finished }),
      onEnd: (reason) => runtime.logs.service(this.#source, `The study ends: ${reason}.`),
    });
  }

  /** Runs all trials; gives the reason of the job's failure, or undefined. */
  async outcome(): Promise<string | undefined> {
    const { maxTrialCount, parallelTrialCount, trialJobSpec, studySpec } = this.#run.record.resource;
    const say = (text: string) => this.#runtime.logs.service(this.#source, text);
    say('Waiting for job to be provisioned.');
    const { record } = this.#run;
    // The trials of a job that goes on after a restart of the service are prepared each by itself.
    const isNew = this.#trials.size === 0;
    const preparation = { record, spec: trialJobSpec, signal: this.#signal, say };
    await (isNew ? this.#runtime.backend.prepare(this.#runtime, preparation) : Promise.resolve());
    if (this.#signal.aborted) await this.#endOpen();
    const { startTime = timestampOf(this.#runtime.clock.now()) } = record.resource;
    update(this.#runtime, record, { state: 'JOB_STATE_RUNNING', startTime });
    say('Job is running.');
    say(searchNote(studySpec));
    const note = stoppingNote(studySpec);
    if (note !== undefined) say(note);
    const lanes = Array.from({ length: Math.min(maxTrialCount, parallelTrialCount) }, () => this.#lane());
    try {
      await Promise.all(lanes);
    } catch (error) {
      this.#over.abort(new JobStopped('failed', 'The job has failed.'));
      await Promise.allSettled(lanes);
      throw error;
    } finally {
      this.#study.close();
    }
    this.#run.signal.throwIfAborted();
    this.#failure ??= tuningFailure(this.#run.record.resource, this.#finished, true);
    return this.#failure;
  }

  /** Ends the trials that an earlier process of the service left, of a job that it was cancelling. Throws the signal's reason. */
  async #endOpen(): Promise<void> {
    const open = [...this.#trials.values()].filter((trial) => !isOver(trial));
    await Promise.all(open.map(({ id, parameters }) => this.#trial(id, parameters)));
    this.#signal.throwIfAborted();
  }

  /** One trial after the other, until the job has had all it wants or the points run out. */
  async #lane(): Promise<void> {
    while (!this.#signal.aborted && this.#begun < this.#run.record.resource.maxTrialCount) {
      const isNew = !this.#trials.has(String(this.#begun + 1));
      if (isNew && this.#study.isOver()) return;
      const point = this.#search.next([...this.#trials.values()]);
      // A grid smaller than the job: a study is complete when its space is exhausted (the proto's comment on Study.State).
      if (point === undefined) return;
      this.#begun += 1;
      await this.#trial(String(this.#begun), point);
    }
  }

  async #trial(id: string, point: Point): Promise<void> {
    const { record, host } = this.#run;
    const first: Trial = this.#trials.get(id) ?? { id, state: 'REQUESTED', parameters: point };
    if (isOver(first)) return;
    this.#put(first);
    this.#runtime.logs.service(this.#source, `Trial ${id}: ${trialArguments(first.parameters).join(' ')}`);
    const trial = await runTrial(this.#runtime, {
      tuning: record,
      trial: first,
      spec: trialSpec(record.resource.trialJobSpec, id, first.parameters),
      signal: this.#signal,
      halt: this.#study.halt,
      host,
      onChange: (changed) => this.#put(changed),
      say: (line) => this.#runtime.logs.service(this.#source, line, 'WARNING'),
      stopOf: (active) => this.#stopOf(active),
    });
    if (this.#signal.aborted) return;
    const word = trial.state === 'SUCCEEDED' ? 'succeeded' : `is infeasible: ${trial.infeasibleReason ?? ''}`;
    this.#runtime.logs.service(this.#source, `Trial ${id} ${word}`);
    // One that the study's own end cut short has not failed.
    if (this.#study.halt.aborted && trial.state === 'INFEASIBLE') return;
    this.#finished.push(trial);
    this.#study.isOver();
    this.#failure ??= tuningFailure(record.resource, this.#finished, false);
    if (this.#failure !== undefined) this.#over.abort(new JobStopped('failed', this.#failure));
  }

  #stopOf(trial: Trial): Stop | undefined {
    const { studySpec } = this.#run.record.resource;
    const stop = stopOf(studySpec, trial, [...this.#trials.values()], this.#stopped);
    if (stop === undefined) return undefined;
    this.#stopped.add(trial.id);
    this.#runtime.logs.service(this.#source, `Trial ${trial.id} is stopped early by ${stop.why}`);
    return stop;
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
    const { state, error: status, text, severity } = stoppedEnding(run.signal.reason);
    say(text, severity);
    end({ state: `JOB_STATE_${state}`, ...(status && { error: status }) });
  }
}
