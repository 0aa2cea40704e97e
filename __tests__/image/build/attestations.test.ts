import { describe, expect, test } from '@jest/globals';
import { attests, mustAttest, safeProvenance } from '../../../src/image/build/attestations.ts';
import type { Provenance } from '../../../src/image/build/types.ts';
import { BUILDERS, REQUEST } from './samples.ts';

test.each([
  { push: true, provenance: 'false', sbom: false, attested: false },
  { push: true, provenance: 'false', sbom: true, attested: true },
  { push: true, provenance: 'mode=min', sbom: false, attested: true },
  { push: false, provenance: 'true', sbom: true, attested: false },
] as const)('push $push, provenance $provenance, SBOM $sbom: attested $attested', ({ attested, ...asked }) => {
  expect(attests(asked)).toBe(attested);
  const refuse = () => mustAttest(asked, BUILDERS.plain);
  if (attested) expect(refuse).toThrow(/^provenance and sbom are asked for, and plain docker attaches neither\./);
  else expect(refuse).not.toThrow();
  expect(() => mustAttest(asked, BUILDERS.container)).not.toThrow();
});

describe('provenance', () => {
  const LOGIN = { HTTPS_PROXY: 'http://user:pw@proxy:3128', no_proxy: 'localhost' };
  test.each<{
    name: string;
    asked: Provenance;
    env?: Record<string, string>;
    args?: Record<string, string>;
    used: Provenance;
  }>([
    { name: 'of everything', asked: 'mode=max', used: 'mode=max' },
    {
      name: 'of everything, behind a proxy without a login',
      asked: 'mode=max',
      env: { HTTP_PROXY: 'http://p:1/@' },
      used: 'mode=max',
    },
    { name: 'of everything, behind a proxy with one', asked: 'mode=max', env: LOGIN, used: 'mode=min' },
    { name: 'as buildx likes, behind a proxy with one', asked: 'true', env: LOGIN, used: 'mode=min' },
    {
      name: 'of everything, with a proxy among the build arguments',
      asked: 'mode=max',
      args: { http_proxy: 'u:p@h:1' },
      used: 'mode=min',
    },
    {
      name: 'of everything, with a better one among them',
      asked: 'mode=max',
      env: LOGIN,
      args: { HTTPS_PROXY: 'http://h' },
      used: 'mode=max',
    },
    { name: 'of the least', asked: 'mode=min', env: LOGIN, used: 'mode=min' },
    { name: 'of nothing', asked: 'false', env: LOGIN, used: 'false' },
  ])('$name', ({ asked, env = {}, args = {}, used }) => {
    const answer = safeProvenance({ ...REQUEST, provenance: asked, buildArgs: args }, env);
    expect([answer.provenance, answer.warning === undefined]).toEqual([used, asked === used]);
  });

  test('that would tell a login says which', () => {
    expect(safeProvenance({ ...REQUEST, provenance: 'mode=max' }, LOGIN).warning).toBe(
      'provenance is mode=max, which would publish the login in HTTPS_PROXY: mode=min is used, which holds no proxies and no build arguments.',
    );
  });
});
