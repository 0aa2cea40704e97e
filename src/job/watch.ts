import { messageOf } from '../faults.ts';
import { isTransient } from '../google/api-error.ts';
import type { VertexApi } from '../google/vertex.ts';
import type { Log } from '../log.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import type { LogFollower } from './logs.ts';
import { newsOf } from './news.ts';

/** How often the service is asked, in milliseconds. */
export interface Cadence {
  readonly pollMs: number;
  /** How long after the end late log entries are still waited for. */
  readonly lateLogsMs: number;
}

/** Cloud Logging allows 60 reads a minute to a whole project, so a job takes a tenth of them. */
export const CLOUD_CADENCE: Cadence = { pollMs: 10_000, lateLogsMs: 20_000 };
/** A service on this machine shares its quota with nobody. */
export const LOCAL_CADENCE: Cadence = { pollMs: 500, lateLogsMs: 500 };

export interface WatchOptions {
  readonly api: VertexApi;
  readonly logs: LogFollower;
  readonly clock: Clock;
  readonly cadence: Cadence;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Hears of every state in which the job was seen, before its end too. */
  readonly onSeen: (job: Job) => void;
}

/** Bridges an outage of about twenty minutes before it gives up. */
const PATIENCE: Backoff = { firstMs: 1_000, capMs: 60_000, attempts: 28 };

/** Follows the job to whichever end it takes; throws the signal's reason, or ApiError once patience is used up. */
export async function watchJob(first: Job, options: WatchOptions): Promise<Job> {
  const { clock, cadence, signal, log, onSeen } = options;
  const told = new Set<string>();
  let job = first;
  for (;;) {
    signal.throwIfAborted();
    await pollLogs(job, options, told);
    if (hasEnded(job)) break;
    await clock.sleep(cadence.pollMs, signal);
    const next = await getJob(job.name, options);
    for (const line of newsOf(job, next)) log.info(line);
    job = next;
    onSeen(job);
  }
  await lateLogs(job, options, told);
  return job;
}

function getJob(name: string, { api, clock, signal, log }: WatchOptions): Promise<Job> {
  return retry(() => api.get(name), {
    clock,
    signal,
    backoff: PATIENCE,
    transient: isTransient,
    onRetry: (error, waitMs) => log.debug(`${messageOf(error)}; asked again in ${waitMs} ms`),
  });
}

/** Logs are told, not depended on: a failure to read them is said once and never ends the watching. */
async function pollLogs(job: Job, { logs, log }: WatchOptions, told: Set<string>): Promise<void> {
  try {
    await logs.poll(job);
  } catch (error) {
    const message = messageOf(error);
    if (isTransient(error) || told.has(message)) return log.debug(message);
    told.add(message);
    log.warning(`The job's log entries cannot be read: ${message}. The job is followed all the same.`);
  }
}

async function lateLogs(job: Job, options: WatchOptions, told: Set<string>): Promise<void> {
  const { clock, cadence, signal } = options;
  const until = clock.now() + cadence.lateLogsMs;
  while (clock.now() < until) {
    await clock.sleep(Math.min(cadence.pollMs, cadence.lateLogsMs), signal);
    await pollLogs(job, options, told);
  }
}
