// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { BASE_IMAGES } from '../../src/plan/catalog.ts';
import { chooseBase, type ImageRequest, planImage } from '../../src/plan/image.ts';
import { ACCELERATOR_TYPES } from '../../src/vertex/types.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { DOCKERFILE, RUN } from './run.ts';

const plan = (given: Given, more: Partial<ImageRequest> = {}) =>
  planImage({ inputs: inputsOf(given), accelerator: undefined, context: RUN, dockerfileText: DOCKERFILE, ...more });

describe('the base image', () => {
  test.each([
    {
      name: 'none asked for',
      accelerator: undefined,
      image: 'python:3.12-slim',
      why: 'no GPU is asked for: slim Python 3.12',
    },
    { name: 'a TPU', accelerator: 'TPU_V3', image: 'python:3.12-slim', why: 'no GPU is asked for: slim Python 3.12' },
    {
      name: 'a GPU',
      accelerator: 'NVIDIA_L4',
      image: 'nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04',
      why: 'NVIDIA_L4 is asked for: CUDA 12.6.3 with cuDNN 9.5.1.17, which runs on driver 525 and later',
    },
    {
      name: 'a Blackwell GPU',
      accelerator: 'NVIDIA_B200',
      image: 'nvidia/cuda:12.8.0-cudnn-runtime-ubuntu24.04',
      why: 'NVIDIA_B200 is asked for: CUDA 12.8.0 with cuDNN 9.7.0.66, which runs on driver 525 and later',
    },
  ] as const)('$name', ({ accelerator, image, why }) => {
    expect(chooseBase(undefined, accelerator)).toEqual({ image, why });
  });

  test('every GPU gets CUDA with cuDNN, and nothing else does', () => {
    for (const type of ACCELERATOR_TYPES.slice(1)) {
      const { image } = chooseBase(undefined, type);
      expect([type, /^nvidia\/cuda:[\d.]+-cudnn-runtime-ubuntu[\d.]+$/.test(image)]).toEqual([
        type,
        type.startsWith('NVIDIA'),
      ]);
    }
    for (const type of BASE_IMAGES.blackwell.accelerators) expect(ACCELERATOR_TYPES).toContain(type);
  });

  test('what base_image asks for goes before the choice', () => {
    expect(chooseBase('me/base:1', 'NVIDIA_L4')).toEqual({ image: 'me/base:1', why: 'as base_image asks' });
  });
});

describe('the image', () => {
  test('for a region', () => {
    expect(plan({ build_args: 'A=1', context: 'sub' }).image).toEqual({
      repository: 'us-central1-docker.pkg.dev/my-project/training/mnist',
      tag: RUN.sha,
      context: 'sub',
      dockerfile: 'sub/Dockerfile',
      base: { image: 'python:3.12-slim', why: 'no GPU is asked for: slim Python 3.12' },
      buildArgs: { A: '1', BASE_IMAGE: 'python:3.12-slim' },
      platform: 'linux/amd64',
      push: true,
    });
  });

  test('for region local', () => {
    expect(plan({ region: 'local', image: '' }).image).toMatchObject({
      repository: 'train-on-vertex/octo/digits',
      tag: RUN.sha,
      platform: undefined,
      push: false,
    });
  });

  test.each([
    { repository: 'Octo-Org/My.Repo', name: 'train-on-vertex/octo-org/my-repo' },
    { repository: '-a-/_b_', name: 'train-on-vertex/a/b' },
    { repository: '', name: 'train-on-vertex/x' },
    { repository: 'ö/__', name: 'train-on-vertex/x/x' },
  ])('a local image of "$repository" is $name', ({ repository, name }) => {
    expect(plan({ region: 'local', image: '' }, { context: { ...RUN, repository } }).image.repository).toBe(name);
  });

  test.each([
    { name: "the commit's", given: {}, run: {}, tag: RUN.sha },
    { name: 'the one that is named', given: { image: 'gcr.io/p/i:v1' }, run: {}, tag: 'v1' },
    { name: 'latest, outside a workflow', given: {}, run: { sha: '' }, tag: 'latest' },
  ])('tag: $name', ({ given, run, tag }) => {
    expect(plan(given, { context: { ...RUN, ...run } }).image.tag).toBe(tag);
  });

  test('Grace machines need an image for ARM', () => {
    expect(plan({}, { accelerator: 'NVIDIA_GB200' }).image.platform).toBe('linux/arm64');
  });

  test('a Dockerfile that does not take BASE_IMAGE is not given it', () => {
    expect(plan({ build_args: 'A=1' }, { dockerfileText: 'FROM x' }).image.buildArgs).toEqual({ A: '1' });
  });
});

describe('findings', () => {
  test.each<{ name: string; dockerfileText: string | undefined; faults: string[]; warnings: string[] }>([
    { name: 'none', dockerfileText: DOCKERFILE, faults: [], warnings: [] },
    {
      name: 'no Dockerfile',
      dockerfileText: undefined,
      faults: [
        'dockerfile: there is no Dockerfile at a/Dockerfile (context a). Name it, relative to the workspace, and check the repository out before this step. [dockerfile-missing]',
      ],
      warnings: [],
    },
    {
      name: 'no FROM',
      dockerfileText: '# empty\n',
      faults: ['a/Dockerfile:1: the Dockerfile has no FROM with an image. Begin it with one. [dockerfile-from]'],
      warnings: [],
    },
    {
      name: 'BASE_IMAGE is not taken',
      dockerfileText: '# x\nFROM node AS a\n\nFROM python:3.12\n',
      faults: [],
      warnings: [
        'a/Dockerfile:4: the Dockerfile does not take BASE_IMAGE and is built as written, not on python:3.12-slim. To use it, write ARG BASE_IMAGE=… and FROM ${BASE_IMAGE}. [base-image-unused]',
      ],
    },
  ])('$name', ({ dockerfileText, faults, warnings }) => {
    const answer = plan({ context: 'a' }, { dockerfileText });
    expect([answer.faults.map(faultText), answer.warnings.map(faultText)]).toEqual([faults, warnings]);
  });
});
