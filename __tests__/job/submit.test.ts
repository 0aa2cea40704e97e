import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { findJobs, submitJob } from '../../src/job/submit.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { planOf, RUN } from '../plan/run.ts';
import { answers, CUSTOM, job, vertex } from './jobs.ts';

const plan = planOf({}, { runAttempt: '2' });
const key = plan.identity.key;
const FILTER = `labels.train-on-vertex-key="${key}" AND labels.train-on-vertex-attempt="2"`;
const LOST = [
  new ApiError('no answer', undefined),
  ...[408, 429, 500, 502, 503, 504].map((status) => new ApiError(`HTTP ${status}`, status)),
];
const REFUSED = [400, 401, 403, 404, 409, 412].map((status) => new ApiError(`HTTP ${status}`, status));

test('the job is made as planned', async () => {
  const asked: unknown[] = [];
  const api = vertex({
    create: async (...request) => {
      asked.push(request);
      return job('PENDING');
    },
  });
  expect(await submitJob(api, plan.job, recordingLog())).toEqual(job('PENDING'));
  expect(asked).toEqual([[plan.job.parent, plan.job.collection, plan.job.resource]]);
});

describe.each(LOST.map((error) => ({ name: error.message, error })))('after $name', ({ error }) => {
  test('the job that was made all the same is taken over, and none is made again', async () => {
    const create = answers<Job>(error);
    const asked: unknown[] = [];
    const log = recordingLog();
    const api = vertex({
      create,
      list: async (...request) => {
        asked.push(request);
        return [job('RUNNING')];
      },
    });
    expect((await submitJob(api, plan.job, log)).name).toBe(CUSTOM);
    expect(create.count).toBe(1);
    expect(asked).toEqual([[plan.job.parent, 'customJobs', FILTER]]);
    expect(log.texts('info')).toEqual([`The answer to the request was lost, but the job was made: ${CUSTOM}`]);
  });

  test('where no job was made, the error is told as it was', async () => {
    const create = answers<Job>(error);
    await expect(submitJob(vertex({ create, list: async () => [] }), plan.job, recordingLog())).rejects.toBe(error);
    expect(create.count).toBe(1);
  });
});

test.each(REFUSED.map((error) => ({ name: error.message, error })))(
  '$name is thrown, and no job is looked for',
  async ({ error }) => {
    const create = answers<Job>(error);
    await expect(submitJob(vertex({ create }), plan.job, recordingLog())).rejects.toBe(error);
    expect(create.count).toBe(1);
  },
);

test('jobs are found by key and attempt alone', async () => {
  const filters: string[] = [];
  const api = vertex({
    list: async (_parent, _collection, filter) => {
      filters.push(filter);
      return [];
    },
  });
  await findJobs(api, plan.job.parent, 'hyperparameterTuningJobs', plan.job.resource.labels ?? {});
  expect(filters).toEqual([FILTER]);
  expect(planOf({}, { ...RUN, runAttempt: '2', sha: 'f'.repeat(40), workflow: 'x' }).identity.key).toBe(key);
});
