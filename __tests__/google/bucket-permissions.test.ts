import { expect, test } from '@jest/globals';
import { bucketPermissionsApi } from '../../src/google/bucket-permissions.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const BOTH = ['storage.objects.get', 'storage.objects.list'];

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: bucketPermissionsApi(server.url, fixedCredentials('TOKEN')) };
}

test('permissions on a bucket', async () => {
  const { server, api } = await asked({ body: { permissions: ['storage.objects.get', 7] } });
  expect(await api.granted('my-out', BOTH)).toEqual(['storage.objects.get']);
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    [
      'GET',
      '/storage/v1/b/my-out/iam/testPermissions?permissions=storage.objects.get&permissions=storage.objects.list',
    ],
  ]);
});

test('none are an empty answer', async () => {
  expect(await (await asked({ body: {} })).api.granted('my-out', BOTH)).toEqual([]);
});

test('of a bucket that is not there are not known', async () => {
  expect(await (await asked({ status: 404, body: {} })).api.granted('my-out', BOTH)).toBeUndefined();
});

test('a refusal is told with what was asked', async () => {
  const { api } = await asked({ status: 403, body: { error: { message: 'no' } } });
  await expect(api.granted('my-out', BOTH)).rejects.toMatchObject({
    httpStatus: 403,
    message: 'test permissions on gs://my-out: HTTP 403: no',
  });
});

test('a name cannot lead elsewhere', async () => {
  const { server, api } = await asked({ body: {} });
  await api.granted('a/../b?x', BOTH);
  expect(server.seen[0]?.url).toContain('/storage/v1/b/a%2F..%2Fb%3Fx/iam/testPermissions?');
});
