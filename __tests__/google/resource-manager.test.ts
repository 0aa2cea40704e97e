import { expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { resourceManagerApi } from '../../src/google/resource-manager.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: resourceManagerApi(server.url, fixedCredentials('TOKEN')) };
}

test('a project is told by both of its names', async () => {
  const { server, api } = await asked({
    body: { name: 'projects/415104041262', projectId: 'my-project', state: 'ACTIVE', parent: 'folders/1' },
  });
  expect(await api.project('my-project')).toEqual({ id: 'my-project', number: '415104041262', state: 'ACTIVE' });
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([['GET', '/v3/projects/my-project']]);
});

test.each([
  {},
  { name: 5, projectId: null, state: [] },
  { name: 'projects/my-project' },
  { name: 'projects/42/x' },
  { name: 'projects/42\n' },
])('told as %j it has no number', async (body) => {
  const { api } = await asked({ body });
  expect((await api.project('p-project')).number).toBeUndefined();
});

test('a project of a domain is asked for by its whole name', async () => {
  const { server, api } = await asked({ body: {} });
  await api.project('example.com:p');
  expect(server.seen[0]?.url).toBe('/v3/projects/example.com:p');
});

test('a project that is not to be seen is an ApiError', async () => {
  const { api } = await asked({ status: 403, body: { error: { message: 'denied' } } });
  await expect(api.project('my-project')).rejects.toMatchObject({
    httpStatus: 403,
    message: 'get projects/my-project: HTTP 403: denied',
  });
});

test('permissions that are granted are those of the answer', async () => {
  const { server, api } = await asked({ body: { permissions: ['a.b.c', 5, null] } });
  expect(await api.granted('my-project', ['a.b.c', 'd.e.f'])).toEqual(['a.b.c']);
  expect(server.seen.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
    ['POST', '/v3/projects/my-project:testIamPermissions', { permissions: ['a.b.c', 'd.e.f'] }],
  ]);
});

test.each([{}, { permissions: null }, { permissions: 'a.b.c' }])('an answer of %j grants nothing', async (body) => {
  const { api } = await asked({ body });
  expect(await api.granted('my-project', ['a.b.c'])).toEqual([]);
});
