import { expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { iamApi } from '../../src/google/iam.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const NAME = 'projects/my-project/serviceAccounts/a@my-project.iam.gserviceaccount.com';

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, api: iamApi(server.url, fixedCredentials('TOKEN')) };
}

test('permissions on an account', async () => {
  const { server, api } = await asked({ body: { permissions: ['iam.serviceAccounts.actAs'] } });
  expect(await api.granted(NAME, ['iam.serviceAccounts.actAs'])).toEqual(['iam.serviceAccounts.actAs']);
  expect(server.seen.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
    ['POST', `/v1/${NAME}:testIamPermissions`, { permissions: ['iam.serviceAccounts.actAs'] }],
  ]);
});

test('none of them where the answer is empty', async () => {
  const { api } = await asked({ body: {} });
  expect(await api.granted(NAME, ['iam.serviceAccounts.actAs'])).toEqual([]);
});

test('an account that is missing is an ApiError', async () => {
  const { api } = await asked({ status: 404, body: { error: { message: 'not found' } } });
  await expect(api.granted(NAME, ['x'])).rejects.toMatchObject({ httpStatus: 404 });
});

test('a policy is asked for with its conditions, by POST', async () => {
  const { server, api } = await asked({
    body: {
      bindings: [
        { role: 'roles/a', members: ['user:u@b.c', 7] },
        { role: 'roles/b', members: ['user:v@b.c'], condition: { expression: 'x' } },
        { members: 'nobody' },
        'no binding',
      ],
    },
  });
  expect(await api.bindings(NAME)).toEqual([
    { role: 'roles/a', members: ['user:u@b.c'], conditional: false },
    { role: 'roles/b', members: ['user:v@b.c'], conditional: true },
    { role: '', members: [], conditional: false },
  ]);
  expect(server.seen.map(({ method, url }) => [method, url])).toEqual([
    ['POST', `/v1/${NAME}:getIamPolicy?options.requestedPolicyVersion=3`],
  ]);
});
