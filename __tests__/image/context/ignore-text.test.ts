import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readIgnoreFile } from '../../../src/image/context/ignore-file.ts';
import { escapePath } from '../../../src/image/context/ignore-text.ts';
import { contextPath, rawOf } from '../../../src/image/context/paths.ts';

test.each([
  { path: 'a/b', pattern: 'a/b' },
  { path: 'a.b', pattern: 'a\\.b' },
  { path: '!a', pattern: '\\!a' },
  { path: '#a', pattern: '\\#a' },
  { path: ' a b ', pattern: '[ ]a[ ]b[ ]' },
  { path: 'a\n\tb', pattern: 'a\\x0a\\x09b' },
  { path: '*?[x]\\', pattern: '\\*\\?\\[x\\]\\\\' },
  { path: 'é\u0085\u3000', pattern: 'é\\x85[\u3000]' },
])('$path becomes $pattern', ({ path, pattern }) => {
  expect(escapePath(path)).toBe(pattern);
});

const name = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'!#*?[]\\.{}|^$+()-, \n\r\tabnwx\u00a0\u0085\ufeff') }),
  )
  .filter((text) => !/[/\0]|^\.{0,2}$/.test(text) && !text.includes('\ufffd'));
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

test('a pattern takes its path, and no other', () => {
  fc.assert(
    fc.property(path, path, (one, other) => {
      const rules = readIgnoreFile(Buffer.from(escapePath(one)), 'own');
      expect(rules.map((rule) => rule.exception)).toEqual([false]);
      const takes = (each: string) => rules[0]?.matches(contextPath(rawOf(each)));
      expect([takes(one), takes(other), takes(`${one}x`), takes(`x${one}`)]).toEqual([
        true,
        one === other,
        false,
        false,
      ]);
    }),
    { numRuns: 2000 },
  );
});

test('a byte that is no UTF-8 is any one character', () => {
  const [rule] = readIgnoreFile(Buffer.from(escapePath(contextPath('a\xff.b').text)), 'own');
  expect([rule?.matches(contextPath('a\xff.b')), rule?.matches(contextPath('a.b'))]).toEqual([true, false]);
});
