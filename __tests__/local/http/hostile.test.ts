import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Opened, openService, PARENT } from '../faults/service.ts';

const faults: string[] = [];
let service: Opened;
beforeAll(async () => {
  service = await openService({ onFault: (text) => faults.push(text) });
});
afterAll(() => service.close());

const HEADERS = { authorization: 'Bearer any', 'content-type': 'application/json' };

async function status(method: string, path: string, body?: unknown): Promise<number> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${service.url}${path}`, { method, headers: HEADERS, ...sent });
  await response.arrayBuffer();
  return response.status;
}

const PARENT_PATH = `/v1/${PARENT}`;
const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Each method with a body that it takes, as far as that goes without one of the fields. */
const METHODS: readonly (readonly [string, object, readonly string[]])[] = [
  ['/v1/token', { grantType: GRANT, scope: 's' }, ['grantType', 'audience', 'scope', 'subjectToken', 'options']],
  [
    '/v1/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com:generateAccessToken',
    { scope: ['s'] },
    ['scope', 'lifetime', 'delegates'],
  ],
  ['/v1/projects/p:testIamPermissions', {}, ['permissions']],
  [
    '/v2/entries:list',
    { resourceNames: ['projects/p'] },
    ['resourceNames', 'projectIds', 'filter', 'orderBy', 'pageSize', 'pageToken'],
  ],
  [`${PARENT_PATH}/operations/1:wait`, {}, ['timeout']],
  [`${PARENT_PATH}/models:upload`, {}, ['model', 'modelId', 'parentModel']],
  [`${PARENT_PATH}/customJobs`, { displayName: 'x' }, ['displayName', 'jobSpec', 'labels', 'encryptionSpec']],
  [`${PARENT_PATH}/hyperparameterTuningJobs`, { displayName: 'x' }, ['studySpec', 'trialJobSpec', 'maxTrialCount']],
  [`${PARENT_PATH}/trainingPipelines`, { displayName: 'x' }, ['trainingTaskDefinition', 'trainingTaskInputs']],
  ['/storage/v1/b', {}, ['name', 'location']],
  ['/storage/v1/b/bucket/o/x/compose', {}, ['sourceObjects', 'destination']],
  ['/upload/storage/v1/b/bucket/o?uploadType=resumable', {}, ['name', 'metadata', 'md5Hash']],
];

const LISTS = ['customJobs', 'models', 'operations', 'models/m:listVersions'].map((each) => `${PARENT_PATH}/${each}`);
const PARAMETERS = ['filter', 'pageSize', 'pageToken', 'readMask', 'orderBy', 'fields', '$alt', 'maxResults', 'prefix'];

/** Objects that are no texts however they are asked, keys that lead elsewhere, and all else that JSON holds. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    { toString: 1, valueOf: 1 },
    ['__proto__'],
    JSON.parse('{"__proto__":{"name":"x"}}'),
    '\ud800',
    '../..',
  ),
  fc.array(fc.constant({ name: { toString: 1 }, generation: {} }), { maxLength: 2 }),
  fc.jsonValue(),
);

describe('whatever is asked', () => {
  it('of a method is answered or refused, and is no fault of the service', async () => {
    const asked = fc
      .constantFrom(...METHODS)
      .chain(([path, body, fields]) =>
        fc.record({ path: fc.constant(path), body: fc.constant(body), field: fc.constantFrom(...fields), value }),
      );
    await fc.assert(
      fc.asyncProperty(asked, async ({ path, body, field, value: given }) => {
        expect(await status('POST', path, { ...body, [field]: given })).toBeLessThan(500);
      }),
      { numRuns: 400 },
    );
    expect(faults).toEqual([]);
  });

  it('of a list is answered or refused', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('"', '(', '*', '../', '-1', '1e9', '__proto__', 'a.b', 'constructor', 'WyJhIiwiYiJd'),
      fc.constantFrom('(', 'a.', '"\\"', '-', '*a', 'a(').map((part) => part.repeat(2_000)),
    );
    const list = fc.constantFrom(...LISTS, '/v1/projects/p/locations', '/storage/v1/b', '/storage/v1/b/bucket/o');
    await fc.assert(
      fc.asyncProperty(list, fc.constantFrom(...PARAMETERS), text, async (path, name, given) => {
        expect(await status('GET', `${path}?${new URLSearchParams({ [name]: given })}`)).toBeLessThan(500);
      }),
      { numRuns: 400 },
    );
    expect(faults).toEqual([]);
  });

  it.each([
    `${PARENT_PATH}/..%2f..%2fsecrets`,
    `${PARENT_PATH}/customJobs/..%2F..`,
    `${PARENT_PATH}/customJobs/%00`,
    '/storage/v1/b/..%2f../o/passwd?alt=media',
    '/storage/v1/b/bucket/o/..%2f..%2f..%2fetc%2fpasswd?alt=media',
    '/v1/projects/a%0d%0aX:%20y/locations/us-central1/customJobs',
    '/v1/projects/-/serviceAccounts/a%2Fb:testIamPermissions',
  ])('%s leads nowhere', async (path) => {
    expect([400, 404]).toContain(await status('GET', path));
  });
});
