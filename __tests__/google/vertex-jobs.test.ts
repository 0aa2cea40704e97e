import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { vertexJobs } from '../../src/google/vertex-jobs.ts';
import { type Answer, loopbacks, type Seen } from './loopback.ts';

const newServer = loopbacks();
const PARENT = 'projects/my-project/locations/us-central1';
const NAME = `${PARENT}/customJobs/7`;

async function asked(answer: Answer | ((seen: Seen, index: number) => Answer)) {
  const server = await newServer(typeof answer === 'function' ? answer : () => answer);
  return { server, api: vertexJobs(server.url, fixedCredentials('TOKEN')) };
}

describe('a list', () => {
  test('is asked for with its filter, page by page, also where a page is empty', async () => {
    const pages = [
      { customJobs: [{ name: NAME, state: 'JOB_STATE_RUNNING', labels: { a: 'b' } }], nextPageToken: 'x/y&z' },
      { nextPageToken: 'last' },
      { customJobs: [{ name: `${PARENT}/customJobs/8`, state: 'JOB_STATE_PENDING' }] },
    ];
    const { server, api } = await asked((_, index) => ({ body: pages[index] }));
    const filter = 'labels.a="b" AND state!="JOB_STATE_FAILED"';
    const jobs = await api.list(PARENT, 'customJobs', filter);
    expect(jobs.map(({ name, state, labels }) => [name, state, labels])).toEqual([
      [NAME, 'RUNNING', { a: 'b' }],
      [`${PARENT}/customJobs/8`, 'PENDING', {}],
    ]);
    const queries = server.seen.map(({ url }) => new URL(url, server.url));
    expect(queries.map(({ pathname }) => pathname)).toEqual(pages.map(() => `/v1/${PARENT}/customJobs`));
    expect(queries.map(({ searchParams }) => searchParams.get('filter'))).toEqual(pages.map(() => filter));
    expect(queries.map(({ searchParams }) => searchParams.get('pageToken'))).toEqual([null, 'x/y&z', 'last']);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(pages.map(() => 'Bearer TOKEN'));
  });

  test('of pipelines tells the job behind each', async () => {
    const backingCustomJob = `${PARENT}/customJobs/9`;
    const pipeline = {
      name: `${PARENT}/trainingPipelines/7`,
      state: 'PIPELINE_STATE_RUNNING',
      trainingTaskMetadata: { backingCustomJob },
    };
    const { api } = await asked({ body: { trainingPipelines: [pipeline] } });
    expect(await api.list(PARENT, 'trainingPipelines', '')).toMatchObject([
      { state: 'RUNNING', backing: backingCustomJob },
    ]);
  });

  test('without jobs is empty', async () => {
    expect(await (await asked({ body: {} })).api.list(PARENT, 'customJobs', '')).toEqual([]);
  });

  test('that never ends is given up', async () => {
    const { server, api } = await asked({ body: { nextPageToken: 'again' } });
    await expect(api.list(PARENT, 'customJobs', '')).rejects.toThrow('more than 2000 pages');
    expect(server.seen).toHaveLength(2_000);
  });

  test('with something that is no job is an error, and none of it counts', async () => {
    const { api } = await asked({ body: { customJobs: [{ name: NAME }, { state: 'JOB_STATE_RUNNING' }] } });
    await expect(api.list(PARENT, 'customJobs', '')).rejects.toThrow('no job');
  });
});

test('a job is read by its name', async () => {
  const { server, api } = await asked({ body: { name: NAME, state: 'JOB_STATE_CANCELLING' } });
  expect(await api.get(NAME)).toMatchObject({ name: NAME, state: 'CANCELLING' });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([['GET', `/v1/${NAME}`]]);
});

test('a job is asked to end by its name', async () => {
  const { server, api } = await asked({ body: {} });
  await api.cancel(NAME);
  expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['POST', `/v1/${NAME}:cancel`, '{}'],
  ]);
});

test('a name that leads elsewhere is not asked for', async () => {
  const { server, api } = await asked({ body: {} });
  await expect(api.cancel('projects/p/../../x')).rejects.toThrow('is no resource name');
  expect(server.seen).toEqual([]);
});

test('refusals are told with what was asked', async () => {
  const { api } = await asked({ status: 403, body: { error: { message: 'no' } } });
  const refusal = (action: string) => ({ name: 'ApiError', httpStatus: 403, message: `${action}: HTTP 403: no` });
  await expect(api.list(PARENT, 'customJobs', '')).rejects.toMatchObject(refusal(`list ${PARENT}/customJobs`));
  await expect(api.get(NAME)).rejects.toMatchObject(refusal(`get ${NAME}`));
  await expect(api.cancel(NAME)).rejects.toMatchObject(refusal(`cancel ${NAME}`));
});
