import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from '../../src/log.ts';

describe('lines of a text', () => {
  test.each([
    { name: 'nothing is one empty line', text: '', lines: [''] },
    { name: 'one line', text: 'a', lines: ['a'] },
    { name: 'a line end at the end opens no line', text: 'a\n', lines: ['a'] },
    { name: 'Windows line ends', text: 'a\r\nb\r\n', lines: ['a', 'b'] },
    { name: 'a progress bar', text: '10%\r20%\r', lines: ['10%', '20%'] },
    { name: 'empty lines inside stay', text: 'a\n\nb', lines: ['a', '', 'b'] },
    { name: 'only one line end at the end is dropped', text: 'a\n\n', lines: ['a', ''] },
    {
      name: 'NEL and the line separator end no line, as in the runner',
      text: 'a\u0085b\u2028c',
      lines: ['a\u0085b\u2028c'],
    },
  ])('$name', ({ text, lines }) => {
    expect(splitLines(text)).toEqual(lines);
  });
});

test('no line holds a line end, and nothing else is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n', '::')), (pieces) => {
      const text = pieces.join('');
      const lines = splitLines(text);
      expect(lines.some((line) => /[\r\n]/.test(line))).toBe(false);
      expect(lines.join('')).toBe(text.replace(/[\r\n]/g, ''));
    }),
  );
});
