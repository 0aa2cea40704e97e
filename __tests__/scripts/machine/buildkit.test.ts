import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BuildKit, canHaveBuildKit, startBuildKit } from '../../../scripts/machine/buildkit.ts';
import { ensureBuildx } from '../../../scripts/machine/buildx.ts';
import { bornOf } from '../../../scripts/machine/daemon.ts';
import { probeEngine } from '../../../scripts/machine/engine.ts';
import { isThere } from '../../../scripts/machine/places.ts';
import { must } from '../../../scripts/machine/run.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

// Only the client is asked of the engine: the daemon stands on its own.
const client = (await canHaveBuildKit()) ? await probeEngine() : undefined;

(client === undefined ? describe.skip : describe)('a BuildKit daemon', () => {
  const newFolder = tempFolders();
  let daemon: BuildKit;
  // Compiling it takes about two minutes where it was never made before.
  beforeAll(async () => {
    daemon = await startBuildKit();
  }, 600_000);
  afterAll(() => daemon?.stop());

  test('answers buildx as a remote builder, and leaves nothing behind', async () => {
    const { dockerConfig } = await ensureBuildx({ docker: client?.docker ?? '' });
    const config = dockerConfig === undefined ? {} : { DOCKER_CONFIG: dockerConfig };
    const env = { ...process.env, ...config, BUILDX_CONFIG: newFolder() };
    const buildx = (...args: readonly string[]) => must(client?.docker ?? '', ['buildx', ...args], { env });
    await buildx('create', '--name=mine', '--driver=remote', daemon.address);
    expect(await buildx('inspect', 'mine')).toMatch(
      new RegExp(`^Driver: +remote$[^]*^Status: +running$[^]*^BuildKit version: +${daemon.version}$`, 'm'),
    );
    const socket = daemon.address.replace('unix://', '');
    expect(await isThere(socket)).toBe(true);
    await daemon.stop();
    expect([await bornOf(daemon.pid), await isThere(socket)]).toEqual([undefined, false]);
  });
});
