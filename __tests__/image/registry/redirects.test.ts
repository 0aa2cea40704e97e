import { describe, expect, test } from '@jest/globals';
import { nodeHttp } from '../../../src/image/registry/http.ts';
import { followed, targetOf } from '../../../src/image/registry/redirects.ts';
import { scriptedHttp } from './clients.ts';
import { testServers } from './servers.ts';

const newServer = testServers();
const headers = { authorization: 'Bearer SECRET', accept: 'a/b' };

test('the login stays with the host that it is for, also when the way leads back', async () => {
  const storage = await newServer((_, index) =>
    index === 0
      ? { status: 307, headers: { location: '/second' } }
      : { status: 302, headers: { location: `${home.origin}/end` } },
  );
  const home = await newServer(({ url }) =>
    url === '/end'
      ? { body: 'blob' }
      : { status: 307, headers: { location: url === '/start' ? '/inside' : `${storage.origin}/first?sig=1` } },
  );
  const answer = await followed(nodeHttp({ env: {} }), {
    method: 'GET',
    url: new URL(`${home.origin}/start`),
    headers,
    limit: 100,
  });
  expect([answer.body.toString(), answer.url.href]).toEqual(['blob', `${home.origin}/end`]);
  const logins = (server: typeof home) =>
    server.seen.map(({ url, headers: sent }) => [url, sent.authorization, sent.accept]);
  expect(logins(home)).toEqual([
    ['/start', 'Bearer SECRET', 'a/b'],
    ['/inside', 'Bearer SECRET', 'a/b'],
    ['/end', undefined, 'a/b'],
  ]);
  expect(logins(storage)).toEqual([
    ['/first?sig=1', undefined, 'a/b'],
    ['/second', undefined, 'a/b'],
  ]);
});

test.each(['POST', 'PUT', 'DELETE'] as const)('a %s is not sent elsewhere', async (method) => {
  const http = scriptedHttp(() => ({ status: 307, headers: { location: '/y' } }));
  const answer = await followed(http, { method, url: new URL('https://r.example/x'), headers, limit: 1 });
  expect([answer.status, http.asked.length]).toEqual([307, 1]);
});

test('a circle has an end', async () => {
  const http = scriptedHttp(() => ({ status: 302, headers: { location: '/x' } }));
  const url = new URL('https://r.example/x');
  await expect(followed(http, { method: 'GET', url, headers, limit: 1 })).rejects.toThrow('more than 5 redirects');
  expect(http.asked).toHaveLength(6);
});

describe('a target', () => {
  test.each([
    { from: 'https://r.example/a/b', to: '../c?d', target: 'https://r.example/c?d' },
    { from: 'https://r.example/a', to: 'https://s.example/b', target: 'https://s.example/b' },
    { from: 'https://r.example/a', to: '//s.example:8443/b', target: 'https://s.example:8443/b' },
    { from: 'http://localhost:5000/a', to: 'http://127.0.0.1:9/b', target: 'http://127.0.0.1:9/b' },
    { from: 'http://localhost:5000/a', to: 'https://s.example/b', target: 'https://s.example/b' },
    { from: 'https://r.example/a', to: 'https://user:word@s.example/b', target: 'https://s.example/b' },
  ])('$to from $from is $target', ({ from, to, target }) => {
    expect(targetOf(to, new URL(from)).href).toBe(target);
  });

  test.each([
    { from: 'https://r.example/a', to: 'http://r.example/a', message: 'from https:// to http://r.example' },
    { from: 'https://r.example/a', to: 'https://localhost/a', message: 'to this machine' },
    { from: 'http://r.example/a', to: 'http://127.0.0.1:2375/images', message: 'to this machine' },
    { from: 'https://r.example/a', to: 'file:///etc/passwd', message: 'to file://' },
    { from: 'http://localhost/a', to: 'javascript:x', message: 'to javascript:' },
    { from: 'https://r.example/a', to: 'https://[', message: 'no address' },
  ])('$to from $from is not asked', ({ from, to, message }) => {
    expect(() => targetOf(to, new URL(from))).toThrow(message);
  });
});
