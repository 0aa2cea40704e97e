import { dirname } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { must } from '../../../scripts/machine/run.ts';
import { processesRunning } from '../../e2e/parts/processes.ts';
import { untilTrue } from '../../e2e/parts/until.ts';
import { attempt, leftIn } from './attempt.ts';
import { findGround, type Ground } from './ground.ts';
import { findWays, type Way } from './ways.ts';

const ground = await findGround();
const ways = await findWays(ground);
afterAll(() => (typeof ground === 'string' ? undefined : ground.close()));

const isGone = async (text: string) => (await processesRunning(text)).length === 0;

/** Containers that were made from an image; podman shows those of its builds when asked for external ones too. */
function containersFrom({ name, env }: Way, image: string): Promise<string> {
  const external = name === 'podman' ? ['--external'] : [];
  const args = ['ps', '--all', ...external, '--quiet', '--filter', `ancestor=${image}`];
  return must('docker', args, { env: { ...process.env, ...env } });
}

describe.each(ways)('a build by $name that is cancelled', ({ way }) => {
  const on = typeof way === 'string' ? test.skip : test;
  const reason = new Error('cancelled');

  on(
    'in a step ends that step and all of docker, and leaves nothing',
    async () => {
      const { base } = ground as Ground;
      // A number that no other process of this machine sleeps for.
      const sleep = `sleep ${70_000 + (process.pid % 10_000)}.${Math.floor(Math.random() * 1e6)}`;
      const controller = new AbortController();
      const run = await attempt(ground as Ground, way as Way, {
        files: { Dockerfile: `FROM ${base}\nRUN ${sleep}\n` },
        request: { secrets: [{ id: 'a', from: 'value', value: 'x' }] },
        signal: controller.signal,
      });
      const outcome = run.built.catch((error: unknown) => error);
      await untilTrue('the step runs', async () => !(await isGone(sleep)));
      controller.abort(reason);
      expect(await outcome).toBe(reason);
      expect(await leftIn(run.tempFolder)).toEqual([]);
      await untilTrue('docker ends', () => isGone(dirname(run.tempFolder)), 5_000);
      await untilTrue('the step ends', () => isGone(sleep), 10_000);
      expect(await containersFrom(way as Way, base)).toBe('');
    },
    60_000,
  );

  on(
    'in its push ends the push',
    async () => {
      const { base, proxy } = ground as Ground;
      const controller = new AbortController();
      const run = await attempt(ground as Ground, way as Way, {
        files: { Dockerfile: `FROM ${base}\nCOPY . /\n`, name: `${Math.random()}` },
        signal: controller.signal,
      });
      const outcome = run.built.catch((error: unknown) => error);
      const name = run.repository.slice(run.repository.indexOf('/') + 1);
      // The registry takes the request and never answers.
      proxy.fate = (method, path) => (method === 'PUT' && path.includes(`${name}/manifests`) ? 'hang' : 'pass');
      await untilTrue('the manifest is pushed', () =>
        proxy.seen.some((each) => each.startsWith(`PUT /v2/${name}/manifests`)),
      );
      controller.abort(reason);
      expect(await outcome).toBe(reason);
      await untilTrue('docker ends', () => isGone(run.repository), 5_000);
      expect(await leftIn(run.tempFolder)).toEqual([]);
    },
    60_000,
  );
});
