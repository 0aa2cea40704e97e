import { untilAborted } from '../../abort.ts';
import type { VertexApi } from '../../google/vertex.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import type { LogPace, Pace } from './interval.ts';
import { readLogs, type WatchedLogs } from './logs.ts';
import { Looker } from './looker.ts';
import type { Newscaster } from './news.ts';
import type { Look, Until } from './until.ts';
import type { Wake } from './wake.ts';

/** What watching a job takes. `T` is why it may end before the job does. */
export interface WatchOptions<T> {
  readonly api: Pick<VertexApi, 'get'>;
  readonly logs: WatchedLogs;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly logPace: LogPace;
  readonly log: Log;
  /** Ends the watching at once, whatever is under way, with its reason. */
  readonly signal: AbortSignal;
  /** What is told of the job as it is now seen. */
  readonly news: Newscaster;
  /** Hears of the job each time that the service tells of it, the first time included. */
  readonly onSeen: (job: Job) => void;
  /** Hears of every look, also of those that brought no answer. */
  readonly onTick?: ((look: Look) => void) | undefined;
  /** What ends the watching before the job's end. */
  readonly until?: Until<T> | undefined;
  /** When the service's own timeout strikes, as milliseconds since the epoch. */
  readonly deadline?: ((job: Job) => number | undefined) | undefined;
  /** Cuts waits short: something was heard of the job. */
  readonly wake?: Wake | undefined;
  /** From [0, 1). */
  readonly random?: (() => number) | undefined;
  /** How long the service may stay without answering before the watching is given up, in milliseconds. */
  readonly patienceMs?: number | undefined;
}

/** What watching a job came to. */
export interface Watched<T> {
  /** As last seen. */
  readonly job: Job;
  /** Why the watching ended though the job had not; undefined where the job ended. */
  readonly stopped: T | undefined;
}

/**
 * Follows a job to whichever end it takes, its logs beside it, or until something else is due. Failures to read the job are
 * survived for an hour; failures to read its logs end nothing. Throws the signal's reason, ApiError for a refusal that no
 * other attempt mends, and UserError once patience is used up.
 */
export async function watchJob<T = never>(first: Job, options: WatchOptions<T>): Promise<Watched<T>> {
  const { signal } = options;
  const looker = new Looker(first, options);
  const reading = readLogs(() => looker.job, options);
  let watched: Watched<T>;
  let read: Promise<void>;
  try {
    watched = await lookUntilEnd(looker, options);
  } finally {
    looker.close();
    read = reading.stop();
  }
  await untilAborted(read, signal);
  if (hasEnded(watched.job)) await reading.sweep(watched.job);
  return watched;
}

async function lookUntilEnd<T>(looker: Looker, { until, onTick, onSeen, news, log }: WatchOptions<T>) {
  for (let look = looker.first(); ; look = await looker.next(until)) {
    const { job, fresh, now } = look;
    if (fresh) onSeen(job);
    onTick?.(look);
    if (fresh) for (const line of news(job, now)) log.info(line);
    if (hasEnded(job)) return { job, stopped: undefined };
    const stopped = until?.due(look);
    if (stopped !== undefined) return { job, stopped };
  }
}
