import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { artifactRegistryApi } from '../../src/google/artifact-registry.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type Answer, loopbacks } from './loopback.ts';

const NAME = 'projects/p/locations/us/repositories/r';
const newServer = loopbacks();

async function asked(...answers: Answer[]) {
  const server = await newServer((_, index) => answers[index] ?? { status: 500, body: {} });
  return { server, api: artifactRegistryApi(server.url, fixedCredentials('TOKEN')) };
}

describe('a repository', () => {
  test('is read as far as a push cares', async () => {
    const { server, api } = await asked({
      body: { name: NAME, format: 'DOCKER', mode: 'STANDARD_REPOSITORY', dockerConfig: { immutableTags: true } },
    });
    expect(await api.repository(NAME)).toEqual({
      name: NAME,
      format: 'DOCKER',
      mode: 'STANDARD_REPOSITORY',
      immutableTags: true,
    });
    expect(server.seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
      ['GET', `/v1/${NAME}`, 'Bearer TOKEN'],
    ]);
  });

  test('of a project that belongs to a domain is asked for by its whole name', async () => {
    const { server, api } = await asked({ body: {} });
    await api.repository('projects/example.com:p/locations/us/repositories/r');
    expect(server.seen[0]?.url).toBe('/v1/projects/example.com:p/locations/us/repositories/r');
  });

  test.each([{}, { format: 5, mode: null, dockerConfig: 'x' }, { dockerConfig: { immutableTags: 'true' } }])(
    'that is told as %j has nothing that it should not have',
    async (body) => {
      const { api } = await asked({ body });
      expect(await api.repository(NAME)).toEqual({ name: '', format: '', mode: undefined, immutableTags: false });
    },
  );

  test('that is not there is undefined', async () => {
    const { api } = await asked({ status: 404, body: { error: { code: 404, message: 'not found' } } });
    expect(await api.repository(NAME)).toBeUndefined();
  });

  test('that may not be seen is an ApiError, asked for once', async () => {
    const body = { error: { code: 403, message: "Permission 'artifactregistry.repositories.get' denied" } };
    const { server, api } = await asked({ status: 403, body }, { status: 403, body });
    const error = await api.repository(NAME).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect([(error as ApiError).httpStatus, (error as ApiError).message]).toEqual([
      403,
      `get ${NAME}: HTTP 403: Permission 'artifactregistry.repositories.get' denied`,
    ]);
    expect(server.seen).toHaveLength(1);
  });

  test.each([[[]], ['text'], [null]])('told as %j is no answer', async (body) => {
    const { api } = await asked({ body: JSON.stringify(body) });
    await expect(api.repository(NAME)).rejects.toThrow(`get ${NAME}: the answer is no object`);
  });
});

test('permissions that are granted are those of the answer', async () => {
  const { server, api } = await asked({ body: { permissions: ['a.b.c', 5] } }, { body: {} });
  expect(await api.granted(NAME, ['a.b.c', 'd.e.f'])).toEqual(['a.b.c']);
  expect(await api.granted(NAME, ['a.b.c'])).toEqual([]);
  const [first] = server.seen;
  expect([first?.method, first?.url, JSON.parse(first?.body ?? '')]).toEqual([
    'POST',
    `/v1/${NAME}:testIamPermissions`,
    { permissions: ['a.b.c', 'd.e.f'] },
  ]);
});

test('bindings tell of their conditions', async () => {
  const { server, api } = await asked({
    body: {
      bindings: [
        { role: 'roles/artifactregistry.reader', members: ['serviceAccount:a@b.c', 7] },
        { role: 'roles/artifactregistry.writer', members: ['user:u@b.c'], condition: { expression: 'x' } },
        { members: 'nobody' },
        'no binding',
      ],
    },
  });
  expect(await api.bindings(NAME)).toEqual([
    { role: 'roles/artifactregistry.reader', members: ['serviceAccount:a@b.c'], conditional: false },
    { role: 'roles/artifactregistry.writer', members: ['user:u@b.c'], conditional: true },
    { role: '', members: [], conditional: false },
  ]);
  expect(server.seen[0]?.url).toBe(`/v1/${NAME}:getIamPolicy?options.requestedPolicyVersion=3`);
});

test('lists are read page by page, and not without end', async () => {
  const { server, api } = await asked(
    { body: { locations: [{ locationId: 'us' }], nextPageToken: 'two' } },
    { body: { locations: [{ locationId: 'europe-west1' }, {}, { locationId: '../x' }] } },
  );
  expect(await api.locations('p')).toEqual(['us', 'europe-west1']);
  expect(server.seen.map(({ url }) => url)).toEqual([
    '/v1/projects/p/locations?pageSize=1000',
    '/v1/projects/p/locations?pageSize=1000&pageToken=two',
  ]);
  const endless = await newServer(() => ({ body: { repositories: [{ name: NAME }], nextPageToken: 'more' } }));
  const found = await artifactRegistryApi(endless.url, fixedCredentials('TOKEN')).repositories('p', 'us');
  expect([found.length, endless.seen.length]).toEqual([5, 5]);
});
