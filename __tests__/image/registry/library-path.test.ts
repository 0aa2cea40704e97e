import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { giveDriverLibraries } from '../../../src/image/registry/amend.ts';
import { imageFacts } from '../../../src/image/registry/image-facts.ts';
import { hasDriverLibraries, withDriverLibraries } from '../../../src/image/registry/library-path.ts';
import { referenceOf } from '../../../src/image/registry/reference.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { testClient } from './clients.ts';
import { configOf, FAMILIES, putImage, putIndex } from './images.ts';
import { MemoryRegistry } from './memory-registry.ts';
import { testServers } from './servers.ts';

const FOLDER = '/usr/local/nvidia/lib64';

describe('a configuration', () => {
  test.each([
    { name: 'without a library path', env: ['A=b'], amended: ['A=b', `LD_LIBRARY_PATH=${FOLDER}`] },
    { name: 'with an empty one', env: ['LD_LIBRARY_PATH='], amended: [`LD_LIBRARY_PATH=${FOLDER}`] },
    {
      name: "with the image's own",
      env: ['LD_LIBRARY_PATH=/b:/a', 'Z=1'],
      amended: ['Z=1', `LD_LIBRARY_PATH=/b:/a:${FOLDER}`],
    },
    {
      name: 'with an empty part, which is the work folder',
      env: ['LD_LIBRARY_PATH=/a:'],
      amended: [`LD_LIBRARY_PATH=/a::${FOLDER}`],
    },
    { name: 'with two', env: ['LD_LIBRARY_PATH=/a', 'LD_LIBRARY_PATH=/b'], amended: [`LD_LIBRARY_PATH=/b:${FOLDER}`] },
    {
      name: 'with a folder whose name begins alike',
      env: [`LD_LIBRARY_PATH=${FOLDER}s`],
      amended: [`LD_LIBRARY_PATH=${FOLDER}s:${FOLDER}`],
    },
    {
      name: 'with another variable of such a name',
      env: ['MY_LD_LIBRARY_PATH=/a'],
      amended: ['MY_LD_LIBRARY_PATH=/a', `LD_LIBRARY_PATH=${FOLDER}`],
    },
  ])('$name is given the folder', ({ env, amended }) => {
    const config = configOf(env);
    expect(withDriverLibraries(config)).toEqual({
      ...config,
      config: { ...config.config, Env: amended },
      history: [
        ...config.history,
        {
          created: '1970-01-01T00:00:00Z',
          created_by: `ENV ${amended.find((line) => line.startsWith('LD_'))}`,
          comment: "train-on-vertex: where Vertex AI mounts the GPU driver's libraries",
          empty_layer: true,
        },
      ],
    });
  });

  test.each([`${FOLDER}`, `/usr/local/nvidia/lib:${FOLDER}`, `${FOLDER}/:/a`])('with %s stays itself', (path) => {
    const config = configOf([`LD_LIBRARY_PATH=${path}`]);
    expect(withDriverLibraries(config)).toBe(config);
  });

  test.each([{}, { config: null }, { config: { Env: null } }, { config: 5, history: 'x' }, { config: { Env: [7] } }])(
    'of the form %j has it too',
    (config) => {
      const amended = withDriverLibraries(config);
      expect(imageFacts(amended).libraryPath).toEqual([FOLDER]);
      expect(amended['history']).toBe((config as { history?: unknown }).history);
    },
  );

  test('is given it once, and keeps what it has, whatever that is', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('/a', '/b', '', FOLDER), { maxLength: 4 })
        .map((parts) => `LD_LIBRARY_PATH=${parts.join(':')}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (env) => {
        const before = imageFacts(configOf(env));
        const amended = withDriverLibraries(configOf(env));
        const after = imageFacts(amended);
        expect(hasDriverLibraries(after)).toBe(true);
        expect(withDriverLibraries(amended)).toBe(amended);
        expect(after.libraryPath.slice(0, before.libraryPath.length)).toEqual(before.libraryPath);
        expect({ ...after.env, LD_LIBRARY_PATH: '' }).toEqual({ ...before.env, LD_LIBRARY_PATH: '' });
      }),
    );
  });
});

const newServer = testServers();

async function scene() {
  const registry = new MemoryRegistry();
  const server = await newServer(registry.handler);
  const log = recordingLog();
  const repository = referenceOf(`${server.host}/a/b`);
  const give = (digest: string, platform = 'linux/amd64') =>
    giveDriverLibraries({ ...testClient(), repository, digest, platform, log });
  return { registry, server, log, give };
}

describe.each(FAMILIES)('an image in the types of $family', (family) => {
  test('is put once more with another configuration, and its layers stay', async () => {
    const { registry, server, log, give } = await scene();
    const { digest } = putImage(registry, family, configOf(['LD_LIBRARY_PATH=/a']));
    const before = registry.json(digest);
    const amended = await give(digest);
    expect(amended).toMatchObject({ indexDigest: undefined, changed: true });
    const after = registry.json(amended.digest);
    const config = after['config'] as { digest: string; size: number };
    expect(after).toEqual({
      ...before,
      config: { ...(before['config'] as object), digest: config.digest, size: config.size },
    });
    expect(config.size).toBe(registry.blobs.get(config.digest)?.length);
    expect(imageFacts(registry.blobJson(config.digest)).libraryPath).toEqual(['/a', FOLDER]);
    expect(registry.manifests.get(amended.digest)?.type).toBe(family.manifest);
    expect(server.asked().filter((line) => !line.startsWith('GET'))).toHaveLength(3);
    expect(log.texts('info')).toEqual([expect.stringContaining(`it is added, as ${amended.digest}.`)]);
  });

  test('that has the folder is left alone', async () => {
    const { registry, server, log, give } = await scene();
    const { digest } = putImage(registry, family, configOf([`LD_LIBRARY_PATH=${FOLDER}`]));
    expect(await give(digest)).toEqual({ digest, indexDigest: undefined, changed: false });
    expect(server.asked().every((line) => line.startsWith('GET'))).toBe(true);
    expect(log.said).toEqual([]);
  });

  test('that was amended is left alone', async () => {
    const { registry, give } = await scene();
    const { digest } = putImage(registry, family, configOf([]));
    const first = await give(digest);
    expect(await give(first.digest)).toEqual({ ...first, changed: false });
    // Whoever begins again comes to the same image.
    expect(await give(digest)).toEqual(first);
  });

  test('in an index takes the place of the old one there; only its own attestations are left out', async () => {
    const { registry, log, give } = await scene();
    const { index, manifests, amd64, arm64 } = putIndex(registry, family, []);
    const amended = await give(index.digest);
    const [image, other, , otherProvenance] = manifests;
    const size = registry.manifests.get(amended.digest)?.bytes.length;
    expect(registry.json(amended.indexDigest ?? '')).toEqual({
      schemaVersion: 2,
      mediaType: family.index,
      manifests: [{ ...image, digest: amended.digest, size }, other, otherProvenance],
    });
    expect(registry.manifests.get(amended.indexDigest ?? '')?.type).toBe(family.index);
    expect(registry.json(index.digest)['manifests']).toEqual(manifests);
    expect(log.texts('warning')).toEqual([expect.stringContaining(`The attestations of ${amd64} (provenance, SBOM)`)]);
    expect(await give(amended.indexDigest ?? '')).toEqual({ ...amended, changed: false });
    expect(await give(amended.indexDigest ?? '', 'linux/arm64')).toMatchObject({ changed: true });
    expect(arm64).not.toBe('');
  });

  test('for another platform is an error', async () => {
    const { registry, give } = await scene();
    const { index } = putIndex(registry, family, []);
    await expect(give(index.digest, 'linux/riscv64')).rejects.toThrow('has no image for linux/riscv64');
  });
});
