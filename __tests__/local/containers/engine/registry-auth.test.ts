import { describe, expect, it } from '@jest/globals';
import { registryAuth } from '../../../../src/local/containers/engine/registry-auth.ts';

describe('registryAuth', () => {
  const auth = Buffer.from('user:pass:word').toString('base64');
  const opened = (header: string | undefined): unknown =>
    header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64url').toString());
  it.each([
    ['a host', { 'eu.host': { auth } }, 'eu.host'],
    ['a URL', { 'https://eu.host': { auth } }, 'eu.host'],
    ['Docker Hub', { 'https://index.docker.io/v1/': { auth } }, 'docker.io'],
  ])('of %s', (_name, auths, registry) => {
    const expected = { username: 'user', password: 'pass:word', serveraddress: registry };
    expect(opened(registryAuth(JSON.stringify({ auths }), registry))).toEqual(expected);
  });

  it('is nothing for another registry', () => {
    expect(registryAuth(JSON.stringify({ auths: { 'eu.host': { auth } } }), 'us.host')).toBeUndefined();
    expect(registryAuth('{}', 'us.host')).toBeUndefined();
  });
});
