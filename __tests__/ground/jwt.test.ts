import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tokenEnd } from '../../src/jwt.ts';

const NOW = Date.parse('2026-11-01T12:00:00Z');

describe('the end of a token', () => {
  const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

  test('is what it says', () => {
    expect(tokenEnd(token({ exp: NOW / 1_000, sub: 'ü?>' }))).toBe(NOW);
  });

  test.each([
    ['no token', 'ghs_abcdef'],
    ['nothing', ''],
    ['no JSON', 'e30.bm90IGpzb24.c2ln'],
    ['no claims', token([])],
    ['no end', token({ sub: 'x' })],
    ['an end that is a text', token({ exp: '1793534400' })],
    ['an end before all time', token({ exp: -1 })],
    ['no number', token({ exp: null })],
  ])('is not known of %s', (_, text) => {
    expect(tokenEnd(text)).toBeUndefined();
  });

  test('is never a reason to throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const end = tokenEnd(text);
        expect(end === undefined || end > 0).toBe(true);
      }),
    );
  });
});
