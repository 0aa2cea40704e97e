import { describe, expect, test } from '@jest/globals';
import { findDigest, findImage, resolve } from '../../../src/image/registry/existing.ts';
import { OCI_INDEX } from '../../../src/image/registry/manifests.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { testClient } from './clients.ts';
import { configOf, FAMILIES, putImage, putIndex } from './images.ts';
import { MemoryRegistry, sha256 } from './memory-registry.ts';
import { testServers } from './servers.ts';

const newServer = testServers();

async function scene() {
  const registry = new MemoryRegistry();
  const server = await newServer(registry.handler);
  return { registry, server, reference: referenceOf(`${server.host}/a/b:v1`), ...testClient() };
}

describe.each(FAMILIES)('in the types of $family', (family) => {
  test('a single-platform image is found with one request', async () => {
    const { registry, server, reference, client } = await scene();
    const { digest } = putImage(registry, family, configOf([]), 'v1');
    expect(await findDigest(client, reference, 'linux/amd64')).toEqual({ digest, indexDigest: undefined });
    expect(server.asked()).toEqual(['HEAD /v2/a/b/manifests/v1']);
  });

  test("in an index it is the platform's own digest, with one request more", async () => {
    const { registry, server, reference, client } = await scene();
    const { index, arm64 } = putIndex(registry, family, [], 'v1');
    expect(await findDigest(client, reference, 'linux/arm64')).toEqual({ digest: arm64, indexDigest: index.digest });
    expect(server.asked()).toEqual(['HEAD /v2/a/b/manifests/v1', `GET /v2/a/b/manifests/${index.digest}`]);
  });

  test('its facts take a request for the configuration beside', async () => {
    const { registry, server, reference, client } = await scene();
    const { digest } = putImage(registry, family, configOf(['LD_LIBRARY_PATH=/x']), 'v1');
    const found = await findImage(client, reference, 'linux/amd64');
    expect(found).toMatchObject({ digest, indexDigest: undefined });
    expect(found?.facts).toMatchObject({
      created: Date.UTC(2026, 10, 2),
      libraryPath: ['/x'],
      platform: 'linux/amd64',
    });
    const config = JSON.stringify(configOf(['LD_LIBRARY_PATH=/x']));
    expect(found?.size).toBe(1000 + config.length);
    expect(server.asked()).toEqual(['GET /v2/a/b/manifests/v1', `GET /v2/a/b/blobs/${sha256(config)}`]);
  });

  test('so do they in an index', async () => {
    const { registry, reference, client } = await scene();
    const { index, amd64 } = putIndex(registry, family, ['A=b'], 'v1');
    const found = await findImage(client, reference, 'linux/amd64');
    expect(found).toMatchObject({ digest: amd64, indexDigest: index.digest, facts: { env: { A: 'b' } } });
  });
});

const [OCI] = FAMILIES;

describe('what is not there', () => {
  test.each([findDigest, findImage])('is undefined (%#)', async (find) => {
    const { registry, reference, client } = await scene();
    expect(await find(client, reference, 'linux/amd64')).toBeUndefined();
    putIndex(registry, OCI, [], 'v1');
    expect(await find(client, reference, 'linux/riscv64')).toBeUndefined();
  });

  test('is an image that the index names and the registry has lost', async () => {
    const { registry, reference, client } = await scene();
    const { amd64 } = putIndex(registry, OCI, [], 'v1');
    registry.manifests.delete(amd64);
    expect(await resolve(client, reference, 'linux/amd64')).toBeUndefined();
  });
});

test('an index within an index is an error', async () => {
  const { registry, reference, client } = await scene();
  const { index } = putIndex(registry, OCI, []);
  const platform = { os: 'linux', architecture: 'amd64' };
  registry.put(OCI_INDEX, { mediaType: OCI_INDEX, manifests: [{ ...index, platform }] }, 'v1');
  await expect(findImage(client, reference, 'linux/amd64')).rejects.toThrow(
    /^Looking for the image localhost:\d+\/a\/b:v1 failed: the index of localhost:\d+\/a\/b:v1 names another index for linux\/amd64\. If localhost:\d+ is the registry that was meant, that image is broken there: /,
  );
});

describe('a configuration', () => {
  test.each([
    { name: 'that is none', config: 'not {} JSON', words: 'it is no JSON: it begins with "not {} JSON"' },
    { name: 'that is a list', config: '[]', words: 'it is no JSON object' },
  ])('$name is an error that names the image', async ({ config, words }) => {
    const { registry, reference, client } = await scene();
    putImage(registry, OCI, config, 'v1');
    const error = await findImage(client, reference, 'linux/amd64').catch((thrown: unknown) => thrown);
    expect((error as Error).message).toBe(
      `Reading the configuration of the image ${reference.registry}/a/b:v1 failed: ${words}. If ${reference.registry} is the registry that was meant, that image is broken there: delete it, or have it built anew by build: always.`,
    );
  });

  test('that the registry has lost is an error that names the image', async () => {
    const { registry, reference, client } = await scene();
    putImage(registry, OCI, configOf([]), 'v1');
    registry.blobs.clear();
    await expect(findImage(client, reference, 'linux/amd64')).rejects.toThrow(
      /^Reading the configuration of the image localhost:\d+\/a\/b:v1 failed: GET .*: HTTP 404.* Check the name of the image/,
    );
  });
});
