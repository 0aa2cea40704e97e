import { describe, expect, test } from '@jest/globals';
import { RegistryError } from '../../../src/image/registry/errors.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { isImmutableTag, putTags } from '../../../src/image/registry/tags.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { testClient } from './clients.ts';
import { configOf, FAMILIES, putImage } from './images.ts';
import { MemoryRegistry, sha256 } from './memory-registry.ts';
import { type Reply, testServers } from './servers.ts';

const newServer = testServers();
const [OCI] = FAMILIES;

async function scene(reply?: Reply) {
  const registry = new MemoryRegistry();
  const server = await newServer((seen, index) =>
    seen.method === 'PUT' && reply !== undefined ? reply : registry.handler(seen, index),
  );
  const { digest } = putImage(registry, OCI, configOf([]), 'content');
  const log = recordingLog();
  const repository = referenceOf(`${server.host}/a/b`);
  const put = (...tags: string[]) => putTags({ ...testClient(), repository, digest, tags, log });
  return { registry, server, digest, log, put };
}

describe('tags', () => {
  test('that are missing or elsewhere are put on the image; nothing else is uploaded', async () => {
    const { registry, server, digest, log, put } = await scene();
    putImage(registry, OCI, configOf(['OLD=1']), 'latest');
    expect(await put('content', 'sha', 'latest', 'sha')).toEqual({
      put: ['sha', 'latest'],
      there: ['content'],
      refused: [],
    });
    const bytes = registry.manifests.get(digest)?.bytes;
    for (const tag of ['sha', 'latest']) expect(registry.manifests.get(tag)).toEqual({ type: OCI.manifest, bytes });
    expect(server.asked().sort()).toEqual([
      `GET /v2/a/b/manifests/${digest}`,
      'HEAD /v2/a/b/manifests/content',
      'HEAD /v2/a/b/manifests/latest',
      'HEAD /v2/a/b/manifests/sha',
      'PUT /v2/a/b/manifests/latest',
      'PUT /v2/a/b/manifests/sha',
    ]);
    expect(log.said).toEqual([]);
  });

  test('that are all there take a HEAD each', async () => {
    const { server, put } = await scene();
    expect(await put('content')).toEqual({ put: [], there: ['content'], refused: [] });
    expect(server.asked()).toEqual(['HEAD /v2/a/b/manifests/content']);
  });

  test('none of them take no request', async () => {
    const { server, put } = await scene();
    expect(await put()).toEqual({ put: [], there: [], refused: [] });
    expect(server.seen).toEqual([]);
  });

  test('that an immutable repository keeps elsewhere are a warning, and the others are put', async () => {
    const { registry, log, put } = await scene();
    const { digest: other } = putImage(registry, OCI, configOf(['OLD=1']), 'latest');
    registry.fixed.add('latest');
    expect(await put('latest', 'sha')).toEqual({ put: ['sha'], there: [], refused: ['latest'] });
    expect(sha256(registry.manifests.get('latest')?.bytes ?? '')).toBe(other);
    expect(log.texts('warning')).toEqual([expect.stringMatching(/^The tag latest stays on another image of a\/b: /)]);
  });

  test.each([401, 403, 404, 500])('that are refused by %i otherwise fail', async (status) => {
    const { put } = await scene({ status, body: { errors: [{ code: 'DENIED', message: 'no' }] } });
    await expect(put('sha')).rejects.toMatchObject({ name: 'RegistryError', status });
  });

  test('for an image that is gone fail', async () => {
    const { registry, digest, put } = await scene();
    registry.manifests.delete(digest);
    registry.manifests.delete('content');
    await expect(put('sha')).rejects.toThrow(
      `a/b@${digest} is not there any more, to put tags on. Run this step again.`,
    );
  });
});

describe('a refusal', () => {
  const at = 'PUT https://r.example/v2/immutable/manifests/immutable: HTTP 4xx: ';
  test.each([
    {
      status: 400,
      words: 'MANIFEST_INVALID: cannot update tag v1. The repository has enabled tag immutability',
      is: true,
    },
    { status: 409, words: 'CONFLICT: Tag is immutable', is: true },
    { status: 403, words: 'DENIED: this tag is Immutable', is: true },
    {
      status: 412,
      words:
        "tag invalid: The image tag 'v1' already exists in the 'x' repository and cannot be overwritten because the repository is immutable.",
      is: true,
    },
    { status: 400, words: 'MANIFEST_INVALID: a layer is missing', is: false },
    { status: 403, words: 'DENIED: Permission denied on resource "projects/p/repositories/immutable"', is: false },
    { status: 403, words: "DENIED: no access to 'a/immutable:v1'", is: false },
    { status: 401, words: 'UNAUTHORIZED: immutable', is: false },
    { status: 500, words: 'immutable', is: false },
  ])('by $status "$words" is of an immutable tag: $is', ({ status, words, is }) => {
    expect(isImmutableTag(new RegistryError(`${at}${words}`, { status }))).toBe(is);
  });
});
