import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CUDA, kernelsOf, PYTHONS, pythonsOf } from '../../../../src/plan/image/base/catalog.ts';
import { defaultTag, tagsOf } from '../../../../src/plan/image/base/tags.ts';
import { compareVersions, isSpecifier, parseVersion } from '../../../../src/plan/image/requirements/versions.ts';

const text = readFileSync(join(import.meta.dirname, '../../../../catalog/cuda.json'), 'utf8');

describe('catalog/cuda.json', () => {
  test('is small, and tells what it is, when it was read and from where', () => {
    expect(text.length).toBeLessThan(60_000);
    const { _meta } = JSON.parse(text) as { _meta: Record<string, unknown> };
    expect(_meta).toMatchObject({ what: expect.any(String), date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(_meta['sources']).toEqual(expect.arrayContaining([expect.any(String)]));
  });

  test.each(['torch', 'tensorflow', 'jax', 'xgboost'] as const)('%s: releases once each, newest first', (name) => {
    const versions = CUDA[name].flatMap((row: { readonly versions: readonly string[] }) => row.versions);
    expect(versions.filter((one) => parseVersion(one) === undefined)).toEqual([]);
    expect(versions).toEqual([...new Set(versions)].sort((one, other) => compareVersions(other, one)));
    for (const row of CUDA[name]) expect(pythonsOf(row).length).toBeGreaterThan(1);
  });

  test('every kernel list that is named is there, and every list is named', () => {
    const named = [
      ...CUDA.torch.flatMap(({ cuda }) => Object.values(cuda).map(([, kernels]) => kernels)),
      ...CUDA.tensorflow.map(({ kernels }) => kernels),
      ...CUDA.xgboost.map(({ kernels }) => kernels),
      ...Object.values(CUDA.torchArm),
    ].filter((name) => name !== null);
    expect(named.filter((name) => kernelsOf(name) === undefined)).toEqual([]);
    expect([...new Set(named)].sort()).toEqual(Object.keys(CUDA.kernels).sort());
  });

  test('PyPI’s variant of torch is one of its variants', () => {
    const odd = CUDA.torch.filter(
      ({ pypi, pypiArm, cuda }) => !(pypi in cuda) || (pypiArm !== null && !(pypiArm in cuda)),
    );
    expect(odd).toEqual([]);
  });

  test('what companions of torch ask for is a specifier that some torch fits', () => {
    const asked = [
      ...Object.values(CUDA.torchvision),
      ...Object.values(CUDA.torchaudio),
      ...CUDA.lightning.map(([, one]) => one),
    ];
    expect(asked.filter((one) => !isSpecifier(one))).toEqual([]);
  });

  test('the defaults are tags, and the usual Python is one of all', () => {
    const runtime = tagsOf('runtime').map(({ image }) => image);
    for (const gpu of Object.values(CUDA.gpus)) {
      expect([gpu.name, gpu.lastCudaMajor === '11' || runtime.includes(`nvidia/cuda:${defaultTag(gpu)}`)]).toEqual([
        gpu.name,
        true,
      ]);
    }
    expect(PYTHONS).toContain(CUDA.defaults.python);
    expect(PYTHONS[0]).toBe('3.6');
  });

  test('tags are named as NVIDIA names them, each once', () => {
    const all = (['base', 'runtime', 'devel'] as const).flatMap((flavour) => tagsOf(flavour).map(({ image }) => image));
    expect(new Set(all).size).toBe(all.length);
    const form = /^nvidia\/cuda:\d+\.\d+\.\d+-(?:base|cudnn[89]?-(?:runtime|devel))-ubuntu2[024]\.04$/;
    expect(all.filter((image) => !form.test(image))).toEqual([]);
    // cuDNN's part of the name, by the release (NVIDIA container-images/cuda, supported-tags.md).
    for (const [cuda, part] of [
      ['12.2.2', 'cudnn8'],
      ['12.3.2', 'cudnn9'],
      ['12.4.1', 'cudnn'],
    ]) {
      expect(all).toContain(`nvidia/cuda:${cuda}-${part}-runtime-ubuntu22.04`);
    }
  });
});
