import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loginInFile } from '../../../src/image/registry/docker-auths.ts';
import { type LoginOptions, registryCredentials } from '../../../src/image/registry/login.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { type Script, scripted } from '../programs.ts';

const newFolder = tempFolders();
const encoded = (text: string) => ({ auth: Buffer.from(text).toString('base64') });

async function asked(config: unknown, more: Partial<LoginOptions> = {}, run?: Script['run']) {
  const folder = await newFolder();
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const log = recordingLog();
  const programs = scripted(run === undefined ? {} : { run });
  const env = { DOCKER_CONFIG: folder, PATH: '/bin' };
  const options = {
    env,
    programs,
    log,
    given: undefined,
    vertexOnLoopback: false,
    accessToken: async () => 'ya29.T',
    ...more,
  };
  return { credentials: registryCredentials(options), log, programs, env };
}

describe("a login in Docker's configuration", () => {
  test.each([
    {
      name: 'by its host',
      registry: 'r.example',
      auths: { 'r.example': encoded('me:w:ord') },
      login: { username: 'me', password: 'w:ord' },
    },
    {
      name: 'with its port',
      registry: 'localhost:5000',
      auths: { 'localhost:5000': encoded('me:word') },
      login: { username: 'me', password: 'word' },
    },
    {
      name: 'by an address, as older clients wrote it',
      registry: 'r.example',
      auths: { 'https://r.example/v1/': encoded('me:word') },
      login: { username: 'me', password: 'word' },
    },
    {
      name: 'at Docker Hub',
      registry: 'docker.io',
      auths: { 'https://index.docker.io/v1/': encoded('me:word') },
      login: { username: 'me', password: 'word' },
    },
    {
      name: 'padded with zeros',
      registry: 'r.example',
      auths: { 'r.example': encoded('me:word\0\0') },
      login: { username: 'me', password: 'word' },
    },
    {
      name: 'as a refresh token',
      registry: 'r.example',
      auths: { 'r.example': { ...encoded('me:'), identitytoken: 'RT' } },
      login: { identityToken: 'RT' },
    },
    {
      name: 'as a refresh token in the place of a password',
      registry: 'r.example',
      auths: { 'r.example': encoded('<token>:RT') },
      login: { identityToken: 'RT' },
    },
    {
      name: 'of another host',
      registry: 'r.example',
      auths: { 'r.example.evil': encoded('me:word'), 'evil/r.example': encoded('me:word') },
      login: undefined,
    },
    {
      name: 'of another port',
      registry: 'r.example',
      auths: { 'r.example:5000': encoded('me:word') },
      login: undefined,
    },
    { name: 'without a colon', registry: 'r.example', auths: { 'r.example': encoded('me') }, login: undefined },
    { name: 'without a password', registry: 'r.example', auths: { 'r.example': encoded('me:') }, login: undefined },
    { name: 'that is empty', registry: 'r.example', auths: { 'r.example': {} }, login: undefined },
    { name: 'of another form', registry: 'r.example', auths: { 'r.example': { auth: 5 } }, login: undefined },
    { name: 'in a list', registry: '0', auths: [encoded('me:word')], login: undefined },
    { name: 'in nothing', registry: 'r.example', auths: undefined, login: undefined },
    { name: 'of a name that every object has', registry: 'constructor', auths: {}, login: undefined },
  ])('$name', ({ registry, auths, login }) => {
    expect(loginInFile({ auths }, registry)).toEqual(login);
  });
});

describe('the login for a registry', () => {
  const given = { registry: 'r.example', username: 'given', password: 'G1ven' };

  test('is what the step was given for it, and for it alone', async () => {
    const { credentials } = await asked({ auths: { 's.example': encoded('me:word') } }, { given });
    expect(await credentials('r.example')).toEqual({ username: 'given', password: 'G1ven' });
    expect(await credentials('s.example')).toEqual({ username: 'me', password: 'word' });
    expect(await credentials('t.example')).toBeUndefined();
  });

  test.each([
    { registry: 'us-docker.pkg.dev', loopback: false, google: true },
    { registry: 'gcr.io', loopback: false, google: true },
    { registry: 'localhost:5000', loopback: true, google: true },
    { registry: 'localhost:5000', loopback: false, google: false },
    { registry: 'pkg.dev.evil.example', loopback: true, google: false },
  ])(
    "at $registry (Vertex on loopback: $loopback) is Google's token: $google",
    async ({ registry, loopback, google }) => {
      let tokens = 0;
      const accessToken = async () => {
        tokens += 1;
        return 'ya29.T';
      };
      const { credentials } = await asked({}, { vertexOnLoopback: loopback, accessToken });
      expect(await credentials(registry)).toEqual(
        google ? { username: 'oauth2accesstoken', password: 'ya29.T' } : undefined,
      );
      expect(tokens).toBe(google ? 1 : 0);
    },
  );

  test('is masked before it is handed on, also as it stands in a header', async () => {
    const { credentials, log } = await asked({
      auths: { 'r.example': encoded('me:word'), 's.example': { identitytoken: 'RT' } },
    });
    await credentials('r.example');
    await credentials('s.example');
    await credentials('t.example');
    expect(log.said).toEqual([
      ['mask', 'word'],
      ['mask', encoded('me:word').auth],
      ['mask', 'RT'],
    ]);
  });
});

describe('a credential helper', () => {
  const answer = (value: object) => () => ({ exitCode: 0, stdout: JSON.stringify(value) });

  test.each([
    {
      name: 'for the registry',
      config: { credHelpers: { 'r.example': 'one' }, credsStore: 'all' },
      registry: 'r.example',
      program: 'docker-credential-one',
      input: 'r.example',
    },
    {
      name: 'for all',
      config: { credHelpers: { 's.example': 'one' }, credsStore: 'all' },
      registry: 'r.example',
      program: 'docker-credential-all',
      input: 'r.example',
    },
    {
      name: 'for Docker Hub',
      config: { credHelpers: { 'https://index.docker.io/v1/': 'hub' } },
      registry: 'docker.io',
      program: 'docker-credential-hub',
      input: 'https://index.docker.io/v1/',
    },
    {
      name: 'for Docker Hub by its short name',
      config: { credHelpers: { 'docker.io': 'hub' } },
      registry: 'docker.io',
      program: 'docker-credential-hub',
      input: 'https://index.docker.io/v1/',
    },
  ])('$name is asked on stdin', async ({ config, registry, program, input }) => {
    const { credentials, programs, env } = await asked(config, {}, answer({ Username: 'me', Secret: 'word' }));
    expect(await credentials(registry)).toEqual({ username: 'me', password: 'word' });
    expect(programs.calls).toEqual([{ program, args: ['get'], env, input }]);
  });

  test('may keep a refresh token', async () => {
    const { credentials } = await asked({ credsStore: 'all' }, {}, answer({ Username: '<token>', Secret: 'RT' }));
    expect(await credentials('r.example')).toEqual({ identityToken: 'RT' });
  });

  test('that is named by nothing leaves the login to the file', async () => {
    const config = { credHelpers: { 'r.example': '' }, credsStore: 'all', auths: { 'r.example': encoded('me:word') } };
    const { credentials, programs } = await asked(config);
    expect(await credentials('r.example')).toEqual({ username: 'me', password: 'word' });
    expect(programs.calls).toEqual([]);
  });

  test.each(['../evil', 'a b', 'a;b', '/bin/sh', 'a/b', 'ä', 'a.exe'])('named %j is not started', async (name) => {
    const { credentials, programs, log } = await asked({
      credsStore: name,
      auths: { 'r.example': encoded('me:word') },
    });
    expect(await credentials('r.example')).toBeUndefined();
    expect(programs.calls).toEqual([]);
    expect(log.texts('warning')).toHaveLength(1);
  });

  test.each([
    {
      name: 'that has no login',
      run: () => ({ exitCode: 1, stdout: 'credentials not found in native keychain\n' }),
      warning: undefined,
    },
    {
      name: 'that fails',
      run: () => ({ exitCode: 2, stdout: 'S3cret', stderr: 'S3cret' }),
      warning: 'ended with exit code 2',
    },
    { name: 'that answers something else', run: () => ({ stdout: 'S3cret' }), warning: undefined },
    { name: 'that answers nothing of use', run: answer({ Username: 5 }), warning: undefined },
    {
      name: 'that is not there',
      run: () => {
        throw new Error('S3cret');
      },
      warning: 'cannot be started',
    },
  ])('$name leaves the registry without a login, and its words unsaid', async ({ run, warning }) => {
    const { credentials, log } = await asked({ credsStore: 'all' }, {}, run);
    expect(await credentials('r.example')).toBeUndefined();
    const expected = `docker-credential-all, which Docker's configuration names for r.example, ${warning}. The registry is asked without a login.`;
    expect(log.said).toEqual(warning === undefined ? [] : [['warning', expected]]);
  });
});
