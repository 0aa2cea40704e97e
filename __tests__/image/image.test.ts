import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { makeImage } from '../../src/image/image.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { planOf } from '../plan/run.ts';
import { type Script, scripted } from './programs.ts';

const newFolder = tempFolders();
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const PUSHED: Script = {
  run: (args) => (args[0] === 'image' ? { stdout: `${DIGEST}\n` } : undefined),
  stream: (args) => {
    const metadata = args.find((arg) => arg.startsWith('--metadata-file='))?.slice('--metadata-file='.length);
    if (metadata !== undefined) writeFileSync(metadata, JSON.stringify({ 'containerimage.digest': DIGEST }));
    return 0;
  },
};

function imageOf(given: Parameters<typeof planOf>[0]) {
  const { image } = planOf(given);
  if (image === undefined) throw new Error('the plan builds no image');
  return image;
}

function scene(script: Script, given: Parameters<typeof planOf>[0] = {}) {
  const tempFolder = newFolder();
  const programs = scripted(script);
  const folders: string[] = [];
  const make = () =>
    makeImage({
      plan: imageOf(given),
      workspace: '/w',
      tempFolder,
      env: { HOME: newFolder() },
      programs,
      log: recordingLog(),
      signal: new AbortController().signal,
      login: undefined,
      vertexOnLoopback: false,
      accessToken: async () => 'TOKEN',
      onConfigFolder: (folder) => {
        expect(existsSync(folder)).toBe(true);
        expect(programs.calls).toEqual([]);
        folders.push(folder);
      },
    });
  return { make, programs, tempFolder, folders };
}

describe('making the image', () => {
  test('signs in before it builds, both with the folder that is told beforehand and gone afterwards', async () => {
    const { make, programs, tempFolder, folders } = scene(PUSHED);
    expect(await make()).toBe(`us-central1-docker.pkg.dev/my-project/training/mnist@${DIGEST}`);
    expect(programs.calls.map(({ args }) => args[0])).toEqual(['login', 'buildx', 'buildx']);
    expect(new Set(programs.calls.map(({ env }) => env['DOCKER_CONFIG']))).toEqual(new Set(folders));
    expect(readdirSync(tempFolder)).toEqual([]);
  });

  test('for this machine signs in nowhere', async () => {
    const { make, programs } = scene(PUSHED, { region: 'local', image: '' });
    expect(await make()).toBe(DIGEST);
    expect(programs.calls.map(({ args }) => args[0])).not.toContain('login');
  });

  test('to a registry that is not Google’s sends no token there', async () => {
    const { make, programs } = scene(PUSHED, { image: 'ghcr.io/me/i' });
    await make();
    expect(JSON.stringify(programs.calls)).not.toContain('TOKEN');
  });

  test.each<{ name: string; script: Script }>([
    { name: 'sign-in', script: { run: (args) => (args[0] === 'login' ? { exitCode: 1 } : undefined) } },
    { name: 'build', script: { stream: () => 1 } },
  ])('leaves no login behind when the $name fails', async ({ script }) => {
    const { make, tempFolder } = scene(script);
    await expect(make()).rejects.toThrow();
    expect(readdirSync(tempFolder)).toEqual([]);
  });
});
