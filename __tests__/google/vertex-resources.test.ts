import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { vertexResourcesApi } from '../../src/google/vertex-resources.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const PARENT = 'projects/my-project/locations/us-central1';

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: vertexResourcesApi(server.url, fixedCredentials('TOKEN')) };
}

test('a collection is reached by its first job', async () => {
  const { server, api } = await asked({ body: {} });
  await api.reach(`${PARENT}/customJobs`);
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([['GET', `/v1/${PARENT}/customJobs?pageSize=1`]]);
  const refused = await asked({ status: 403, body: { error: { message: 'no' } } });
  await expect(refused.api.reach(`${PARENT}/customJobs`)).rejects.toMatchObject({
    httpStatus: 403,
    message: `list ${PARENT}/customJobs: HTTP 403: no`,
  });
});

describe.each(['tensorboard', 'model'] as const)('a %s', (kind) => {
  const name = `${PARENT}/${kind}s/7`;
  const question = `${kind}Exists` as const;

  test('is there', async () => {
    const { server, api } = await asked({ body: { name } });
    expect(await api[question](name)).toBe(true);
    expect(server.seen.map(({ method, url }) => [method, url])).toEqual([['GET', `/v1/${name}`]]);
  });

  test('is not there', async () => {
    const { api } = await asked({ status: 404, body: { error: { message: 'not found' } } });
    expect(await api[question](name)).toBe(false);
  });

  test.each([400, 403, 500, 503])('is not known after HTTP %i', async (status) => {
    const { api } = await asked({ status, body: {} });
    await expect(api[question](name)).rejects.toMatchObject({ name: 'ApiError', httpStatus: status });
  });
});

describe('a persistent resource', () => {
  const name = `${PARENT}/persistentResources/pool`;

  test('is told by its state and its machines', async () => {
    const machineSpec = { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 };
    const { api } = await asked({ body: { state: 'RUNNING', resourcePools: [{ machineSpec }, { machineSpec: {} }] } });
    expect(await api.persistentResource(name)).toEqual({
      state: 'RUNNING',
      machines: [machineSpec, { machineType: undefined, acceleratorType: undefined, acceleratorCount: 0 }],
    });
  });

  test.each([
    {},
    { state: 3, resourcePools: 'x' },
    { resourcePools: [null, 5, { machineSpec: 'x' }, { machineSpec: [] }] },
  ])('told as %j has nothing that it should not have', async (body) => {
    const { api } = await asked({ body });
    expect(await api.persistentResource(name)).toEqual({ state: undefined, machines: [] });
  });

  test('is not there', async () => {
    const { api } = await asked({ status: 404, body: {} });
    expect(await api.persistentResource(name)).toBeUndefined();
  });
});
