import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { encodedName, listIn, orMissing, restOf, textIn, textsIn } from '../../src/google/rest.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();

async function asked(answer: Answer) {
  const server = await newServer(() => answer);
  return { server, rest: restOf(server.url, fixedCredentials('TOKEN')) };
}

const thrownBy = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a question', () => {
  test('is a GET with the token', async () => {
    const { server, rest } = await asked({ body: { a: 1 } });
    expect(await rest({ action: 'get x', path: '/v1/x?y=z' })).toEqual({ a: 1 });
    expect(server.seen.map(({ method, url, headers, body }) => [method, url, headers.authorization, body])).toEqual([
      ['GET', '/v1/x?y=z', 'Bearer TOKEN', ''],
    ]);
  });

  test('with a body is a POST of JSON', async () => {
    const { server, rest } = await asked({ body: {} });
    await rest({ action: 'test x', path: '/v1/x', body: { permissions: ['a'] } });
    const [seen] = server.seen;
    expect([seen?.method, seen?.body, seen?.headers['content-type']]).toEqual([
      'POST',
      '{"permissions":["a"]}',
      expect.stringContaining('application/json'),
    ]);
  });
});

describe('a refusal', () => {
  test.each([400, 401, 403, 404, 409, 429, 500, 502, 503, 504])(
    'with HTTP %i is an ApiError, asked for once',
    async (status) => {
      const { server, rest } = await asked({ status, body: { error: { code: status, message: 'the reason' } } });
      const error = await thrownBy(rest({ action: 'get x', path: '/x' }));
      expect(error).toBeInstanceOf(ApiError);
      expect([(error as ApiError).httpStatus, (error as ApiError).message]).toEqual([
        status,
        `get x: HTTP ${status}: the reason`,
      ]);
      expect(server.seen).toHaveLength(1);
    },
  );

  test.each(['<html>busy</html>', '', '{"error":', '{"error":"text"}', '[]', 'null'])(
    'in the words %j keeps its status',
    async (body) => {
      const { rest } = await asked({ status: 503, body });
      expect(await thrownBy(rest({ action: 'get x', path: '/x' }))).toMatchObject({
        name: 'ApiError',
        httpStatus: 503,
      });
    },
  );
});

describe('an answer', () => {
  test.each(['[]', '"text"', 'null', '5', 'true', '', '<html>', '{"a":'])('of %j is no object', async (body) => {
    const { rest } = await asked({ body });
    const error = await thrownBy(rest({ action: 'get x', path: '/x' }));
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ApiError);
    expect((error as Error).message).toMatch(/^get x: /);
  });

  test('that has no end is not read to it', async () => {
    const { rest } = await asked({ body: JSON.stringify({ text: 'x'.repeat(5 * 1024 * 1024) }) });
    expect(await thrownBy(rest({ action: 'get x', path: '/x' }))).toBeInstanceOf(Error);
  });
});

describe('no answer', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listening(server: Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('from a connection that breaks is an ApiError without a status', async () => {
    const url = await listening(createServer((_, response) => response.destroy()));
    const rest = restOf(url, fixedCredentials('TOKEN'));
    expect(await thrownBy(rest({ action: 'get x', path: '/x' }))).toMatchObject({
      name: 'ApiError',
      httpStatus: undefined,
      message: expect.stringMatching(/^get x: no answer: /),
    });
  });

  test('is waited for as long as the signal lets, and the connection ends with it', async () => {
    let ended: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const stop = new AbortController();
    const url = await listening(
      createServer((_, response) => {
        response.on('close', ended);
        stop.abort(new Error('enough'));
      }),
    );
    const rest = restOf(url, fixedCredentials('TOKEN'));
    expect(await thrownBy(rest({ action: 'get x', path: '/x', signal: stop.signal }))).toBeInstanceOf(Error);
    await gone;
  });
});

describe('a name in an address', () => {
  test.each([
    { name: 'projects/my-project', path: 'projects/my-project' },
    { name: 'projects/example.com:p', path: 'projects/example.com:p' },
    { name: 'serviceAccounts/a@b.c', path: 'serviceAccounts/a@b.c' },
    { name: 'a/b c', path: 'a/b%20c' },
    { name: 'a/b?c#d', path: 'a/b%3Fc%23d' },
    { name: 'a/%2e%2e/b', path: 'a/%252e%252e/b' },
    { name: 'a/é', path: 'a/%C3%A9' },
  ])('$name', ({ name, path }) => {
    expect(encodedName(name)).toBe(path);
  });

  test.each(['', 'a//b', '/a', 'a/', 'a/../b', './a', 'a/.'])('is refused where it leads elsewhere: %j', (name) => {
    expect(() => encodedName(name)).toThrow('is no resource name');
  });
});

test('what is not there is undefined, and nothing else is', async () => {
  expect(await orMissing(Promise.reject(new ApiError('x', 404)))).toBeUndefined();
  expect(await orMissing(Promise.resolve(5))).toBe(5);
  await expect(orMissing(Promise.reject(new ApiError('x', 403)))).rejects.toThrow('x');
  await expect(orMissing(Promise.reject(new Error('404')))).rejects.toThrow('404');
});

test('of an answer only what is of the right type is read', () => {
  const answer = { text: 'a', empty: '', number: 5, list: ['a', 5, null, 'b'], nothing: null };
  expect(['text', 'empty', 'number', 'list', 'none'].map((key) => textIn(answer, key))).toEqual([
    'a',
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([listIn(answer, 'list'), listIn(answer, 'text'), listIn(answer, 'none')]).toEqual([answer.list, [], []]);
  expect(textsIn(answer, 'list')).toEqual(['a', 'b']);
});
