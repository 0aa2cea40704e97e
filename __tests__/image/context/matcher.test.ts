import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readIgnoreFile } from '../../../src/image/context/ignore-file.ts';
import { exceptionsBelow, type Judged, judge, judgeGit } from '../../../src/image/context/matcher.ts';
import { contextPath } from '../../../src/image/context/paths.ts';

const rulesOf = (lines: readonly string[]) => readIgnoreFile(Buffer.from(lines.join('\n')), '.dockerignore');

/** Judges a path as the walk does: after the folders around it. */
function isIgnored(lines: readonly string[], path: string, judgeBy = judge): boolean {
  const rules = rulesOf(lines);
  const names = Buffer.from(path).toString('latin1').split('/');
  let judged: Judged | undefined;
  for (let length = 1; length <= names.length; length += 1) {
    judged = judgeBy(rules, contextPath(names.slice(0, length).join('/')), judged);
  }
  return judged?.ignored ?? false;
}

describe.each<{ readonly lines: readonly string[]; readonly ignored?: string[]; readonly sent?: string[] }>([
  { lines: ['a'], ignored: ['a', 'a/b', 'a/b/c'], sent: ['b', 'b/a', 'ab', 'A'] },
  { lines: ['a/b'], ignored: ['a/b', 'a/b/c'], sent: ['a', 'a/c', 'x/a/b'] },
  { lines: ['*'], ignored: ['a', '.a', 'a/b'] },
  { lines: ['*/*'], ignored: ['a/b', 'a/b/c'], sent: ['a'] },
  { lines: ['*.txt'], ignored: ['a.txt', '.txt', 'b.txt/c'], sent: ['a/b.txt', 'atxt'] },
  { lines: ['a*c'], ignored: ['ac', 'abc', 'a\nc'], sent: ['a/c', 'abcd'] },
  { lines: ['a?c'], ignored: ['abc', 'aéc', 'a😀c', 'a\nc'], sent: ['ac', 'a/c', 'abbc'] },
  { lines: ['[a-c]'], ignored: ['a', 'c', 'b/x'], sent: ['d', 'ab'] },
  { lines: ['[^a-c]'], ignored: ['d', 'é'], sent: ['a', 'dd'] },
  { lines: ['[!a]'], ignored: ['!', 'a'], sent: ['b'] },
  { lines: ['[😀-😂]'], ignored: ['😁'], sent: ['😃'] },
  { lines: ['\\*'], ignored: ['*'], sent: ['a'] },
  { lines: ['\\a?'], ignored: ['\x07b'], sent: ['ab'] },
  { lines: ['a.b*'], ignored: ['a.b', 'a.bc'], sent: ['axb'] },
  { lines: ['a+(b)$*'], ignored: ['a+(b)$', 'a+(b)$c'], sent: ['aab'] },
  { lines: ['*.{js,ts}'], ignored: ['a.{js,ts}'], sent: ['a.js'] },
  // Every path below, and the folder itself not.
  { lines: ['a/**'], ignored: ['a/b', 'a/b/c', 'a/\n'], sent: ['a', 'b'] },
  { lines: ['**'], ignored: ['a', 'a/b', 'a\nb'] },
  { lines: ['**/a'], ignored: ['a', 'b/a', 'b/c/a', 'b/a/c', 'b\nc/a'], sent: ['ab', 'ba'] },
  { lines: ['**/*.py'], ignored: ['a.py', 'b/a.py', 'b/c/a.py'], sent: ['a.pyc'] },
  { lines: ['a/**/b'], ignored: ['a/b', 'a/x/b', 'a/x/y/b'], sent: ['a', 'a/x', 'ab'] },
  { lines: ['a/**/*.txt'], ignored: ['a/b.txt', 'a/x/b.txt'], sent: ['b.txt'] },
  { lines: ['**/a/**'], ignored: ['a/b', 'x/a/b'], sent: ['a', 'x/a'] },
  // Docker's own: without a slash it is any end.
  { lines: ['**a'], ignored: ['a', 'ba', 'x/ba'], sent: ['ab'] },
  { lines: ['a**b'], ignored: ['ab', 'ax/b'], sent: ['axb'] },
  // What Go's expressions make of it where there is a wildcard besides.
  { lines: ['a|b*'], ignored: ['a', 'axyz', 'b', 'bc', 'xb'], sent: ['xa'] },
  { lines: ['a{2}*'], ignored: ['aa', 'aab'], sent: ['a', 'a{2}'] },
  { lines: ['a{2}'], ignored: ['a{2}'], sent: ['aa'] },
  { lines: ['\\d?'], ignored: ['1a', '12'], sent: ['da'] },
  { lines: ['[*]'], ignored: [']', '[]', '^]', '[[^]'], sent: ['*'] },
  { lines: ['[[:alpha:]]'], ignored: ['a', 'Z'], sent: ['1', ':]'] },
  // The last match decides.
  { lines: ['*.md', '!README.md'], ignored: ['a.md'], sent: ['README.md'] },
  { lines: ['!README.md', '*.md'], ignored: ['README.md'] },
  { lines: ['*', '!a', 'a/b'], ignored: ['b', 'a/b'], sent: ['a', 'a/c'] },
  { lines: ['a', '!a/b'], ignored: ['a', 'a/c'], sent: ['a/b', 'a/b/c'] },
  { lines: ['a', '!a/b', 'a/b/c'], ignored: ['a/b/c'], sent: ['a/b', 'a/b/d'] },
  { lines: ['**', '!**/*.py'], ignored: ['a', 'a/b.txt'], sent: ['a.py', 'a/b/c.py'] },
  { lines: ['a', '!**'], sent: ['a', 'a/b'] },
  // Docker's own: an exception of a folder says nothing of what a later look finds ignored in it.
  { lines: ['d/*', '!d'], ignored: ['d/x'], sent: ['d'] },
  { lines: ['*', '!d/x', 'd'], ignored: ['d', 'd/y'], sent: ['d/x'] },
  { lines: ['#a', ' #b'], ignored: ['#b'], sent: ['#a'] },
  { lines: ['../a', '.', '/'], sent: ['a', 'b'] },
])('$lines', ({ lines, ignored = [], sent = [] }) => {
  if (ignored.length > 0) test.each(ignored)('ignores %j', (path) => expect(isIgnored(lines, path)).toBe(true));
  if (sent.length > 0) test.each(sent)('sends %j', (path) => expect(isIgnored(lines, path)).toBe(false));
});

describe('bytes that are no UTF-8', () => {
  const judged = (line: string, raw: string) => judge(rulesOf([line]), contextPath(raw), undefined).ignored;

  test('are one character each to a wildcard', () => {
    expect([judged('a?c', 'a\xffc'), judged('a?c', 'a\xff\xfec'), judged('a??c', 'a\xff\xfec')]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('are the replacement character to an expression, and nothing to a plain pattern', () => {
    expect([judged('\ufffd*', '\xff'), judged('\ufffd', '\xff')]).toEqual([true, false]);
  });

  test('do not take valid characters beside them along', () => {
    expect([judged('?é?', '\xff\xc3\xa9\xff'), judged('é', '\xc3\xa9')]).toEqual([true, true]);
  });
});

describe('at and below a .git', () => {
  test.each([
    { lines: [], sent: false },
    { lines: ['!.git'], sent: true },
    { lines: ['.git', '!.git'], sent: true },
    { lines: ['!.git', '.git'], sent: false },
    { lines: ['!.git', '*'], sent: false },
    { lines: ['*', '!.git'], sent: true },
    { lines: ['!**/.git'], sent: true },
    { lines: ['**', '!**'], sent: false },
    { lines: ['!*'], sent: false },
    { lines: ['!.git*'], sent: false },
    { lines: ['!sub/.git'], sent: false },
    { lines: ['!.git', '!**'], sent: true },
  ])('$lines sends it: $sent', ({ lines, sent }) => {
    expect([isIgnored(lines, '.git', judgeGit), isIgnored(lines, '.git/HEAD', judgeGit)]).toEqual([!sent, !sent]);
  });

  test('an exception may take a part of it', () => {
    const lines = ['!.git/HEAD'];
    expect([isIgnored(lines, '.git/HEAD', judgeGit), isIgnored(lines, '.git/config', judgeGit)]).toEqual([false, true]);
  });
});

describe('an ignored folder is gone into', () => {
  const below = (lines: readonly string[], folder: string) => exceptionsBelow(rulesOf(lines))(contextPath(folder));

  test.each([
    { lines: ['a'], folder: 'a', goes: false },
    { lines: ['a', '!a/b'], folder: 'a', goes: true },
    { lines: ['a', '!a/b/c'], folder: 'a/b', goes: true },
    { lines: ['a', '!a/b'], folder: 'a/c', goes: false },
    { lines: ['a', '!a/b/**'], folder: 'a/b', goes: true },
    { lines: ['a', '!b/*'], folder: 'a', goes: false },
    { lines: ['a', '!b/*c'], folder: 'a', goes: true },
    { lines: ['a', '!ab'], folder: 'a', goes: false },
    // Docker's own: it takes off both wildcards, and comes as far as `a`.
    { lines: ['a', '!a/*/**'], folder: 'a', goes: true },
    { lines: ['a', '!a/*/**'], folder: 'a/b', goes: false },
  ])('$lines, $folder: $goes', ({ lines, folder, goes }) => {
    expect(below(lines, folder)).toBe(goes);
  });

  test('wherever an exception takes something in it', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    const wild = fc.array(fc.constantFrom('a', 'b', '*', '?', '**'), { minLength: 1, maxLength: 3 });
    const line = fc
      .tuple(fc.constantFrom('', '!'), wild)
      .map(([mark, parts]) => mark + parts.join('/'))
      .filter((text) => !text.endsWith('*/**'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), path, (lines, sent) => {
        const folders = sent.split('/').map((_, index, names) => names.slice(0, index).join('/'));
        fc.pre(!isIgnored(lines, sent));
        for (const folder of folders.slice(1)) expect(!isIgnored(lines, folder) || below(lines, folder)).toBe(true);
      }),
    );
  });
});
