import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Call, callOf, isLikePath, isSelected } from '../../../src/local/faults/requests.ts';

const P = '/v1/projects/p/locations/us-central1';

describe('callOf', () => {
  it.each<[Call, string, string]>([
    ['create', 'POST', `${P}/customJobs`],
    ['create', 'POST', '/v1beta1/projects/p/locations/l/trainingPipelines'],
    ['list', 'GET', `${P}/hyperparameterTuningJobs`],
    ['get', 'GET', `${P}/customJobs/12`],
    ['get', 'HEAD', `${P}/customJobs/12`],
    ['cancel', 'POST', `${P}/trainingPipelines/12:cancel`],
    ['delete', 'DELETE', `${P}/customJobs/12`],
    ['entries', 'POST', '/v2/entries:list'],
    ['model', 'GET', `${P}/models/m@2`],
    ['operation', 'GET', `${P}/operations/1`],
    ['operation', 'POST', `${P}/customJobs/1/operations/2:wait`],
    ['operation', 'GET', `${P}/models/digits/operations`],
    ['operation', 'GET', `${P.replace('/v1/', '/ui/')}/models/digits/operations/2`],
    ['model', 'POST', `${P}/models:upload`],
    ['model', 'POST', `${P}/models/digits@2:mergeVersionAliases`],
    ['storage', 'GET', '/storage/v1/b/bucket/o'],
    ['storage', 'GET', '/download/storage/v1/b/bucket/o/models/1'],
    ['storage', 'POST', '/upload/storage/v1/b/bucket/o'],
    ['storage', 'PUT', '/resumable/upload/storage/v1/b/bucket/o'],
    ['storage', 'GET', '/storage/v1/b/bucket/iam/testPermissions'],
    ['identity', 'POST', '/v1/token'],
    ['identity', 'POST', '/v1/projects/-/serviceAccounts/a@p.iam.gserviceaccount.com:generateAccessToken'],
    ['identity', 'POST', '/v1/projects/p/serviceAccounts/a@p.iam.gserviceaccount.com:testIamPermissions'],
    ['identity', 'POST', '/v1/projects/p:testIamPermissions'],
    ['identity', 'GET', '/v3/projects/p'],
    ['identity', 'POST', `${P}/repositories/images:testIamPermissions`],
    ['location', 'GET', '/v1/projects/p/locations'],
    ['location', 'GET', P],
    ['operation', 'POST', `${P}/operations/1:cancel`],
    ['other', 'POST', '/v1/token/x'],
    ['other', 'GET', '/v2/projects/p'],
    ['other', 'PATCH', `${P}/customJobs/12`],
    ['other', 'POST', `${P}/customJobs/12`],
    ['other', 'GET', `${P}/endpoints`],
    ['other', 'GET', '/'],
    ['other', 'POST', '/-/shutdown'],
  ])('%s: %s %s', (call, method, path) => {
    expect(callOf({ method, path })).toBe(call);
  });
});

/** What `isLikePath` promises, letter by letter. */
function isLike(path: string, pattern: string): boolean {
  if (pattern === '') return path === '';
  if (pattern.startsWith('**'))
    return isLike(path, pattern.slice(2)) || (path !== '' && isLike(path.slice(1), pattern));
  if (pattern.startsWith('*')) {
    return isLike(path, pattern.slice(1)) || (path !== '' && path[0] !== '/' && isLike(path.slice(1), pattern));
  }
  return path[0] === pattern[0] && isLike(path.slice(1), pattern.slice(1));
}

describe('isLikePath', () => {
  it.each([
    [`${P}/customJobs`, '/v1/projects/*/locations/*/customJobs', true],
    [`${P}/customJobs/12`, '/v1/projects/*/locations/*/customJobs', false],
    [`${P}/customJobs/12`, '**/customJobs/*', true],
    [`${P}/customJobs/12:cancel`, '**:cancel', true],
    [`${P}/customJobs`, '/v1/projects/*/customJobs', false],
    ['/v1.x', '/v1.x', true],
    ['/v1ax', '/v1.x', false],
    ['/a(b', '/a(b', true],
  ])('%s is like %s: %s', (path, pattern, expected) => {
    expect(isLikePath(path, pattern)).toBe(expected);
  });

  it('holds for any path and pattern', () => {
    const text = (...letters: string[]) =>
      fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text('a', '/', '.', '\n'), text('a', '/', '.', '*', '**'), (path, pattern) => {
        // Three stars in a row are no pattern that anybody writes.
        fc.pre(!pattern.includes('***'));
        expect(isLikePath(path, pattern)).toBe(isLike(path, pattern));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('isSelected', () => {
  const asked = { method: 'POST', path: `${P}/customJobs` };

  it.each([
    ['nothing', {}, true],
    ['the call', { call: 'create' }, true],
    ['another call', { call: 'list' }, false],
    ['the method', { method: 'POST' }, true],
    ['another method', { method: 'GET' }, false],
    ['the path', { path: '**/customJobs' }, true],
    ['another path', { path: '**/trainingPipelines' }, false],
    ['the call and another path', { call: 'create', path: '**/trainingPipelines' }, false],
  ] as const)('%s', (_name, selector, expected) => {
    expect(isSelected(selector, asked)).toBe(expected);
  });
});
