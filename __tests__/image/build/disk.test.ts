import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DiskNeeds, judgeDisk } from '../../../src/image/build/disk.ts';

describe('the disk', () => {
  test.each<{ name: string; needs: DiskNeeds; full: boolean }>([
    { name: 'with room', needs: { freeBytes: 14e9, baseBytes: 4e9, contextBytes: 1e9 }, full: false },
    { name: 'with just room', needs: { freeBytes: 10e9, baseBytes: 4e9, contextBytes: 1e9 }, full: false },
    { name: 'with a byte less', needs: { freeBytes: 10e9 - 1, baseBytes: 4e9, contextBytes: 1e9 }, full: true },
    {
      name: 'with a base that the engine holds',
      needs: { freeBytes: 2e9, baseBytes: 0, contextBytes: 1e9 },
      full: false,
    },
    {
      name: 'with a base of unknown size',
      needs: { freeBytes: 1, baseBytes: undefined, contextBytes: 0 },
      full: false,
    },
    {
      name: 'with no room for the packages',
      needs: { freeBytes: 5e9, baseBytes: 1e9, contextBytes: 0, packagesBytes: 6e9 },
      full: true,
    },
    { name: 'that is full', needs: { freeBytes: 0, baseBytes: undefined, contextBytes: 1 }, full: true },
  ])('$name', ({ needs, full }) => {
    expect(judgeDisk(needs) !== undefined).toBe(full);
  });

  test('says what is needed for what, and what frees space', () => {
    const fault = judgeDisk({ freeBytes: 3.2e9, baseBytes: 2.4e9, contextBytes: 25e6, packagesBytes: 1e9 });
    expect(fault).toEqual({
      rule: 'disk-space',
      message:
        "the disk where images are built has 3.2 GB free, and this build needs at least 5.8 GB (the base image 4.8 GB unpacked, the context 50 MB in its two copies, packages 1.0 GB). Free space on the engine's disk before this step: docker system prune --all, remove a hosted runner's preinstalled toolchains (/usr/share/dotnet, /usr/local/lib/android, /opt/ghc, /opt/hostedtoolcache), or use a runner with a larger disk.",
    });
  });

  test('that takes a build takes it with more room too', () => {
    const size = fc.integer({ min: 0, max: 1e12 });
    fc.assert(
      fc.property(size, size, size, size, (freeBytes, more, baseBytes, contextBytes) => {
        const needs = { baseBytes, contextBytes };
        if (judgeDisk({ ...needs, freeBytes }) !== undefined) return;
        expect(judgeDisk({ ...needs, freeBytes: freeBytes + more })).toBeUndefined();
      }),
    );
  });
});
