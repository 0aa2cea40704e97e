import { expect, test } from '@jest/globals';
import { computeApi } from '../../src/google/compute.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const NAME = 'projects/42/global/networks/vpc';

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: computeApi(server.url, fixedCredentials('TOKEN')) };
}

test('a network is told by its peerings', async () => {
  const peering = { name: 'servicenetworking-googleapis-com', state: 'ACTIVE', network: 'x' };
  const { server, api } = await asked({ body: { peerings: [peering, { name: 5 }, 'x', null] } });
  expect(await api.network(NAME)).toEqual({
    peerings: [
      { name: 'servicenetworking-googleapis-com', state: 'ACTIVE' },
      { name: '', state: '' },
    ],
  });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    ['GET', `/compute/v1/${NAME}?fields=peerings(name,state)`],
  ]);
});

test.each([{}, { peerings: {} }, { peerings: null }])('told as %j it has none', async (body) => {
  const { api } = await asked({ body });
  expect(await api.network(NAME)).toEqual({ peerings: [] });
});

test('one that is not there is undefined, one that may not be seen is an ApiError', async () => {
  const missing = await asked({ status: 404, body: {} });
  expect(await missing.api.network(NAME)).toBeUndefined();
  const hidden = await asked({ status: 403, body: {} });
  await expect(hidden.api.network(NAME)).rejects.toMatchObject({ httpStatus: 403 });
});
