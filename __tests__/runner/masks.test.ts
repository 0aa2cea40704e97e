import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Masks } from '../../src/runner/masks.ts';

function masksOf(...secrets: readonly string[]): Masks {
  const masks = new Masks();
  for (const secret of secrets) masks.add(secret);
  return masks;
}

describe('a text', () => {
  test.each([
    { name: 'without secrets', secrets: [], text: 'a.b', redacted: 'a.b' },
    { name: 'with one', secrets: ['s3cret'], text: 'x s3cret s3cret', redacted: 'x *** ***' },
    { name: 'with one of signs', secrets: ['a.b*(c)[d]\\/-'], text: 'a.b*(c)[d]\\/- aXb', redacted: '*** aXb' },
    { name: 'with the beginning of another', secrets: ['abc', 'abcdef'], text: 'abcdef abc', redacted: '*** ***' },
    { name: 'with a line of one', secrets: ['first line\r\nsecond line'], text: 'a second line', redacted: 'a ***' },
    { name: 'with one in JSON', secrets: ['say "hi"\\'], text: '{"a":"say \\"hi\\"\\\\"}', redacted: '{"a":"***"}' },
    { name: 'with one in an address', secrets: ['a b&c'], text: '?q=a%20b%26c', redacted: '?q=***' },
    { name: 'with one in markup', secrets: ['a<b>'], text: 'a&lt;b&gt;', redacted: '***' },
    { name: 'with one of white space alone', secrets: [' \n '], text: 'a   b', redacted: 'a   b' },
    { name: 'with half a character', secrets: ['\ud800x'], text: '\ud800x', redacted: '***' },
  ])('$name', ({ secrets, text, redacted }) => {
    expect(masksOf(...secrets).redact(text)).toBe(redacted);
  });

  test('with a secret in base64, wherever it begins in it', () => {
    for (const before of ['', 'a', 'ab']) {
      const text = Buffer.from(`${before}a long enough secret and more`).toString('base64');
      const redacted = masksOf('a long enough secret').redact(text);
      expect(Buffer.from(redacted, 'base64').toString()).not.toContain('long enough');
      expect(redacted).toContain('***');
    }
  });

  test('holds no secret afterwards', () => {
    const secret = fc.string({ minLength: 4 }).filter((text) => text.trim() === text && !text.includes('*'));
    fc.assert(
      fc.property(fc.array(secret, { minLength: 1, maxLength: 4 }), fc.array(fc.string()), (secrets, others) => {
        const redacted = masksOf(...secrets).redact([...secrets, ...others].join(' '));
        expect(secrets.filter((each) => redacted.includes(each))).toEqual([]);
      }),
    );
  });
});
