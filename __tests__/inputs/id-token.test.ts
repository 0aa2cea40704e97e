import { describe, expect, test } from '@jest/globals';
import { requestTokenEnd } from '../../src/inputs/id-token.ts';

const END = Date.parse('2026-11-01T18:10:00Z');
const token = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

describe('the end of the token that OIDC tokens are asked for with', () => {
  test.each([
    { name: 'is what it says', given: token({ exp: END / 1_000 }), end: END },
    { name: 'is not known where it says none', given: token({ sub: 'x' }), end: undefined },
    { name: 'is not known of a token of another form', given: 'TOKEN', end: undefined },
    { name: 'is not known where there is none', given: undefined, end: undefined },
  ])('$name', ({ given, end }) => {
    expect(requestTokenEnd({ ACTIONS_ID_TOKEN_REQUEST_TOKEN: given })).toBe(end);
  });
});
