import type { VertexJobs } from '../../src/google/vertex-jobs.ts';
import { keyOf, repositoryHash } from '../../src/plan/identity.ts';
import type { Caller } from '../../src/preflight/caller.ts';
import type { SweptPlace } from '../../src/sweep/list.ts';
import type { Collection, Job } from '../../src/vertex/jobs.ts';
import { job, vertex } from '../job/jobs.ts';

export const REPOSITORY_ID = '700123456';
/** As a service account asks. */
export const CALLER: Caller = { who: 'serviceAccount:a@b.c', member: 'serviceAccount:a@b.c', hint: '' };

/** The labels of a job that a run of the repository made. */
export function labelsOf(run: string, series = 'series'): Record<string, string> {
  return {
    'train-on-vertex-series': series,
    'train-on-vertex-key': keyOf(series, run),
    'train-on-vertex-repository': repositoryHash(REPOSITORY_ID),
    'train-on-vertex-attempt': '1',
    'train-on-vertex-request': `request-${series}`,
    'run-id': run,
  };
}

export const nameOf = (id: number | string, collection: Collection = 'customJobs', region = 'us-central1') =>
  `projects/1/locations/${region}/${collection}/${id}`;

/** A running job of a run. */
export function ours(id: number, run: string, more: Partial<Job> = {}): Job {
  return job('RUNNING', { name: nameOf(id), labels: labelsOf(run, `series-${id}`), ...more });
}

/** A region that answers by the calls that a test gives; one that is not given is not expected. */
export const placeOf = (calls: Partial<VertexJobs>, region = 'us-central1'): SweptPlace => ({
  region,
  api: vertex(calls),
});

/** A region with these jobs, whatever it is asked to filter them by. */
export const placeWith = (jobs: readonly Job[], calls: Partial<VertexJobs> = {}, region = 'us-central1'): SweptPlace =>
  placeOf(
    {
      list: async (_, collection) => jobs.filter(({ name }) => name.includes(`/${collection}/`)),
      ...calls,
    },
    region,
  );
