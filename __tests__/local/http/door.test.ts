import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Opened, openService, PARENT } from '../faults/service.ts';

let service: Opened;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());

const JOBS = `/v1/${PARENT}/customJobs`;

/** Sends bytes as they are, and gives all that comes until the connection ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(service.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** The status and the body of an answer to a request without a body; `target` and headers stand as they are given. */
async function ask(target: string, headers: readonly string[], method = 'GET', version = '1.1') {
  const text = await raw([`${method} ${target} HTTP/${version}`, ...headers, 'Connection: close', '', ''].join('\r\n'));
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), head, body };
}

describe('a Host', () => {
  it.each([
    ['127.0.0.1', 200],
    ['127.0.0.1:8600', 200],
    ['localhost:1', 200],
    ['LocalHost', 200],
    ['[::1]', 200],
    ['[::1]:8600', 200],
    ['example.com', 403],
    ['127.0.0.1.nip.io', 403],
    ['localtest.me', 403],
    ['localhost.example.com', 403],
    ['localhost.', 403],
    ['0.0.0.0', 403],
    ['127.0.0.2', 403],
    ['127.1', 403],
    ['2130706433', 403],
    ['[::]', 403],
    ['[::ffff:127.0.0.1]', 403],
    ['127.0.0.1@example.com', 403],
    ['example.com#@127.0.0.1', 403],
    ['127.0.0.1:80:80', 403],
    ['[::1]example.com', 403],
    ['', 403],
  ])('%j is answered with %i', async (host, status) => {
    expect((await ask(JOBS, [`Host: ${host}`])).status).toBe(status);
  });

  it('that is not there is refused, in either version of HTTP', async () => {
    expect((await ask(JOBS, [])).status).toBe(400);
    expect((await ask(JOBS, [], 'GET', '1.0')).status).toBe(403);
  });

  it('that is there twice lets no foreign one in', async () => {
    const status = async (...hosts: string[]) =>
      (
        await ask(
          JOBS,
          hosts.map((host) => `Host: ${host}`),
        )
      ).status;
    expect([await status('example.com', 'localhost'), await status('localhost', 'example.com')]).toEqual([403, 403]);
  });
});

describe('a target in absolute form', () => {
  it.each([
    [`http://127.0.0.1:8600${JOBS}`, 200],
    [`HTTP://localhost${JOBS}`, 200],
    [`http://[::1]${JOBS}?pageSize=1`, 200],
    [`http://example.com${JOBS}`, 403],
    [`https://example.com:443${JOBS}`, 403],
    [`http://user@127.0.0.1${JOBS}`, 403],
    [`http://127.0.0.1.example.com${JOBS}`, 403],
    ['http://', 403],
    ['http://127.0.0.1', 404],
    ['//example.com/v1', 404],
    ['*', 404],
  ])('%s is answered with %i', async (target, status) => {
    expect((await ask(target, ['Host: 127.0.0.1'])).status).toBe(status);
  });

  it('is no tunnel, and no way around Host', async () => {
    expect((await ask(`http://127.0.0.1${JOBS}`, ['Host: example.com'])).status).toBe(403);
    expect(await raw('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n')).not.toContain('200');
  });
});

describe('an Origin', () => {
  it.each([
    ['http://localhost:3000', 200],
    ['https://127.0.0.1', 200],
    ['http://[::1]:1', 200],
    ['null', 403],
    ['', 403],
    ['https://example.com', 403],
    ['http://localhost.example.com', 403],
    ['http://127.0.0.1.nip.io', 403],
    ['http://localhost:3000, https://example.com', 403],
    ['http://localhost@example.com', 403],
    ['http://localhost/https://example.com', 403],
    ['file://', 403],
    ['chrome-extension://abcdef', 403],
    ['javascript://localhost', 403],
  ])('%j is answered with %i', async (origin, status) => {
    expect((await ask(JOBS, ['Host: localhost', `Origin: ${origin}`])).status).toBe(status);
  });

  it('is never told that other pages may read the answer', async () => {
    const { head } = await ask(JOBS, ['Host: localhost', 'Origin: http://localhost:3000'], 'OPTIONS');
    expect(head.toLowerCase()).not.toContain('access-control');
  });
});

describe('what all of Google’s APIs take', () => {
  const host = ['Host: localhost'];

  it.each([
    '$alt=json',
    'alt=json',
    'prettyPrint=false',
    '$.xgafv=2',
    'key=AIza',
    'quotaUser=me',
    'access_token=x',
    'fields=*',
    'uploadType=media',
  ])('%s', async (query) => {
    expect(await ask(`/v1/${PARENT}?${query}`, host)).toMatchObject({
      status: 200,
    });
  });

  it('the project that pays', async () => {
    expect((await ask(JOBS, [...host, 'x-goog-user-project: other', 'x-goog-request-params: parent=x'])).status).toBe(
      200,
    );
  });

  it('HEAD, which is GET without a body', async () => {
    const path = `/v1/${PARENT}`;
    const [got, head] = [await ask(path, host), await ask(path, host, 'HEAD')];
    expect([head.status, head.body]).toEqual([200, '']);
    expect(/content-length: \d+/i.exec(head.head)?.[0]).toBe(/content-length: \d+/i.exec(got.head)?.[0]);
    expect((await ask('/v1/nothing', host, 'HEAD')).status).toBe(404);
  });

  it('fields, of what is answered', async () => {
    const { body } = await ask(`/v1/${PARENT}?fields=locationId`, host);
    expect(JSON.parse(body)).toEqual({ locationId: 'us-central1' });
    const list = await ask('/v1/projects/p/locations?$fields=locations/name,nextPageToken&pageSize=1', host);
    expect(JSON.parse(list.body)).toEqual({
      locations: [{ name: expect.any(String) }],
      nextPageToken: expect.any(String),
    });
    expect((await ask(`/v1/${PARENT}?fields=(`, host)).status).toBe(400);
  });
});

describe('a refusal', () => {
  it.each([
    ['an unknown path', 'GET', '/v1/nothing', 404, 'NOT_FOUND'],
    ['an unknown version', 'GET', JOBS.replace('v1', 'v3'), 404, 'NOT_FOUND'],
    ['a wrong method', 'PUT', JOBS, 404, 'NOT_FOUND'],
    ['a method that nobody has', 'PROPFIND', JOBS, 404, 'NOT_FOUND'],
    ['an unknown verb', 'POST', `${JOBS}/1:explode`, 404, 'NOT_FOUND'],
    ['the token service by GET', 'GET', '/v1/token', 404, 'NOT_FOUND'],
    ['a path that is badly encoded', 'GET', '/v1/%E0%A4%A', 400, 'INVALID_ARGUMENT'],
  ])('of %s has the body of Google’s errors', async (_name, method, path, code, status) => {
    const answer = await ask(path, ['Host: localhost', 'Content-Length: 0'], method);
    expect(answer.status).toBe(code);
    expect(JSON.parse(answer.body)).toEqual({ error: { code, status, message: expect.any(String) } });
    expect(answer.head).toMatch(/content-type: application\/json; charset=UTF-8/i);
  });

  it.each([
    ['{"a":', 'Invalid JSON payload received. Unexpected end of string.'],
    ['{"a":}', 'Invalid JSON payload received. Unexpected token.'],
    ["{\n 'a':1}", "Invalid JSON payload received. Unexpected token.\n 'a':1}\n ^"],
    ['[1,\n 2 3]', 'Invalid JSON payload received. Unexpected token.\n 2 3]\n   ^'],
  ])('of %j says what breaks', async (body, message) => {
    const answer = await fetch(`${service.url}${JOBS}`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { code: 400, status: 'INVALID_ARGUMENT', message } },
    ]);
  });
});
