// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type ImageOptions, makeImage } from '../../src/image/image.ts';
import type { ImagePlan } from '../../src/plan/image/types.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import type { Given } from '../inputs/given.ts';
import { planOf } from '../plan/run.ts';
import { type Script, scripted } from './programs.ts';
import { configOf, FAMILIES, putImage, putIndex } from './registry/images.ts';
import { MemoryRegistry } from './registry/memory-registry.ts';
import { testServers } from './registry/servers.ts';

const newFolder = tempFolders();
const newServer = testServers();
const [OCI] = FAMILIES;
const NOW = Date.parse('2026-11-30T00:00:00Z');
const FOUND = 'LD_LIBRARY_PATH=/usr/local/nvidia/lib64';

const isBuild = (args: readonly string[]) => args[1] === 'build';

interface SceneOptions {
  readonly env?: readonly string[];
  readonly architecture?: string;
  readonly script?: Script;
}

/** A registry with a base image, and docker as a script that pushes an image with this environment. */
async function scene({ env = ['A=1'], architecture = 'amd64', script = {} }: SceneOptions = {}) {
  const registry = new MemoryRegistry();
  const server = await newServer(registry.handler);
  const base = putImage(registry, OCI, configOf(['PATH=/bin']), 'base');
  const programs = scripted({
    run: (args, options) => {
      if (args[0] === '--version') return { stdout: 'Docker version 28.2.2, build e6534b4' };
      if (args[0] === 'buildx' && args[1] === 'version') return { stdout: 'github.com/docker/buildx v0.20.0 abc' };
      if (args[1] === 'imagetools') {
        return { stdout: registry.manifests.get(args.at(-1)?.split('@')[1] ?? '')?.bytes.toString() ?? '' };
      }
      return script.run?.(args, options);
    },
    stream: (args, options) => {
      if (args[1] === 'inspect') {
        options.onLine('Driver: docker-container');
        options.onLine('BuildKit version: v0.20.0');
        options.onLine('Platforms: linux/amd64');
        return 0;
      }
      const scripted = script.stream?.(args, options);
      if (scripted !== undefined) return scripted;
      const attested = args.some((arg) => arg === '--sbom=true');
      const digest = attested
        ? putIndex(registry, OCI, env).index.digest
        : putImage(registry, OCI, configOf(env, architecture)).digest;
      const metadata = args.find((arg) => arg.startsWith('--metadata-file='))?.slice('--metadata-file='.length) ?? '';
      writeFileSync(metadata, JSON.stringify({ 'containerimage.digest': digest }));
      return 0;
    },
  });
  const workspace = newFolder();
  const tempFolder = newFolder();
  writeFileSync(join(workspace, 'train.py'), 'print(1)\n');
  const log = recordingLog();
  const make = (
    given: Given = {},
    change: (plan: ImagePlan) => ImagePlan = (plan) => plan,
    more: Partial<ImageOptions> = {},
  ) => {
    const inputs = { image: `${server.host}/program`, base_image: `${server.host}/program:base`, ...given };
    const { image } = planOf(inputs);
    if (image === undefined) throw new Error('the plan builds no image');
    return makeImage({
      plan: change(image),
      workspace,
      tempFolder,
      neverSent: [],
      env: { HOME: newFolder(), DOCKER_HOST: 'unix:///nowhere' },
      programs,
      clock: { now: () => NOW, sleep: async () => {} },
      log,
      signal: new AbortController().signal,
      login: undefined,
      vertexOnLoopback: false,
      pusher: {
        artifactRegistry: undefined,
        project: 'my-project',
        projectNumber: undefined,
        principal: undefined,
        ignore: [],
      },
      accessToken: async () => 'TOKEN',
      onSource: () => {},
      ...more,
    });
  };
  const builds = () => programs.calls.filter(({ args }) => isBuild(args));
  return { registry, server, base, programs, workspace, tempFolder, log, make, builds };
}

describe('an image', () => {
  test('is built on the base’s digest, and named by its own', async () => {
    const { make, registry, server, base, builds, tempFolder } = await scene();
    const { reference, fingerprint, reused } = await make();
    const tag = `content-${fingerprint.slice(0, 40)}`;
    expect(reused).toBe(false);
    expect(reference).toMatch(new RegExp(`^${server.host}/program@sha256:[0-9a-f]{64}$`));
    expect(builds().length).toBe(1);
    const { args, env } = builds()[0] ?? { args: [], env: {} };
    const pinned = `${server.host}/program:base@${base.digest}`;
    expect(`${args.join(' ')} ${JSON.stringify(env)}`).toContain(pinned);
    expect(args).toContain('--pull');
    expect(registry.manifests.get('0123456789abcdef0123456789abcdef01234567')).toEqual(registry.manifests.get(tag));
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  test('that is there is not built, and docker is not started', async () => {
    const { make, programs, builds, server } = await scene();
    const first = await make();
    const [calls, asked] = [programs.calls.length, server.asked().length];
    const second = await make();
    expect(second).toEqual({ ...first, reused: true });
    expect([programs.calls.length, builds().length]).toEqual([calls, 1]);
    // The base, the content's tag and the commit's: a HEAD each.
    expect(server.asked().slice(asked)).toEqual([
      expect.stringMatching(/^HEAD .*\/base$/),
      expect.stringMatching(/^HEAD .*\/content-/),
      expect.stringMatching(/^HEAD .*\/0123456789abcdef/),
    ]);
  });

  test('is another once its base is', async () => {
    const { make, registry, builds } = await scene();
    const first = await make();
    putImage(registry, OCI, configOf(['PATH=/sbin']), 'base');
    expect((await make()).fingerprint).not.toBe(first.fingerprint);
    expect(builds().length).toBe(2);
  });

  test('takes the next base where the registry has the first no more', async () => {
    const { make, server, log } = await scene();
    const base = await make({}, (plan) => ({
      ...plan,
      bases: [{ ...plan.bases[0], image: `${server.host}/program:gone` }, plan.bases[0]],
    }));
    expect(base.base.image).toBe(`${server.host}/program:base`);
    expect(log.texts('warning')).toEqual([expect.stringMatching(/program:gone is passed over: .* does not have it/)]);
  });

  test('for a GPU is given the driver’s folder, under its tags too, and once', async () => {
    const { make, registry } = await scene();
    const given = { accelerator_type: 'l4', ignore: 'base-without-cuda' };
    const first = await make(given);
    const digest = first.reference.split('@')[1] ?? '';
    const config = registry.json(digest)['config'] as { digest: string };
    expect(registry.blobJson(config.digest)['config']).toMatchObject({
      Env: ['A=1', expect.stringContaining('/usr/local/nvidia/lib64')],
    });
    for (const tag of [`content-${first.fingerprint.slice(0, 40)}`, '0123456789abcdef0123456789abcdef01234567']) {
      expect(registry.manifests.get(tag)).toEqual(registry.manifests.get(digest));
    }
    const manifests = registry.manifests.size;
    expect(await make(given)).toEqual({ ...first, reused: true });
    expect(registry.manifests.size).toBe(manifests);
  });

  test('for a GPU that has the folder stays as it is', async () => {
    const { make, server } = await scene({ env: [FOUND] });
    await make({ accelerator_type: 'l4', ignore: 'base-without-cuda' });
    expect(server.asked().filter((line) => /^PUT .*sha256/.test(line))).toEqual([]);
  });

  test('with an SBOM is known by its own digest, and the tags are on the index around it', async () => {
    const { make, registry } = await scene();
    const { reference } = await make({ sbom: 'true', tags: 'v1' });
    const index = registry.json('v1') as { manifests: { digest: string; platform: { architecture: string } }[] };
    const own = index.manifests.find(({ platform }) => platform.architecture === 'amd64');
    expect(reference.split('@')[1]).toBe(own?.digest);
  });

  test('for another platform than the job’s is no success', async () => {
    const { make } = await scene({ architecture: 'arm64' });
    await expect(make()).rejects.toThrow(
      "The image was built for linux/arm64, and the job's machines are linux/amd64: its base image is not to be had for them.",
    );
  });

  test('has no tag to be found by where its files changed meanwhile', async () => {
    const change = () => {
      writeFileSync(join(workspace, 'train.py'), 'print(2)\n');
      return undefined;
    };
    const { make, registry, workspace } = await scene({
      script: { stream: (args) => (isBuild(args) ? (change() as unknown as number) : 0) },
    });
    await expect(make()).rejects.toThrow(
      '"train.py" changed while the image was built, so that nobody knows what is in it.',
    );
    expect([...registry.manifests.keys()].filter((name) => name.startsWith('content-'))).toEqual([]);
  });

  test('of an age is built anew without cache', async () => {
    const { make, builds } = await scene();
    await make();
    await make({ max_image_age: '7d' });
    expect(builds().map(({ args }) => args.includes('--no-cache'))).toEqual([false, true]);
  });

  test('leaves no copy behind where the build fails', async () => {
    const { make, tempFolder } = await scene({ script: { stream: () => 1 } });
    await expect(make()).rejects.toThrow('docker');
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  test('brings nothing of a secret into arguments', async () => {
    const { make, builds, workspace } = await scene();
    mkdirSync(join(workspace, 'sub'));
    writeFileSync(join(workspace, 'sub', 'key'), 'FROM-FILE');
    await make({ build_secrets: 'a=FROM-VALUE', build_secret_files: 'b=sub/key' });
    const args = builds()[0]?.args ?? [];
    expect(args.filter((arg) => /^id=[ab]\b|--secret=id=[ab]\b/.test(arg)).length).toBe(2);
    expect(args.join(' ')).not.toMatch(/FROM-(?:VALUE|FILE)/);
    expect(readFileSync(join(workspace, 'sub', 'key'), 'utf8')).toBe('FROM-FILE');
  });
});
