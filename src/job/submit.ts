import { isTransient } from '../google/api-error.ts';
import type { VertexApi } from '../google/vertex.ts';
import type { Log } from '../log.ts';
import type { JobPlan } from '../plan/job.ts';
import { ATTEMPT_LABEL, KEY_LABEL } from '../plan/labels.ts';
import type { Job } from '../vertex/jobs.ts';

/**
 * Creates the job. The API has no idempotency key: after a failure that leaves open whether the job was made, the job
 * is looked for by its labels and taken over, never made a second time. Throws ApiError.
 */
export async function submitJob(api: VertexApi, { parent, collection, resource }: JobPlan, log: Log): Promise<Job> {
  try {
    return await api.create(parent, collection, resource);
  } catch (error) {
    if (!isTransient(error)) throw error;
    const made = await findJobs(api, parent, collection, resource.labels ?? {});
    if (made[0] === undefined) throw error;
    log.info(`The answer to the request was lost, but the job was made: ${made[0].name}`);
    return made[0];
  }
}

/** The jobs that one attempt of one step made, by its labels. */
export function findJobs(
  api: VertexApi,
  parent: string,
  collection: JobPlan['collection'],
  labels: Readonly<Record<string, string>>,
): Promise<readonly Job[]> {
  const wanted = [KEY_LABEL, ATTEMPT_LABEL].map((key) => `labels.${key}="${labels[key] ?? ''}"`);
  return api.list(parent, collection, wanted.join(' AND '));
}
