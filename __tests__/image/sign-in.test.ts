import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/faults.ts';
import { chooseLogin, signIn } from '../../src/image/sign-in.ts';
import { scripted } from './programs.ts';

const LOGIN = { username: 'me', password: 'S3cret' };

describe('the login', () => {
  test.each([
    { name: 'that was given goes first', registry: 'gcr.io', given: LOGIN, loopback: false, login: LOGIN },
    {
      name: "for Google's registry is the access token",
      registry: 'us-docker.pkg.dev',
      given: undefined,
      loopback: false,
      login: { username: 'oauth2accesstoken', password: 'TOKEN' },
    },
    {
      name: 'for a registry on this machine, like Vertex, is the access token',
      registry: 'localhost:5000',
      given: undefined,
      loopback: true,
      login: { username: 'oauth2accesstoken', password: 'TOKEN' },
    },
    {
      name: 'for another registry is left to docker',
      registry: 'ghcr.io',
      given: undefined,
      loopback: true,
      login: undefined,
    },
    {
      name: 'for a registry on this machine alone is left to docker',
      registry: 'localhost:5000',
      given: undefined,
      loopback: false,
      login: undefined,
    },
  ])('$name', async ({ registry, given, loopback, login }) => {
    let asked = 0;
    const accessToken = async () => {
      asked += 1;
      return 'TOKEN';
    };
    expect(await chooseLogin({ registry, given, vertexOnLoopback: loopback, accessToken })).toEqual(login);
    expect(asked).toBe(login?.password === 'TOKEN' ? 1 : 0);
  });
});

describe('signing in', () => {
  test.each([
    { registry: 'us-docker.pkg.dev', args: ['login', '--username', 'me', '--password-stdin', 'us-docker.pkg.dev'] },
    { registry: 'docker.io', args: ['login', '--username', 'me', '--password-stdin'] },
  ])('to $registry gives the password on stdin and nowhere else', async ({ registry, args }) => {
    const programs = scripted({});
    await signIn({ programs, env: { DOCKER_CONFIG: '/c' }, registry, login: LOGIN });
    expect(programs.calls).toEqual([{ program: 'docker', args, env: { DOCKER_CONFIG: '/c' }, input: 'S3cret' }]);
    expect(JSON.stringify([programs.calls[0]?.args, programs.calls[0]?.env])).not.toContain('S3cret');
  });

  test("that fails says so in the registry's words, with a mend and without the password", async () => {
    const programs = scripted({ run: () => ({ exitCode: 1, stderr: 'Error: unauthorized\n' }) });
    const error = await signIn({ programs, env: {}, registry: 'gcr.io', login: LOGIN }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toBe(
      'Sign-in to the registry gcr.io as me failed: Error: unauthorized. Check that the repository exists and that the identity of this step may push to it (roles/artifactregistry.writer for Artifact Registry).',
    );
  });
});
