import { JobStopped } from '../containers/failure.ts';
import { type Runtime, update } from '../containers/runtime.ts';
import { type JobRecord, KINDS } from '../resources/store.ts';

interface Run {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** The jobs and pipelines that have not ended. */
export class Running {
  readonly #runtime: Runtime;
  readonly #runs = new Map<JobRecord, Run>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Runs a job; the promise, which does not reject, resolves when it has ended. The signal aborts when it is cancelled. */
  start(record: JobRecord, live: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const controller = new AbortController();
    const conducted = this.#runtime.backend.conduct(this.#runtime, { record, controller, live });
    const ended = conducted.finally(() => this.#runs.delete(record));
    this.#runs.set(record, { controller, ended });
    return ended;
  }

  /** Resolves when the job has ended: at once for one that has. */
  ended(record: JobRecord): Promise<void> {
    return this.#runs.get(record)?.ended ?? Promise.resolve();
  }

  /** Asks a job to end; one that has ended stays as it is. */
  cancel(record: JobRecord): void {
    const run = this.#runs.get(record);
    if (run === undefined || run.controller.signal.aborted) return;
    update(this.#runtime, record, { state: `${KINDS[record.collection].states}CANCELLING` });
    run.controller.abort(new JobStopped('cancelled', 'The job was cancelled.'));
  }

  /** Asks all to end, and resolves when they have. */
  async cancelAll(): Promise<void> {
    const ends = [...this.#runs].map(([record, { ended }]) => {
      this.cancel(record);
      return ended;
    });
    await Promise.all(ends);
  }
}
