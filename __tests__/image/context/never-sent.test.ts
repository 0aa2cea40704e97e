import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { credentialFiles } from '../../../src/image/context/context.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { listTree, makeTree, open, type Tree } from './tree.ts';

const newFolder = tempFolders();

describe('credentials that the environment names', () => {
  test.each([
    { env: {}, named: [] },
    { env: { GOOGLE_APPLICATION_CREDENTIALS: '/w/key.json' }, named: ['/w/key.json'] },
    { env: { GOOGLE_GHA_CREDS_PATH: '/w/a', CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE: '/w/a' }, named: ['/w/a'] },
    { env: { GOOGLE_APPLICATION_CREDENTIALS: '' }, named: [] },
    { env: { DOCKER_CONFIG: '/w/.docker' }, named: ['/w/.docker', '/w/.docker/config.json'] },
    { env: { KUBECONFIG: '/w/a:/w/b' }, named: ['/w/a', '/w/b'] },
    { env: { NETRC: '/w/a:b' }, named: ['/w/a:b'] },
    { env: { CLOUDSDK_CONFIG: '/w/../w/gcloud/' }, named: ['/w/gcloud'] },
  ])('$env', ({ env, named }) => {
    expect(credentialFiles(env)).toEqual(named);
  });

  test('and those in the home folder', () => {
    expect(credentialFiles({ HOME: '/w' })).toEqual(
      expect.arrayContaining([
        '/w/.docker/config.json',
        '/w/.config/gcloud',
        '/w/.netrc',
        '/w/.git-credentials',
        '/w/.ssh',
      ]),
    );
  });
});

/** Names in a copy of the context, and what is told as withheld. */
async function opened(workspace: string, never: readonly string[] = [], temp = newFolder()) {
  const paths = never.map((path) => join(workspace, path));
  const { folder, withheld, remove } = await open(workspace, temp, { neverSent: paths, staged: true });
  const names = listTree(folder);
  await remove();
  return { names, withheld };
}

const make = (tree: Tree) => makeTree(newFolder(), tree);

describe('never sent, whatever the ignore file says,', () => {
  test('are the key files of google-github-actions/auth, at any depth', async () => {
    const keys = { 'gha-creds-0123456789abcdef.json': 'S', 'a/b/gha-creds-x.json': 'S', 'a\nb/gha-creds-\n.json': 'S' };
    const others = { 'gha-creds.json': '', 'a/my-gha-creds-1.json': '', 'gha-creds-1.json.txt': '' };
    const tree = { ...keys, ...others, '.dockerignore': '!gha-creds-*.json\n!**/gha-creds-*.json\n!**\n' };
    expect(await opened(make(tree))).toEqual({
      names: [
        '.dockerignore',
        'a',
        'a\nb',
        'a/b',
        'a/my-gha-creds-1.json',
        'gha-creds-1.json.txt',
        'gha-creds.json',
      ].sort(),
      withheld: ['a/b/gha-creds-x.json', 'a\nb/gha-creds-\n.json', 'gha-creds-0123456789abcdef.json'],
    });
  });

  test('are files and folders that are named', async () => {
    const tree = {
      'key.json': 'S',
      'keys/a': 'S',
      'keys/b/c': 'S',
      keys2: '',
      'b/key.json': '',
      '.dockerignore': '!keys/**\n',
    };
    expect(await opened(make(tree), ['key.json', 'keys', 'missing', 'keys/b/c'])).toEqual({
      names: ['.dockerignore', 'b', 'b/key.json', 'keys2'],
      withheld: ['key.json', 'keys'],
    });
  });

  test('are the files that links of that name lead to, and other names of the same file', async () => {
    const workspace = make({ 'real/key.json': 'S', 'real/other': '', '.dockerignore': '' });
    symlinkSync('real', join(workspace, 'link'));
    linkSync(join(workspace, 'real/key.json'), join(workspace, 'twin'));
    const { names, withheld } = await opened(workspace, ['link/key.json']);
    expect([names, withheld]).toEqual([
      ['.dockerignore', 'link', 'real', 'real/other'],
      ['real/key.json', 'twin'],
    ]);
  });

  test('is a name that is not there yet, below a workspace that is reached by a link', async () => {
    const workspace = make({ 'a/b': '' });
    const link = join(newFolder(), 'link');
    symlinkSync(workspace, link);
    const { ignoreFile, remove } = await open(workspace, newFolder(), { neverSent: [join(link, 'a', 'b')] });
    expect(readFileSync(ignoreFile, 'utf8')).toContain('\na/b\na/b/**\n');
    await remove();
  });

  test('are what the ignore file lets through of a folder that it ignores', async () => {
    const workspace = make({ 'keys/public': 'S', 'keys/b': 'S', a: '', '.dockerignore': 'keys\n!keys/public\n' });
    expect(await opened(workspace, ['keys'])).toEqual({ names: ['.dockerignore', 'a'], withheld: [] });
    const { ignoreFile } = await open(workspace, newFolder(), { neverSent: [join(workspace, 'keys')] });
    expect(readFileSync(ignoreFile, 'utf8')).toMatch(/!keys\/public\n\n[\s\S]*\nkeys\nkeys\/\*\*\n$/);
  });

  test('is the temporary folder, and in it what this step made', async () => {
    const workspace = make({ 'temp/old': 'S', a: '', '.dockerignore': '' });
    expect(await opened(workspace, [], join(workspace, 'temp'))).toEqual({
      names: ['.dockerignore', 'a'],
      withheld: ['temp'],
    });
    // The workspace serves as the temporary folder where the runner names none.
    const { names, withheld } = await opened(workspace, [], workspace);
    expect([names, withheld]).toEqual([['.dockerignore', 'a', 'temp', 'temp/old'], []]);
  });

  test('but not the context itself, nor a folder around it', async () => {
    const workspace = make({ 'app/a': '', 'app/config.json': 'S' });
    const { files } = await open(workspace, newFolder(), {
      context: 'app',
      neverSent: [
        workspace,
        join(workspace, 'app'),
        '/',
        ...credentialFiles({ DOCKER_CONFIG: join(workspace, 'app') }),
      ],
    });
    expect(files).toBe(1);
  });
});

test('a file is not taken for another one that only shares its size and time', async () => {
  const workspace = make({ 'key.json': 'S' });
  mkdirSync(join(workspace, 'a'));
  renameSync(join(workspace, 'key.json'), join(workspace, 'a/key.json'));
  writeFileSync(join(workspace, 'key.json'), 'T');
  expect((await opened(workspace, ['key.json'])).names).toEqual(['a', 'a/key.json']);
});
