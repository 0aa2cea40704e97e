import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NamingRules } from '../../../src/artifacts/download/part.ts';
import { placed } from '../../../src/artifacts/download/paths.ts';

const LINUX: NamingRules = { foldsCase: false, foldsUnicode: false, windows: false };
const MAC: NamingRules = { foldsCase: true, foldsUnicode: true, windows: false };
const WINDOWS: NamingRules = { foldsCase: true, foldsUnicode: false, windows: true };

const place = (names: readonly string[], rules = LINUX, size = 1) => {
  const objects = names.map((name) => ({ name: `m/${name}`, size }));
  const { files, refusals } = placed(objects, { prefix: 'm/', root: '/w/out', rules });
  return { paths: files.map(({ path }) => path), refusals };
};

test('names below the folder are the paths of their files', () => {
  const names = [
    'a',
    'b/c',
    'b/d/e.f',
    ' x ',
    '...',
    '..a',
    'a..',
    'C',
    '-rf',
    '~',
    '$HOME',
    'ab:c',
    'é',
    '.gitignore',
    'git',
    '日本/語',
  ];
  expect(place(names)).toEqual({ paths: names, refusals: [] });
});

test('markers of folders are passed over', () => {
  expect(place(['', 'a/', 'b/c/', '../'], LINUX, 0)).toEqual({ paths: [], refusals: [] });
});

describe('refused is', () => {
  test.each([
    { name: '..', reason: 'has ".." for a part' },
    { name: '../x', reason: 'has ".." for a part' },
    { name: 'a/../../x', reason: 'has ".." for a part' },
    { name: 'a/..', reason: 'has ".." for a part' },
    { name: '.', reason: 'has "." for a part' },
    { name: './x', reason: 'has "." for a part' },
    { name: '/etc/passwd', reason: 'has an empty part between its slashes' },
    { name: 'a//b', reason: 'has an empty part between its slashes' },
    { name: '', reason: 'ends with a slash and yet has content' },
    { name: 'a/', reason: 'ends with a slash and yet has content' },
    { name: '..\\x', reason: 'has a backslash' },
    { name: 'C:x', reason: 'begins with a drive letter' },
    { name: 'c:/x', reason: 'begins with a drive letter' },
    { name: 'a\0b', reason: 'has a control character' },
    { name: 'a\nb', reason: 'has a control character' },
    { name: 'a\u0085b', reason: 'has a control character' },
    { name: 'a\ud800', reason: 'is no valid Unicode' },
    { name: '.git/config', reason: 'has a part that means .git' },
    { name: 'a/.GIT/hooks/post-checkout', reason: 'has a part that means .git' },
    { name: '.git. ./x', reason: 'has a part that means .git' },
    { name: 'GIT~1/x', reason: 'has a part that means .git' },
    { name: '.g\u200cit/x', reason: 'has a part that means .git' },
    { name: '.git::$INDEX_ALLOCATION/x', reason: 'has a part that means .git' },
    { name: '.train-on-vertex-partial/x', reason: 'has the part .train-on-vertex-partial' },
    { name: 'x'.repeat(256), reason: 'has a part of 256 bytes, of which 255 are accepted' },
    { name: 'é'.repeat(128), reason: 'has a part of 256 bytes, of which 255 are accepted' },
    { name: 'x/'.repeat(2_050).concat('x'), reason: 'makes a path of 4108 bytes, of which 4095 are accepted' },
  ])('$name', ({ name, reason }) => {
    const { paths, refusals } = place([name]);
    expect(paths).toEqual([]);
    expect(refusals).toEqual([expect.stringContaining(` ${reason}`)]);
    expect(refusals[0]).toMatch(/^"m\/.*\.$/);
  });

  test.each(['con', 'NUL.txt', 'com1', 'LPT³.a', 'a/aux', 'a.', 'a ', 'a?b', 'ab:c', 'a|b', '<x>', 'conin$'])(
    '%j on Windows alone',
    (name) => {
      expect(place([name]).refusals).toEqual([]);
      expect(place([name], WINDOWS).refusals).toHaveLength(1);
    },
  );

  test('what does not lie in the folder', () => {
    const { files, refusals } = placed([{ name: 'n/x', size: 1 }], { prefix: 'm/', root: '/w', rules: LINUX });
    expect([files, refusals]).toEqual([[], ['"n/x" is not in the folder.']]);
  });

  test('a name that is a file and a folder, told once', () => {
    expect(place(['a', 'a/b', 'a/c']).refusals).toEqual(['"m/a" is a file, and the folder that "m/a/b" lies in.']);
    expect(place(['A', 'a/b']).refusals).toEqual([]);
    expect(place(['A', 'a/b'], MAC).refusals).toEqual(['"m/A" is a file, and the folder that "m/a/b" lies in.']);
  });

  test.each([
    { names: ['a', 'A'], rules: [MAC, WINDOWS] },
    { names: ['x/Straße', 'X/STRASSE'], rules: [MAC, WINDOWS] },
    { names: ['\u00e9', 'e\u0301'], rules: [MAC] },
    { names: ['\u00c9', 'e\u0301'], rules: [MAC] },
    { names: ['ΣΑΣ', 'σας'], rules: [MAC, WINDOWS] },
  ])('$names where the file system takes them for one', ({ names, rules }) => {
    for (const each of [LINUX, MAC, WINDOWS]) {
      const clash = ` and ${JSON.stringify(`m/${names[1]}`)} are the same file on this file system.`;
      const expected = rules.includes(each) ? [expect.stringContaining(clash)] : [];
      expect(place(names, each).refusals).toEqual(expected);
    }
  });

  test('everything at once', () => {
    expect(place(['../x', 'ok', 'a\\b', 'ok/x']).refusals).toHaveLength(3);
  });
});

describe('whatever the names are', () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '', 'a', 'A', '.git', '\\', 'C:', '\0', 'é', 'e\u0301', '%2e%2e', '~'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const name = fc.array(part, { maxLength: 5 }).map((parts) => parts.join('/'));

  test.each([LINUX, MAC, WINDOWS])('a path is made of plain names, and each is another (%j)', (rules) => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), (names) => {
        const { paths } = place(names, rules);
        for (const path of paths) {
          expect(path.split('/').every((each) => each !== '' && each !== '.' && each !== '..')).toBe(true);
          expect(path).not.toMatch(/[\\\0]/);
          expect(names).toContain(path);
        }
      }),
    );
  });
});
