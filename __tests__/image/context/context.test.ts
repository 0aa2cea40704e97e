import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../../src/faults.ts';
import { openContext } from '../../../src/image/context/context.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { asNobody, COPY_ALL, listTree, makeTree, open, type Tree } from './tree.ts';

const newFolder = tempFolders();

/** What is sent of a tree, by the names in a copy of it. */
async function sent(tree: Tree, more: Parameters<typeof open>[2] = {}): Promise<readonly string[]> {
  const context = await open(makeTree(newFolder(), tree), newFolder(), { staged: true, ...more });
  const names = listTree(context.folder);
  await context.remove();
  return names;
}

test('a Dockerfile that is no UTF-8 goes to the build byte by byte', async () => {
  const workspace = makeTree(newFolder(), { Dockerfile: 'FROM a\n' });
  const bytes = Buffer.from([...Buffer.from('FROM a\nRUN echo '), 0xe9, 0x0a]);
  writeFileSync(join(workspace, 'Dockerfile'), bytes);
  const { dockerfile, remove } = await openContext({
    workspace,
    context: '.',
    dockerfile: { path: 'Dockerfile', text: bytes.toString('utf8') },
    neverSent: [],
    tempFolder: newFolder(),
    signal: new AbortController().signal,
  });
  expect(readFileSync(dockerfile)).toEqual(bytes);
  await remove();
});

describe('the ignore file', () => {
  const tree = { a: '', b: '', 'docker/Dockerfile': COPY_ALL };
  const dockerfile = { path: 'docker/Dockerfile', text: COPY_ALL };

  test('is .dockerignore of the context', async () => {
    expect(await sent({ ...tree, '.dockerignore': 'a\n' }, { dockerfile })).toEqual([
      '.dockerignore',
      'b',
      'docker',
      'docker/Dockerfile',
    ]);
  });

  test('beside the Dockerfile comes first, even if it is empty', async () => {
    const both = { ...tree, '.dockerignore': 'a\n', 'docker/Dockerfile.dockerignore': 'b\ndocker\n.dockerignore\n' };
    expect(await sent(both, { dockerfile })).toEqual(['a']);
    expect(await sent({ ...both, 'docker/Dockerfile.dockerignore': '' }, { dockerfile })).toContain('a');
  });

  test('of a Dockerfile that we write is that of the context', async () => {
    const written = { path: undefined, text: COPY_ALL };
    const both = { a: '', b: '', '.dockerignore': '.dockerignore\na', 'Dockerfile.dockerignore': 'b' };
    expect(await sent(both, { dockerfile: written })).toEqual(['Dockerfile.dockerignore', 'b']);
  });

  test('of a context below the workspace lies there', async () => {
    expect(
      await sent({ '.dockerignore': '*', 'app/.dockerignore': 'a', 'app/a': '', 'app/b': '' }, { context: 'app' }),
    ).toEqual(['.dockerignore', 'b']);
  });

  test('may ignore the Dockerfile and itself, as both are read apart from the context', async () => {
    const tree = { Dockerfile: COPY_ALL, '.dockerignore': 'Dockerfile\n.dockerignore\n', a: '' };
    const context = await open(makeTree(newFolder(), tree), newFolder());
    expect([context.files, readFileSync(context.dockerfile, 'utf8')]).toEqual([1, COPY_ALL]);
  });

  test('is told by its name and line where it is wrong', async () => {
    const opened = open(makeTree(newFolder(), { 'app/.dockerignore': 'a\n[' }), newFolder(), { context: 'app' });
    await expect(opened).rejects.toThrow(InputError);
    await expect(opened).rejects.toThrow('app/.dockerignore:2: the pattern "["');
  });

  test('is no link out of the workspace', async () => {
    const outside = makeTree(newFolder(), { ignore: 'a' });
    const opened = open(makeTree(newFolder(), { '.dockerignore': { link: join(outside, 'ignore') } }), newFolder());
    await expect(opened).rejects.toThrow('.dockerignore cannot be read: it leads to');
  });

  test('may be a link within the workspace', async () => {
    expect(await sent({ '.dockerignore': { link: 'ignore' }, ignore: 'a', a: '' })).toEqual([
      '.dockerignore',
      'ignore',
    ]);
  });
});

describe('what the builder is given', () => {
  test('is the folder itself, with a Dockerfile and an ignore file of our own elsewhere', async () => {
    const workspace = makeTree(newFolder(), {
      'gpu.Dockerfile': 'x',
      '.dockerignore': 'a\r\n!b',
      'gha-creds-1.json': 'S',
    });
    const temp = newFolder();
    const context = await open(workspace, temp, { dockerfile: { path: 'gpu.Dockerfile', text: COPY_ALL } });
    expect(context.folder).toBe(workspace);
    expect(context.dockerfile).toMatch(/\/build-[^/]+\/gpu\.Dockerfile$/);
    expect(context.ignoreFile).toBe(`${context.dockerfile}.dockerignore`);
    expect(readFileSync(context.ignoreFile, 'utf8').split('\n')).toEqual([
      'a\r',
      '!b',
      '# Never sent by this step:',
      '**/gha-creds-*.json',
      '**/gha-creds-*.json/**',
      '**/.git',
      '**/.git/**',
      'gha\\-creds\\-1\\.json',
      'gha\\-creds\\-1\\.json/**',
      '',
    ]);
    expect(statSync(join(temp, readdirSync(temp)[0] ?? '')).mode & 0o777).toBe(0o700);
    await context.remove();
    expect(readdirSync(temp)).toEqual([]);
  });

  test.each(['-f', 'a b', 'Dockerfile\n', 'context', '..'])(
    'is called Dockerfile where %j would not do',
    async (path) => {
      const context = await open(newFolder(), newFolder(), { dockerfile: { path, text: COPY_ALL } });
      expect(context.dockerfile).toMatch(/\/Dockerfile$/);
    },
  );

  test('is counted, the largest files first', async () => {
    const tree = { a: 'a', 'b/c': 'x'.repeat(300), d: 'y'.repeat(20), e: '', 'f/': '', link: { link: 'b/c' } };
    const { files, bytes, largest } = await open(makeTree(newFolder(), tree), newFolder());
    expect({ files, bytes, largest: largest.slice(0, 3) }).toEqual({
      files: 4,
      bytes: 321,
      largest: [
        { path: 'b/c', bytes: 300 },
        { path: 'd', bytes: 20 },
        { path: 'a', bytes: 1 },
      ],
    });
  });

  test('leaves nothing behind when it cannot be made', async () => {
    const temp = newFolder();
    await expect(open(makeTree(newFolder(), { '.dockerignore': '[' }), temp)).rejects.toThrow();
    expect(readdirSync(temp)).toEqual([]);
  });

  test('is not made once the step is cancelled', async () => {
    const temp = newFolder();
    const opened = open(makeTree(newFolder(), { a: '' }), temp, { signal: AbortSignal.abort(new Error('cancelled')) });
    await expect(opened).rejects.toThrow('cancelled');
    expect(readdirSync(temp)).toEqual([]);
  });
});

describe('the context', () => {
  test('may be reached by a link within the workspace', async () => {
    expect(await sent({ 'real/a': '', link: { link: 'real' } }, { context: 'link' })).toEqual(['a']);
  });

  test.each([
    {
      name: 'a link out of the workspace',
      tree: { out: { link: '/usr' } },
      context: 'out',
      why: 'outside the workspace',
    },
    { name: 'not there', tree: {}, context: 'none', why: 'ENOENT' },
    { name: 'a file', tree: { a: '' }, context: 'a', why: 'ENOTDIR' },
  ])('is refused where it is $name', async ({ tree, context, why }) => {
    await expect(open(makeTree(newFolder(), tree), newFolder(), { context })).rejects.toThrow(why);
  });
});

describe('an ignored folder', () => {
  test('is sent where an exception takes something in it, and then alone', async () => {
    const tree = { '.dockerignore': '*\n!a/b/c\n!x/y', 'a/b/c': '', 'a/b/d': '', 'a/e/f': '', 'x/z': '' };
    expect(await sent(tree)).toEqual(['a', 'a/b', 'a/b/c']);
  });

  test('without an exception need not be readable', async () => {
    const workspace = makeTree(newFolder(), { '.dockerignore': 'a\n!**/b', 'a/': { mode: 0 }, b: '' });
    expect((await asNobody(workspace, newFolder())).files).toBe(2);
  });
});

describe('what cannot be read is told', () => {
  test.each([
    { name: 'a file', tree: { 'a b': { content: 'x', mode: 0 } }, what: '"a b"' },
    { name: 'an empty file', tree: { a: { mode: 0 } }, what: '"a"' },
    { name: 'a folder', tree: { 'c/d/': { mode: 0 } }, what: '"c/d"' },
    { name: 'a large file', tree: { big: { content: 'x'.repeat(20_000_000), mode: 0 } }, what: '"big"' },
  ])('of $name', async ({ tree, what }) => {
    const opened = asNobody(makeTree(newFolder(), tree), newFolder());
    await expect(opened).rejects.toThrow(`${what} in the context cannot be read: `);
    await expect(opened).rejects.toThrow('EACCES');
    await expect(opened).rejects.toThrow('name it in .dockerignore if the image does not need it');
  });
});

test('files that are neither files nor folders are sent as Docker sends them', async () => {
  const workspace = makeTree(newFolder(), { a: '' });
  execFileSync('mkfifo', [join(workspace, 'pipe')]);
  const server = createServer().listen(join(workspace, 'socket'));
  await once(server, 'listening');
  try {
    expect((await open(workspace, newFolder())).files).toBe(1);
    await expect(open(workspace, newFolder(), { staged: true })).rejects.toThrow('"pipe" in the context is a pipe');
    writeFileSync(join(workspace, '.dockerignore'), 'pipe\n');
    const { folder } = await open(workspace, newFolder(), { staged: true });
    // A socket arrives as an empty file.
    expect([listTree(folder), statSync(join(folder, 'socket')).isFile()]).toEqual([
      ['.dockerignore', 'a', 'socket'],
      true,
    ]);
  } finally {
    server.close();
  }
});

test('hostile names are sent under the same bytes', async () => {
  const names = ['a\nb', '!a', '#b', '*', 'a ', ' a', 'a\\b', '[a]', '?', '-rf', 'é', '\u202e', 'a\tb', '..a', '{a,b}'];
  const workspace = makeTree(newFolder(), Object.fromEntries(names.map((name) => [name, name])));
  const raw = Buffer.concat([Buffer.from(`${workspace}/`), Buffer.from([0xff, 0x61, 0xc3])]);
  writeFileSync(raw, 'raw');
  const { folder } = await open(workspace, newFolder(), { staged: true });
  const expected = [...names.map((name) => Buffer.from(name).toString('latin1')), '\xffa\xc3'].sort();
  expect(readdirSync(folder, 'latin1').sort()).toEqual(expected);
});

test('links are sent as they are, also in loops and out of the context', async () => {
  const workspace = makeTree(newFolder(), { 'a/b': '' });
  symlinkSync('..', join(workspace, 'a', 'loop'));
  symlinkSync('self', join(workspace, 'self'));
  symlinkSync('/etc', join(workspace, 'etc'));
  const { files, folder } = await open(workspace, newFolder(), { staged: true });
  expect([files, listTree(folder)]).toEqual([1, ['a', 'a/b', 'a/loop', 'etc', 'self']]);
});

test('the workspace is not changed', async () => {
  const config = '[http]\n\textraheader = S\n';
  const workspace = makeTree(newFolder(), { '.dockerignore': '!.git', '.git/config': config, a: { mode: 0o640 } });
  const state = () =>
    listTree(workspace).map((path) => {
      const { mode, mtimeMs, nlink, ino } = statSync(join(workspace, path));
      return { path, mode, mtimeMs, nlink, ino };
    });
  const before = state();
  const context = await open(workspace, newFolder());
  await context.remove();
  expect([state(), readFileSync(join(workspace, '.git/config'), 'utf8')]).toEqual([before, config]);
});
