import { expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { loggingApi } from '../../src/google/logging.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();

async function asked(...answers: Answer[]) {
  const server = await newServer((_, index) => answers[index] ?? { body: {} });
  return { server, api: loggingApi(server.url, fixedCredentials('TOKEN')) };
}

test('entries are asked for in their order, a thousand at a time', async () => {
  const { server, api } = await asked({ body: {} });
  await api.list({ project: 'my-project', filter: 'FILTER' });
  const [request] = server.seen;
  expect([request?.method, request?.url, request?.headers.authorization]).toEqual([
    'POST',
    '/v2/entries:list',
    'Bearer TOKEN',
  ]);
  expect(JSON.parse(request?.body ?? '')).toEqual({
    resourceNames: ['projects/my-project'],
    filter: 'FILTER',
    orderBy: 'timestamp asc',
    pageSize: 1000,
  });
});

test('a page token goes with the same question', async () => {
  const { server, api } = await asked({ body: { nextPageToken: 'p1' } }, { body: { entries: [], nextPageToken: '' } });
  expect(await api.list({ project: 'p', filter: 'F' })).toEqual({ entries: [], nextPageToken: 'p1' });
  expect(await api.list({ project: 'p', filter: 'F', pageToken: 'p1' })).toEqual({
    entries: [],
    nextPageToken: undefined,
  });
  const [first, second] = server.seen.map(({ body }) => JSON.parse(body) as object);
  expect(second).toEqual({ ...first, pageToken: 'p1' });
});

test('of an entry is read what is used, and what is of another type is left out', async () => {
  const { api } = await asked({
    body: {
      entries: [
        {
          logName: 'x',
          insertId: 'a',
          timestamp: '2026-11-01T00:00:00Z',
          receiveTimestamp: '2026-11-01T00:00:01Z',
          severity: 'ERROR',
          textPayload: 't',
          labels: { 'ml.googleapis.com/trial_id': '3', bad: 5 },
          resource: { type: 'ml_job', labels: { job_id: '7', task_name: 'service' } },
        },
        { insertId: 5, textPayload: null, jsonPayload: { message: 'm' }, resource: 'x' },
        'no entry',
        null,
      ],
    },
  });
  expect((await api.list({ project: 'p', filter: 'F' })).entries).toEqual([
    {
      insertId: 'a',
      timestamp: '2026-11-01T00:00:00Z',
      receiveTimestamp: '2026-11-01T00:00:01Z',
      severity: 'ERROR',
      textPayload: 't',
      labels: { 'ml.googleapis.com/trial_id': '3' },
      resource: { labels: { job_id: '7', task_name: 'service' } },
    },
    { labels: {}, jsonPayload: { message: 'm' } },
  ]);
});

test.each([
  {
    status: 403,
    body: { error: { code: 403, message: 'Permission denied.' } },
    message: 'list log entries: HTTP 403: Permission denied.',
  },
  { status: 503, body: 'busy', message: expect.stringMatching(/^list log entries: HTTP 503: /) },
])('HTTP $status is an ApiError, and asked only once', async ({ status, body, message }) => {
  const { server, api } = await asked({ status, body }, { status, body });
  const error = await api.list({ project: 'p', filter: 'F' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect([(error as ApiError).httpStatus, (error as ApiError).message]).toEqual([status, message]);
  expect(server.seen).toHaveLength(1);
});

test('no answer is an ApiError without a status', async () => {
  const api = loggingApi('http://127.0.0.1:9', fixedCredentials('TOKEN'));
  await expect(api.list({ project: 'p', filter: 'F' })).rejects.toMatchObject({
    name: 'ApiError',
    httpStatus: undefined,
  });
});
