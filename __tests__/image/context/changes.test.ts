import { chmodSync, lutimesSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempFolders } from '../../ground/temp-folder.ts';
import { listTree, makeTree, open } from './tree.ts';

const newFolder = tempFolders();

describe('a change after the hash', () => {
  const TREE = {
    '.dockerignore': 'logs\n!.git\n',
    'a/b': 'x',
    'c/': '',
    link: { link: 'a' },
    'logs/a': '',
    '.git/config': '[a]\n',
  };

  test.each<{ readonly change: string; readonly path: string; readonly act: (root: string) => void }>([
    { change: 'a byte', path: 'a/b', act: (root) => writeFileSync(join(root, 'a/b'), 'y') },
    { change: 'a mode', path: 'a/b', act: (root) => chmodSync(join(root, 'a/b'), 0o600) },
    { change: 'a file more', path: 'a/c', act: (root) => writeFileSync(join(root, 'a/c'), '') },
    { change: 'a file more at the end', path: 'z', act: (root) => writeFileSync(join(root, 'z'), '') },
    { change: 'a file less', path: 'a/b', act: (root) => rmSync(join(root, 'a/b')) },
    { change: 'a folder less', path: 'c', act: (root) => rmSync(join(root, 'c'), { recursive: true }) },
    {
      change: 'another target',
      path: 'link',
      act: (root) => {
        rmSync(join(root, 'link'));
        symlinkSync('c', join(root, 'link'));
      },
    },
    {
      change: 'a byte of a configuration of git',
      path: '.git/config',
      act: (root) => writeFileSync(join(root, '.git/config'), '[b]'),
    },
  ])('is told: $change', async ({ path, act }) => {
    const workspace = makeTree(newFolder(), TREE);
    for (const name of listTree(workspace)) lutimesSync(join(workspace, name), 1, 1);
    const { changed } = await open(workspace, newFolder());
    expect(await changed()).toBeUndefined();
    act(workspace);
    expect(await changed()).toBe(path);
  });

  test('of what is ignored is none', async () => {
    const workspace = makeTree(newFolder(), TREE);
    const { changed } = await open(workspace, newFolder());
    writeFileSync(join(workspace, 'logs/a'), 'y');
    writeFileSync(join(workspace, 'gha-creds-1.json'), 'y');
    expect(await changed()).toBeUndefined();
  });
});
