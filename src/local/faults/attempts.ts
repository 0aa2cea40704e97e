import { MachineError } from '../containers/failure.ts';
import type { PoolsRun } from '../containers/pools/pools-run.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import type { Decision } from '../resources/types.ts';
import { jobError } from './refusals.ts';
import type { PreemptedHow } from './script.ts';

/** A replica's machine was taken away. */
export class Preempted extends Error {
  override readonly name = 'Preempted';
  readonly how: PreemptedHow;
  /** By the service's clock. */
  readonly atMs: number;

  constructor(how: PreemptedHow, replica: string, atMs: number) {
    super(`The machine of ${replica} was preempted.`);
    this.how = how;
    this.atMs = atMs;
  }
}

/** A preempted job is tried again up to six times (the Spot page of the documentation). */
export const MOST_RESTARTS = 6;

interface Attempts {
  readonly run: PoolsRun;
  /** Starts all replicas; `atMs` is when the attempt before was preempted. Throws `Preempted`. */
  start(attempt: number, signal: AbortSignal, atMs: number | undefined): Promise<Decision>;
  /** Hears how to preempt the attempt that runs. */
  onAttempt(preempt: (how: PreemptedHow) => void): void;
}

/**
 * Starts a job's replicas, and starts them again when the job was preempted. Throws `MachineError` where that ends it,
 * and the signal's reason when that aborts. What the state is meanwhile is not documented: PENDING is our choice.
 */
export async function withRestarts(runtime: Runtime, { run, start, onAttempt }: Attempts): Promise<Decision> {
  let atMs: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const own = new AbortController();
    onAttempt((how) => own.abort(new Preempted(how, 'workerpool0-0', runtime.clock.now())));
    try {
      return await start(attempt, AbortSignal.any([run.signal, own.signal]), atMs);
    } catch (error) {
      if (!(error instanceof Preempted) || run.signal.aborted) throw error;
      if (error.how === 'fail' || attempt > MOST_RESTARTS) {
        throw new MachineError(jobError('preempted', run.record.place));
      }
      atMs = error.atMs;
      runtime.logs.service(run.source, `${error.message} The job is started again.`, 'WARNING');
      update(runtime, run.record, { state: 'JOB_STATE_PENDING' });
    }
  }
}
