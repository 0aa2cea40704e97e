import { expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { kmsApi } from '../../src/google/kms.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const NAME = 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k';

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: kmsApi(server.url, fixedCredentials('TOKEN')) };
}

test('a key is told by its purpose and its primary version', async () => {
  const { server, api } = await asked({
    body: { name: NAME, purpose: 'ENCRYPT_DECRYPT', primary: { state: 'ENABLED' } },
  });
  expect(await api.key(NAME)).toEqual({ purpose: 'ENCRYPT_DECRYPT', state: 'ENABLED' });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([['GET', `/v1/${NAME}`]]);
});

test.each([{}, { purpose: 5, primary: 'ENABLED' }, { primary: { state: [] } }, { primary: null }])(
  'told as %j it has nothing that it should not have',
  async (body) => {
    const { api } = await asked({ body });
    expect(await api.key(NAME)).toEqual({ purpose: undefined, state: undefined });
  },
);

test('one that is not there is undefined, one that may not be seen is an ApiError', async () => {
  const missing = await asked({ status: 404, body: {} });
  expect(await missing.api.key(NAME)).toBeUndefined();
  const hidden = await asked({ status: 403, body: {} });
  await expect(hidden.api.key(NAME)).rejects.toMatchObject({ httpStatus: 403 });
});

test('a policy is asked for with its conditions', async () => {
  const { server, api } = await asked({ body: { bindings: [{ role: 'roles/a', members: ['user:u@b.c'] }] } });
  expect(await api.bindings(NAME)).toEqual([{ role: 'roles/a', members: ['user:u@b.c'], conditional: false }]);
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    ['GET', `/v1/${NAME}:getIamPolicy?options.requestedPolicyVersion=3`],
  ]);
});
