import { describe, expect, test } from '@jest/globals';
import { importChanges, labelOf, STAND_IN_LABEL, standInFor } from '../../../scripts/machine/stand-ins.ts';

describe('standInFor', () => {
  test.each([
    ['a slim Python image', 'python:3.12-slim', 'python'],
    ['a slim Python image on a Debian release', 'python:3.11.9-slim-bookworm', 'python'],
    ['a slim Python image with its registry', 'registry.example/library/python:3.12-slim', 'python'],
    ['a CUDA runtime image', 'nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04', 'cuda'],
    ['a CUDA base image', 'nvidia/cuda:13.0.0-base-ubuntu24.04', 'cuda'],
    ['a full Python image', 'python:3.12', undefined],
    ['another image', 'ubuntu:24.04', undefined],
    ['another image whose name ends alike', 'notpython:3.12-slim', undefined],
  ])('%s', (_case, name, kind) => {
    expect(standInFor(name)?.kind).toBe(kind);
  });

  test('a CUDA stand-in has the environment of the real image and no Python', () => {
    const standIn = standInFor('nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04');
    expect(standIn?.env).toMatchObject({
      CUDA_VERSION: '12.4.1',
      NVIDIA_REQUIRE_CUDA: 'cuda>=12.4',
      NVIDIA_VISIBLE_DEVICES: 'all',
      NVIDIA_DRIVER_CAPABILITIES: 'compute,utility',
    });
    expect(standIn?.packages.filter((name) => name.includes('python'))).toEqual([]);
  });
});

test('the label changes with the files and with the settings', () => {
  const [one, two] = ['12.4.1', '12.8.1'].map((version) => standInFor(`nvidia/cuda:${version}-base-ubuntu24.04`));
  if (one === undefined || two === undefined) throw new Error('no stand-in');
  const labels = [labelOf(one, 'files'), labelOf(one, 'other files'), labelOf(two, 'files')];
  expect(new Set(labels).size).toBe(3);
  expect(importChanges(one, 'abc')).toContain(`LABEL ${STAND_IN_LABEL}=abc`);
});
