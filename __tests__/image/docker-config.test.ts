import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { privateDockerConfig } from '../../src/image/docker-config.ts';
import { tempFolders } from '../ground/temp-folder.ts';

const newFolder = tempFolders();

function home(config?: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, '.docker', 'cli-plugins'), { recursive: true });
  mkdirSync(join(folder, '.docker', 'buildx'));
  writeFileSync(join(folder, '.docker', 'cli-plugins', 'docker-buildx'), 'PLUGIN');
  writeFileSync(join(folder, '.docker', '.token_seed'), 'SEED');
  if (config !== undefined) writeFileSync(join(folder, '.docker', 'config.json'), config);
  return folder;
}

const make = (env: Record<string, string>, tempFolder = newFolder()) => privateDockerConfig({ env, tempFolder });
const configOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as unknown;
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('is a folder of its own that nobody else may read', async () => {
  const temp = newFolder();
  const { folder } = await make({ HOME: home('{}') }, temp);
  expect([dirname(folder), mode(folder), mode(join(folder, 'config.json'))]).toEqual([temp, '700', '600']);
});

const LOGIN = { username: 'me', password: 'a:b' };
const AUTH = { auth: Buffer.from('me:a:b').toString('base64') };

describe('config.json', () => {
  test('is a copy of the one that is there', async () => {
    const { folder } = await make({ HOME: home('{"credHelpers":{"a":"b"}}') });
    expect(configOf(folder)).toEqual({ credHelpers: { a: 'b' } });
  });

  test.each([
    {
      name: 'is made where there was none',
      config: undefined,
      registry: 'gcr.io',
      made: { auths: { 'gcr.io': AUTH }, credHelpers: { 'gcr.io': '' } },
    },
    {
      name: 'keeps other logins and the store',
      config: { auths: { 'ghcr.io': { auth: 'x' } }, credsStore: 'desktop', currentContext: 'c' },
      registry: 'gcr.io',
      made: {
        auths: { 'ghcr.io': { auth: 'x' }, 'gcr.io': AUTH },
        credsStore: 'desktop',
        currentContext: 'c',
        credHelpers: { 'gcr.io': '' },
      },
    },
    {
      name: "puts aside the registry's helper and no other",
      config: { credHelpers: { 'gcr.io': 'gcloud', 'eu.gcr.io': 'gcloud' } },
      registry: 'gcr.io',
      made: { auths: { 'gcr.io': AUTH }, credHelpers: { 'gcr.io': '', 'eu.gcr.io': 'gcloud' } },
    },
    {
      name: 'knows Docker Hub by its key',
      config: {},
      registry: 'docker.io',
      made: {
        auths: { 'https://index.docker.io/v1/': AUTH },
        credHelpers: { 'https://index.docker.io/v1/': '' },
      },
    },
    {
      name: 'survives helpers and logins that are none',
      config: { credHelpers: 'x', auths: [] },
      registry: 'gcr.io',
      made: { auths: { 'gcr.io': AUTH }, credHelpers: { 'gcr.io': '' } },
    },
  ])('with a login $name', async ({ config, registry, made }) => {
    const { folder, signIn } = await make({ HOME: home(config && JSON.stringify(config)) });
    await signIn(registry, { username: 'old', password: 'old' });
    await signIn(registry, LOGIN);
    expect(configOf(folder)).toEqual(made);
    expect([readdirSync(folder).includes('config.json.new'), mode(join(folder, 'config.json'))]).toEqual([
      false,
      '600',
    ]);
  });

  test.each([
    { name: 'no JSON', config: '{', message: "cannot be read as Docker's configuration. Mend or remove it." },
    { name: 'no object', config: '[]', message: 'holds no JSON object. Mend or remove it.' },
  ])('of the user that is $name is told by its path', async ({ config, message }) => {
    const folder = home(config);
    await expect(make({ HOME: folder })).rejects.toThrow(`${join(folder, '.docker', 'config.json')} ${message}`);
  });
});

test('plugins are reached, files are copied, and the original is left as it was', async () => {
  const original = join(home('{"auths":{}}'), '.docker');
  const { folder } = await make({ HOME: dirname(original) });
  expect(readFileSync(join(folder, 'cli-plugins', 'docker-buildx'), 'utf8')).toBe('PLUGIN');
  expect(lstatSync(join(folder, 'cli-plugins')).isSymbolicLink()).toBe(true);
  writeFileSync(join(folder, '.token_seed'), 'CHANGED');
  expect(readFileSync(join(original, '.token_seed'), 'utf8')).toBe('SEED');
  expect(readFileSync(join(original, 'config.json'), 'utf8')).toBe('{"auths":{}}');
  expect(existsSync(join(folder, 'buildx'))).toBe(false);
});

describe('the environment', () => {
  test('points docker to it, and buildx to where its builders are', async () => {
    const HOME = home('{}');
    const { folder, env } = await make({ HOME, PATH: '/bin' });
    expect(env).toEqual({
      HOME,
      PATH: '/bin',
      DOCKER_CONFIG: folder,
      BUILDX_CONFIG: join(HOME, '.docker', 'buildx'),
      REGISTRY_AUTH_FILE: join(folder, 'config.json'),
    });
  });

  test('keeps a BUILDX_CONFIG, and takes the DOCKER_CONFIG that was set', async () => {
    const original = newFolder();
    writeFileSync(join(original, 'config.json'), '{"auths":{"a":{}}}');
    const { folder, env } = await make({ HOME: home('{}'), DOCKER_CONFIG: original, BUILDX_CONFIG: '/b' });
    expect([env['DOCKER_CONFIG'], env['BUILDX_CONFIG']]).toEqual([folder, '/b']);
    expect(configOf(folder)).toEqual({ auths: { a: {} } });
  });

  test('may know no folder at all', async () => {
    const { folder } = await make({ HOME: join(newFolder(), 'nowhere') });
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  // Docker takes an empty variable for none.
  test('with an empty DOCKER_CONFIG has none', async () => {
    const { folder } = await make({ HOME: home('{"auths":{"a":{}}}'), DOCKER_CONFIG: '' });
    expect(configOf(folder)).toEqual({ auths: { a: {} } });
  });
});

test('is gone afterwards, and what it linked to is not', async () => {
  const HOME = home('{}');
  const { folder, remove } = await make({ HOME });
  await remove();
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(join(HOME, '.docker', 'cli-plugins', 'docker-buildx'))).toBe(true);
  await remove();
});

test('is gone too where the configuration of the user cannot be read', async () => {
  const temp = newFolder();
  await make({ HOME: home('{') }, temp).catch(() => undefined);
  expect(readdirSync(temp)).toEqual([]);
});
