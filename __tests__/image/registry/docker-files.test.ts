import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dockerConfig, engineSocket } from '../../../src/image/registry/docker-files.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();
const USUAL = { socketPath: '/var/run/docker.sock' };

async function folderWith(config: unknown, contexts: Readonly<Record<string, unknown>> = {}) {
  const folder = await newFolder();
  await writeFile(join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  for (const [name, meta] of Object.entries(contexts)) {
    const at = join(folder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(at, { recursive: true });
    await writeFile(join(at, 'meta.json'), typeof meta === 'string' ? meta : JSON.stringify(meta));
  }
  return folder;
}

const context = (Host: string) => ({
  Name: 'mine',
  Metadata: {},
  Endpoints: { docker: { Host, SkipTLSVerify: false } },
});

describe('the engine listens', () => {
  test.each([
    {
      name: 'where DOCKER_HOST says',
      config: { currentContext: 'mine' },
      env: { DOCKER_HOST: 'unix:///run/x.sock' },
      at: { socketPath: '/run/x.sock' },
    },
    {
      name: 'at a port of this machine',
      config: {},
      env: { DOCKER_HOST: 'tcp://127.0.0.1:2375' },
      at: { host: '127.0.0.1', port: 2375 },
    },
    {
      name: 'where the current context says',
      config: { currentContext: 'mine' },
      env: {},
      at: { socketPath: '/home/me/d.sock' },
    },
    {
      name: 'where the context of the environment says',
      config: { currentContext: 'gone' },
      env: { DOCKER_CONTEXT: 'mine' },
      at: { socketPath: '/home/me/d.sock' },
    },
    { name: 'at the usual socket by the default context', config: { currentContext: 'default' }, env: {}, at: USUAL },
    { name: 'at the usual socket without any', config: {}, env: { DOCKER_HOST: '' }, at: USUAL },
    { name: 'at the usual socket where the configuration is broken', config: '{', env: {}, at: USUAL },
  ])('$name', async ({ config, env, at }) => {
    const folder = await folderWith(config, { mine: context('unix:///home/me/d.sock') });
    expect(await engineSocket({ ...env, DOCKER_CONFIG: folder })).toEqual(at);
  });

  test.each([
    { name: 'on another machine', env: { DOCKER_HOST: 'tcp://10.0.0.1:2375' } },
    { name: 'behind ssh', env: { DOCKER_HOST: 'ssh://me@host' } },
    { name: 'by a context on another machine', env: { DOCKER_CONTEXT: 'far' } },
    { name: 'by a context that is not there', env: { DOCKER_CONTEXT: 'gone' } },
    { name: 'by a context that is broken', env: { DOCKER_CONTEXT: 'broken' } },
    { name: 'by a context of another kind', env: { DOCKER_CONTEXT: 'other' } },
    { name: 'by a name that leads elsewhere', env: { DOCKER_CONTEXT: '../../x' } },
  ])('nowhere that can be asked: $name', async ({ env }) => {
    const far = context('tcp://10.0.0.1:2376');
    const folder = await folderWith({}, { far, broken: '{', other: { Endpoints: { kubernetes: {} } } });
    expect(await engineSocket({ ...env, DOCKER_CONFIG: folder })).toBeUndefined();
  });
});

test('the configuration is found in the home folder where nothing else is named, and missing is empty', async () => {
  const home = await newFolder();
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker', 'config.json'), '{"credsStore":"x"}');
  expect(await dockerConfig({ HOME: home })).toEqual({ credsStore: 'x' });
  expect(await dockerConfig({ HOME: join(home, 'nobody') })).toEqual({});
  expect(await dockerConfig({ DOCKER_CONFIG: await folderWith('[]') })).toEqual({});
});
