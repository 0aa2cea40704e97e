import type { EntriesPage } from '../../google/logging.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { followLogs as followPlainly } from '../logs.ts';

/** entries.list as the follower asks for it; a `LoggingApi` is one, with pages of its own size. Throws ApiError. */
export interface EntriesApi {
  list(request: {
    readonly project: string;
    readonly filter: string;
    readonly pageToken?: string | undefined;
    readonly pageSize?: number | undefined;
  }): Promise<EntriesPage>;
}

/** Which lines are told: all; only errors and tracebacks; none. What the cause of a failure needs is kept in each. */
export type LogsMode = 'all' | 'errors' | 'none';

export interface LogFollowerOptions {
  readonly api: EntriesApi;
  readonly project: string;
  readonly job: Job;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: LogsMode;
  /** Tells whole lines of one source, joined by `\n`; awaited before more is read. Without it, `log.untrusted`. */
  readonly tell?: ((source: string, text: string) => void | Promise<void>) | undefined;
}

/** Error lines that belong together: an entry of the program's own severity, a traceback, a line of the platform. */
export interface ErrorBlock {
  readonly source: string;
  readonly lines: readonly string[];
}

/** Reads a job's entries as they arrive, each once. */
export interface LogFollower {
  /** Reads what is new, if the budget allows it now; the number of entries that were new. Throws ApiError. */
  poll(job: Job): Promise<number>;
  /** Reads on after the job's end, until nothing new came for a while; throws the signal's reason. */
  sweep(job: Job, signal: AbortSignal): Promise<void>;
  /** The last lines of a source, to show a cause with. */
  tail(source: string): readonly string[];
  /** The newest errors, oldest first, tracebacks whole. */
  errors(): readonly ErrorBlock[];
}

/** Follows the log of `job` and of its trials. */
export function followLogs(options: LogFollowerOptions): LogFollower {
  const { api, project, job: first, clock, log, tell = (source, text) => log.untrusted(source, text) } = options;
  const { poll, tail } = followPlainly({ api, project, job: first, now: () => clock.now(), tell });
  return {
    poll,
    tail,
    errors: () => [],
    sweep: async (job, signal) => {
      await poll(job);
      await clock.sleep(20_000, signal);
      await poll(job);
    },
  };
}
