import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/faults.ts';
import { buildImage } from '../../../src/image/build/build.ts';
import type { BuildRequest } from '../../../src/image/build/types.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { type Script, scripted } from '../programs.ts';
import { BUILDERS, type BuilderName, REQUEST } from './samples.ts';

const newFolder = tempFolders();
const A = `sha256:${'ab'.repeat(32)}`;
const B = `sha256:${'cd'.repeat(32)}`;
const fileOf = (args: readonly string[], option: string) =>
  args.find((arg) => arg.startsWith(`--${option}=`))?.slice(option.length + 3) ?? '';

/** Docker as it is when all goes well: it writes what it is asked to write. */
function stream(args: readonly string[], digest: unknown = A): void {
  const write = (option: string, text: string) => {
    const path = fileOf(args, option);
    if (path !== '') writeFileSync(path, text);
  };
  write('metadata-file', JSON.stringify({ 'containerimage.digest': digest }));
  write('iidfile', `${B}\n`);
  write('digestfile', A);
}

const PUSHED = `abc: digest: ${A} size: 942`;

interface Setting {
  readonly builder?: BuilderName;
  readonly request?: Partial<BuildRequest>;
  readonly script?: Script;
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
}

function scene({ builder = 'container', request = {}, script = {}, env = {}, signal }: Setting) {
  const seen: string[] = [];
  const programs = scripted({
    run: (args, options) => script.run?.(args, options),
    stream: async (args, options) => {
      seen.push(
        args
          .filter((arg) => !arg.startsWith('-'))
          .slice(0, 2)
          .join(' '),
      );
      stream(args);
      if (args[0] === 'push') options.onLine(PUSHED);
      return (await script.stream?.(args, options)) ?? 0;
    },
  });
  const log = recordingLog();
  const tempFolder = newFolder();
  const edges = {
    env: { PATH: '/bin', ...env },
    programs,
    log,
    clock: new SimulatedClock(),
    signal: signal ?? new AbortController().signal,
    tempFolder,
    verify: async () => {},
    signIn: async () => {
      seen.push('login');
    },
  };
  const build = () => buildImage({ ...REQUEST, ...request }, edges, BUILDERS[builder]);
  return { build, seen, programs, log, tempFolder, clock: edges.clock };
}

describe('what is pushed', () => {
  test.each<{ builder: BuilderName; seen: readonly string[] }>([
    { builder: 'container', seen: ['login', 'buildx build'] },
    { builder: 'engine', seen: ['login', 'buildx build', 'login', 'push gcr.io/p/i:abc'] },
    { builder: 'containerd', seen: ['login', 'buildx build', 'login', 'push gcr.io/p/i:abc'] },
    { builder: 'plain', seen: ['login', 'build /temp/context', 'login', 'push gcr.io/p/i:abc'] },
    { builder: 'podman', seen: ['login', 'build /temp/context', 'login', 'push gcr.io/p/i:abc'] },
  ])('by $builder is named by its digest, and the login made just before', async ({ builder, seen }) => {
    const { build, seen: happened, tempFolder } = scene({ builder });
    expect(await build()).toEqual({
      reference: `gcr.io/p/i@${A}`,
      pushed: A,
      builder: BUILDERS[builder].words,
      cache: "no cache but the builder's own, as cache asks",
    });
    expect([happened, readdirSync(tempFolder)]).toEqual([seen, []]);
  });

  test("by an engine that tells no digest is named by the image's own list of them", async () => {
    const { build } = scene({
      builder: 'plain',
      script: {
        stream: (_, { onLine }) => {
          for (let line = 0; line < 50; line += 1) onLine('x');
          return 0;
        },
        run: (args) => (args[0] === 'image' ? { stdout: JSON.stringify([`gcr.io/p/i@${B}`]) } : undefined),
      },
    });
    expect((await build()).reference).toBe(`gcr.io/p/i@${B}`);
  });

  test.each<{ builder: BuilderName }>([{ builder: 'container' }, { builder: 'podman' }])(
    'by $builder and told without a digest is an error, never a tag',
    async ({ builder }) => {
      const { build } = scene({
        builder,
        script: {
          stream: (args) => {
            for (const option of ['metadata-file', 'digestfile']) {
              const path = fileOf(args, option);
              if (path !== '') writeFileSync(path, '{"containerimage.digest":"sha256:abc"}');
            }
            return 0;
          },
        },
      });
      await expect(build()).rejects.toThrow('docker told no digest of the image that it pushed to gcr.io/p/i');
    },
  );
});

describe('with attestations', () => {
  const index = (digest: string) =>
    JSON.stringify({ manifests: [{ digest, platform: { os: 'linux', architecture: 'amd64' } }] });
  const raw = (stdout: string, exitCode = 0): Script => ({
    run: (args) => (args[1] === 'imagetools' ? { stdout, exitCode, stderr: 'no such manifest' } : undefined),
  });
  const request = { provenance: 'true', platform: 'linux/amd64' } as const;

  test.each<{ name: string; script: Script; reference: string }>([
    { name: 'the image has a manifest of its own in the index', script: raw(index(B)), reference: `gcr.io/p/i@${B}` },
    { name: 'a plain manifest is its own', script: raw('{"config":{}}'), reference: `gcr.io/p/i@${A}` },
  ])('$name', async ({ script, reference }) => {
    const { build, programs } = scene({ request, script });
    expect((await build()).reference).toBe(reference);
    expect(programs.calls.at(-1)?.args).toEqual(['buildx', 'imagetools', 'inspect', '--raw', `gcr.io/p/i@${A}`]);
  });

  test.each<{ name: string; script: Script; message: string }>([
    {
      name: 'that cannot be read back',
      script: raw('', 1),
      message: `what was pushed to gcr.io/p/i@${A} cannot be read back: no such manifest`,
    },
    {
      name: 'without the platform',
      script: raw('{"manifests":[]}'),
      message: `gcr.io/p/i@${A} holds no image for linux/amd64`,
    },
  ])('an index $name is an error', async ({ script, message }) => {
    await expect(scene({ request, script }).build()).rejects.toThrow(message);
  });

  test.each<{ builder: BuilderName }>([{ builder: 'engine' }, { builder: 'plain' }, { builder: 'podman' }])(
    '$builder builds nothing, and says what mends it',
    async ({ builder }) => {
      const { build, seen } = scene({ builder, request: { sbom: true } });
      await expect(build()).rejects.toThrow(
        `provenance and sbom are asked for, and ${BUILDERS[builder].words} attaches neither. In a workflow, run docker/setup-buildx-action before this step, or leave them out.`,
      );
      expect(seen).toEqual([]);
    },
  );
});

describe('an image that stays in the engine', () => {
  const known = (id: string, ...names: string[]): Script => ({
    run: (args) => {
      if (args[0] !== 'image') return undefined;
      return names.includes(args.at(-1) ?? '') ? { stdout: `${id}\n` } : { exitCode: 1, stderr: 'No such image\n' };
    },
  });
  const request = { push: false };

  test.each<{ name: string; builder: BuilderName; script: Script; id: string }>([
    { name: 'the id that the build told', builder: 'plain', script: known(B, B), id: B },
    {
      name: "the tag's, where a builder elsewhere told another",
      builder: 'container',
      script: known(A, 'gcr.io/p/i:abc'),
      id: A,
    },
    { name: "podman's, which has no algorithm", builder: 'podman', script: known(B.slice(7), B), id: B },
  ])('has $name', async ({ builder, script, id }) => {
    const { build, seen } = scene({ builder, script, request });
    expect((await build()).reference).toBe(id);
    expect(seen.filter((each) => each === 'login' || each.startsWith('push'))).toEqual([]);
  });

  test('and that the engine does not know is an error', async () => {
    await expect(scene({ script: known(A), request }).build()).rejects.toThrow(
      'docker does not know the image that it built as gcr.io/p/i:abc: No such image',
    );
  });
});

describe('a push that fails', () => {
  test('by an expired login, in a fresh build, is made again from what was just built', async () => {
    let attempts = 0;
    const { build, seen, programs } = scene({
      request: { fresh: true },
      script: {
        stream: (_, { onLine }) => {
          attempts += 1;
          if (attempts > 1) return 0;
          for (const line of ['#9 exporting to image', '#9 ERROR: failed to push: 401 Unauthorized']) onLine(line);
          return 1;
        },
      },
    });
    expect((await build()).reference).toBe(`gcr.io/p/i@${A}`);
    expect(seen).toEqual(['login', 'buildx build', 'login', 'buildx build']);
    expect(programs.calls.map(({ args }) => args.includes('--no-cache'))).toEqual([true, false]);
  });

  test('is told as a push', async () => {
    const { build } = scene({
      builder: 'plain',
      script: {
        stream: (args, { onLine }) => {
          if (args[0] !== 'push') return 0;
          onLine('name unknown: no such repository');
          return 1;
        },
      },
    });
    const error = await build().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      `docker push ended with exit code 1:\n${PUSHED}\nname unknown: no such repository`,
    );
  });
});

describe('a cache', () => {
  const failsToExport = (times: number): Script => {
    let count = 0;
    return {
      stream: (_, { onLine }) => {
        count += 1;
        if (count > times) return 0;
        for (const line of ['#9 exporting cache to registry', '#9 ERROR: 405 Method Not Allowed']) onLine(line);
        return 1;
      },
    };
  };

  test('that cannot be written is left out, and told', async () => {
    const { build, programs, log } = scene({ request: { cache: 'auto', fresh: true }, script: failsToExport(1) });
    expect((await build()).reference).toBe(`gcr.io/p/i@${A}`);
    const flags = programs.calls.map(({ args }) => args.filter((arg) => /^--(?:cache|no-cache)/.test(arg)));
    expect(flags).toEqual([['--no-cache', expect.stringContaining('--cache-to=')], []]);
    expect(log.texts('warning')).toEqual([
      'The cache could not be written: the image is built once more from what was built now, and the next build finds no newer cache. #9 ERROR: 405 Method Not Allowed',
    ]);
  });

  test('that fails where none is written fails the build, once', async () => {
    const { build, programs } = scene({ script: failsToExport(9) });
    await expect(build()).rejects.toThrow('docker build ended with exit code 1');
    expect(programs.calls).toHaveLength(1);
  });

  test('inside an image that an engine pushes gets its own tag after it', async () => {
    const { build, programs } = scene({ builder: 'plain', request: { cache: 'auto' } });
    await build();
    expect(programs.calls.slice(-3).map(({ args }) => args.join(' '))).toEqual([
      'push gcr.io/p/i:abc',
      'tag gcr.io/p/i:abc gcr.io/p/i:buildcache',
      'push gcr.io/p/i:buildcache',
    ]);
  });

  test('inside an image that a builder pushes gets its own tag at the registry', async () => {
    const { build, programs } = scene({ request: { cache: 'inline' } });
    await build();
    expect(programs.calls.at(-1)?.args).toEqual([
      ...['buildx', 'imagetools', 'create', '--tag=gcr.io/p/i:buildcache', `gcr.io/p/i@${A}`],
    ]);
  });
});

describe("docker's environment", () => {
  const TOKEN = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://r/' };

  test.each<{ name: string; cache: BuildRequest['cache']; token: string | undefined }>([
    { name: 'has no right to the workflow, unless its cache is used', cache: 'auto', token: undefined },
    { name: "has it for the workflow's cache", cache: 'gha', token: 't' },
  ])('$name', async ({ cache, token }) => {
    const { build, programs } = scene({ request: { cache }, env: TOKEN });
    await build();
    expect(programs.calls.map(({ env }) => env['ACTIONS_RUNTIME_TOKEN'])).toEqual([token]);
  });

  test("holds a secret's value, and no argument does", async () => {
    const secrets = [{ id: 'a', from: 'value', value: 'very secret' }] as const;
    const { build, programs, log } = scene({ request: { secrets } });
    await build();
    const [built] = programs.calls;
    expect(built?.env['TRAIN_ON_VERTEX_SECRET_0']).toBe('very secret');
    expect(built?.args).toContain('--secret=id=a,env=TRAIN_ON_VERTEX_SECRET_0');
    expect(JSON.stringify([programs.calls.map(({ args }) => args), log.said])).not.toContain('very secret');
  });

  test('leads podman to the logins, as it reads them', async () => {
    const config = newFolder();
    mkdirSync(config, { recursive: true });
    writeFileSync(`${config}/config.json`, '{"auths":{"h":{"auth":"x"}},"credHelpers":{"h":""}}');
    const logins: string[] = [];
    const { build } = scene({
      builder: 'podman',
      env: { DOCKER_CONFIG: config },
      script: {
        stream: (_, { env }) => {
          logins.push(readFileSync(env['REGISTRY_AUTH_FILE'] ?? '', 'utf8'));
          return 0;
        },
      },
    });
    await build();
    expect(logins).toEqual(Array(2).fill('{"auths":{"h":{"auth":"x"}},"credHelpers":{}}'));
  });
});

describe('a build that ends early', () => {
  test.each([0, 1, 143])('by an abort is told as itself, with exit code %d too, and leaves nothing', async (code) => {
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const folders: string[] = [];
    const { build, tempFolder, seen } = scene({
      signal: controller.signal,
      builder: 'plain',
      request: { secrets: [{ id: 'a', from: 'value', value: 'x' }] },
      script: {
        stream: (args) => {
          folders.push(...readdirSync(dirname(fileOf(args, 'iidfile'))));
          controller.abort(reason);
          return code;
        },
      },
    });
    await expect(build()).rejects.toBe(reason);
    expect(folders).toContain('secret-0');
    expect([readdirSync(tempFolder), seen]).toEqual([[], ['login', 'build /temp/context']]);
  });

  test('in a step pushes nothing and tries nothing again', async () => {
    const { build, seen, tempFolder } = scene({ builder: 'plain', script: { stream: () => 1 } });
    await expect(build()).rejects.toThrow(UserError);
    expect([seen, readdirSync(tempFolder)]).toEqual([['login', 'build /temp/context'], []]);
  });

  test('by a secret that cannot be given starts nothing', async () => {
    const secrets = [{ id: 'a', from: 'env', name: 'NOT_SET' }] as const;
    const { build, seen, tempFolder } = scene({ request: { secrets } });
    await expect(build()).rejects.toThrow(
      'The build secret a is to come from the variable "NOT_SET", which is not set.',
    );
    expect([seen, readdirSync(tempFolder)]).toEqual([[], []]);
  });
});

test('what builds, its cache, and what it cannot do are told first', async () => {
  const { build, log } = scene({ builder: 'engine', request: { cache: 'registry', platform: 'linux/arm64' } });
  await build();
  expect(log.said.slice(0, 3)).toEqual([
    [
      'info',
      'Builder: buildx docker. Cache: inside the image, found at gcr.io/p/i:buildcache: this builder can export no other.',
    ],
    ['warning', expect.stringMatching(/^The image is for linux\/arm64, and this builder runs linux\/amd64:/)],
    ['warning', expect.stringMatching(/^cache is registry, which buildx docker cannot do: /)],
  ]);
});
