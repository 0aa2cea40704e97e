import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { withoutLeftovers, writePodmanLogins } from '../../../src/image/build/podman.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { scripted } from '../programs.ts';

const newFolder = tempFolders();
const OLD = 'a'.repeat(64);
const NEW = 'b'.repeat(64);

describe("podman's logins", () => {
  test.each([
    {
      name: "docker's, without helpers that have no name",
      config: {
        auths: { h: { auth: 'x' } },
        credHelpers: { h: '', 'gcr.io': 'gcloud' },
        credsStore: 'desktop',
        proxies: {},
      },
      logins: { auths: { h: { auth: 'x' } }, credHelpers: { 'gcr.io': 'gcloud' } },
    },
    { name: 'none', config: {}, logins: { auths: {}, credHelpers: {} } },
    { name: 'none where there is no configuration', config: undefined, logins: { auths: {}, credHelpers: {} } },
  ])('are $name', async ({ config, logins }) => {
    const folder = newFolder();
    if (config !== undefined) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const path = join(folder, 'logins.json');
    await writePodmanLogins(folder, path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(logins);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('a build of podman', () => {
  /** A build in which a step runs and a container is made. */
  function scene() {
    const runtimeFolder = join(newFolder(), 'runtime');
    const controller = new AbortController();
    let made = '';
    const programs = scripted({
      run: (args) => {
        if (args[0] === 'ps') return { stdout: `${OLD}\n${made}` };
        return args[0] === 'info' ? { stdout: '/usr/bin/crun\n' } : undefined;
      },
    });
    const run = (program: string, args: readonly string[]) => programs.run(program, args, { env: {} });
    const build = (end: () => void) =>
      withoutLeftovers({ run, runtimeFolder, signal: controller.signal }, async () => {
        mkdirSync(join(runtimeFolder, 'buildah-1'), { recursive: true });
        made = `${NEW}\n`;
        end();
        return 'built';
      });
    const commands = () => programs.calls.map(({ program, args }) => [program, ...args].join(' '));
    return { build, controller, commands, runtimeFolder };
  }

  const LIST = 'docker ps --all --external --no-trunc --quiet';

  test('that is cancelled has its step ended and its containers removed', async () => {
    const { build, controller, commands, runtimeFolder } = scene();
    const reason = new Error('cancelled');
    const cancel = () => {
      controller.abort(reason);
      throw reason;
    };
    await expect(build(cancel)).rejects.toBe(reason);
    expect(commands()).toEqual([
      LIST,
      'docker info --format {{.Host.OCIRuntime.Path}}',
      `/usr/bin/crun --root ${runtimeFolder} delete --force buildah-1`,
      LIST,
      `docker rm --force ${NEW}`,
    ]);
  });

  test('that fails cleans up by itself', async () => {
    const { build, commands } = scene();
    const fail = () => {
      throw new Error('failed');
    };
    await expect(build(fail)).rejects.toThrow('failed');
    expect(commands()).toEqual([LIST]);
  });

  test('that succeeds gives what it gives', async () => {
    const { build, commands } = scene();
    expect(await build(() => {})).toBe('built');
    expect(commands()).toEqual([LIST]);
  });
});
