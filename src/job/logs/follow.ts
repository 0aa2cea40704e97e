import { untilAborted } from '../../abort.ts';
import type { LoggingApi } from '../../google/logging.ts';
import type { Log } from '../../log.ts';
import { byId } from '../../results/trials.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf } from '../../vertex/times.ts';
import { CLOUD_READ_PACE, type ReadPace } from './budget.ts';
import { type ErrorBlock, keptLines } from './kept.ts';
import { entryLines, trialsByJob } from './lines.ts';
import { logNotes } from './notes.ts';
import { entryOrder } from './order.ts';
import { entryReader, type NewEntry } from './reader.ts';
import type { Want } from './schedule.ts';
import { sweepLog } from './sweep.ts';
import { blocksOf, textOf } from './tell.ts';
import { type Block, tracebacks } from './traceback.ts';
import { CLOUD_WINDOW, type WindowLimits } from './window.ts';

/** Which lines are told: all; only errors and tracebacks; none. What the cause of a failure needs is kept in each. */
export type LogsMode = 'all' | 'errors' | 'none';

/** Which job's log is followed, and how. */
export interface LogFollowerOptions {
  readonly api: LoggingApi;
  readonly project: string;
  readonly job: Job;
  readonly clock: Clock;
  readonly log: Log;
  readonly mode: LogsMode;
  /** Tells whole lines of one source, as a text that `splitLines` takes apart again; awaited before more is read. Without it, `log.untrusted`. */
  readonly tell?: ((source: string, text: string) => void | Promise<void>) | undefined;
  /** How often Cloud Logging is read; without it, as its quota wants. */
  readonly pace?: ReadPace | undefined;
  readonly limits?: WindowLimits | undefined;
  /** A number in [0, 1), for the jitter of waits. */
  readonly random?: (() => number) | undefined;
}

/** Reads a job's entries as they arrive, each once. */
export interface LogFollower {
  /**
   * Reads what is new, if the budget allows it now; the number of entries that were new. It never waits for the budget,
   * and failures that may pass only make the next reads later. Throws ApiError on others, and the signal's reason at
   * once, whatever it waits for.
   */
  poll(job: Job, signal?: AbortSignal): Promise<number>;
  /**
   * Reads on after the job's end, until nothing new came for a while. Throws the signal's reason at once, and ApiError
   * where the log cannot be read.
   */
  sweep(job: Job, signal: AbortSignal): Promise<void>;
  /** Tells what is held for a line that may still come: before the follower is left without a sweep. */
  flush(): Promise<void>;
  /** How long until a poll can read something, in milliseconds. */
  waitMs(): number;
  /** The last lines of a source, to show a cause with. */
  tail(source: string): readonly string[];
  /** The newest errors in the order in which they were told, tracebacks whole. */
  errors(): readonly ErrorBlock[];
}

/** Failed trials whose lines are kept whatever others write. */
const MOST_PINNED = 32;

/** Follows the log of `job` and of its trials. */
export function followLogs(options: LogFollowerOptions): LogFollower {
  const {
    api,
    project,
    clock,
    log,
    mode,
    pace = CLOUD_READ_PACE,
    limits = CLOUD_WINDOW,
    random = Math.random,
  } = options;
  const { tell = (source, text) => log.untrusted(source, text) } = options;
  const createdMs = epochOf(options.job.createTime) ?? clock.now();
  const reader = entryReader({ api, project, createdMs, clock, pace, limits, random });
  const order = entryOrder();
  const pieces = tracebacks();
  const kept = keptLines();
  const notes = logNotes(mode === 'none' ? { info: log.debug, warning: log.debug } : log, project, limits.lateMs);
  const trialOfJob = new Map<string, string>();

  const tellAll = async (blocks: readonly Block[]) => {
    for (const block of blocks) if (block.isError) kept.addError(block);
    for (const { source, lines } of blocksOf(blocks, () => true)) kept.add(source, lines);
    if (mode === 'none') return;
    for (const { source, lines } of blocksOf(blocks, ({ isError }) => mode === 'all' || isError)) {
      await tell(source, textOf(lines));
    }
  };
  const tellDue = async () => {
    const now = clock.now();
    const entries = order.due(reader.coveredMs - pace.holdMs, now);
    const whole = entries.flatMap((entry) => pieces.add(entry, now));
    await tellAll([...whole, ...pieces.due(now)]);
  };
  const hold = (found: readonly NewEntry[]) => {
    const now = clock.now();
    for (const { entry, receivedMs } of found) order.add(entry, entryLines(entry, trialOfJob), receivedMs, now);
  };
  const see = (job: Job) => {
    reader.see(job);
    for (const [jobId, trial] of trialsByJob(job)) trialOfJob.set(jobId, trial);
    const failed = job.trials.filter(({ state }) => state === 'INFEASIBLE').sort(byId);
    kept.pin(failed.slice(0, MOST_PINNED).map(({ id }) => `trial ${id}`));
  };
  const readPages = async (want: Want, signal: AbortSignal | undefined): Promise<number> => {
    const now = clock.now();
    let count = 0;
    try {
      while (signal?.aborted !== true) {
        const found = await reader.next(want, now);
        if (found === undefined) break;
        count += found.length;
        hold(found);
        await tellDue();
      }
    } finally {
      await tellDue();
      notes.look(reader.state(), clock.now());
    }
    return count;
  };
  const readOn = (want: Want, signal: AbortSignal | undefined) =>
    signal === undefined ? readPages(want, signal) : untilAborted(readPages(want, signal), signal);
  const flush = async () => {
    const now = clock.now();
    const whole = order.all().flatMap((entry) => pieces.add(entry, now));
    await tellAll([...whole, ...pieces.all()]);
  };
  const held = (): Block[] => [...pieces.held(), ...order.held()];

  return {
    poll: async (job, signal) => {
      see(job);
      return readOn('due', signal);
    },
    sweep: async (job, signal) => {
      see(job);
      const endMs = epochOf(job.endTime) ?? clock.now();
      const leaveRest = () => notes.leaveRest(reader.state());
      try {
        await sweepLog({ reader, clock, pace, readOn, leaveRest, endMs }, signal);
      } catch (error) {
        if (!signal.aborted) await flush();
        throw error;
      }
      await flush();
    },
    flush,
    waitMs: () => reader.waitMs('due'),
    tail: (source) => kept.tail(source, held()),
    errors: () => kept.errors(held()),
  };
}
