import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../../src/faults.ts';
import { readIgnoreFile } from '../../../src/image/context/ignore-file.ts';

const read = (text: string) =>
  readIgnoreFile(Buffer.from(text), '.dockerignore').map(({ pattern, exception }) =>
    exception ? `except ${pattern}` : pattern,
  );

test.each([
  { name: 'nothing in an empty file', text: '', rules: [] },
  { name: 'no comment', text: '# a\n#\n#!b', rules: [] },
  { name: 'a number sign behind a blank, which is no comment', text: ' # a', rules: ['# a'] },
  { name: 'no blank line', text: '\n  \n\t\r\n\u00a0\n\u0085\n', rules: [] },
  { name: 'a last line without end', text: 'a\nb', rules: ['a', 'b'] },
  { name: 'Windows line ends', text: 'a\r\n!b\r\n', rules: ['a', 'except b'] },
  { name: 'no byte order mark', text: '\ufeffa\n\ufeffb', rules: ['a', '\ufeffb'] },
  { name: 'a comment behind a byte order mark', text: '\ufeff# a', rules: [] },
  { name: 'no white space around', text: '  a b \t\n!  c  ', rules: ['a b', 'except c'] },
  { name: 'paths from the root', text: '/a\n!/b\n//c\n/', rules: ['a', 'except b', 'c', '/'] },
  { name: 'no slash at the end', text: 'a/\n!b//\n**/', rules: ['a', 'except b', '**'] },
  { name: 'clean paths', text: './a\na/../b\na/./c\n../d\n!./e/../f', rules: ['a', 'b', 'a/c', '../d', 'except f'] },
  { name: 'an exception behind a slash, as Docker does', text: '/!a', rules: ['except a'] },
  { name: 'the exclamation mark of a name behind another', text: '!!a', rules: ['except !a'] },
  { name: 'an escaped number sign and exclamation mark', text: '\\#a\n\\!b', rules: ['\\#a', '\\!b'] },
])('reads $name', ({ text, rules }) => {
  expect(read(text)).toEqual(rules);
});

test('takes bytes that are no UTF-8 for characters that are none', () => {
  const [rule] = readIgnoreFile(Buffer.from([0x61, 0xff, 0xfe]), '.dockerignore');
  expect(rule?.pattern).toBe('a\ufffd\ufffd');
});

describe('refuses, with the line,', () => {
  test.each([
    { name: 'a bracket that is not closed', line: 'a[b', why: 'a bracket is not closed' },
    { name: 'empty brackets', line: '[]', why: '] stands in brackets without a backslash' },
    { name: 'a hyphen at the start of brackets', line: '[-a]', why: '- stands in brackets' },
    { name: 'a hyphen at the end of brackets', line: '[a-]', why: '] stands in brackets' },
    { name: 'a range from high to low', line: '*[b-a]', why: 'b-a is no range' },
    { name: 'a backslash at the end', line: 'a\\', why: 'a backslash ends it' },
    { name: 'an exception of nothing', line: '!', why: 'an exception needs a pattern' },
    { name: 'an exception of the root', line: '!/', why: 'an exception needs a pattern' },
    { name: "an escape that Go's expressions do not know", line: 'src\\output', why: '\\o has no meaning' },
    { name: 'a repetition of nothing', line: '*{2}*', why: '{2} repeats nothing' },
    { name: 'too many repetitions', line: 'a{1001}*', why: '{1001} is no repeat count' },
    { name: 'a class that is not known', line: '[[:vowel:]]', why: '[:vowel:] is no class' },
    { name: 'line ends of old Macs', line: 'a\rb', why: 'it holds a control character' },
    { name: 'a line that is too long', line: 'a'.repeat(64 * 1024), why: 'is longer than 65535 bytes' },
  ])('$name', ({ line, why }) => {
    expect(() => read(`# first\n\n${line}\nlast`)).toThrow(InputError);
    expect(() => read(`# first\n\n${line}\nlast`)).toThrow('.dockerignore:3: the pattern ');
    expect(() => read(`# first\n\n${line}\nlast`)).toThrow(why);
  });

  test('every fault at once', () => {
    expect(() => read('[\na\n!')).toThrow(
      '.dockerignore:1: the pattern "[" is refused by Docker: a bracket is not closed. Mend or remove it. [ignore-pattern]\n' +
        '.dockerignore:3: the pattern "!" is refused by Docker: an exception needs a pattern behind the exclamation mark. Mend or remove it. [ignore-pattern]',
    );
  });

  test('no brackets behind a star that only a stricter matcher would refuse', () => {
    expect(read('log*[-_]*.txt')).toEqual(['log*[-_]*.txt']);
  });
});
