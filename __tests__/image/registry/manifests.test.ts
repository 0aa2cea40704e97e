import { describe, expect, test } from '@jest/globals';
import { imageFacts } from '../../../src/image/registry/image-facts.ts';
import { digestOf, entryFor, normalPlatform, OCI_INDEX, readManifest } from '../../../src/image/registry/manifests.ts';
import { sha256 } from './memory-registry.ts';

const entry = (name: string, platform?: object, annotations?: object) => ({
  mediaType: 'm',
  digest: sha256(name),
  size: 1,
  ...(platform === undefined ? {} : { platform }),
  ...(annotations === undefined ? {} : { annotations }),
});
const amd64 = { os: 'linux', architecture: 'amd64' };
const attestation = (of: string) => ({
  'vnd.docker.reference.type': 'attestation-manifest',
  'vnd.docker.reference.digest': sha256(of),
});
const unknown = { os: 'unknown', architecture: 'unknown' };

describe("a platform's image in an index", () => {
  const index = (...manifests: object[]) => {
    const read = readManifest({ manifests }, OCI_INDEX, 'it');
    if (read.kind !== 'index') throw new Error('no index');
    return read;
  };

  test.each([
    {
      name: 'by its name',
      entries: [entry('a', amd64), entry('b', { os: 'linux', architecture: 'arm64' })],
      platform: 'linux/arm64',
      found: 'b',
    },
    {
      name: 'whose variant every such machine has',
      entries: [entry('b', { os: 'linux', architecture: 'arm64', variant: 'v8' })],
      platform: 'linux/arm64',
      found: 'b',
    },
    {
      name: 'that is asked for by its variant',
      entries: [entry('b', { os: 'linux', architecture: 'arm64' })],
      platform: 'linux/arm64/v8',
      found: 'b',
    },
    {
      name: 'of a variant of its own',
      entries: [
        entry('a', { os: 'linux', architecture: 'arm', variant: 'v6' }),
        entry('b', { os: 'linux', architecture: 'arm', variant: 'v7' }),
      ],
      platform: 'linux/arm/v7',
      found: 'b',
    },
    {
      name: 'beside its provenance',
      entries: [entry('a', amd64), entry('p', unknown, attestation('a'))],
      platform: 'linux/amd64',
      found: 'a',
    },
    {
      name: 'that names none but is the only one',
      entries: [entry('a'), entry('p', unknown, attestation('a'))],
      platform: 'linux/amd64',
      found: 'a',
    },
    {
      name: 'that names none and is one of two',
      entries: [entry('a'), entry('b')],
      platform: 'linux/amd64',
      found: undefined,
    },
    { name: 'that is only for another', entries: [entry('a', amd64)], platform: 'linux/arm64', found: undefined },
    { name: 'that is none', entries: [entry('a', unknown)], platform: 'linux/amd64', found: undefined },
    { name: 'where there is none', entries: [], platform: 'linux/amd64', found: undefined },
  ])('$name', ({ entries, platform, found }) => {
    expect(entryFor(index(...entries), platform)?.digest).toBe(found === undefined ? undefined : sha256(found));
  });
});

test.each([
  { given: 'linux/amd64', normal: 'linux/amd64' },
  { given: 'linux/amd64/v1', normal: 'linux/amd64' },
  { given: 'linux/amd64/v3', normal: 'linux/amd64/v3' },
  { given: 'linux/arm64/v8', normal: 'linux/arm64' },
])('$given is $normal', ({ given, normal }) => {
  expect(normalPlatform(given)).toBe(normal);
});

test('a digest is of the algorithm that another one has', () => {
  const bytes = Buffer.from('abc');
  expect(digestOf(bytes)).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(digestOf(bytes, 'sha512:x')).toMatch(/^sha512:ddaf35a193617aba[0-9a-f]{112}$/);
});

describe('the facts of a configuration', () => {
  test('are read', () => {
    const config = {
      created: '2026-11-01T00:00:00Z',
      os: 'linux',
      architecture: 'arm64',
      variant: 'v8',
      config: { Labels: { a: 'b' }, Env: ['PATH=/bin', 'LD_LIBRARY_PATH=/a:/b', 'EMPTY=', 'ODD', 'E=a=b'] },
    };
    expect(imageFacts(config)).toEqual({
      created: Date.UTC(2026, 10, 1),
      labels: { a: 'b' },
      env: { PATH: '/bin', LD_LIBRARY_PATH: '/a:/b', EMPTY: '', ODD: '', E: 'a=b' },
      libraryPath: ['/a', '/b'],
      platform: 'linux/arm64',
    });
  });

  test.each([
    { label: '2026-01-02T00:00:00Z', created: '1970-01-01T00:00:00Z', day: 2 },
    { label: 'yesterday', created: '2026-01-03T00:00:00Z', day: 3 },
    { label: 5, created: '2026-01-04T00:00:00.123456789Z', day: 4 },
    { label: undefined, created: 'never', day: undefined },
  ])('date it by the label $label before $created', ({ label, created, day }) => {
    const facts = imageFacts({ created, config: { Labels: { 'org.opencontainers.image.created': label } } });
    expect(facts.created === undefined ? undefined : new Date(facts.created).getUTCDate()).toBe(day);
  });

  test.each([
    undefined,
    null,
    [],
    'x',
    {},
    { config: null },
    { config: { Env: {}, Labels: [] } },
    { config: { Env: [5, null] } },
  ])('of %j are none', (config) => {
    expect(imageFacts(config)).toEqual({
      created: undefined,
      labels: {},
      env: {},
      libraryPath: [],
      platform: undefined,
    });
  });
});
