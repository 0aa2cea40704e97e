import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readIgnoreFile } from '../../../src/image/context/ignore-file.ts';
import { walkContext } from '../../../src/image/context/walk.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { type Builder, findBuilders } from './builder.ts';
import { COPY_ALL } from './tree.ts';

const builders = await findBuilders();
const suite = typeof builders === 'string' ? describe.skip : describe;
if (typeof builders === 'string') process.stderr.write(`SKIPPED: ignore rules beside BuildKit's (${builders})\n`);

const newFolder = tempFolders();
afterAll(async () => {
  if (typeof builders !== 'string') await builders.stop();
});

/** Bytes, a character for each; `\xff` is no UTF-8. */
const latin1 = (text: string) => Buffer.from(text).toString('latin1').replaceAll('\xc3\xbf', '\xff');

/** A folder with all paths that fit into it: a path may stand where another one wants a folder. */
function makePaths(paths: readonly (readonly string[])[]): string {
  const root = newFolder();
  for (const [index, names] of paths.entries()) {
    const path = Buffer.from(`${root}/${latin1(names.join('/'))}`, 'latin1');
    try {
      mkdirSync(Buffer.from(dirname(path.toString('latin1')), 'latin1'), { recursive: true });
      if (index % 6 === 0) mkdirSync(path, { mode: index % 4 === 0 ? 0o700 : 0o755 });
      else writeFileSync(path, 'x', { flag: 'wx', mode: index % 5 === 0 ? 0o755 : 0o644 });
    } catch {
      // It is taken.
    }
  }
  return root;
}

const TYPES = { file: '0', folder: '5', link: '2', socket: '0', pipe: '6', device: '3' };

const show = (each: { readonly raw: string; readonly type: string; readonly mode: number }) =>
  `${each.type} ${each.mode.toString(8)} ${JSON.stringify(each.raw)}`;

/** What our walk sends; undefined where a line is refused. */
async function ours(root: string, ignore: Buffer): Promise<readonly string[] | undefined> {
  const signal = new AbortController().signal;
  const rules = (() => {
    try {
      return readIgnoreFile(ignore, 'ignore');
    } catch {
      return undefined;
    }
  })();
  if (rules === undefined) return undefined;
  const { entries } = await walkContext({ root, rules, neverSent: { has: () => false }, signal });
  return entries
    .map(({ path, kind, stats }) => show({ raw: path.raw, type: TYPES[kind], mode: stats.mode & 0o7777 }))
    .toSorted();
}

/** What the client sends; undefined where the build fails. */
async function theirs(builder: Builder, root: string, ignore: Buffer): Promise<readonly string[] | undefined> {
  const dockerfile = join(newFolder(), 'Dockerfile');
  writeFileSync(dockerfile, COPY_ALL);
  writeFileSync(`${dockerfile}.dockerignore`, ignore);
  try {
    return (await builder.build(root, dockerfile)).map(show).toSorted();
  } catch (error) {
    expect(String(error)).toMatch(/syntax error in pattern|illegal exclusion pattern|PROTOCOL_ERROR/);
    return undefined;
  }
}

const NO_FOLDERS = /^[^5]/;

/**
 * Compares what is sent of equal folders by each ignore file; gives how many files were taken. `only` picks what is
 * compared.
 */
async function agrees(builder: Builder, make: () => string, ignores: readonly Buffer[], only = /^/): Promise<number> {
  const queue = [...ignores];
  let taken = 0;
  const work = async (root: string) => {
    for (let ignore = queue.pop(); ignore !== undefined; ignore = queue.pop()) {
      const [name, mine] = [ignore.toString('latin1'), await ours(root, ignore)];
      // A bad line after which nothing is left to judge is never looked at by Docker.
      if (mine === undefined) continue;
      const picked = (sent: readonly string[] | undefined) => ({ name, sent: sent?.filter((each) => only.test(each)) });
      const real = picked(await theirs(builder, root, ignore));
      // An engine that is busy may still have files of the build before: a folder that it never saw decides.
      const alike = isDeepStrictEqual(real, picked(mine));
      expect(alike ? real : picked(await theirs(builder, make(), ignore))).toEqual(picked(mine));
      taken += 1;
    }
  };
  // Builds of one folder at the same time share what was sent before, and get files of each other.
  await Promise.all([make(), make(), make()].map(work));
  return taken;
}

const SEED = 20_261_123;
const sample = <T>(values: fc.Arbitrary<T>, numRuns: number) => fc.sample(values, { seed: SEED, numRuns });

const sets = (pieces: readonly string[], count: number) => {
  const pattern = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 });
  const line = fc.tuple(fc.constantFrom('', '', '!'), pattern).map(([mark, parts]) => mark + parts.join(''));
  const lines = fc.array(line, { minLength: 1, maxLength: 5 });
  return sample(lines, count).map((each) => Buffer.from(latin1(each.join('\n')), 'latin1'));
};

const tree = (names: readonly string[], count: number) => {
  const name = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));
  const path = fc.array(
    name.filter((each) => !/^\.{1,2}$/.test(each)),
    { minLength: 1, maxLength: 4 },
  );
  return () => makePaths(sample(path, count));
};

const PLAIN = ['a', 'b', 'c', 'foo', 'bar', 'a.b', '.c', '1'];
const HOSTILE = [
  ...PLAIN,
  'é',
  'ÿ',
  'a|b',
  'x y',
  ' ',
  '!',
  '#',
  'a\nb',
  '*',
  '(a)',
  '\\',
  '[',
  '{2}',
  '😀',
  '^',
  '$',
  '+',
];
const GLOBS = ['a', 'b', 'c', 'foo', 'bar', '*', '?', '/', '/', '/', '**/', '/**', '[ab]'];
const ANYTHING = [
  ...GLOBS,
  '**',
  '[^a]',
  '\\*',
  '#',
  '.',
  '..',
  ' ',
  '{2}',
  '|',
  '^',
  '$',
  '+',
  '(',
  'é',
  'ÿ',
  '😀',
].concat(['[[:alpha:]]', '\\w', '\\n', '\\x61', '[*]', '[a-😀]', '\\', '[', ']', '!', '\t', '\r']);

const TOLD = [
  '',
  '# only a comment\n',
  '\ufeff*.b\r\n!a.b\r\n',
  '*\n!foo\n!bar/**\nbar/a\n',
  '**/*\n!**/*.b\n',
  '/foo/\n./bar/../a\n//c\n',
  '**a\n!**/ba\n',
  'foo/*\n!foo\n',
  '*\n!foo/a\nfoo\n',
  'foo\n!foo/a/b/c\n',
  '**\n!**/c/**\n',
  '.*\n!.c\n',
  '/!a\n',
  '!!\n#a\n #b\n',
];

suite('the walk sends what the client sends', () => {
  if (typeof builders === 'string') return;

  test('for rules as they are written', async () => {
    const ignores = [...TOLD.map((text) => Buffer.from(text)), ...sets(GLOBS, 70)];
    expect(await agrees(builders.buildx, tree(PLAIN, 250), ignores)).toBeGreaterThan(60);
  }, 300_000);

  test('for any rules and any names', async () => {
    const ignores = [...TOLD.map((text) => Buffer.from(text)), ...sets(ANYTHING, 180)];
    expect(await agrees(builders.buildx, tree(HOSTILE, 300), ignores)).toBeGreaterThan(80);
  }, 300_000);

  test('also by older rules, for names without line ends and rules that those know', async () => {
    if (builders.old === undefined) return;
    // They know no wildcard exceptions of what they do not walk into, and no `**` but between slashes.
    const old = sets(
      GLOBS.filter((piece) => !piece.includes('**')),
      80,
    ).filter((text) => !text.includes('!'));
    const exceptions = ['a\n!a/b\n', '*\n!foo\n!bar/a\n', 'foo/*\n!foo/a\n', '**/a\n', '**/*.b\n', '*\n!foo/**\n'];
    // They send empty folders besides, where an exception might have taken something in them.
    await agrees(builders.old, tree(PLAIN, 250), [...exceptions.map((text) => Buffer.from(text)), ...old], NO_FOLDERS);
  }, 300_000);
});
