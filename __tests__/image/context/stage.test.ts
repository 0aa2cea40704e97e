import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempFolders } from '../../ground/temp-folder.ts';
import { asNobody, COPY_ALL, listTree, makeTree, open } from './tree.ts';

const newFolder = tempFolders();

describe('a copy', () => {
  const TREE = { 'a/b/c': { content: 'x', mode: 0o640 }, 'a/': { mode: 0o555 }, link: { link: 'a' }, 'd/\u00ff': 'y' };
  const state = (root: string) =>
    listTree(root).map((path) => {
      const { mode, mtimeMs, size } = lstatSync(join(root, path));
      return { path, mode, size: (mode & 0o040000) === 0 ? size : 0, seconds: Math.floor(mtimeMs / 1000) };
    });

  test('on another file system is of copied files, modes and times the same', async () => {
    const workspace = makeTree(newFolder(), TREE);
    const [other = ''] = ['/dev/shm'].filter((folder) => statSync(folder).dev !== statSync(workspace).dev);
    expect(other).not.toBe('');
    const temp = mkdtempSync(join(other, 'context-test-'));
    try {
      const { folder, remove } = await open(workspace, temp, { staged: true });
      expect(state(folder)).toEqual(state(workspace));
      expect(statSync(join(folder, 'a/b/c')).nlink).toBe(1);
      await remove();
      expect(readdirSync(temp)).toEqual([]);
    } finally {
      rmSync(temp, { recursive: true });
    }
  });

  test('is removed although a folder in it may not be written', async () => {
    const temp = newFolder();
    await asNobody(makeTree(newFolder(), TREE), temp, { staged: true }, ({ remove }) => remove());
    expect(readdirSync(temp)).toEqual([]);
  });

  test('is made for a frontend that may not know our ignore file', async () => {
    const workspace = makeTree(newFolder(), { 'gha-creds-1.json': 'S', a: '' });
    const text = `# syntax=example.com/frontend\n${COPY_ALL}`;
    const { folder } = await open(workspace, newFolder(), { dockerfile: { path: undefined, text } });
    expect(listTree(folder)).toEqual(['a']);
  });
});
