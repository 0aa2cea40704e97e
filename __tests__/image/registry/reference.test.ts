import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/faults.ts';
import {
  configKey,
  parseReference,
  referenceOf,
  referenceText,
  registryOf,
  registryUrl,
  repositoryName,
  takesGoogleToken,
} from '../../../src/image/registry/reference.ts';

const SHA = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  test.each([
    { text: 'python', parts: ['docker.io', 'library/python', undefined, undefined] },
    { text: 'python:3.12-slim', parts: ['docker.io', 'library/python', '3.12-slim', undefined] },
    { text: 'me/train:v1', parts: ['docker.io', 'me/train', 'v1', undefined] },
    { text: 'docker.io/python', parts: ['docker.io', 'library/python', undefined, undefined] },
    { text: 'index.docker.io/me/train', parts: ['docker.io', 'me/train', undefined, undefined] },
    { text: `python@${SHA}`, parts: ['docker.io', 'library/python', undefined, SHA] },
    { text: `python:3@${SHA}`, parts: ['docker.io', 'library/python', '3', SHA] },
    { text: `a/b@sha512:${'b'.repeat(128)}`, parts: ['docker.io', 'a/b', undefined, `sha512:${'b'.repeat(128)}`] },
    { text: 'us-docker.pkg.dev/p/r/i:T_1.x', parts: ['us-docker.pkg.dev', 'p/r/i', 'T_1.x', undefined] },
    { text: 'localhost/i', parts: ['localhost', 'i', undefined, undefined] },
    { text: 'localhost:5000/i:1', parts: ['localhost:5000', 'i', '1', undefined] },
    { text: 'localhost:5000', parts: ['docker.io', 'library/localhost', '5000', undefined] },
    { text: '[::1]:5000/a/b', parts: ['[::1]:5000', 'a/b', undefined, undefined] },
    { text: '[2001:DB8::1]/a', parts: ['[2001:db8::1]', 'a', undefined, undefined] },
    { text: '[0:0:0:0:0:0:0:1]:5000/a', parts: ['[::1]:5000', 'a', undefined, undefined] },
    { text: 'HOST/a', parts: ['host', 'a', undefined, undefined] },
    { text: 'gcr.io', parts: ['docker.io', 'library/gcr.io', undefined, undefined] },
    { text: 'a__b/c--d.e_f', parts: ['docker.io', 'a__b/c--d.e_f', undefined, undefined] },
    { text: `gcr.io/${'a'.repeat(255)}`, parts: ['gcr.io', 'a'.repeat(255), undefined, undefined] },
  ])('$text is taken apart', ({ text, parts }) => {
    const [registry, path, tag, digest] = parts;
    expect(parseReference(text)).toEqual({ registry, path, tag, digest });
  });

  test.each([
    '',
    ':tag',
    'UPPER',
    'a/UPPER',
    'a..b',
    'a___b',
    'a.-b',
    '-a',
    'a/',
    '/a',
    'a//b',
    'a:',
    'a: b',
    'a:-x',
    `a:${'t'.repeat(129)}`,
    'a@',
    'a@sha256:abc',
    `a@md5:${'a'.repeat(32)}`,
    `a@${SHA.toUpperCase()}`,
    `a@${SHA}@${SHA}`,
    'a'.repeat(64),
    `gcr.io/${'a'.repeat(256)}`,
    'host:99999/a',
    '127.1/a',
    '0x7f.0.0.1:5000/a',
    '256.1.1.1/a',
    'a.0/b',
    'host:/a',
    'ho_st.x/a',
    'user@host.x/a',
    'https://gcr.io/a',
    '[::1/a',
    'a?b',
    'a#b',
    '../a',
    'a b',
    'a\n',
    'gcr.io/a\r\nx: y',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
    expect(() => referenceOf(text)).toThrow(UserError);
  });

  test('is the same after it has been text, and its address is its own', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/);
    const host = fc.constantFrom('', 'gcr.io/', 'localhost:5000/', '[::1]:1/', 'docker.io/', 'h.example:8443/');
    const end = fc.constantFrom('', ':latest', `@${SHA}`, `:v1@${SHA}`);
    fc.assert(
      fc.property(host, fc.array(part, { minLength: 1, maxLength: 4 }), end, (from, parts, tail) => {
        const text = `${from}${parts.join('/')}${tail}`;
        const reference = parseReference(text);
        // A first part may look like a host that is none.
        if (reference === undefined) return from === '' && /\./.test(parts[0] ?? '');
        expect(parseReference(referenceText(reference))).toEqual(reference);
        const url = new URL(`${registryUrl(reference.registry)}/v2/${reference.path}/manifests/x`);
        expect(url.pathname).toBe(`/v2/${reference.path}/manifests/x`);
        return true;
      }),
    );
  });

  test('keeps its short name', () => {
    expect(repositoryName(referenceOf('docker.io/library/python:3'))).toBe('python');
    expect(repositoryName(referenceOf('docker.io/me/train'))).toBe('me/train');
    expect(referenceText(referenceOf(`gcr.io/p/i:1@${SHA}`))).toBe(`gcr.io/p/i:1@${SHA}`);
  });
});

describe("a registry's address", () => {
  test.each([
    { registry: 'docker.io', url: 'https://registry-1.docker.io' },
    { registry: 'gcr.io', url: 'https://gcr.io' },
    { registry: 'host.example:80', url: 'https://host.example:80' },
    { registry: 'localhost', url: 'http://localhost' },
    { registry: 'localhost:5000', url: 'http://localhost:5000' },
    { registry: 'localhost:443', url: 'https://localhost:443' },
    { registry: '127.0.0.2:5000', url: 'http://127.0.0.2:5000' },
    { registry: '[::1]:5000', url: 'http://[::1]:5000' },
    { registry: '127.0.0.1.evil.example', url: 'https://127.0.0.1.evil.example' },
    { registry: '10.0.0.1:5000', url: 'https://10.0.0.1:5000' },
  ])('$registry is at $url', ({ registry, url }) => {
    expect(registryUrl(registry)).toBe(url);
  });
});

describe('the registry of an image', () => {
  test.each([
    { image: 'us-central1-docker.pkg.dev/p/r/i', registry: 'us-central1-docker.pkg.dev' },
    { image: 'gcr.io/p/i', registry: 'gcr.io' },
    { image: 'localhost/i', registry: 'localhost' },
    { image: 'host:5000/i', registry: 'host:5000' },
    { image: '127.0.0.1:5000/a/b', registry: '127.0.0.1:5000' },
    { image: 'train', registry: 'docker.io' },
    { image: 'docker.io/me/train', registry: 'docker.io' },
    { image: 'pkgdev/x/y', registry: 'docker.io' },
  ])('$image is in $registry', ({ image, registry }) => {
    expect(registryOf(image)).toBe(registry);
  });
});

describe("Google's token as a password", () => {
  test.each([
    { registry: 'us-central1-docker.pkg.dev', loopback: false, takes: true },
    { registry: 'docker.us-central1.rep.pkg.dev', loopback: false, takes: true },
    { registry: 'US-CENTRAL1-DOCKER.PKG.DEV', loopback: false, takes: true },
    { registry: 'gcr.io', loopback: false, takes: true },
    { registry: 'eu.gcr.io', loopback: false, takes: true },
    { registry: 'pkg.dev.evil.example', loopback: false, takes: false },
    { registry: 'evilpkg.dev', loopback: false, takes: false },
    { registry: 'evil-gcr.io', loopback: false, takes: false },
    { registry: 'gcr.io.evil.example', loopback: false, takes: false },
    { registry: 'us-docker.pkg.dev:8443', loopback: false, takes: false },
    { registry: 'docker.io', loopback: false, takes: false },
    { registry: 'ghcr.io', loopback: true, takes: false },
    { registry: 'localhost:5000', loopback: false, takes: false },
    { registry: 'localhost:5000', loopback: true, takes: true },
    { registry: '127.0.0.1:5000', loopback: true, takes: true },
    { registry: '[::1]:5000', loopback: true, takes: true },
    { registry: '127.0.0.1.evil.example:5000', loopback: true, takes: false },
    { registry: '10.0.0.1:5000', loopback: true, takes: false },
  ])('to $registry (Vertex on loopback: $loopback): $takes', ({ registry, loopback, takes }) => {
    expect(takesGoogleToken(registry, loopback)).toBe(takes);
  });
});

test("Docker Hub's login has a key of its own", () => {
  expect([configKey('docker.io'), configKey('gcr.io')]).toEqual(['https://index.docker.io/v1/', 'gcr.io']);
});
