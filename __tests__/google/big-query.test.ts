import { expect, test } from '@jest/globals';
import { bigQueryApi } from '../../src/google/big-query.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: bigQueryApi(server.url, fixedCredentials('TOKEN')) };
}

test('a dataset is told by its place', async () => {
  const { server, api } = await asked({ body: { location: 'EU', id: 'p:d' } });
  expect(await api.dataset('example.com:p', 'sales')).toEqual({ location: 'EU' });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    ['GET', '/bigquery/v2/projects/example.com:p/datasets/sales'],
  ]);
});

test.each([{}, { location: 5 }, { location: '' }])('told as %j it has none', async (body) => {
  const { api } = await asked({ body });
  expect(await api.dataset('p', 'd')).toEqual({ location: undefined });
});

test('one that is not there is undefined, one that may not be seen is an ApiError', async () => {
  const missing = await asked({ status: 404, body: { error: { message: 'Not found: Dataset' } } });
  expect(await missing.api.dataset('p', 'd')).toBeUndefined();
  const hidden = await asked({ status: 403, body: { error: { message: 'Access Denied' } } });
  await expect(hidden.api.dataset('p', 'd')).rejects.toMatchObject({
    httpStatus: 403,
    message: 'get bq://p.d: HTTP 403: Access Denied',
  });
});
