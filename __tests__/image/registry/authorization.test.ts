import { describe, expect, test } from '@jest/globals';
import type { RegistryError } from '../../../src/image/registry/errors.ts';
import type { HttpRequest } from '../../../src/image/registry/http.ts';
import { OCI_MANIFEST } from '../../../src/image/registry/manifests.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { type Scripted, scriptedHttp, testClient } from './clients.ts';
import { type Handler, testServers } from './servers.ts';

const newServer = testServers();
const DIGEST = `sha256:${'a'.repeat(64)}`;
const FOUND = { headers: { 'docker-content-digest': DIGEST, 'content-type': OCI_MANIFEST } };
const LOGIN = { username: 'me', password: 'S3cret' };
const basic = (login: typeof LOGIN) => `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;

/** A registry that takes the tokens which its own token service gave and which are still good. */
async function tokenRegistry(token: (index: number, login: string | undefined) => object | undefined) {
  const good = new Set<string>();
  let given = 0;
  const handler: Handler = ({ url, headers }) => {
    if (url.startsWith('/token')) {
      const answer = token(given, headers.authorization);
      given += 1;
      if (answer === undefined) return { status: 401, body: { details: 'incorrect username or password' } };
      good.add(`Bearer ${(answer as { token?: string }).token ?? (answer as { access_token?: string }).access_token}`);
      return { body: answer };
    }
    if (good.has(headers.authorization ?? '')) return FOUND;
    return {
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="http://${headers.host}/token",service="s e",scope="repository:x:pull"`,
      },
    };
  };
  return { server: await newServer(handler), good };
}

describe('tokens', () => {
  test('are asked for as the registry says, with the login, and used again', async () => {
    const { server } = await tokenRegistry(() => ({ token: 'T0KEN' }));
    const { client, masked, logins } = testClient({ logins: [LOGIN] });
    const reference = referenceOf(`${server.host}/a/b:1`);
    expect(await client.headManifest(reference)).toEqual({ digest: DIGEST, mediaType: OCI_MANIFEST });
    await client.headManifest(reference);
    expect(server.asked()).toEqual([
      'HEAD /v2/a/b/manifests/1',
      'GET /token?service=s+e&scope=repository%3Aa%2Fb%3Apull',
      'HEAD /v2/a/b/manifests/1',
      'HEAD /v2/a/b/manifests/1',
    ]);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      basic(LOGIN),
      'Bearer T0KEN',
      'Bearer T0KEN',
    ]);
    expect([masked, logins]).toEqual([['T0KEN'], [server.host]]);
  });

  test('are shared by requests side by side, one for each repository', async () => {
    const { server } = await tokenRegistry((index) => ({ access_token: `T${index}` }));
    const { client } = testClient();
    const references = ['a:1', 'a:2', 'a:3', 'b:1'].map((name) => referenceOf(`${server.host}/${name}`));
    await Promise.all(references.map((reference) => client.headManifest(reference)));
    const tokens = server.asked().filter((line) => line.includes('/token'));
    expect(tokens.sort()).toEqual([
      'GET /token?service=s+e&scope=repository%3Aa%3Apull',
      'GET /token?service=s+e&scope=repository%3Ab%3Apull',
    ]);
  });

  test.each([
    { told: undefined, life: 55_000 },
    { told: 300, life: 295_000 },
    { told: '300', life: 295_000 },
    { told: 4, life: 2_000 },
    { told: -1, life: 55_000 },
    { told: 'long', life: 55_000 },
  ])('that live $told s are used for $life ms', async ({ told, life }) => {
    const { server } = await tokenRegistry((index) => ({ token: `T${index}`, expires_in: told }));
    const { client, clock } = testClient();
    const reference = referenceOf(`${server.host}/a:1`);
    const tokens = () => server.asked().filter((line) => line.includes('/token')).length;
    await client.headManifest(reference);
    await clock.sleep(life - 1);
    await client.headManifest(reference);
    expect(tokens()).toBe(1);
    await clock.sleep(1);
    await Promise.all([client.headManifest(reference), client.headManifest(reference)]);
    expect(tokens()).toBe(2);
  });

  test('that are refused before their time are renewed once, with a login asked for anew', async () => {
    const { server, good } = await tokenRegistry((index) => ({ token: `T${index}`, expires_in: 3600 }));
    const { client, logins } = testClient({ logins: [LOGIN, { ...LOGIN, password: 'N3w' }] });
    const reference = referenceOf(`${server.host}/a:1`);
    await client.headManifest(reference);
    good.clear();
    expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST });
    expect(server.asked().slice(3)).toEqual([
      'HEAD /v2/a/manifests/1',
      'GET /token?service=s+e&scope=repository%3Aa%3Apull',
      'HEAD /v2/a/manifests/1',
    ]);
    expect(server.seen[4]?.headers.authorization).toBe(basic({ ...LOGIN, password: 'N3w' }));
    expect(logins).toHaveLength(2);
  });

  test('that are refused though new end the matter', async () => {
    const { server, good } = await tokenRegistry(() => ({ token: 'T' }));
    good.add = () => good;
    const { client } = testClient({ logins: [LOGIN] });
    await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toMatchObject({ status: 401 });
    expect(server.seen).toHaveLength(3);
  });

  test('are asked for with a fresh login where the old one has expired', async () => {
    const fresh = { ...LOGIN, password: 'N3w' };
    const { server } = await tokenRegistry((index, login) =>
      index > 0 && login !== basic(fresh) ? undefined : { token: `T${index}` },
    );
    const { client, clock, logins } = testClient({ logins: [LOGIN, fresh] });
    const reference = referenceOf(`${server.host}/a:1`);
    await client.headManifest(reference);
    await clock.sleep(60_000);
    expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST });
    expect(logins).toHaveLength(2);
  });

  test('that the service refuses are an error without the password', async () => {
    const { server } = await tokenRegistry(() => undefined);
    const { client } = testClient({ logins: [LOGIN] });
    const error = await client.headManifest(referenceOf(`${server.host}/a:1`)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'RegistryError', status: 401 });
    expect((error as RegistryError).reason).toBe(
      `HEAD ${server.origin}/v2/a/manifests/1: sign in at ${server.host}: HTTP 401: incorrect username or password`,
    );
  });

  test('by a refresh token are asked for in a form', async () => {
    const { server } = await tokenRegistry(() => ({ access_token: 'T' }));
    const { client } = testClient({ logins: [{ identityToken: 'R3FRESH' }] });
    await client.headManifest(referenceOf(`${server.host}/a:1`));
    const asked = server.seen[1];
    expect([asked?.method, asked?.url, asked?.headers.authorization, asked?.headers['content-type']]).toEqual([
      'POST',
      '/token',
      undefined,
      'application/x-www-form-urlencoded',
    ]);
    expect(Object.fromEntries(new URLSearchParams(asked?.body.toString()))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'R3FRESH',
      service: 's e',
      scope: 'repository:a:pull',
      client_id: 'train-on-vertex',
    });
  });

  test.each([{}, { token: '' }, { token: 5 }, { token: 'a\r\nx: y' }, { token: 'a b' }, [], 'text'])(
    'told as %j are none',
    async (body) => {
      const { server } = await tokenRegistry(() => body as object);
      const { client } = testClient();
      await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toThrow('gave no token');
    },
  );

  test('of a service that is busy are waited for', async () => {
    let busy = 2;
    const server = await newServer(({ url, headers }) => {
      if (!url.startsWith('/token')) {
        return headers.authorization === undefined
          ? { status: 401, headers: { 'www-authenticate': `Bearer realm="http://${headers.host}/token"` } }
          : FOUND;
      }
      busy -= 1;
      return busy < 0 ? { body: { token: 'T' } } : { status: 503 };
    });
    const { client, clock } = testClient();
    expect(await client.headManifest(referenceOf(`${server.host}/a:1`))).toMatchObject({ digest: DIGEST });
    expect(clock.slept).toEqual([250, 500]);
  });
});

describe('a name and a password', () => {
  test('go with every request where the registry asks for them, and are renewed once', async () => {
    let right = basic(LOGIN);
    const server = await newServer(({ headers }) =>
      headers.authorization === right ? FOUND : { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } },
    );
    const fresh = { ...LOGIN, password: 'N3w' };
    const { client, logins } = testClient({ logins: [LOGIN, fresh] });
    const reference = referenceOf(`${server.host}/a:1`);
    await client.headManifest(reference);
    await client.headManifest(reference);
    right = basic(fresh);
    await client.headManifest(reference);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      basic(LOGIN),
      basic(LOGIN),
      basic(LOGIN),
      basic(fresh),
    ]);
    right = 'nobody';
    await expect(client.headManifest(reference)).rejects.toMatchObject({ status: 401 });
    // The login is no other than the one that was refused.
    expect([server.seen.length, logins.length]).toEqual([6, 3]);
  });

  test('that nobody has are not made up', async () => {
    const server = await newServer(() => ({ status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } }));
    const { client } = testClient();
    await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toMatchObject({ status: 401 });
    expect(server.seen).toHaveLength(1);
  });

  test.each(['', 'Negotiate', 'Digest realm="x"', 'nonsense="'])('are not sent for %j', async (header) => {
    const server = await newServer(() => ({ status: 401, headers: { 'www-authenticate': header } }));
    const { client } = testClient({ logins: [LOGIN] });
    await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toMatchObject({ status: 401 });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('are not sent to a host that the registry redirects to, whatever it asks for', async () => {
    const thief = await newServer(({ headers }) => ({
      status: 401,
      headers: { 'www-authenticate': `Basic realm="r", Bearer realm="http://${headers.host}/token"` },
    }));
    const server = await newServer(() => ({ status: 307, headers: { location: `${thief.origin}/x` } }));
    const { client } = testClient({ logins: [LOGIN] });
    await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toMatchObject({ status: 401 });
    expect([...server.seen, ...thief.seen].map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
  });
});

const GOOGLE = { username: 'oauth2accesstoken', password: 'ya29.T' };

describe("Google's access token", () => {
  const google = (answer: (request: HttpRequest) => Scripted) => {
    const http = scriptedHttp(answer);
    return { http, ...testClient({ http, logins: [GOOGLE] }) };
  };
  const reference = referenceOf('us-docker.pkg.dev/p/r/i:1');

  test('goes with the first request, which is all there is', async () => {
    const { client, http } = google(() => FOUND);
    await client.headManifest(reference);
    await client.headManifest(reference);
    expect(http.asked.map(({ url, headers }) => [url.href, headers['authorization']])).toEqual([
      ['https://us-docker.pkg.dev/v2/p/r/i/manifests/1', basic(GOOGLE)],
      ['https://us-docker.pkg.dev/v2/p/r/i/manifests/1', basic(GOOGLE)],
    ]);
  });

  test.each([401, 403])('is exchanged for a token where it is answered by %i', async (status) => {
    const { client, http } = google(({ url, headers }) => {
      if (url.pathname === '/v2/token') return { body: { token: 'T' } };
      if (headers['authorization'] === 'Bearer T') return FOUND;
      const challenge = { 'www-authenticate': 'Bearer realm="https://us-docker.pkg.dev/v2/token",service="s"' };
      return headers['authorization'] === undefined
        ? { status: 401, headers: challenge }
        : { status, headers: challenge };
    });
    expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST });
    await client.headManifest(reference);
    const asked = http.asked.map(({ method, headers }) => [method, headers['authorization']]);
    const first = [['HEAD', basic(GOOGLE)], ...(status === 403 ? [['HEAD', undefined]] : [])];
    expect(asked).toEqual([...first, ['GET', basic(GOOGLE)], ['HEAD', 'Bearer T'], ['HEAD', 'Bearer T']]);
  });

  test("is not sent to a token service that is not Google's", async () => {
    const { client, http } = google(({ headers }) => ({
      status: 401,
      headers:
        headers['authorization'] === undefined ? {} : { 'www-authenticate': 'Bearer realm="https://evil.example/t"' },
    }));
    await expect(client.headManifest(reference)).rejects.toThrow("which Google's token is not sent to");
    expect(http.asked.map(({ url }) => url.host)).toEqual(['us-docker.pkg.dev']);
  });

  test('that may not do it is refused by 403, after it was tried both ways', async () => {
    const { client, http } = google(({ url, headers }) => {
      if (url.pathname === '/v2/token') return { body: { token: 'T' } };
      if (headers['authorization'] !== undefined)
        return { status: 403, body: { errors: [{ code: 'DENIED', message: 'no' }] } };
      return { status: 401, headers: { 'www-authenticate': 'Bearer realm="https://us-docker.pkg.dev/v2/token"' } };
    });
    await expect(client.headManifest(reference)).rejects.toMatchObject({ status: 403, codes: ['DENIED'] });
    expect(http.asked).toHaveLength(4);
  });
});

describe('a token service', () => {
  test.each([
    { registry: 'r.example', realm: 'http://r.example/token' },
    { registry: 'r.example', realm: 'http://localhost:1/token' },
    { registry: 'r.example', realm: 'https://127.0.0.1/token' },
    { registry: 'r.example', realm: 'https://user:word@auth.example/token' },
    { registry: 'r.example', realm: 'ftp://r.example/token' },
    { registry: 'r.example', realm: '/token' },
    { registry: 'r.example', realm: '' },
  ])('of $registry at "$realm" is not asked', async ({ registry, realm }) => {
    const http = scriptedHttp(() => ({ status: 401, headers: { 'www-authenticate': `Bearer realm="${realm}"` } }));
    const { client } = testClient({ http, logins: [LOGIN] });
    await expect(client.headManifest(referenceOf(`${registry}/a`))).rejects.toThrow(
      'names a token service that is not asked',
    );
    expect(http.asked).toHaveLength(1);
  });

  test('of Docker Hub is elsewhere, and asked without a login where there is none', async () => {
    const http = scriptedHttp(({ url, headers }) => {
      if (url.host === 'auth.docker.io') return { body: { token: 'T', expires_in: 300 } };
      if (headers['authorization'] === 'Bearer T') return FOUND;
      const challenge = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"';
      return { status: 401, headers: { 'www-authenticate': challenge } };
    });
    const { client } = testClient({ http });
    await client.headManifest(referenceOf('python:3.12-slim'));
    expect(http.asked.map(({ method, url, headers }) => [method, url.href, headers['authorization']])).toEqual([
      ['HEAD', 'https://registry-1.docker.io/v2/library/python/manifests/3.12-slim', undefined],
      [
        'GET',
        'https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2Fpython%3Apull',
        undefined,
      ],
      ['HEAD', 'https://registry-1.docker.io/v2/library/python/manifests/3.12-slim', 'Bearer T'],
    ]);
  });
});

test('a login is looked for only where it is asked for', async () => {
  const http = scriptedHttp(() => FOUND);
  const { client, logins } = testClient({ http, logins: [LOGIN] });
  await client.headManifest(referenceOf('r.example/a'));
  expect([logins, http.asked[0]?.headers['authorization']]).toEqual([[], undefined]);
});

test('a login that cannot be had is asked for again the next time', async () => {
  const server = await newServer(({ headers }) =>
    headers.authorization === undefined ? { status: 401, headers: { 'www-authenticate': 'Basic realm="r"' } } : FOUND,
  );
  let asked = 0;
  const { registryClient } = await import('../../../src/image/registry/client.ts');
  const { options } = testClient();
  const client = registryClient({
    ...options,
    credentials: async () => {
      asked += 1;
      if (asked === 1) throw new Error('no sign-in yet');
      return LOGIN;
    },
  });
  const reference = referenceOf(`${server.host}/a:1`);
  await expect(client.headManifest(reference)).rejects.toThrow('no sign-in yet');
  expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST });
});
