import { untilAborted } from '../../abort.ts';
import { asSentence, messageOf, UserError } from '../../faults.ts';
import { isTransient } from '../../google/api-error.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { retryAfterOf } from './ask.ts';
import { type Failure, type LogPace, logWaitMs } from './interval.ts';
import { Sleeper } from './sleeper.ts';

/** The logs of a job, as the watching needs them. */
export interface WatchedLogs {
  /** Reads and tells what is new; the number of entries told, where it is known. Throws ApiError. */
  poll(job: Job): Promise<unknown>;
  /** Reads what arrives late, after the job's end. Throws ApiError, or the signal's reason. */
  sweep(job: Job, signal: AbortSignal): Promise<unknown>;
}

interface LogOptions {
  readonly logs: WatchedLogs;
  readonly logPace: LogPace;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly random?: (() => number) | undefined;
}

interface LogReading {
  /** Begins no further reading; resolves when the one under way, if any, is over. Never rejects. */
  stop(): Promise<void>;
  /** Reads what arrives after the job's end. Throws the signal's reason. */
  sweep(job: Job): Promise<void>;
}

/** So many different failures are told; whoever answers with a new text each time is not heard for ever. */
const MOST_TOLD = 5;

/**
 * Reads a job's logs again and again beside the looks at the job itself, so that neither waits for the other. Logs are told,
 * not depended on: a failure to read them is said once and ends nothing.
 */
export function readLogs(current: () => Job, options: LogOptions): LogReading {
  const { clock, signal, logPace, random = Math.random } = options;
  const over = new AbortController();
  const sleeper = new Sleeper(clock, signal);
  const failures = new Failures(options.log);
  const run = async () => {
    let quiet = 0;
    while (!over.signal.aborted && !signal.aborted) {
      const told = await failures.survive(() => options.logs.poll(current()), signal);
      quiet = typeof told === 'number' && told > 0 ? 0 : quiet + 1;
      if (!over.signal.aborted)
        await sleeper.sleep(logWaitMs({ quiet, failure: failures.last, random: random() }, logPace));
    }
  };
  // Of an abort the looks at the job tell.
  const reading = run().catch(() => {});
  return {
    stop: () => {
      over.abort();
      sleeper.wake();
      return reading;
    },
    sweep: async (job) => {
      await untilAborted(
        failures.survive(() => options.logs.sweep(job, signal), signal),
        signal,
      );
    },
  };
}

/** Failures to read logs: counted for the pace, and each told once. */
class Failures {
  readonly #log: Log;
  readonly #told = new Set<string>();
  #last: Failure | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  get last(): Failure | undefined {
    return this.#last;
  }

  /** Throws the signal's reason, and nothing else. */
  async survive(read: () => Promise<unknown>, signal: AbortSignal): Promise<unknown> {
    try {
      const told = await read();
      this.#last = undefined;
      return told;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.#last = { count: (this.#last?.count ?? 0) + 1, retryAfterMs: retryAfterOf(error) };
      this.#tell(error);
      return undefined;
    }
  }

  #tell(error: unknown): void {
    const message = messageOf(error);
    // Of a sign-in that is refused for good the looks at the job tell.
    const passes = isTransient(error) || error instanceof UserError;
    if (passes || this.#told.has(message) || this.#told.size >= MOST_TOLD) {
      this.#log.debug(message);
      return;
    }
    this.#told.add(message);
    this.#log.warning(`The job's log entries cannot be read: ${asSentence(message)} The job is followed all the same.`);
  }
}
