import { describe, expect, test } from '@jest/globals';
import { configKey, registryOf, takesGoogleToken } from '../../src/image/registry.ts';

describe('the registry of an image', () => {
  test.each([
    { image: 'us-central1-docker.pkg.dev/p/r/i', registry: 'us-central1-docker.pkg.dev' },
    { image: 'gcr.io/p/i', registry: 'gcr.io' },
    { image: 'localhost/i', registry: 'localhost' },
    { image: 'localhost:5000/i', registry: 'localhost:5000' },
    { image: 'host:5000/i', registry: 'host:5000' },
    { image: '127.0.0.1:5000/a/b', registry: '127.0.0.1:5000' },
    { image: 'me/train', registry: 'docker.io' },
    { image: 'train', registry: 'docker.io' },
    { image: 'docker.io/me/train', registry: 'docker.io' },
    { image: 'gcr.io', registry: 'docker.io' },
    { image: 'pkgdev/x/y', registry: 'docker.io' },
  ])('$image is in $registry', ({ image, registry }) => {
    expect(registryOf(image)).toBe(registry);
  });
});

describe("Google's token as a password", () => {
  test.each([
    { registry: 'us-central1-docker.pkg.dev', loopback: false, takes: true },
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
    { registry: '127.0.0.1:5000', loopback: false, takes: false },
    { registry: 'localhost:5000', loopback: true, takes: true },
    { registry: '127.0.0.1:5000', loopback: true, takes: true },
    { registry: 'localhost', loopback: true, takes: true },
    { registry: '127.0.0.1.evil.example:5000', loopback: true, takes: false },
    { registry: '10.0.0.1:5000', loopback: true, takes: false },
  ])('to $registry (Vertex on loopback: $loopback): $takes', ({ registry, loopback, takes }) => {
    expect(takesGoogleToken(registry, loopback)).toBe(takes);
  });
});

test("Docker Hub's login has a key of its own", () => {
  expect([configKey('docker.io'), configKey('gcr.io')]).toEqual(['https://index.docker.io/v1/', 'gcr.io']);
});
