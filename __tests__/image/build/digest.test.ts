import { describe, expect, test } from '@jest/globals';
import {
  digestInIndex,
  digestInMetadata,
  digestInPush,
  digestInRepository,
  isIndex,
} from '../../../src/image/build/digest.ts';

const A = `sha256:${'a1'.repeat(32)}`;
const B = `sha256:${'b2'.repeat(32)}`;

test.each([
  { name: 'a digest', text: JSON.stringify({ 'containerimage.digest': A }), digest: A },
  { name: 'none', text: '{}', digest: undefined },
  { name: 'one that is none', text: '{"containerimage.digest":"sha256:abc"}', digest: undefined },
  {
    name: 'one with more behind it',
    text: JSON.stringify({ 'containerimage.digest': `${A}\n::error::` }),
    digest: undefined,
  },
  { name: 'no JSON', text: 'x', digest: undefined },
  { name: 'nothing', text: '', digest: undefined },
])('metadata with $name', ({ text, digest }) => {
  expect(digestInMetadata(text)).toBe(digest);
});

test.each([
  { name: "docker's line", lines: ['5f70bf18a086: Pushed', `abc: digest: ${A} size: 942`], digest: A },
  { name: 'the last one', lines: [`abc: digest: ${A} size: 942`, `abc: digest: ${B} size: 1`], digest: B },
  { name: 'a longer one', lines: [`abc: digest: ${A}0 size: 942`], digest: undefined },
  { name: 'none', lines: ['5f70bf18a086: Pushed'], digest: undefined },
])('the output of a push with $name', ({ lines, digest }) => {
  expect(digestInPush(lines)).toBe(digest);
});

test.each([
  { name: 'its own', json: JSON.stringify([`gcr.io/p/i2@${B}`, `gcr.io/p/i@${A}`]), digest: A },
  { name: "another's", json: JSON.stringify([`gcr.io/p/other@${A}`]), digest: undefined },
  { name: 'one that is none', json: JSON.stringify(['gcr.io/p/i@sha256:1', 7]), digest: undefined },
  { name: 'null', json: 'null', digest: undefined },
  { name: 'no JSON', json: '', digest: undefined },
])('repository digests with $name', ({ json, digest }) => {
  expect(digestInRepository(json, 'gcr.io/p/i')).toBe(digest);
});

describe('an index', () => {
  const image = (digest: string, platform: object) => ({ digest, platform });
  const amd64 = image(A, { os: 'linux', architecture: 'amd64' });
  const arm64 = image(B, { os: 'linux', architecture: 'arm64', variant: 'v8' });
  const attestation = {
    digest: B,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': A },
  };
  test.each([
    { name: 'an image and its attestation', manifests: [amd64, attestation], platform: 'linux/amd64', digest: A },
    { name: 'the same, whatever the platform', manifests: [attestation, amd64], platform: undefined, digest: A },
    { name: 'several platforms', manifests: [amd64, arm64], platform: 'linux/arm64', digest: B },
    { name: 'a variant', manifests: [amd64, arm64], platform: 'linux/arm64/v8', digest: B },
    { name: 'another variant', manifests: [amd64, arm64], platform: 'linux/arm64/v7', digest: undefined },
    { name: 'several, and none is asked for', manifests: [amd64, arm64], platform: undefined, digest: undefined },
    { name: 'the wrong platform', manifests: [amd64, attestation], platform: 'linux/arm64', digest: undefined },
    { name: 'a digest that is none', manifests: [image('sha256:1', {})], platform: undefined, digest: undefined },
    { name: 'what is no manifest', manifests: [null, 'x'], platform: undefined, digest: undefined },
  ])('of $name', ({ manifests, platform, digest }) => {
    expect(digestInIndex(JSON.stringify({ schemaVersion: 2, manifests }), platform)).toBe(digest);
  });

  test('is told from a plain manifest', () => {
    expect([JSON.stringify({ manifests: [] }), '{"config":{}}', '[]', ''].map(isIndex)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
