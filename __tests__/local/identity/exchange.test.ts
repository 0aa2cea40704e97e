import { describe, expect, it } from '@jest/globals';
import { exchange } from '../../../src/local/identity/exchange.ts';
import { OAuthError } from '../../../src/local/identity/oauth-error.ts';
import { Tokens } from '../../../src/local/identity/tokens.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const SECONDS = NOW / 1000;
const tokens = new Tokens({ now: () => NOW, sleep: async () => {} });
const PROVIDER = '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/github/providers/main';

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(claims: object = {}, header: object = {}): string {
  const all = {
    iss: 'https://token.actions.githubusercontent.com',
    sub: 'repo:octo-org/digits:ref:refs/heads/main',
    aud: `https:${PROVIDER}`,
    iat: SECONDS - 10,
    exp: SECONDS + 300,
    ...claims,
  };
  return `${encoded({ alg: 'RS256', kid: 'one', ...header })}.${encoded(all)}.c2lnbmVk`;
}

const request = (change: object = {}) => ({
  grantType: 'urn:ietf:params:oauth:grant-type:token-exchange',
  audience: PROVIDER,
  scope: 'https://www.googleapis.com/auth/cloud-platform',
  requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
  subjectToken: jwt(),
  subjectTokenType: 'urn:ietf:params:oauth:token-type:jwt',
  ...change,
});

interface Issued {
  readonly access_token: string;
  readonly expires_in: number;
}

describe('exchange', () => {
  it('gives a token that ends with the one that was given', () => {
    const issued = exchange(tokens, request(), NOW) as Issued;
    expect(issued).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 300,
    });
    expect(tokens.stateOf(issued.access_token)).toBe('good');
  });

  it.each([
    ['after an hour at most', { subjectToken: jwt({ exp: SECONDS + 86_400 }) }, 3600],
    ['for an audience without its scheme', { subjectToken: jwt({ aud: PROVIDER }) }, 300],
    ['for one of several audiences', { subjectToken: jwt({ aud: ['other', `https:${PROVIDER}`] }) }, 300],
    ['as an ID token', { subjectTokenType: 'urn:ietf:params:oauth:token-type:id_token' }, 300],
    ['with ES256', { subjectToken: jwt({}, { alg: 'ES256' }) }, 300],
    ['with options', { options: '{"userProject":"123"}' }, 300],
    ['from a clock that is a little ahead', { subjectToken: jwt({ iat: SECONDS + 30 }) }, 300],
  ])('%s', (_name, change, seconds) => {
    expect((exchange(tokens, request(change), NOW) as Issued).expires_in).toBe(seconds);
  });

  it("takes the libraries' names of a form", () => {
    const snake = Object.entries(request()).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]);
    expect((exchange(tokens, Object.fromEntries(snake), NOW) as Issued).expires_in).toBe(300);
  });

  it.each([
    ['no body', undefined, 'unsupported_grant_type', /grant_type/],
    ['a list', [], 'unsupported_grant_type', /grant_type/],
    ['another grant', request({ grantType: 'password' }), 'unsupported_grant_type', /grant_type/],
    ['no audience', request({ audience: undefined }), 'invalid_request', /"audience"/],
    ["a project's id", request({ audience: PROVIDER.replace('123', 'my-project') }), 'invalid_request', /"audience"/],
    ['a path that climbs', request({ audience: `${PROVIDER}/../x` }), 'invalid_request', /"audience"/],
    ['another wanted type', request({ requestedTokenType: 'x' }), 'invalid_request', /"requested_token_type"/],
    ['another given type', request({ subjectTokenType: 'x' }), 'invalid_request', /"subject_token_type"/],
    ['no scope', request({ scope: ' ' }), 'invalid_scope', /scope/],
    ['options that are no JSON', request({ options: '{' }), 'invalid_request', /"options"/],
    ['options that are no object', request({ options: '[]' }), 'invalid_request', /"options"/],
    ['no token', request({ subjectToken: '' }), 'invalid_request', /subject_token/],
    ['a token that is a number', request({ subjectToken: 7 }), 'invalid_request', /subject_token/],
    ['what is no token', request({ subjectToken: 'a.b' }), 'invalid_request', /parse the ID Token/],
    ['claims that are a list', request({ subjectToken: `${jwt().split('.')[0]}.W10.x` }), 'invalid_request', /parse/],
    [
      'a token without a signature',
      request({ subjectToken: jwt().replace(/\.[^.]+$/, '.') }),
      'invalid_request',
      /parse/,
    ],
    ['a token that says it has none', request({ subjectToken: jwt({}, { alg: 'none' }) }), 'invalid_grant', /RS256/],
    ['a token without a key', request({ subjectToken: jwt({}, { kid: undefined }) }), 'invalid_grant', /kid/],
    ['an issuer without TLS', request({ subjectToken: jwt({ iss: 'http://x.com' }) }), 'invalid_grant', /issuer/],
    ['another audience', request({ subjectToken: jwt({ aud: 'x' }) }), 'invalid_grant', /The audience in ID Token/],
    ['no audience in it', request({ subjectToken: jwt({ aud: undefined }) }), 'invalid_grant', /audience in ID Token/],
    ['a token of yesterday', request({ subjectToken: jwt({ iat: SECONDS - 86_401 }) }), 'invalid_grant', /stale/],
    ['a token that is over', request({ subjectToken: jwt({ exp: SECONDS }) }), 'invalid_grant', /stale/],
    ['a token of the future', request({ subjectToken: jwt({ iat: SECONDS + 90 }) }), 'invalid_grant', /future/],
    ['an end that is a text', request({ subjectToken: jwt({ exp: '9999999999' }) }), 'invalid_grant', /exp/],
    ['no subject', request({ subjectToken: jwt({ sub: '' }) }), 'invalid_grant', /sub/],
    ['a subject that is too long', request({ subjectToken: jwt({ sub: 'x'.repeat(128) }) }), 'invalid_grant', /127/],
  ])('refuses %s', (_name, body, code, description) => {
    let thrown: unknown;
    try {
      exchange(tokens, body, NOW);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(OAuthError);
    const told = (thrown as OAuthError).body;
    expect(told).toEqual({ error: code, error_description: expect.stringMatching(description) });
    const sent = (body as { readonly subjectToken?: unknown } | undefined)?.subjectToken;
    if (typeof sent === 'string' && sent !== '') expect(JSON.stringify(told)).not.toContain(sent);
  });
});
