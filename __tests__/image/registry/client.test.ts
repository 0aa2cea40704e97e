import { describe, expect, test } from '@jest/globals';
import type { RegistryClient } from '../../../src/image/registry/client.ts';
import { RegistryError } from '../../../src/image/registry/errors.ts';
import { DOCKER_MANIFEST, OCI_MANIFEST } from '../../../src/image/registry/manifests.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { scriptedHttp, testClient } from './clients.ts';
import { MemoryRegistry, sha256 } from './memory-registry.ts';
import { type Handler, type Reply, testServers } from './servers.ts';

const newServer = testServers();
const MANIFEST = {
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: sha256('c'), size: 1 },
  layers: [],
};
const BYTES = Buffer.from(JSON.stringify(MANIFEST));
const DIGEST = sha256(BYTES);

async function asked(handler: Handler) {
  const server = await newServer(handler);
  return { server, reference: referenceOf(`${server.host}/a/b:1`), ...testClient() };
}

const manifest = (headers: Record<string, string> = {}): Reply => ({
  headers: { 'content-type': OCI_MANIFEST, 'docker-content-digest': DIGEST, ...headers },
  body: BYTES,
});

describe('the head of a manifest', () => {
  test('takes one request, which names the manifests that can be read', async () => {
    const { client, reference, server } = await asked(() =>
      manifest({ 'content-type': `${OCI_MANIFEST}; charset=utf-8` }),
    );
    expect(await client.headManifest(reference)).toEqual({ digest: DIGEST, mediaType: OCI_MANIFEST });
    expect(server.seen[0]?.headers.accept?.split(', ')).toEqual([
      'application/vnd.oci.image.index.v1+json',
      'application/vnd.docker.distribution.manifest.list.v2+json',
      'application/vnd.oci.image.manifest.v1+json',
      'application/vnd.docker.distribution.manifest.v2+json',
    ]);
  });

  test.each([
    { name: 'without a digest', headers: { 'docker-content-digest': '' } },
    { name: 'with a digest that is none', headers: { 'docker-content-digest': 'sha256:x' } },
    { name: 'of no known type', headers: { 'content-type': 'application/json' } },
  ])('$name is computed from the whole', async ({ headers }) => {
    const { client, reference, server } = await asked(() => manifest(headers));
    expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST, mediaType: OCI_MANIFEST });
    expect(server.asked()).toEqual(['HEAD /v2/a/b/manifests/1', 'GET /v2/a/b/manifests/1']);
  });

  test('that is not there is undefined', async () => {
    const { client, reference } = await asked(() => ({ status: 404 }));
    expect(await client.headManifest(reference)).toBeUndefined();
    expect(await client.getManifest(reference)).toBeUndefined();
  });

  test('of another digest than was asked for is not believed', async () => {
    const { client, reference } = await asked(() => manifest());
    const other = { ...reference, digest: sha256('other') };
    await expect(client.headManifest(other)).rejects.toThrow(`${DIGEST} instead of ${sha256('other')}`);
  });
});

describe('a manifest', () => {
  test.each([
    {
      name: 'another than its digest says',
      reply: { ...manifest(), body: 'changed' },
      message: 'is not what its digest says',
    },
    { name: 'no JSON', reply: { body: '<html>\n::error::' }, message: 'is no JSON: it begins with "<html> ::error::"' },
    { name: 'nothing', reply: { body: '' }, message: '/a/b:1 is empty' },
    { name: 'a list', reply: { body: '[]' }, message: 'is no JSON object' },
    { name: 'null', reply: { body: 'null' }, message: 'is no JSON object' },
    {
      name: 'of a type that is too old',
      reply: { body: { mediaType: 'application/vnd.docker.distribution.manifest.v1+json' } },
      message: 'manifest.v1+json", which cannot be read',
    },
    { name: 'of no type', reply: { body: { schemaVersion: 1 } }, message: 'cannot be read' },
    {
      name: 'without layers',
      reply: { body: { mediaType: OCI_MANIFEST, config: MANIFEST.config } },
      message: '/a/b:1 has no layers',
    },
    {
      name: 'with a layer of no size',
      reply: { body: { ...MANIFEST, layers: [{ digest: DIGEST, size: -1 }] } },
      message: 'without a digest and a size',
    },
    {
      name: 'with a configuration by path',
      reply: { body: { ...MANIFEST, config: { digest: '../../x', size: 1 } } },
      message: 'without a digest and a size',
    },
    {
      name: 'without an end',
      reply: { ...manifest(), fate: 'endless' as const },
      message: 'longer than 4194304 bytes',
    },
  ])('that is $name is an error for good', async ({ reply, message }) => {
    const { client, reference, server } = await asked(() => reply);
    await expect(client.getManifest(reference)).rejects.toThrow(message);
    expect(server.seen).toHaveLength(1);
  });

  test('says its type itself, whatever the header says', async () => {
    const body = Buffer.from(JSON.stringify({ ...MANIFEST, mediaType: DOCKER_MANIFEST }));
    const { client, reference } = await asked(() => ({ body }));
    expect(await client.getManifest(reference)).toMatchObject({ mediaType: DOCKER_MANIFEST, digest: sha256(body) });
  });

  test('that is put says its type, and goes under its name as it is', async () => {
    const registry = new MemoryRegistry();
    const { client, reference } = await asked(registry.handler);
    expect(await client.putManifest(reference, 'v2', { bytes: BYTES, mediaType: OCI_MANIFEST })).toBe(DIGEST);
    expect(registry.manifests.get('v2')).toEqual({ type: OCI_MANIFEST, bytes: BYTES });
  });

  test('that is taken as another is an error', async () => {
    const told = { 'docker-content-digest': sha256('other') };
    const { client, reference } = await asked(() => ({ status: 201, headers: told }));
    const put = client.putManifest(reference, 'v2', { bytes: BYTES, mediaType: OCI_MANIFEST });
    await expect(put).rejects.toThrow(`took a manifest as "${sha256('other')}", which is ${DIGEST}`);
  });
});

describe('a blob', () => {
  test('is fetched from where the registry keeps it, and checked', async () => {
    const storage = await newServer(({ url }) => ({ body: url.includes('good') ? 'blob' : 'other' }));
    const { client, reference } = await asked(({ url }) => ({
      status: 307,
      headers: { location: `${storage.origin}/${url.includes(sha256('blob')) ? 'good' : 'bad'}?signature=s` },
    }));
    expect((await client.getBlob(reference, sha256('blob'))).toString()).toBe('blob');
    await expect(client.getBlob(reference, sha256('blub'))).rejects.toThrow('is not what its digest says');
    await expect(client.getBlob(reference, sha256('blob'), { limit: 3 })).rejects.toThrow('longer than 3 bytes');
  });

  test('is put in one upload', async () => {
    const registry = new MemoryRegistry();
    const { client, reference, server } = await asked(registry.handler);
    expect(await client.putBlob(reference, Buffer.from('blob'))).toBe(sha256('blob'));
    expect([registry.blobs.get(sha256('blob'))?.toString(), registry.uploads.size]).toEqual(['blob', 0]);
    expect(server.asked()).toEqual([
      'POST /v2/a/b/blobs/uploads/',
      `PUT /v2/a/b/blobs/uploads/1?state=s&digest=${encodeURIComponent(sha256('blob'))}`,
    ]);
  });

  test('whose upload breaks is put in another one', async () => {
    const registry = new MemoryRegistry();
    let broken = 0;
    const { client, reference, server, clock } = await asked((seen, index) => {
      if (seen.method !== 'PUT' || broken === 2) return registry.handler(seen, index);
      broken += 1;
      return broken === 1 ? { fate: 'reset' } : { status: 502 };
    });
    await client.putBlob(reference, Buffer.from('blob'));
    expect(server.seen.map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST', 'PUT', 'POST', 'PUT']);
    expect(clock.slept).toEqual([250, 500]);
  });

  test.each([
    { name: 'nowhere', headers: {}, message: 'without saying where' },
    { name: 'to no address', headers: { location: 'http://[' }, message: 'redirects to no address' },
  ])('whose upload goes on $name is an error', async ({ headers, message }) => {
    const { client, reference } = await asked(() => ({ status: 202, headers }));
    await expect(client.putBlob(reference, Buffer.from('blob'))).rejects.toThrow(message);
  });
});

describe('the probe of an upload', () => {
  test('opens one and cancels it', async () => {
    const registry = new MemoryRegistry();
    const { client, reference, server } = await asked(registry.handler);
    await client.probeUpload(reference);
    expect(server.asked()).toEqual(['POST /v2/a/b/blobs/uploads/', 'DELETE /v2/a/b/blobs/uploads/1?state=s']);
    expect([registry.uploads.size, registry.blobs.size, registry.manifests.size]).toEqual([0, 0, 0]);
  });

  test.each([400, 401, 404, 405, 500])('does not mind that the cancel is answered by %i', async (status) => {
    const { client, reference } = await asked(({ method, url }) =>
      method === 'POST' ? { status: 202, headers: { location: `${url}1` } } : { status },
    );
    await client.probeUpload(reference);
  });

  test('tells a refusal in its words', async () => {
    const words =
      'Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "x" (or it may not exist)';
    const { client, reference, server } = await asked(() => ({
      status: 403,
      body: { errors: [{ code: 'DENIED', message: words }] },
    }));
    const error = await client.probeUpload(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 403, codes: ['DENIED'] });
    expect((error as RegistryError).reason).toBe(
      `POST ${server.origin}/v2/a/b/blobs/uploads/: HTTP 403: DENIED: ${words}`,
    );
  });
});

describe('another attempt', () => {
  test('comes after as long a wait as the registry asks for', async () => {
    const replies: Reply[] = [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { fate: 'reset' }];
    const { client, reference, clock } = await asked((_, index) => replies[index] ?? manifest());
    expect(await client.headManifest(reference)).toMatchObject({ digest: DIGEST });
    expect(clock.slept).toEqual([7000, 500, 1000]);
  });

  test('is not made for ever, nor more often than the caller has patience for', async () => {
    const { client, reference, server } = await asked(() => ({ status: 500, body: 'down' }));
    await expect(client.headManifest(reference)).rejects.toMatchObject({ status: 500 });
    expect(server.seen).toHaveLength(5);
    await expect(client.headManifest(reference, { attempts: 2 })).rejects.toMatchObject({ status: 500 });
    expect(server.seen).toHaveLength(7);
  });

  test('is not made after the step has ended', async () => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const server = await newServer(() => {
      controller.abort(reason);
      return { status: 500 };
    });
    const { client } = testClient({ signal: controller.signal });
    await expect(client.headManifest(referenceOf(`${server.host}/a:1`))).rejects.toBe(reason);
    expect(server.seen).toHaveLength(1);
  });

  test('that the caller has no time for ends early', async () => {
    const { client, reference } = await asked(() => ({ fate: 'silence' }));
    const error = client.headManifest(reference, { attempts: 1, timeoutMs: 50 });
    await expect(error).rejects.toThrow(
      /: HEAD http:\/\/localhost:\d+\/v2\/a\/b\/manifests\/1: no answer in 0.05 s\. /,
    );
  });
});

describe('a registry that takes the connection and never answers', () => {
  /** Every request lasts as long as it may. */
  function hanging() {
    const times: (number | undefined)[] = [];
    const log = recordingLog();
    const made = testClient({
      log,
      random: () => 1,
      http: async ({ timeoutMs = 30_000 }) => {
        times.push(timeoutMs);
        await made.clock.sleep(timeoutMs);
        throw new RegistryError(`no answer in ${timeoutMs / 1000} s`, { transient: true, kind: 'connection' });
      },
    });
    return { ...made, times, log };
  }
  const reference = referenceOf('r.example/a/b:1');
  const AT = 'https://r.example/v2/a/b';

  test.each([
    { name: 'the look for an image', ask: (client: RegistryClient) => client.headManifest(reference) },
    { name: 'the look for its manifest', ask: (client: RegistryClient) => client.getManifest(reference) },
    { name: 'the look for its configuration', ask: (client: RegistryClient) => client.getBlob(reference, DIGEST) },
    { name: 'the probe of an upload', ask: (client: RegistryClient) => client.probeUpload(reference) },
  ])('is given up within a minute: $name', async ({ ask }) => {
    const { client, clock, times } = hanging();
    const begun = clock.now();
    await expect(ask(client)).rejects.toThrow(/no answer in 11 s\. Try again later\./);
    expect(clock.now() - begun).toBe(59_500);
    expect(times).toEqual([15_000, 15_000, 15_000, 11_000]);
  });

  test('is told of at every attempt', async () => {
    const { client, log } = hanging();
    await expect(client.headManifest(reference)).rejects.toThrow(
      /^Looking for the image r\.example\/a\/b:1 failed: HEAD https:/,
    );
    const said = (wait: string) =>
      `Looking for the image r.example/a/b:1 failed, and is tried again in ${wait} s: HEAD ${AT}/manifests/1: no answer in 15 s`;
    expect(log.said).toEqual(['0.5', '1.0', '2.0'].map((wait) => ['info', said(wait)]));
  });

  test('is asked for a token no longer either', async () => {
    const waited: (number | undefined)[] = [];
    const made = testClient({
      http: async ({ url, timeoutMs }) => {
        const headers = { 'www-authenticate': 'Bearer realm="https://auth.example/token"' };
        if (url.host !== 'auth.example') return { status: 401, headers, body: Buffer.from('') };
        waited.push(timeoutMs);
        throw new RegistryError('no answer', { kind: 'connection' });
      },
    });
    await expect(made.client.headManifest(reference)).rejects.toThrow('no answer');
    expect(waited).toEqual([15_000]);
  });

  test('is told of once for each attempt at a push, whose parts begin anew', async () => {
    const { client, log, times } = hanging();
    await expect(client.putBlob(reference, Buffer.from('x'))).rejects.toThrow(
      /^Pushing a configuration to r\.example\/a\/b failed: POST/,
    );
    expect([log.said.length, times.length]).toEqual([4, 5]);
    expect(log.texts('info')[0]).toContain('Pushing a configuration to r.example/a/b failed, and is tried again in');
  });
});

describe('a wait that the registry asks for', () => {
  test('is told, and made where it leaves time', async () => {
    const log = recordingLog();
    const http = scriptedHttp(() => ({ status: 429, headers: { 'retry-after': '25' } }));
    const { client, clock } = testClient({ http, log });
    await expect(client.headManifest(referenceOf('r.example/a:1'))).rejects.toThrow(
      'its rate limit is met. It asks to wait 25 s before the next request. Try again later.',
    );
    expect(clock.slept).toEqual([25_000, 25_000]);
    expect(log.texts('info')).toEqual(Array(2).fill(expect.stringContaining('is tried again in 25.0 s: HEAD https:')));
  });
});

test('an address that a registry gave is told without its secrets', async () => {
  const { client, reference } = await asked(({ method }) =>
    method === 'POST' ? { status: 202, headers: { location: '/upload/1?signature=S3cret' } } : { status: 400 },
  );
  const error = await client.putBlob(reference, Buffer.from('x')).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toMatch(/ failed: PUT http:\/\/localhost:\d+\/upload\/1: HTTP 400\. /);
});
