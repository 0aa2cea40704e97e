import { ApiError } from '../../../src/google/api-error.ts';
import type { LoggingApi } from '../../../src/google/logging.ts';
import { idOf } from '../../../src/vertex/jobs.ts';
import { simulatedLogging } from '../logs/cloud-logging.ts';
import { dice } from '../logs/random.ts';
import type { Random } from './random.ts';
import type { StoredJob } from './stored-job.ts';
import type { VirtualTime } from './time.ts';

export interface JobLog {
  readonly api: LoggingApi;
  /** Lets a job write for as long as it runs. */
  readonly write: (job: StoredJob) => void;
}

export interface JobLogOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** How often a reading fails, from 0 to 1. */
  readonly faultRate: number;
  /** How far the service's clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

/** Cloud Logging, and jobs that write to it: lines arrive late and out of order. */
export function newJobLog({ time, random, faultRate, skewMs }: JobLogOptions): JobLog {
  const { api, store } = simulatedLogging(
    { now: () => time.now(), sleep: (ms) => time.sleep(ms) },
    {
      page: 5,
      answerMs: 100,
      quota: 60,
      repeats: 0.1,
      empties: 0.05,
      faults: faultRate,
      fault: () => new ApiError('list log entries: HTTP 503: busy', 503),
      dice: dice(() => random.next()),
    },
  );
  const write = (job: StoredJob): void => {
    if (job.states.at(-1)?.state === 'RUNNING') {
      const text = `${idOf(job.name)} line ${job.lines.length}`;
      job.lines.push(text);
      const at = time.now() + skewMs;
      const receivedMs = at + random.between(0, 2_000);
      const entry = {
        timestamp: new Date(at).toISOString(),
        insertId: text,
        receiveTimestamp: new Date(receivedMs).toISOString(),
        severity: 'INFO',
        resource: { type: 'ml_job', labels: { job_id: idOf(job.name), task_name: 'workerpool0-0' } },
        textPayload: text,
      };
      store.push({ entry, visibleMs: receivedMs - skewMs + random.between(0, 8_000) });
    }
    if (job.states.every(({ state }) => !ENDS.has(state))) time.after(random.between(1_000, 60_000), () => write(job));
  };
  return { api, write: (job) => time.after(random.between(50, 3_000), () => write(job)) };
}

/** From here on nothing is written any more. */
const ENDS = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED', 'CANCELLING']);
