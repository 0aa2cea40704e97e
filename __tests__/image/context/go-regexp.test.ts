import { describe, expect, test } from '@jest/globals';
import { goRegExp } from '../../../src/image/context/go-regexp.ts';

describe.each([
  { source: '^a\\.b$', takes: ['a.b'], leaves: ['axb', 'a.b\n', '\na.b'] },
  { source: '^(.*/)?a$', takes: ['a', 'b/a', 'b/c/a', '\r/a', '\u2028/a'], leaves: ['ba', '\n/a'] },
  { source: '^a.*$', takes: ['a', 'ab/c'], leaves: ['a\n'] },
  { source: '^[^/]*$', takes: ['', 'a\n'], leaves: ['a/'] },
  { source: '^\\d\\D$', takes: ['1a', '1٣', '1😀'], leaves: ['11', '٣a'] },
  { source: '^\\s\\S$', takes: ['\ta', ' \v', ' \u00a0'], leaves: ['\va', '\u00a0a'] },
  { source: '^\\w\\W$', takes: ['_-', 'aé'], leaves: ['éa'] },
  { source: '^[\\d\\-x]$', takes: ['1', '-', 'x'], leaves: ['d', '\\'] },
  { source: '^[^\\w]$', takes: ['-', 'é', '\n'], leaves: ['a'] },
  { source: '^\\x41\\x{1F600}\\101\\n$', takes: ['A😀A\n'], leaves: ['A😀A'] },
  { source: '^[[:digit:][:upper:]]$', takes: ['1', 'A'], leaves: ['a', ':'] },
  { source: '^[]a]$', takes: [']', 'a'], leaves: ['b'] },
  { source: '^[a\\]]$', takes: ['a', ']'], leaves: ['\\'] },
  { source: '^[--/]$', takes: ['-', '.', '/'], leaves: ['0'] },
  { source: '^a{2}$', takes: ['aa'], leaves: ['a', 'aaa', 'a{2}'] },
  { source: '^a{1,}b{0,2}$', takes: ['a', 'aaabb'], leaves: ['bb', 'abbb'] },
  { source: '^a{02}b{,2}c{x}$', takes: ['a{02}b{,2}c{x}'], leaves: ['aa'] },
  { source: '^a|b$', takes: ['a', 'ax', 'xb'], leaves: ['xa'] },
  { source: '^a\\b\\.$', takes: ['a.'], leaves: ['b.'] },
  { source: '^😀{2}[^a]$', takes: ['😀😀😀'], leaves: ['😀a'] },
])('$source', ({ source, takes, leaves }) => {
  test.each(takes)('takes %j', (text) => expect(goRegExp(source).test(text)).toBe(true));
  test.each(leaves)('leaves %j', (text) => expect(goRegExp(source).test(text)).toBe(false));
});

test.each([
  '^\\y$',
  '^\\8$',
  '^\\1$',
  '^\\é$',
  '^\\pL$',
  '^\\Qa$',
  '^\\x4$',
  '^\\x{110000}$',
  '^a{2}{3}$',
  '^a|{2}$',
  '^(.*/)?{2}$',
  '^a{3,2}$',
  '^a{1001}$',
  '^[a$',
  '^[b-a]$',
  '^[a-\\d]$',
  '^[[:no:]]$',
  '^a\\',
])('%s is refused, as Go refuses it or as it is not known', (source) => {
  expect(() => goRegExp(source)).toThrow(SyntaxError);
});
