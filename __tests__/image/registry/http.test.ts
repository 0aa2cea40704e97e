import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '../../../src/image/registry/errors.ts';
import { type HttpRequest, nodeHttp } from '../../../src/image/registry/http.ts';
import { type Reply, testServers } from './servers.ts';

const newServer = testServers();

async function asked(reply: Reply, more: Partial<HttpRequest> = {}, timeoutMs?: number) {
  const server = await newServer(() => reply);
  const http = nodeHttp({ env: {}, timeoutMs });
  const answer = http({ method: 'GET', url: new URL(`${server.origin}/x`), headers: {}, limit: 1000, ...more });
  return { server, answer };
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an answer', () => {
  test('comes as it is, with its headers in lower case', async () => {
    const { answer, server } = await asked(
      {
        status: 206,
        headers: { 'X-One': '1', 'WWW-Authenticate': ['Basic realm="a"', 'Bearer realm="b"'] },
        body: 'text',
      },
      { method: 'PUT', headers: { 'content-type': 'a/b' }, body: Buffer.from('sent') },
    );
    const { status, headers, body } = await answer;
    expect([status, headers['x-one'], headers['www-authenticate'], body.toString()]).toEqual([
      206,
      '1',
      'Basic realm="a", Bearer realm="b"',
      'text',
    ]);
    expect(
      server.seen.map(({ method, url, headers: sent, body: bytes }) => [
        method,
        url,
        sent['content-type'],
        sent['content-length'],
        bytes.toString(),
      ]),
    ).toEqual([['PUT', '/x', 'a/b', '4', 'sent']]);
  });

  test('that is a redirect is not followed', async () => {
    const { answer, server } = await asked({ status: 307, headers: { location: '/y' } });
    expect((await answer).status).toBe(307);
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    { name: 'of a known length', reply: { body: 'x'.repeat(1001) } },
    { name: 'without an end', reply: { fate: 'endless' as const } },
  ])('$name that is too long is an error for good', async ({ reply }) => {
    const error = await errorOf((await asked(reply)).answer);
    expect(error).toMatchObject({ name: 'RegistryError', transient: false, status: undefined });
    expect((error as Error).message).toBe('the answer is longer than 1000 bytes');
  });

  test('that is a refusal is read only as far as it can say something', async () => {
    const { answer } = await asked({ status: 500, fate: 'endless' });
    expect((await answer).body).toHaveLength(64 * 1024);
  });
});

describe('no answer', () => {
  test.each([
    { name: 'a connection that breaks', reply: { fate: 'reset' as const } },
    { name: 'an answer that breaks off', reply: { fate: 'cut' as const } },
  ])('$name may pass', async ({ reply }) => {
    const error = await errorOf((await asked(reply)).answer);
    expect(error).toBeInstanceOf(RegistryError);
    expect(error).toMatchObject({ transient: true, status: undefined });
  });

  test('in time may pass, and says how long it was waited', async () => {
    for (const [client, request] of [
      [50, undefined],
      [undefined, 50],
    ]) {
      const error = await errorOf((await asked({ fate: 'silence' }, { timeoutMs: request }, client)).answer);
      expect(error).toMatchObject({ transient: true, message: 'no answer in 0.05 s' });
    }
  });

  test('of a port where nobody listens may pass', async () => {
    const http = nodeHttp({ env: {} });
    const url = new URL('http://127.0.0.1:9/');
    const error = await errorOf(http({ method: 'GET', url, headers: {}, limit: 1 }));
    expect(error).toMatchObject({ name: 'RegistryError', transient: true });
  });

  test('of a server that speaks no TLS is an error for good', async () => {
    const server = await newServer(() => ({}));
    const http = nodeHttp({ env: {} });
    const url = new URL(server.origin.replace('http:', 'https:'));
    const error = await errorOf(http({ method: 'GET', url, headers: {}, limit: 1 }));
    expect(error).toMatchObject({ name: 'RegistryError', transient: false });
  });

  test("because the step ends is the signal's reason", async () => {
    const reason = new Error('cancelled');
    const ended = AbortSignal.abort(reason);
    expect(await errorOf((await asked({ fate: 'silence' }, { signal: ended })).answer)).toBe(reason);
    const controller = new AbortController();
    const { answer } = await asked({ fate: 'silence' }, { signal: controller.signal });
    setImmediate(() => controller.abort(reason));
    expect(await errorOf(answer)).toBe(reason);
  });
});

describe('a proxy', () => {
  test('of the environment is asked for other machines, and not for this one', async () => {
    const proxy = await newServer(() => ({ body: 'by proxy' }));
    const here = await newServer(() => ({ body: 'here' }));
    const http = nodeHttp({ env: { HTTP_PROXY: proxy.origin, http_proxy: proxy.origin } });
    const get = async (url: string) =>
      (await http({ method: 'GET', url: new URL(url), headers: {}, limit: 100 })).body.toString();
    expect(await get('http://registry.example/v2/')).toBe('by proxy');
    expect(await get(`${here.origin}/v2/`)).toBe('here');
    expect(proxy.asked()).toEqual(['GET http://registry.example/v2/']);
  });
});
