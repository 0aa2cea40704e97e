import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashContents, PIECE } from '../../../src/image/context/contents.ts';
import { neverSent } from '../../../src/image/context/never-sent.ts';
import { walkContext } from '../../../src/image/context/walk.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { makeTree, open, type Tree } from './tree.ts';

const newFolder = tempFolders();
const digestOf = async (workspace: string) => (await open(workspace, newFolder())).digest;

const TREE: Tree = {
  '.dockerignore': 'ignored\nlogs/**\n',
  'a.py': 'print(1)\n',
  'b/run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
  'b/c/d': 'x',
  'b/link': { link: 'c/d' },
  'empty/': { mode: 0o755 },
  ignored: 'x',
  'logs/today': 'x',
};

describe.each<{ readonly name: string; readonly change: (folder: string) => void }>([
  { name: 'a byte', change: (folder) => writeFileSync(join(folder, 'a.py'), 'print(2)\n') },
  { name: 'a byte more', change: (folder) => appendFileSync(join(folder, 'a.py'), '\n') },
  { name: 'no content', change: (folder) => truncateSync(join(folder, 'a.py')) },
  { name: 'an executable bit', change: (folder) => chmodSync(join(folder, 'a.py'), 0o744) },
  { name: 'a bit for the group', change: (folder) => chmodSync(join(folder, 'a.py'), 0o664) },
  { name: 'a set-user-id bit', change: (folder) => chmodSync(join(folder, 'b/run.sh'), 0o4755) },
  { name: "a folder's mode", change: (folder) => chmodSync(join(folder, 'empty'), 0o700) },
  { name: 'a name', change: (folder) => renameSync(join(folder, 'a.py'), join(folder, 'a2.py')) },
  { name: 'another folder', change: (folder) => renameSync(join(folder, 'a.py'), join(folder, 'b/a.py')) },
  { name: 'one file less', change: (folder) => rmSync(join(folder, 'b/c/d')) },
  { name: 'an empty folder less', change: (folder) => rmSync(join(folder, 'empty'), { recursive: true }) },
  { name: 'an empty folder more', change: (folder) => mkdirSync(join(folder, 'b/more')) },
  { name: 'an empty file more', change: (folder) => writeFileSync(join(folder, 'more'), '') },
  {
    name: 'where a link leads',
    change: (folder) => {
      rmSync(join(folder, 'b/link'));
      symlinkSync('c/e', join(folder, 'b/link'));
    },
  },
  {
    name: 'a file in place of a link',
    change: (folder) => {
      rmSync(join(folder, 'b/link'));
      writeFileSync(join(folder, 'b/link'), 'c/d');
    },
  },
  {
    name: 'a pipe in place of a file',
    change: (folder) => {
      rmSync(join(folder, 'b/c/d'));
      execFileSync('mkfifo', [join(folder, 'b/c/d')]);
    },
  },
  { name: 'an exception', change: (folder) => appendFileSync(join(folder, '.dockerignore'), '!ignored\n') },
])('$name', ({ change }) => {
  test('changes the digest', async () => {
    const folder = makeTree(newFolder(), TREE);
    const before = await digestOf(folder);
    change(folder);
    expect(await digestOf(folder)).not.toBe(before);
  });
});

describe.each<{ readonly name: string; readonly change: (folder: string) => void }>([
  { name: 'an ignored file', change: (folder) => writeFileSync(join(folder, 'ignored'), 'y') },
  { name: "an ignored file's mode", change: (folder) => chmodSync(join(folder, 'ignored'), 0o777) },
  { name: 'a file in an ignored folder', change: (folder) => writeFileSync(join(folder, 'logs/more'), 'y') },
  { name: 'a time', change: (folder) => utimesSync(join(folder, 'a.py'), 1, 1) },
  { name: 'a key file', change: (folder) => writeFileSync(join(folder, 'gha-creds-0123abcd.json'), '{}') },
  { name: 'a .git', change: (folder) => makeTree(folder, { '.git/HEAD': 'x', 'b/.git': 'gitdir: ../.git' }) },
  {
    name: 'a second name for the same content',
    change: (folder) => {
      rmSync(join(folder, 'b/c/d'));
      linkSync(join(folder, 'ignored'), join(folder, 'b/c/d'));
    },
  },
])('$name', ({ change }) => {
  test('leaves the digest', async () => {
    const folder = makeTree(newFolder(), TREE);
    const before = await digestOf(folder);
    change(folder);
    expect(await digestOf(folder)).toBe(before);
  });
});

test('the digest is the same wherever the context lies, and whatever its own mode', async () => {
  const deep = join(newFolder(), 'a', 'b');
  mkdirSync(deep, { recursive: true, mode: 0o700 });
  expect(await digestOf(makeTree(deep, TREE))).toBe(await digestOf(makeTree(newFolder(), TREE)));
});

test('the digest is of a known value, so that a change of its format is noticed', async () => {
  const tree: Tree = {
    'a.py': { content: 'print(1)\n', mode: 0o644 },
    'b/': { mode: 0o755 },
    'b/run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
    'b/link': { link: '../a.py' },
    big: { content: 'x'.repeat(PIECE + 1), mode: 0o600 },
  };
  expect(await digestOf(makeTree(newFolder(), tree))).toBe(
    'fa6d0f5f28978871ce8a2bdee531e20adaf11d7e933badc8a36e96ffc57abcda',
  );
});

const name = fc.stringMatching(/^[a-c!# *.\\\n]{1,3}$/).filter((text) => !/^\.{1,2}$/.test(text) && text !== '.git');
const files = fc.uniqueArray(fc.tuple(fc.array(name, { minLength: 1, maxLength: 3 }), fc.string()), {
  selector: ([names]) => names.join('/'),
  maxLength: 12,
});

function makeFiles(made: readonly (readonly [readonly string[], string])[]): string {
  const folder = newFolder();
  for (const [names, content] of made) {
    try {
      makeTree(folder, { [names.join('/')]: content });
    } catch {
      // A file stands where this one wants a folder, or a folder where it wants to be: the same in either order below.
    }
  }
  return folder;
}

test('the order in which files were made does not count', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (made, random) => {
      const fits = made.filter(
        ([names]) =>
          !made.some(([others]) => others !== names && `${names.join('/')}/`.startsWith(`${others.join('/')}/`)),
      );
      const keys = new Map(fits.map((each) => [each, random.next().value ?? 0]));
      const shuffled = fits.toSorted((one, other) => (keys.get(one) ?? 0) - (keys.get(other) ?? 0));
      expect(await digestOf(makeFiles(shuffled))).toBe(await digestOf(makeFiles(fits)));
    }),
    { numRuns: 40 },
  );
});

describe('large and many files', () => {
  test('any byte of any piece counts, and so does where it stands', async () => {
    const folder = newFolder();
    const content = Buffer.alloc(3 * PIECE + 5, 1);
    const digests = new Set<string>();
    for (const at of [undefined, 0, PIECE - 1, PIECE, 2 * PIECE + 7, 3 * PIECE + 4]) {
      const changed = Buffer.from(content);
      if (at !== undefined) changed[at] = 2;
      writeFileSync(join(folder, 'big'), changed);
      digests.add(await digestOf(folder));
    }
    expect(digests.size).toBe(6);
  });

  test('pieces do not pass for another file', async () => {
    const [one, other] = [newFolder(), newFolder()];
    writeFileSync(join(one, 'a'), Buffer.alloc(PIECE));
    writeFileSync(join(other, 'a'), Buffer.alloc(PIECE + 1));
    expect(await digestOf(one)).not.toBe(await digestOf(other));
  });

  test('threads come to the same as no threads', async () => {
    const [few, many] = [newFolder(), newFolder()];
    for (let index = 0; index < 300; index += 1) {
      writeFileSync(join(many, `${index}`), `${index}`);
      if (index < 150) writeFileSync(join(few, `${index}`), `${index}`);
    }
    const fewAlone = await digestOf(few);
    for (let index = 150; index < 300; index += 1) writeFileSync(join(few, `${index}`), `${index}`);
    expect(await digestOf(few)).toBe(await digestOf(many));
    for (let index = 150; index < 300; index += 1) rmSync(join(few, `${index}`));
    expect(await digestOf(few)).toBe(fewAlone);
  });
});

describe('a file that is no longer what the walk found', () => {
  const walked = async (folder: string) => {
    const signal = new AbortController().signal;
    const { entries } = await walkContext({ root: folder, rules: [], neverSent: await neverSent(folder, []), signal });
    return (changed: () => void) => {
      changed();
      return hashContents(
        folder,
        entries.filter(({ kind }) => kind === 'file'),
        signal,
      );
    };
  };

  test.each([
    { name: 'grew', change: (path: string) => appendFileSync(path, 'x'), why: 'changed while the context was read' },
    { name: 'shrank', change: (path: string) => truncateSync(path, 1), why: 'changed while the context was read' },
    {
      name: 'was written anew',
      change: (path: string) => {
        rmSync(path);
        writeFileSync(path, 'abc');
      },
      why: 'changed while the context was read',
    },
    { name: 'vanished', change: (path: string) => rmSync(path), why: 'in the context cannot be read: ' },
    {
      name: 'became a link',
      change: (path: string) => {
        rmSync(path);
        symlinkSync('/etc/passwd', path);
      },
      why: 'changed while the context was read',
    },
    {
      name: 'became a pipe',
      change: (path: string) => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
      why: 'changed while the context was read',
    },
  ])('because it $name is told', async ({ change, why }) => {
    const folder = makeTree(newFolder(), { 'a/b': 'abc', c: '' });
    utimesSync(join(folder, 'a/b'), 1, 1);
    const hash = await walked(folder);
    const hashed = hash(() => change(join(folder, 'a/b')));
    await expect(hashed).rejects.toThrow('"a/b"');
    await expect(hashed).rejects.toThrow(why);
  });

  test('is told from a thread as well', async () => {
    const folder = makeTree(newFolder(), Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`${at}`, 'abc'])));
    const hash = await walked(folder);
    await expect(hash(() => rmSync(join(folder, '299')))).rejects.toThrow('"299" in the context cannot be read: ');
  });
});

test('a cancelled step ends the threads', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'big'), Buffer.alloc(PIECE * 16));
  const controller = new AbortController();
  const entry = {
    path: { raw: 'big', text: 'big' },
    kind: 'file' as const,
    stats: lstatSync(join(folder, 'big')),
    size: PIECE * 16,
    inGit: false,
  };
  const hashed = hashContents(folder, [entry], controller.signal);
  controller.abort(new Error('cancelled'));
  await expect(hashed).rejects.toThrow('cancelled');
  expect(readFileSync(join(folder, 'big')).length).toBe(PIECE * 16);
});
