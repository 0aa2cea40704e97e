import { readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/faults.ts';
import { type BuildOptions, buildArgs, buildImage } from '../../src/image/build.ts';
import type { ImagePlan } from '../../src/plan/image.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { type Script, scripted } from './programs.ts';

const newFolder = tempFolders();
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const PLAN: ImagePlan = {
  repository: 'gcr.io/p/i',
  tag: 'abc',
  context: 'sub dir',
  dockerfile: 'sub dir/Dockerfile',
  base: { image: 'python', why: '' },
  buildArgs: { BASE_IMAGE: 'python:3.12-slim', TEXT: 'a, "b" $(c)' },
  platform: 'linux/amd64',
  push: true,
};
const LOCAL: ImagePlan = { ...PLAN, push: false, platform: undefined };

function scene(script: Script, plan = PLAN, signal = new AbortController().signal) {
  const programs = scripted(script);
  const log = recordingLog();
  const tempFolder = newFolder();
  const options: BuildOptions = { plan, workspace: '/w', tempFolder, env: { PATH: '/bin' }, programs, log, signal };
  return { programs, log, tempFolder, build: () => buildImage(options) };
}

const TAIL_ARGS = ['--build-arg', 'BASE_IMAGE=python:3.12-slim', '--build-arg', 'TEXT=a, "b" $(c)', '/w/sub dir'];
/** A client without the plugin buildx: the last that built without it, or another. */
function noBuildx(args: readonly string[], version = '20.10.24') {
  if (args[0] === 'buildx') return { exitCode: 1 };
  return args[0] === 'version' ? { stdout: `${version}\n` } : undefined;
}

const metadataOf = (args: readonly string[]) =>
  args.find((arg) => arg.startsWith('--metadata-file='))?.slice('--metadata-file='.length) ?? '';

describe('the arguments of a build', () => {
  test('keep every value whole', () => {
    expect(buildArgs({ plan: PLAN, workspace: '/w' }, ['build'])).toEqual([
      'build',
      '--progress=plain',
      '--file=/w/sub dir/Dockerfile',
      '--tag=gcr.io/p/i:abc',
      '--platform=linux/amd64',
      ...TAIL_ARGS,
    ]);
  });

  test("leave the platform to this machine's engine where nothing is pushed", () => {
    expect(buildArgs({ plan: LOCAL, workspace: '/w' }, ['build']).join(' ')).not.toContain('--platform');
  });
});

describe('with buildx', () => {
  const pushed = (digest: unknown): Script => ({
    stream: (args) => {
      writeFileSync(metadataOf(args), JSON.stringify({ 'containerimage.digest': digest }));
      return 0;
    },
  });

  test('building and pushing are one, and the image is named by its digest', async () => {
    const { programs, build, tempFolder } = scene(pushed(DIGEST));
    expect(await build()).toBe(`gcr.io/p/i@${DIGEST}`);
    const [version, built] = programs.calls;
    expect(version?.args).toEqual(['buildx', 'version']);
    expect(built?.args).toEqual([
      ...['buildx', 'build', '--push', '--provenance=false', `--metadata-file=${metadataOf(built?.args ?? [])}`],
      ...['--progress=plain', '--file=/w/sub dir/Dockerfile', '--tag=gcr.io/p/i:abc', '--platform=linux/amd64'],
      ...TAIL_ARGS,
    ]);
    expect([built?.cwd, built?.env]).toEqual(['/w', { PATH: '/bin', DOCKER_BUILDKIT: '1' }]);
    expect(programs.calls).toHaveLength(2);
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  test.each([
    { name: 'no digest', digest: undefined },
    { name: 'a digest that is none', digest: 'sha256:abc' },
    { name: 'a digest with more behind it', digest: `${DIGEST}\n::error::` },
  ])('$name is an error, never a tag', async ({ digest }) => {
    await expect(scene(pushed(digest)).build()).rejects.toThrow(
      'docker told no digest of the image that it pushed to gcr.io/p/i',
    );
  });

  test("an image of this machine is named by the engine's id", async () => {
    const { programs, build } = scene(
      { run: (args) => (args[0] === 'image' ? { stdout: `${DIGEST}\n` } : undefined) },
      LOCAL,
    );
    expect(await build()).toBe(DIGEST);
    expect(programs.calls.map(({ args }) => args.slice(0, 3).join(' '))).toEqual([
      'buildx version',
      'buildx build --load',
      'image inspect --format',
    ]);
  });
});

describe('without buildx', () => {
  const inspected = (stdout: string): Script => ({
    run: (args) => noBuildx(args) ?? (args[0] === 'image' ? { stdout } : undefined),
  });

  test('the image is built, then pushed, and named by the digest in its own repository', async () => {
    const other = `sha256:${'cd'.repeat(32)}`;
    const { programs, build } = scene(inspected(JSON.stringify([`gcr.io/p/i2@${other}`, `gcr.io/p/i@${DIGEST}`])));
    expect(await build()).toBe(`gcr.io/p/i@${DIGEST}`);
    expect(programs.calls.map(({ args }) => args.slice(0, 2).join(' '))).toEqual([
      'buildx version',
      'version --format',
      'build --progress=plain',
      'push gcr.io/p/i:abc',
      'image inspect',
    ]);
    expect(programs.calls[2]?.env['DOCKER_BUILDKIT']).toBe('1');
  });

  test.each([
    { name: 'a newer client', version: '27.3.1', shown: '27.3.1' },
    { name: 'the first client that needs it', version: '23.0.0', shown: '23.0.0' },
    { name: 'a client that says nothing', version: '', shown: 'of unknown version' },
  ])('$name cannot build, and is told to have it installed', async ({ version, shown }) => {
    const { build, programs } = scene({ run: (args) => noBuildx(args, version) });
    await expect(build()).rejects.toThrow(
      `This docker client (${shown}) builds only with its plugin buildx, which is missing. Install buildx; in a workflow, run docker/setup-buildx-action before this step.`,
    );
    expect(programs.calls.map(({ args }) => args[0])).toEqual(['buildx', 'version']);
  });

  test.each([
    { name: 'of another repository', stdout: JSON.stringify([`gcr.io/p/other@${DIGEST}`]) },
    { name: 'of none', stdout: 'null' },
  ])('a digest $name is an error', async ({ stdout }) => {
    await expect(scene(inspected(stdout)).build()).rejects.toThrow('docker told no digest');
  });

  test('a push that fails is told as a push', async () => {
    const { build } = scene({
      run: (args) => noBuildx(args),
      stream: (args, { onLine }) => {
        if (args[0] !== 'push') return 0;
        onLine('denied: Permission denied');
        return 1;
      },
    });
    await expect(build()).rejects.toThrow('docker push ended with exit code 1:\ndenied: Permission denied');
  });
});

describe('a build that fails', () => {
  const failing = (lines: readonly string[], code = 1): Script => ({
    stream: (_, { onLine }) => {
      for (const line of lines) onLine(line);
      return code;
    },
  });

  test('shows the failing step as BuildKit repeats it', async () => {
    const { build, log } = scene(
      failing([
        '#1 [internal] load',
        '#5 0.1 boom',
        '------',
        ' > [2/2] RUN false:',
        '0.1 boom',
        '------',
        'Dockerfile:2',
        'ERROR: failed to solve: exit code: 1',
      ]),
    );
    const error = await build().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      'docker build ended with exit code 1:\n > [2/2] RUN false:\n0.1 boom\n------\nDockerfile:2\nERROR: failed to solve: exit code: 1',
    );
    expect(log.texts('untrusted')).toHaveLength(8);
  });

  test('shows the output of the failing step, where an older client leaves it out at the end', async () => {
    const { build } = scene(
      failing([
        '#4 [1/2] FROM python',
        '#5 [2/2] RUN false',
        '#4 DONE 0.1s',
        '#5 0.162 boom',
        '#5 ERROR: executor failed running',
        '------',
        ' > [2/2] RUN false:',
        '------',
        'executor failed running',
      ]),
    );
    await expect(build()).rejects.toThrow(
      'docker build ended with exit code 1:\n > [2/2] RUN false:\n#5 [2/2] RUN false\n#5 0.162 boom\n#5 ERROR: executor failed running\n------\nexecutor failed running',
    );
  });

  test('shows the last 40 lines where BuildKit repeats nothing, each harmless', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `::error::line ${index}`);
    const { build } = scene(failing(lines, 17));
    const error = (await build().catch((thrown: unknown) => thrown)) as Error;
    expect(error.message.split('\n')).toEqual([
      'docker build ended with exit code 17:',
      ...Array.from({ length: 40 }, (_, index) => `\\::error::line ${index + 60}`),
    ]);
  });

  test('pushes nothing and asks for no digest', async () => {
    const { build, programs } = scene({ run: (args) => noBuildx(args), stream: () => 1 });
    await expect(build()).rejects.toThrow(UserError);
    expect(programs.calls.map(({ args }) => args[0])).toEqual(['buildx', 'version', 'build']);
  });

  test('leaves no folder behind', async () => {
    const { build, tempFolder } = scene({ stream: () => 1 });
    await expect(build()).rejects.toThrow(UserError);
    expect(readdirSync(tempFolder)).toEqual([]);
  });
});

test('an abort is told as itself, whatever the exit code', async () => {
  const reason = new Error('cancelled');
  for (const code of [0, 1, 143]) {
    const controller = new AbortController();
    const { build } = scene(
      {
        stream: (_, { signal }) => {
          expect(signal).toBe(controller.signal);
          controller.abort(reason);
          return code;
        },
      },
      PLAN,
      controller.signal,
    );
    await expect(build()).rejects.toBe(reason);
  }
});

test('an image of this machine that the engine does not know is an error', async () => {
  const { build } = scene(
    { run: (args) => (args[0] === 'image' ? { exitCode: 1, stderr: 'No such image\n' } : undefined) },
    LOCAL,
  );
  await expect(build()).rejects.toThrow(
    'docker does not know the image that it built as gcr.io/p/i:abc: No such image',
  );
});
