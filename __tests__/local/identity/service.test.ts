import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectNumber } from '../../../src/local/api/ids.ts';
import { type Opened, openService, standingClock } from '../faults/service.ts';

let service: Opened;
beforeAll(async () => {
  service = await openService({ clock: standingClock });
});
afterAll(() => service.close());

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${service.url}${path}`, { method, headers, ...sent });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const IMPERSONATE = `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`;
const bearer = { authorization: 'Bearer any' };
/** More than a walk through it by recursion could bear. */
const DEEP = '['.repeat(50_000) + ']'.repeat(50_000);
const SCOPE = ['https://www.googleapis.com/auth/cloud-platform'];

describe('generateAccessToken', () => {
  it.each([
    ['an hour', { scope: SCOPE }, '2026-11-01T13:00:00Z'],
    ['as long as is asked', { scope: SCOPE, lifetime: '600.5s', delegates: [] }, '2026-11-01T12:10:00Z'],
    [
      'through delegates',
      { scope: SCOPE, delegates: [`projects/-/serviceAccounts/other@my-project.iam.gserviceaccount.com`] },
      '2026-11-01T13:00:00Z',
    ],
  ])('gives a token for %s', async (_name, body, expireTime) => {
    const answer = await ask('POST', IMPERSONATE, body, bearer);
    expect(answer).toEqual({ status: 200, body: { accessToken: expect.any(String), expireTime } });
  });

  it('takes the unique id of an account, and an encoded address', async () => {
    const paths = ['123456789012345678901', encodeURIComponent(ACCOUNT)].map((id) => IMPERSONATE.replace(ACCOUNT, id));
    for (const path of paths) expect((await ask('POST', path, { scope: SCOPE }, bearer)).status).toBe(200);
  });

  it.each([
    ['nobody', IMPERSONATE, { scope: SCOPE }, {}, 401, 'UNAUTHENTICATED'],
    ['no scope', IMPERSONATE, {}, bearer, 400, 'INVALID_ARGUMENT'],
    ['an empty scope', IMPERSONATE, { scope: [] }, bearer, 400, 'INVALID_ARGUMENT'],
    ['a scope that is a text', IMPERSONATE, { scope: SCOPE[0] }, bearer, 400, 'INVALID_ARGUMENT'],
    ['more than an hour', IMPERSONATE, { scope: SCOPE, lifetime: '3601s' }, bearer, 400, 'INVALID_ARGUMENT'],
    ['no time at all', IMPERSONATE, { scope: SCOPE, lifetime: '0s' }, bearer, 400, 'INVALID_ARGUMENT'],
    ['a lifetime that is deep', IMPERSONATE, `{"scope":["x"],"lifetime":${DEEP}}`, bearer, 400, 'INVALID_ARGUMENT'],
    ['a number of seconds', IMPERSONATE, { scope: SCOPE, lifetime: 300 }, bearer, 400, 'INVALID_ARGUMENT'],
    ['a delegate by its address', IMPERSONATE, { scope: SCOPE, delegates: [ACCOUNT] }, bearer, 400, 'INVALID_ARGUMENT'],
    ['a project', IMPERSONATE.replace('/-/', '/my-project/'), { scope: SCOPE }, bearer, 400, 'INVALID_ARGUMENT'],
    ['what is no account', IMPERSONATE.replace(ACCOUNT, 'me@example.com'), { scope: SCOPE }, bearer, 404, 'NOT_FOUND'],
    ['another verb', IMPERSONATE.replace('AccessToken', 'IdToken'), {}, bearer, 404, 'NOT_FOUND'],
  ])('refuses %s', async (_name, path, body, headers, code, status) => {
    expect(await ask('POST', path, body, headers)).toMatchObject({ status: code, body: { error: { code, status } } });
  });
});

const RESOURCES = {
  project: '/v1/projects/my-project',
  'project by its number': '/v3/projects/123',
  'domain’s project': '/v3/projects/example.com:my-project',
  account: `/v1/projects/-/serviceAccounts/${ACCOUNT}`,
  repository: '/v1/projects/my-project/locations/us-central1/repositories/images',
};

describe('testIamPermissions', () => {
  it.each([
    ['project', ['aiplatform.customJobs.create', 'logging.logEntries.list']],
    ['project by its number', ['iam.serviceAccounts.actAs']],
    ['domain’s project', ['storage.buckets.get']],
    ['account', ['iam.serviceAccounts.actAs', 'iam.serviceAccounts.getAccessToken']],
    ['repository', ['artifactregistry.repositories.uploadArtifacts']],
  ] as const)('grants all on a %s', async (kind, permissions) => {
    const answer = await ask('POST', `${RESOURCES[kind]}:testIamPermissions`, { permissions });
    expect(answer).toEqual({ status: 200, body: { permissions } });
  });

  it('answers nothing where nothing is asked', async () => {
    expect(await ask('POST', '/v1/projects/p:testIamPermissions', {})).toEqual({ status: 200, body: {} });
  });

  it.each([
    ['project', 'resourcemanager.projects.list', /is not valid for this resource/],
    ['project', 'create', /is not valid for this resource/],
    ['project', 'storage.*', /wildcards/],
    ['project', 7, /must be a text/],
    ['account', 'aiplatform.customJobs.create', /is not valid for this resource/],
    ['repository', 'iam.serviceAccounts.actAs', /is not valid for this resource/],
  ] as const)('refuses on a %s: %s', async (kind, permission, message) => {
    const answer = await ask('POST', `${RESOURCES[kind]}:testIamPermissions`, { permissions: [permission] });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) } },
    });
  });

  it('refuses permissions that are no list, and a project that is spelled like none', async () => {
    const path = '/v1/projects/p:testIamPermissions';
    for (const permissions of ['"x"', DEEP, `[${DEEP}]`]) {
      expect((await ask('POST', path, `{"permissions":${permissions}}`)).status).toBe(400);
    }
    expect((await ask('POST', path.replace('/p:', '/p%20q:'), { permissions: [] })).status).toBe(400);
  });
});

describe('testPermissions of a bucket', () => {
  const path = '/storage/v1/b/my-bucket/iam/testPermissions';

  it('grants all that there are', async () => {
    const answer = await ask('GET', `${path}?permissions=storage.objects.create&permissions=storage.buckets.get`);
    const permissions = ['storage.objects.create', 'storage.buckets.get'];
    expect(answer).toEqual({ status: 200, body: { kind: 'storage#testIamPermissionsResponse', permissions } });
  });

  it.each(['iam.serviceAccounts.actAs', 'storage.*', 'create'])('refuses %s', async (permission) => {
    expect(await ask('GET', `${path}?permissions=${permission}`)).toMatchObject({
      status: 400,
      body: { error: { code: 400, errors: [{ reason: 'invalid' }] } },
    });
  });
});

describe('projects', () => {
  it('are told in the form of either version', async () => {
    const number = projectNumber('my-project');
    expect(await ask('GET', '/v3/projects/my-project')).toMatchObject({
      status: 200,
      body: { name: `projects/${number}`, projectId: 'my-project', state: 'ACTIVE' },
    });
    expect(await ask('GET', '/v1/projects/my-project')).toMatchObject({
      status: 200,
      body: { projectNumber: number, projectId: 'my-project', lifecycleState: 'ACTIVE' },
    });
  });
});

describe('locations', () => {
  it('are the regions that train, page by page', async () => {
    const ids: unknown[] = [];
    let token = '';
    do {
      const { body } = await ask('GET', `/v1/projects/p/locations?pageSize=15&pageToken=${token}`);
      const { locations, nextPageToken } = body as {
        readonly locations: { readonly locationId: string }[];
        readonly nextPageToken?: string;
      };
      ids.push(...locations.map(({ locationId }) => locationId));
      token = nextPageToken ?? '';
    } while (token !== '');
    expect([ids.length, new Set(ids).size]).toEqual([38, 38]);
    expect(ids).toContain('us-central1');
  });

  it('are filtered', async () => {
    const { body } = await ask(
      'GET',
      `/v1/projects/p/locations?filter=${encodeURIComponent('locationId:europe-west1*')}`,
    );
    const found = (body as { readonly locations: { readonly locationId: string }[] }).locations;
    expect(found.map(({ locationId }) => locationId)).toEqual(['europe-west1', 'europe-west12']);
    expect((await ask('GET', '/v1/projects/p/locations?filter=colour%3D1')).status).toBe(400);
  });

  it('are told one by one', async () => {
    expect(await ask('GET', '/v1/projects/p/locations/us-central1')).toEqual({
      status: 200,
      body: {
        name: `projects/${projectNumber('p')}/locations/us-central1`,
        locationId: 'us-central1',
        labels: { 'cloud.googleapis.com/region': 'us-central1' },
      },
    });
    const missing = await ask('GET', '/v1/projects/p/locations/mars-west1');
    expect(missing).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });
});
