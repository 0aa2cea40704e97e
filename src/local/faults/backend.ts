import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiError } from '../api/errors.ts';
import { timestampOf } from '../api/timestamps.ts';
import { type Backend, type Conducted, dockerBackend } from '../containers/backend.ts';
import { JobEnded, JobStopped } from '../containers/failure.ts';
import type { PoolsRun } from '../containers/pools/pools-run.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import { type JobRecord, recordName } from '../resources/store.ts';
import type { Decision } from '../resources/types.ts';
import { withRestarts } from './attempts.ts';
import type { JobControl, JobOrder } from './control.ts';
import { endingOf } from './endings.ts';
import { perform } from './replicas.ts';
import type { PreemptedHow, Script } from './script.ts';
import { notFound, simulatedName, specOf, waitSince } from './simulated.ts';
import { spelled } from './views.ts';

interface Live {
  readonly record: JobRecord;
  readonly controller: AbortController;
  readonly runtime: Runtime;
}

interface SimulationOptions {
  /** The script of that name, as it stands when a job is made. */
  readonly scriptOf: (name: string) => Script | undefined;
}

/** Runs jobs whose image is `simulated/NAME` by a script, and all others on the engine. */
export class Simulation implements Backend, JobControl {
  readonly #options: SimulationOptions;
  readonly #scripts = new WeakMap<JobRecord, Script>();
  readonly #live = new Map<string, Live>();
  readonly #preempt = new Map<string, (how: PreemptedHow) => void>();
  readonly #closing = new AbortController();
  #usesEngine = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
  }

  async prepare(...given: Parameters<Backend['prepare']>): Promise<void> {
    const [runtime, { record, spec, signal }] = given;
    const name = simulatedName(spec);
    if (name === undefined) return dockerBackend.prepare(...given);
    signal.throwIfAborted();
    const script = this.#scripts.get(record);
    if (script === undefined) throw notFound(name);
    const { queuedMs = 0, pendingMs = 0 } = script;
    // A job that is not listed is a trial's, and was in no queue.
    const queued = record.listed && queuedMs !== 'forever' ? queuedMs : 0;
    await waitSince(
      runtime,
      record.resource.createTime,
      pendingMs === 'forever' ? pendingMs : queued + pendingMs,
      signal,
    );
  }

  async hasGpus(...given: Parameters<Backend['hasGpus']>): Promise<boolean> {
    return simulatedName(given[1]) !== undefined || dockerBackend.hasGpus(...given);
  }

  async run(runtime: Runtime, run: PoolsRun): Promise<Decision> {
    const { record } = run;
    const script = this.#scripts.get(record);
    this.#usesEngine ||= script === undefined;
    const name = recordName(record);
    try {
      return await withRestarts(runtime, {
        run,
        start: (attempt, signal, atMs) =>
          script === undefined
            ? dockerBackend.run(runtime, { ...run, signal })
            : this.#simulate(runtime, { ...run, signal }, { script, attempt, atMs }),
        onAttempt: (preempt) => this.#preempt.set(name, preempt),
      });
    } catch (error) {
      const { reason } = run.signal;
      const isCancelled = reason instanceof JobStopped && reason.kind === 'cancelled';
      if (isCancelled && script?.cancelMs !== undefined) await this.#linger(runtime, script.cancelMs);
      throw error;
    } finally {
      this.#preempt.delete(name);
    }
  }

  async #simulate(
    runtime: Runtime,
    run: PoolsRun,
    { script, attempt, atMs }: { script: Script; attempt: number; atMs: number | undefined },
  ): Promise<Decision> {
    if (atMs !== undefined) await waitSince(runtime, timestampOf(atMs), script.restartMs ?? 0, run.signal);
    run.onRunning();
    // The first start is the job's own, also when a later process takes the job up; those after it have no record.
    const startMs =
      atMs === undefined ? Date.parse(run.record.resource.startTime ?? '') : atMs + (script.restartMs ?? 0);
    return perform(runtime, { run, script, attempt, startMs, signal: run.signal });
  }

  /** How long a job takes to end that was asked to; a service that closes does not wait for it. */
  async #linger({ clock }: Runtime, ms: number): Promise<void> {
    await clock.sleep(ms, this.#closing.signal).catch(() => {});
  }

  async conduct(runtime: Runtime, job: Conducted): Promise<void> {
    const { record, controller, live } = job;
    const name = simulatedName(specOf(record));
    const script = name === undefined ? undefined : this.#options.scriptOf(name);
    if (script !== undefined) this.#scripts.set(record, script);
    this.#live.set(recordName(record), { record, controller, runtime });
    const over = new AbortController();
    try {
      if (script !== undefined && record.listed) await this.#script(runtime, job, script, over.signal);
      else await live(controller.signal);
    } finally {
      over.abort();
      this.#live.delete(recordName(record));
    }
  }

  /** The job by its script: the queue, then its life, with the platform's turns all the while. */
  async #script(runtime: Runtime, { record, controller, live }: Conducted, script: Script, over: AbortSignal) {
    const isPipeline = record.collection === 'trainingPipelines';
    for (const turn of [...(script.turns ?? [])].sort((left, right) => left.atMs - right.atMs)) {
      if ((turn.of === 'pipeline') !== isPipeline) continue;
      const signal = AbortSignal.any([over, controller.signal]);
      // One that is over when a job is taken up again comes after the job has come to its state.
      waitSince(runtime, record.resource.createTime, turn.atMs, signal)
        .then(() => nextTurn(undefined, { signal }))
        .then(() => this.act({ name: recordName(record), state: turn.state, end: turn.end }))
        .catch(() => {});
    }
    const { queuedMs = 0 } = script;
    if (queuedMs !== 0 && !isPipeline && record.resource.startTime === undefined) {
      update(runtime, record, { state: 'JOB_STATE_QUEUED' });
      await waitSince(runtime, record.resource.createTime, queuedMs, controller.signal).catch(() => {});
      if (!controller.signal.aborted) update(runtime, record, { state: 'JOB_STATE_PENDING' });
    }
    await live(controller.signal);
  }

  act({ name, state, end, preempt }: JobOrder): void {
    const job = this.#live.get(name);
    if (job === undefined) throw new ApiError('NOT_FOUND', `No job of that name runs: ${name}`);
    const { record, controller, runtime } = job;
    if (controller.signal.aborted) return;
    if (state !== undefined) update(runtime, record, { state: spelled(name, state) as string });
    if (end !== undefined) controller.abort(new JobEnded(endingOf(end, record)));
    if (preempt !== undefined) {
      const interrupt = this.#preempt.get(name);
      if (interrupt === undefined) throw new ApiError('FAILED_PRECONDITION', `No replica of ${name} runs.`);
      interrupt(preempt);
    }
  }

  async close(runtime: Runtime, ended: Promise<unknown>): Promise<void> {
    this.#closing.abort();
    await ended;
    if (this.#usesEngine) await dockerBackend.close(runtime, ended);
  }
}
