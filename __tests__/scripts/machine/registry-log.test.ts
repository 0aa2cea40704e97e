import { describe, expect, test } from '@jest/globals';
import { listeningPort, pushedImages, readRequests } from '../../../scripts/machine/registry-log.ts';

function line(id: string, method: string, uri: string, rest: Record<string, unknown>): string {
  const request = { 'http.request.id': id, 'http.request.method': method, 'http.request.uri': uri };
  return JSON.stringify({ ...request, ...rest });
}

const completed = (status: number) => ({ 'http.response.status': status, msg: 'response completed' });
const refused = (why: string) => ({ msg: `error authorizing context: basic authentication challenge: ${why}` });

describe('readRequests', () => {
  test.each([
    [
      'let in',
      [line('1', 'GET', '/v2/', { msg: 'authorized request' }), line('1', 'GET', '/v2/', completed(200))],
      200,
      'accepted',
      undefined,
    ],
    [
      'without credentials',
      [line('1', 'GET', '/v2/', refused('invalid authorization credential'))],
      401,
      'none',
      undefined,
    ],
    [
      'with wrong credentials',
      [
        line('1', 'GET', '/v2/', { msg: 'error authenticating user "eve": authentication failure' }),
        line('1', 'GET', '/v2/', refused('authentication failure')),
      ],
      401,
      'refused',
      'eve',
    ],
  ])('a request %s', (_case, lines, status, credentials, refusedUser) => {
    const log = ['{"msg":"listening on 127.0.0.1:4100"}', 'no json', ...lines, '{"half'].join('\n');
    expect(readRequests(log)).toEqual([{ method: 'GET', path: '/v2/', status, credentials, refusedUser }]);
    expect(listeningPort(log)).toBe(4100);
  });
});

test('pushed images are the manifests that the registry took', () => {
  const log = [
    line('1', 'PUT', '/v2/a/b/manifests/main', completed(201)),
    line('2', 'PUT', '/v2/a/b/manifests/sha256:12ab', completed(201)),
    line('3', 'PUT', '/v2/a/b/manifests/other', completed(400)),
    line('4', 'PUT', '/v2/a/b/blobs/uploads/x?digest=sha256:1', completed(201)),
  ].join('\n');
  expect(pushedImages(readRequests(log))).toEqual(['a/b:main', 'a/b@sha256:12ab']);
});
