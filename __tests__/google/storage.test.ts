import { expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { storageApi } from '../../src/google/storage.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: storageApi(server.url, fixedCredentials('TOKEN')) };
}

test('a bucket is read as far as a job cares', async () => {
  const { server, api } = await asked({
    body: {
      location: 'US',
      locationType: 'dual-region',
      customPlacementConfig: { dataLocations: ['US-CENTRAL1', 'US-EAST1'] },
      projectNumber: '42',
      name: 'b',
    },
  });
  expect(await api.bucket('my.data_b')).toEqual({
    location: 'US',
    locationType: 'dual-region',
    dataLocations: ['US-CENTRAL1', 'US-EAST1'],
    projectNumber: '42',
  });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    ['GET', '/storage/v1/b/my.data_b?fields=location,locationType,customPlacementConfig,projectNumber'],
  ]);
});

test.each([
  {},
  { location: 5, locationType: null, customPlacementConfig: 'x', projectNumber: 42 },
  { customPlacementConfig: { dataLocations: 'us' }, projectNumber: 'my-project' },
  { customPlacementConfig: [], projectNumber: '42; rm' },
])('that is told as %j has nothing that it should not have', async (body) => {
  const { api } = await asked({ body });
  expect(await api.bucket('b')).toEqual({
    location: undefined,
    locationType: undefined,
    dataLocations: [],
    projectNumber: undefined,
  });
});

test('one that is not there is undefined', async () => {
  const { api } = await asked({ status: 404, body: { error: { message: 'The specified bucket does not exist.' } } });
  expect(await api.bucket('b')).toBeUndefined();
});

test('one that may not be seen is an ApiError', async () => {
  const { api } = await asked({ status: 403, body: { error: { message: 'no storage.buckets.get' } } });
  await expect(api.bucket('b')).rejects.toMatchObject({
    httpStatus: 403,
    message: 'get gs://b: HTTP 403: no storage.buckets.get',
  });
});
