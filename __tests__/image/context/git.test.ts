import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { gitEntry } from '../../../src/image/context/git.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { listTree, makeTree, open } from './tree.ts';

const newFolder = tempFolders();

describe.each([
  { path: '.git/config', becomes: 'without credentials' },
  { path: '.git/config.worktree', becomes: 'without credentials' },
  { path: '.git/modules/a/modules/b/config', becomes: 'without credentials' },
  { path: '.git/worktrees/a/config.worktree', becomes: 'without credentials' },
  { path: 'sub/.git/config', becomes: 'without credentials' },
  { path: '.git/logs/HEAD', becomes: 'without credentials' },
  { path: '.git/FETCH_HEAD', becomes: 'without credentials' },
  { path: '.git/credentials', becomes: 'withheld' },
  { path: '.git/.git-credentials', becomes: 'withheld' },
  { path: '.git/git-credentials-0123.config', becomes: 'withheld' },
  { path: '.git/modules/logs/config', becomes: 'without credentials' },
  { path: '.git/modules/refs/heads/config', becomes: 'without credentials' },
  { path: '.git/refs/heads/config', becomes: 'without credentials' },
  { path: '.git/modules/logs/objects/pack/pack-1.pack', becomes: 'as it is' },
  { path: '.git/refs/heads/credentials', becomes: 'as it is' },
  { path: '.git/remotes/origin', becomes: 'without credentials' },
  { path: '.git/branches/b', becomes: 'without credentials' },
  { path: '.git/config.bak', becomes: 'withheld' },
  { path: '.git/modules/a/config.orig', becomes: 'withheld' },
  { path: '.git/refs/heads/config.bak', becomes: 'as it is' },
  { path: '.git/HEAD', becomes: 'as it is' },
  { path: '.git', becomes: 'as it is' },
] as const)('$path', ({ path, becomes }) => {
  test(`is sent ${becomes}`, () => expect(gitEntry(path, 'file')).toBe(becomes));
});

test('a branch called config stays what it is', async () => {
  const workspace = repository('!.git\n');
  execFileSync('git', ['-C', workspace, 'branch', 'config']);
  const { folder } = await open(workspace, newFolder());
  for (const path of ['.git/refs/heads/config', '.git/logs/refs/heads/config']) {
    expect(readFileSync(join(folder, path), 'utf8')).toBe(readFileSync(join(workspace, path), 'utf8'));
  }
});

test('a configuration that is a link is not sent: what it leads to has another name', () => {
  expect(gitEntry('.git/config', 'link')).toBe('withheld');
});

/** A repository with a token in its configuration, as actions/checkout leaves it. */
function repository(ignore: string): string {
  const workspace = makeTree(newFolder(), { '.dockerignore': ignore, 'a.py': 'print(1)\n' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', workspace, '-c', 'user.name=n', '-c', 'user.email=e', ...args]);
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message=first');
  git('remote', 'add', 'origin', 'https://x-access-token:SECRET@github.com/o/r');
  git('config', 'http.https://github.com/.extraheader', 'AUTHORIZATION: basic SECRET');
  makeTree(workspace, {
    'sub/.git': 'gitdir: ../.git/modules/sub\n',
    '.git/modules/sub/config': '[http]\n\textraheader = SECRET\n',
    '.git/git-credentials': 'https://x:SECRET@github.com',
  });
  return workspace;
}

const contentsOf = (folder: string) => execFileSync('grep', ['-rl', '-a', '-e', '.', folder], { encoding: 'utf8' });
const holdsSecret = (folder: string) => {
  const found = execFileSync('sh', ['-c', 'grep -rla SECRET "$1" || true', 'sh', folder], { encoding: 'utf8' });
  return found !== '';
};

test.each(['', '.git\n', '*\n!*.py\n', '!**\n'])('without !.git, none is sent: %j', async (ignore) => {
  const workspace = repository(ignore);
  const { folder, digest, ignoreFile, withheld } = await open(workspace, newFolder());
  expect(folder).toBe(workspace);
  expect(readFileSync(ignoreFile, 'utf8')).toMatch(/\n\*\*\/\.git\n\*\*\/\.git\/\*\*\n/);
  const copy = await open(workspace, newFolder(), { staged: true });
  expect(listTree(copy.folder).filter((path) => path.includes('.git/') || path.endsWith('.git'))).toEqual([]);
  expect([copy.digest, holdsSecret(copy.folder)]).toEqual([digest, false]);
  if (ignore === '') expect(withheld).toEqual(['.git', 'sub/.git']);
});

describe('with !.git', () => {
  test('a copy is sent, which git reads, without its credentials', async () => {
    const workspace = repository('!.git\n');
    const { folder, withheld, ignoreFile } = await open(workspace, newFolder());
    expect(folder).not.toBe(workspace);
    expect(readFileSync(ignoreFile, 'utf8')).toMatch(/^#.*\n$/);
    const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
    expect(git('log', '--format=%s')).toBe('first\n');
    expect(git('remote', 'get-url', 'origin')).toBe('https://github.com/o/r\n');
    expect(git('status', '--porcelain', '--untracked-files=no')).toBe('');
    expect([contentsOf(folder) !== '', holdsSecret(folder), holdsSecret(workspace)]).toEqual([true, false, true]);
    expect(withheld).toEqual(['.git/git-credentials', 'sub/.git']);
  });

  test('nested ones are sent where an exception names them', async () => {
    const { folder } = await open(repository('!**/.git\n'), newFolder());
    expect(listTree(folder)).toEqual(expect.arrayContaining(['.git/config', '.git/modules/sub/config', 'sub/.git']));
    expect(holdsSecret(folder)).toBe(false);
  });

  test('a part of it can be sent', async () => {
    const { folder } = await open(repository('*\n!.git/HEAD\n'), newFolder());
    expect(listTree(folder)).toEqual(['.git', '.git/HEAD']);
  });

  test('another token in the configuration does not change the digest, another remote does', async () => {
    const workspace = repository('!.git\n');
    const digest = async () => (await open(workspace, newFolder())).digest;
    const before = await digest();
    const git = (...args: string[]) => execFileSync('git', ['-C', workspace, ...args]);
    git('config', 'http.https://github.com/.extraheader', 'AUTHORIZATION: basic OTHER');
    git('remote', 'set-url', 'origin', 'https://x-access-token:OTHER@github.com/o/r');
    expect(await digest()).toBe(before);
    git('remote', 'set-url', 'origin', 'https://github.com/o/r2');
    expect(await digest()).not.toBe(before);
  });

  test('a configuration that cannot be understood is told, not sent', async () => {
    const workspace = repository('!.git\n');
    makeTree(workspace, { '.git/config': 'SECRET' });
    await expect(open(workspace, newFolder())).rejects.toThrow(
      '.git/config is to be sent with .git, but cannot be cleaned of credentials: line 1 is no git configuration. Mend it, or take !.git out of the ignore file.',
    );
  });
});

test('files of the copy are the same files, with the same modes and times', async () => {
  const workspace = repository('!.git\n');
  const tree = { 'run.sh': { content: 'x', mode: 0o750 }, 'data/': { mode: 0o555 }, 'data2/a': { mode: 0o444 } };
  const { folder, remove } = await open(makeTree(workspace, tree), newFolder());
  const state = (root: string, path: string) =>
    execFileSync('stat', ['-c', '%a %Y %s %F', join(root, path)], { encoding: 'utf8' });
  const paths = listTree(folder).filter((path) => !/config|logs/.test(path));
  expect(paths.map((path) => state(folder, path))).toEqual(paths.map((path) => state(workspace, path)));
  const inode = (root: string) => execFileSync('stat', ['-c', '%i', join(root, 'run.sh')], { encoding: 'utf8' });
  expect(inode(folder)).toBe(inode(workspace));
  await remove();
});
