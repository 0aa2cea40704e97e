import { messageOf } from '../faults.ts';
import type { LoggingApi } from '../google/logging.ts';
import type { Clock } from '../retry.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import { cancelJob } from './cancel.ts';
import { type Cause, causeOf } from './cause.ts';
import { followLogs, type LogFollower } from './logs.ts';
import { type WatchOptions, watchJob } from './watch.ts';

export interface FollowOptions extends Omit<WatchOptions, 'logs'> {
  readonly logging: LoggingApi;
  readonly project: string;
  readonly clock: Clock;
}

export interface Followed {
  /** As last seen: at its end, or cancelled and perhaps still on its way there. */
  readonly job: Job;
  /** Why it did not succeed; undefined where it did. */
  readonly cause: Cause | undefined;
}

/** The runner kills a cancelled step after 10 s and asks a second time after 7.5 s; this much of it is for waiting. */
const CANCEL_WAIT_MS = 5_500;

/** Follows the job to its end, telling its logs; when the signal aborts, the job is cancelled. Throws ApiError. */
export async function followJob(first: Job, options: FollowOptions): Promise<Followed> {
  const { api, clock, log, signal, logging, project, onSeen } = options;
  const logs = followLogs({
    api: logging,
    project,
    job: first,
    now: () => clock.now(),
    tell: (source, text) => log.untrusted(source, text),
  });
  let job = first;
  const seen = (now: Job) => {
    job = now;
    onSeen(now);
  };
  if (hasEnded(first)) onSeen(first);
  try {
    job = await watchJob(first, { ...options, logs, onSeen: seen });
  } catch (error) {
    if (!signal.aborted) throw error;
    if (hasEnded(job)) return followed(job, logs);
    log.info(`${messageOf(error)} The job is cancelled: ${first.name}`);
    job = await cancelJob(first.name, { api, clock, waitMs: CANCEL_WAIT_MS });
    onSeen(job);
    log.info(
      hasEnded(job) ? `Job is ${job.state}.` : 'The request to cancel was taken; the post step makes sure of it.',
    );
  }
  return followed(job, logs);
}

function followed(job: Job, logs: LogFollower): Followed {
  return { job, cause: job.state === 'SUCCEEDED' ? undefined : causeOf(job, logs.tail) };
}
