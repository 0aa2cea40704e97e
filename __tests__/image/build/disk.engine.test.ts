import { statfs } from 'node:fs/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { must, run } from '../../../scripts/machine/run.ts';
import { engineAddress } from '../../../src/engine/address.ts';
import type { EngineAddress } from '../../../src/engine/http.ts';
import { DISK_MEND } from '../../../src/image/build/disk.ts';
import { freeSpace } from '../../../src/image/build/free-space.ts';
import { scripted } from '../programs.ts';
import { attempt, leftIn } from './attempt.ts';
import { findGround, type Ground } from './ground.ts';
import { BUILDERS } from './samples.ts';
import { remote } from './ways.ts';

const found = await findGround();
const ground = found as Ground;
const on = typeof found === 'string' ? test.skip : test;
afterAll(() => (typeof found === 'string' ? undefined : found.close()));

describe('the free space of a builder', () => {
  const programs = scripted({ run: () => ({ stdout: '/\n' }) });
  const edges = { programs, env: {}, signal: new AbortController().signal };
  /** Others write to the same disk meanwhile. */
  const NEAR = 2e9;

  on("is the engine's where it builds there, or in a container of its", async () => {
    const root = await must(ground.client.docker, ['info', '--format', '{{.DockerRootDir}}']);
    const { bavail, bsize } = await statfs(root.trim());
    const engine = await engineAddress(undefined, process.env);
    for (const builder of [BUILDERS.engine, BUILDERS.plain, BUILDERS.container]) {
      const free = await freeSpace(builder, { ...edges, engine });
      expect(Math.abs((free ?? 0) - bavail * bsize)).toBeLessThan(NEAR);
    }
  });

  test("is that of podman's images", async () => {
    const { bavail, bsize } = await statfs('/');
    const free = await freeSpace(BUILDERS.podman, { ...edges, engine: undefined });
    expect(Math.abs((free ?? 0) - bavail * bsize)).toBeLessThan(NEAR);
  });

  test.each<{ name: string; driver: string; engine: EngineAddress | undefined }>([
    { name: 'on another machine', driver: 'remote', engine: { socketPath: '/var/run/docker.sock' } },
    {
      name: 'of an engine behind a port, which may lead anywhere',
      driver: 'docker',
      engine: { host: '127.0.0.1', port: 1 },
    },
    { name: 'of an engine that does not answer', driver: 'docker', engine: { socketPath: '/no/such/socket' } },
    { name: 'where no engine is known', driver: 'docker', engine: undefined },
  ])('$name is not known', async ({ driver, engine }) => {
    expect(await freeSpace({ kind: 'buildx', driver }, { ...edges, engine })).toBeUndefined();
  });
});

on(
  'a disk that fills up in the build is told with the mend, and nothing stays',
  async () => {
    const under = await ground.folder();
    if ((await run('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', under])).code !== 0) {
      process.stderr.write('SKIPPED: a full disk (only root may mount one)\n');
      return;
    }
    ground.add(() => must('umount', [under]));
    const way = await remote(ground, under);
    if (typeof way === 'string') return;
    const attempted = await attempt(ground, way, {
      files: { Dockerfile: `FROM ${ground.base}\nRUN head -c 80000000 /dev/zero > /big\n` },
    });
    const error = await attempted.built.catch((thrown: unknown) => thrown);
    const message = error instanceof Error ? error.message : '';
    expect(message).toMatch(/^docker build ended with exit code 1:\n[\s\S]*No space left on device/);
    expect(message.split('\n').at(-1)).toBe(`The disk is full. ${DISK_MEND}`);
    expect(await leftIn(attempted.tempFolder)).toEqual([]);
  },
  60_000,
);
