import { describe, expect, test } from '@jest/globals';
import { parseFileValues } from './file-commands.ts';

describe('a command file', () => {
  test.each<[string, string, Record<string, string>]>([
    ['that is empty', '', {}],
    ['with a plain value', 'a=1\n', { a: '1' }],
    ['without a line end at the end', 'a=1', { a: '1' }],
    ['with an equals sign in a value', 'a=b=c\n', { a: 'b=c' }],
    ['with << after the equals sign', 'a=b<<c\n', { a: 'b<<c' }],
    ['with an empty value', 'a=\n', { a: '' }],
    ['with a value of several lines', 'a<<END\n1\n2\nEND\nb=3\n', { a: '1\n2', b: '3' }],
    ['with an empty value of that form', 'a<<END\nEND\n', { a: '' }],
    ['with an equals sign in the delimiter', 'a<<E=D\n1\nE=D\n', { a: '1' }],
    ['with the delimiter inside a line', 'a<<END\nx END\nEND\n', { a: 'x END' }],
    ['with a carriage return, which stays', 'a<<END\n1\r\nEND\n', { a: '1\r' }],
    ['with the toolkit’s form', 'a<<ghadelimiter_1\n{"x":1}\nghadelimiter_1\n', { a: '{"x":1}' }],
    ['with the same name twice', 'a=1\na=2\n', { a: '2' }],
  ])('%s', (_case, text, values) => {
    expect(parseFileValues(text)).toEqual({ values, error: undefined });
  });

  test.each([
    ['a line of no form', 'b=1\nnonsense\n', { b: '1' }],
    ['no delimiter at the end', 'b=1\na<<END\n1\n', { b: '1' }],
    ['a last line that is not the delimiter', 'b=1\na<<END\n1', { b: '1' }],
    ['an empty delimiter', 'b=1\na<<\n1\n', { b: '1' }],
    ['an empty name', 'b=1\n=2\n', { b: '1' }],
    ['an empty name of the long form', 'b=1\n<<END\n1\nEND\n', { b: '1' }],
  ])('is at fault with %s; what stood before counts', (_case, text, values) => {
    const read = parseFileValues(text);
    expect(read.error).toMatch(/^Invalid/);
    expect(read.values).toEqual(values);
  });
});
