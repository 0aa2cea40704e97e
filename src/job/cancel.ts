import { ApiError, isTransient } from '../google/api-error.ts';
import type { VertexApi } from '../google/vertex.ts';
import { type Clock, retry } from '../retry.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';

export interface CancelOptions {
  readonly api: VertexApi;
  readonly clock: Clock;
  /** How long the end is waited for after the request was taken, in milliseconds. */
  readonly waitMs: number;
}

/**
 * Asks for the job's end and waits for it while time lasts; gives the job as last seen. A job that has ended already is
 * no error. Throws ApiError where the request was not taken.
 */
export async function cancelJob(name: string, { api, clock, waitMs }: CancelOptions): Promise<Job> {
  const until = clock.now() + waitMs;
  await retry(() => requestCancel(api, name), {
    clock,
    backoff: { firstMs: 300, capMs: 2_000, attempts: 5 },
    transient: isTransient,
  });
  for (;;) {
    const job = await lookAt(api, name, clock.now() >= until);
    if (job !== undefined && (hasEnded(job) || clock.now() >= until)) return job;
    await clock.sleep(300);
  }
}

/** The request was taken: a hiccup while waiting is no failure, unless it is the last look. */
async function lookAt(api: VertexApi, name: string, last: boolean): Promise<Job | undefined> {
  try {
    return await api.get(name);
  } catch (error) {
    if (last || !isTransient(error)) throw error;
    return undefined;
  }
}

async function requestCancel(api: VertexApi, name: string): Promise<void> {
  try {
    await api.cancel(name);
  } catch (error) {
    // What the API answers to a cancel of a job that has ended is nowhere stated; the job itself says.
    if (error instanceof ApiError && error.httpStatus === 400 && hasEnded(await api.get(name))) return;
    throw error;
  }
}
