import { describe, expect, test } from '@jest/globals';
import { type Builder, emulationWarning, findBuilder } from '../../../src/image/build/builder.ts';
import { parseBuilder, parseVersion, storesInContainerd } from '../../../src/image/build/versions.ts';
import type { Finished } from '../../../src/image/programs.ts';
import { type Script, scripted } from '../programs.ts';
import { BUILDERS } from './samples.ts';

/** As buildx 0.13 prints it; later versions print more of the same. */
const INSPECTED = `Name:          builder-1
Driver:        docker-container
Last Activity: 2026-11-23 02:45:03 +0000 UTC

Nodes:
Name:                  builder-10
Endpoint:              unix:///var/run/docker.sock
Driver Options:        network="host"
Status:                running
BuildKit daemon flags: --allow-insecure-entitlement security.insecure
BuildKit version:      v0.25.1
Platforms:             linux/amd64, linux/amd64/v2, linux/arm64*
Labels:
 org.mobyproject.buildkit.worker.executor: oci
GC Policy rule#0:
 All:           false
 Filters:       type==source.local
`;

describe('the versions that programs tell', () => {
  test.each([
    { output: 'Docker version 28.2.2, build e6534b4', version: { major: 28, minor: 2, text: '28.2.2' } },
    {
      output: 'Docker version 20.10.24+dfsg1, build 297e128',
      version: { major: 20, minor: 10, text: '20.10.24+dfsg1' },
    },
    { output: 'github.com/docker/buildx v0.37.0 a1b2c3', version: { major: 0, minor: 37, text: '0.37.0' } },
    { output: 'podman version 4.3.1', version: { major: 4, minor: 3, text: '4.3.1' } },
    { output: 'podman version 5.0', version: { major: 5, minor: 0, text: '5.0' } },
    { output: 'Docker version dev', version: undefined },
    { output: '', version: undefined },
  ])('$output', ({ output, version }) => {
    expect(parseVersion(output)).toEqual(version);
  });
});

describe('what buildx tells of a builder', () => {
  test('driver, version and platforms', () => {
    const platforms = ['linux/amd64', 'linux/amd64/v2', 'linux/arm64'];
    expect(parseBuilder(INSPECTED.split('\n'))).toEqual({ driver: 'docker-container', buildkit: 'v0.25.1', platforms });
  });

  test('older words, several nodes', () => {
    const text =
      'Driver: remote\nBuildkit: v0.9.3\nPlatforms: linux/amd64\nBuildkit: v0.9.4\nPlatforms: linux/arm64, linux/amd64';
    const platforms = ['linux/amd64', 'linux/arm64'];
    expect(parseBuilder(text.split('\n'))).toEqual({ driver: 'remote', buildkit: 'v0.9.3', platforms });
  });

  test.each([
    { name: 'nothing', text: '' },
    { name: 'an error', text: 'ERROR: no builder "x" found' },
    { name: 'a node that does not answer', text: 'Driver: remote\nError:   dial unix /x: no such file' },
  ])('$name is no builder', ({ text }) => {
    expect(parseBuilder(text.split('\n'))).toBeUndefined();
  });
});

test.each([
  { status: '[["driver-type","io.containerd.snapshotter.v1"]]', containerd: true },
  { status: '[["Backing Filesystem","extfs"],["Supports d_type","true"]]', containerd: false },
  { status: 'null', containerd: false },
])('the image store of an engine with $status', ({ status, containerd }) => {
  expect(storesInContainerd(status)).toBe(containerd);
});

describe('the builder that is found', () => {
  interface Machine {
    readonly client: string;
    readonly buildx?: string;
    readonly inspected?: string;
    readonly inspectCode?: number;
    readonly answers?: Readonly<Record<string, Partial<Finished>>>;
    readonly env?: Readonly<Record<string, string>>;
  }

  function find({ client, buildx, inspected = '', inspectCode = 0, answers = {}, env = {} }: Machine) {
    const script: Script = {
      run: (args) => {
        if (args[0] === '--version') return { stdout: `${client}\n` };
        if (args[0] === 'buildx') return buildx === undefined ? { exitCode: 1 } : { stdout: `${buildx}\n` };
        return answers[args[0] ?? ''] ?? { exitCode: 1 };
      },
      stream: (_, { onLine }) => {
        for (const line of inspected.split('\n')) onLine(line);
        return inspectCode;
      },
    };
    const programs = scripted(script);
    const found = findBuilder({ programs, env: { PATH: '/bin', ...env }, signal: new AbortController().signal });
    return { found, programs };
  }

  const DOCKER = 'Docker version 29.4.2, build abc';
  const BUILDX = 'github.com/docker/buildx v0.37.0 abc';
  const ENGINE = 'Name: default\nDriver: docker\nBuildKit version: v0.8+unknown\nPlatforms: linux/amd64';

  test.each<{ name: string; machine: Machine; builder: Partial<Builder> }>([
    {
      name: 'a builder in a container',
      machine: { client: DOCKER, buildx: BUILDX, inspected: INSPECTED },
      builder: {
        kind: 'buildx',
        driver: 'docker-container',
        inEngine: false,
        full: true,
        platforms: ['linux/amd64', 'linux/amd64/v2', 'linux/arm64'],
        words: 'buildx 0.37.0, driver docker-container, BuildKit v0.25.1',
      },
    },
    {
      name: 'the engine itself',
      machine: { client: DOCKER, buildx: BUILDX, inspected: ENGINE, answers: { info: { stdout: '[["a","b"]]\n' } } },
      builder: { inEngine: true, full: false, words: 'buildx 0.37.0, driver docker, BuildKit v0.8+unknown' },
    },
    {
      name: "the engine with containerd's image store",
      machine: {
        client: DOCKER,
        buildx: BUILDX,
        inspected: ENGINE,
        answers: { info: { stdout: '[["driver-type","io.containerd.snapshotter.v1"]]\n' } },
      },
      builder: {
        inEngine: true,
        full: true,
        words: 'buildx 0.37.0, driver docker with the containerd image store, BuildKit v0.8+unknown',
      },
    },
    {
      name: 'a client that speaks to BuildKit itself',
      machine: { client: 'Docker version 20.10.24, build abc', answers: { version: { stdout: 'linux/riscv64\n' } } },
      builder: { kind: 'plain', inEngine: true, full: false, words: 'docker 20.10.24 with BuildKit' },
    },
    {
      name: 'podman, which has a command buildx of its own',
      machine: {
        client: 'podman version 5.2.2',
        buildx: 'buildah 1.37.2',
        answers: { info: { stdout: 'linux/riscv64\n' } },
      },
      builder: { kind: 'podman', driver: 'podman', inEngine: true, full: false, words: 'podman 5.2.2' },
    },
  ])('$name', async ({ machine, builder }) => {
    const { found } = find(machine);
    expect(await found).toMatchObject(builder);
  });

  test('is started where it does not run yet', async () => {
    const { found, programs } = find({ client: DOCKER, buildx: BUILDX, inspected: INSPECTED });
    await found;
    expect(programs.calls.map(({ args }) => args.join(' '))).toContain('buildx inspect --bootstrap');
  });

  test.each([
    { client: 'Docker version 27.3.1, build abc', shown: '27.3.1' },
    { client: 'Docker version 23.0.0, build abc', shown: '23.0.0' },
    { client: '', shown: 'of unknown version' },
  ])('is none for a client $shown without buildx', async ({ client, shown }) => {
    await expect(find({ client }).found).rejects.toThrow(
      `This docker client (${shown}) builds only with its plugin buildx, which is missing. Install buildx; in a workflow, run docker/setup-buildx-action before this step.`,
    );
  });

  test.each([
    { name: 'says so', inspected: 'ERROR: no builder "mine" found', inspectCode: 1 },
    { name: 'has a node in error', inspected: 'Driver: remote\nError: no route to ::error::x', inspectCode: 0 },
  ])('is none where a builder does not answer and $name', async ({ inspected, inspectCode }) => {
    await expect(find({ client: DOCKER, buildx: BUILDX, inspected, inspectCode }).found).rejects.toThrow(
      `The builder of docker buildx does not answer (docker buildx inspect --bootstrap):\n${inspected}\nStart it, choose another with BUILDX_BUILDER, or run docker/setup-buildx-action before this step.`,
    );
  });

  describe('is none where the engine does not answer', () => {
    const AWAY = 'Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?';
    const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
    const MEND =
      'DOCKER_HOST is "tcp://127.0.0.1:1", and no Docker engine answers there. Start that engine, or mend or unset DOCKER_HOST.';

    test('which buildx tells as its error', async () => {
      const inspected = `Name:          default\nDriver:        \nError:         ${AWAY}\n\nNodes:`;
      await expect(find({ client: DOCKER, buildx: BUILDX, inspected, env }).found).rejects.toThrow(
        `The builder of docker buildx does not answer (docker buildx inspect --bootstrap):\nName:          default\nDriver:        \nError:         ${AWAY}\nNodes:\n${MEND}`,
      );
    });

    test('which a plain client is asked before it builds', async () => {
      const answers = { version: { exitCode: 1, stdout: '\n', stderr: `\n${AWAY}\n` } };
      await expect(find({ client: 'Docker version 20.10.24', answers, env }).found).rejects.toThrow(
        `docker reaches no engine (docker version):\n${AWAY}\n${MEND}`,
      );
    });

    test('but not where it says something else, which the build will tell better', async () => {
      const answers = {
        version: { exitCode: 1, stderr: 'Error response from daemon: client version 1.41 is too old' },
      };
      expect(await find({ client: 'Docker version 20.10.24', answers, env }).found).toMatchObject({ platforms: [] });
    });
  });

  test('ends with the signal', async () => {
    const reason = new Error('cancelled');
    const programs = scripted({ run: () => ({ stdout: DOCKER }) });
    await expect(findBuilder({ programs, env: {}, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('emulation', () => {
  const on = (...platforms: string[]): Builder => ({ ...BUILDERS.container, platforms });
  test.each([
    { name: 'its own platform', platform: 'linux/amd64', builder: on('linux/amd64'), warns: false },
    { name: 'a variant of it', platform: 'linux/arm64', builder: on('linux/amd64', 'linux/arm64/v8'), warns: false },
    { name: 'no platform in particular', platform: undefined, builder: on('linux/amd64'), warns: false },
    { name: 'a builder that does not tell', platform: 'linux/arm64', builder: on(), warns: false },
    { name: 'another platform', platform: 'linux/arm64', builder: on('linux/amd64', 'linux/386'), warns: true },
    { name: 'a name that only begins alike', platform: 'linux/arm', builder: on('linux/arm64'), warns: true },
  ])('$name', ({ platform, builder, warns }) => {
    expect(emulationWarning(platform, builder) !== undefined).toBe(warns);
  });

  test('that is missing is told with the mend', () => {
    expect(emulationWarning('linux/arm64', on('linux/amd64', 'linux/386'))).toBe(
      'The image is for linux/arm64, and this builder runs linux/amd64, linux/386: RUN instructions need emulation. Run docker/setup-qemu-action before this step, or use a runner of that platform, which builds many times faster.',
    );
  });
});
