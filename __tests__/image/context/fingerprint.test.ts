import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentTag, type FingerprintParts, fingerprintOf } from '../../../src/image/context/fingerprint.ts';

const PARTS: FingerprintParts = {
  contextDigest: 'a'.repeat(64),
  dockerfile: 'FROM python:3.12-slim\n',
  buildArgs: { A: '1', B: '2' },
  target: undefined,
  platform: 'linux/amd64',
  bases: { 'python:3.12-slim': `sha256:${'b'.repeat(64)}` },
  options: { provenance: false, secrets: ['token'] },
};

test('is of a known value, so that a change of its format is noticed', () => {
  expect(fingerprintOf(PARTS)).toBe('a85aae18f4bf2486766ecffaec57deb63524be60f7b4de61b6c6462ea8fda27d');
});

describe.each<{ readonly name: string; readonly change: Partial<FingerprintParts> }>([
  { name: 'the context', change: { contextDigest: `${'a'.repeat(63)}b` } },
  { name: 'the Dockerfile', change: { dockerfile: 'FROM python:3.12-slim' } },
  { name: "an argument's value", change: { buildArgs: { A: '1', B: '3' } } },
  { name: 'an argument more', change: { buildArgs: { A: '1', B: '2', C: '' } } },
  { name: 'the values of two arguments', change: { buildArgs: { A: '2', B: '1' } } },
  { name: 'the target', change: { target: 'train' } },
  { name: 'an empty target', change: { target: '' } },
  { name: 'the platform', change: { platform: 'linux/arm64' } },
  { name: "the base's digest", change: { bases: { 'python:3.12-slim': `sha256:${'c'.repeat(64)}` } } },
  { name: 'a base without a digest', change: { bases: { 'python:3.12-slim': undefined } } },
  { name: 'no base', change: { bases: {} } },
  { name: 'an option', change: { options: { provenance: true, secrets: ['token'] } } },
  { name: 'an option of another type', change: { options: { provenance: 'false', secrets: ['token'] } } },
  { name: "an option's list", change: { options: { provenance: false, secrets: ['token', 'key'] } } },
])('$name', ({ change }) => {
  test('changes it', () => {
    expect(fingerprintOf({ ...PARTS, ...change })).not.toBe(fingerprintOf(PARTS));
  });
});

test('the order in which names were given, and options that are not set, do not change it', () => {
  const same: FingerprintParts = {
    ...PARTS,
    buildArgs: { B: '2', A: '1' },
    options: { sbom: undefined, secrets: ['token'], provenance: false },
  };
  expect(fingerprintOf(same)).toBe(fingerprintOf(PARTS));
});

test('arguments cannot pass for others', () => {
  const args = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 3 });
  fc.assert(
    fc.property(args, args, (one, other) => {
      const sorted = (each: Readonly<Record<string, string>>) => JSON.stringify(Object.entries(each).sort());
      const same = fingerprintOf({ ...PARTS, buildArgs: one }) === fingerprintOf({ ...PARTS, buildArgs: other });
      expect(same).toBe(sorted(one) === sorted(other));
    }),
  );
});

test('the tag is one that every registry takes', () => {
  expect(contentTag(fingerprintOf(PARTS))).toMatch(/^content-[0-9a-f]{40}$/);
});
