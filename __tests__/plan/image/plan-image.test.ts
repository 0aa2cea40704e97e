// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { type ImageRequest, planImage } from '../../../src/plan/image/plan-image.ts';
import { buildArgsOf } from '../../../src/plan/image/types.ts';
import { type Given, inputsOf } from '../../inputs/given.ts';
import { DOCKERFILE, RUN, viewOf } from '../run.ts';

const plan = (given: Given, more: Partial<ImageRequest> = {}) =>
  planImage({
    inputs: inputsOf(given),
    accelerators: [],
    command: [],
    tuning: false,
    context: RUN,
    files: viewOf(),
    dockerfileText: DOCKERFILE,
    ...more,
  });

const baseOf = (...asked: Parameters<typeof plan>) => plan(...asked).image.bases[0].image;

describe('the base image', () => {
  test('is slim Python where no GPU is asked for, and nvidia/cuda where one is', () => {
    expect(baseOf({})).toBe('python:3.12-slim');
    expect(baseOf({}, { accelerators: ['TPU_V3'] })).toBe('python:3.12-slim');
    expect(baseOf({}, { accelerators: ['NVIDIA_L4'] })).toMatch(/^nvidia\/cuda:/);
  });

  test('follows from what the Dockerfile installs, and not from files that it leaves alone', () => {
    const files = viewOf({ 'gpu.txt': 'torch==2.8.0\n', 'requirements.txt': 'tensorflow==2.15.0\n' });
    const dockerfileText = `${DOCKERFILE}RUN pip install -r gpu.txt\n`;
    expect(plan({}, { files, dockerfileText, accelerators: ['NVIDIA_L4'] }).image.bases[0].why).toContain(
      'torch 2.8.0',
    );
  });

  test('is the one that base_image asks for', () => {
    expect(baseOf({ base_image: 'me/base:1' }, { accelerators: ['NVIDIA_L4'] })).toBe('me/base:1');
    expect(baseOf({ base_image: 'slim' }, { accelerators: ['NVIDIA_L4'] })).toBe('python:3.12-slim');
  });

  test('is handed to the Dockerfile that takes it, and to no other', () => {
    const taken = plan({ build_args: 'A=1' }).image;
    expect(buildArgsOf(taken)).toEqual({ A: '1', BASE_IMAGE: 'python:3.12-slim' });
    expect(buildArgsOf(taken, 'python:3.12-slim@sha256:0')).toEqual({
      A: '1',
      BASE_IMAGE: 'python:3.12-slim@sha256:0',
    });
    expect(buildArgsOf(plan({ build_args: 'A=1' }, { dockerfileText: 'FROM x' }).image)).toEqual({ A: '1' });
  });
});

describe('the image', () => {
  test('for a region', () => {
    const { bases: _, ...image } = plan({ build_args: 'A=1', context: 'sub', tags: 'v1', target: 'train' }).image;
    expect(image).toEqual({
      repository: 'us-central1-docker.pkg.dev/my-project/training/mnist',
      tags: [RUN.sha, 'v1'],
      context: 'sub',
      dockerfile: { path: 'sub/Dockerfile', text: DOCKERFILE, written: undefined },
      takesBase: true,
      buildArgs: { A: '1' },
      target: 'train',
      platform: 'linux/amd64',
      gpu: false,
      push: true,
      mode: 'auto',
      maxAge: undefined,
      cache: 'auto',
      secrets: [],
      provenance: 'false',
      sbom: false,
      labels: {
        'org.opencontainers.image.revision': RUN.sha,
        'org.opencontainers.image.source': 'https://github.com/octo/digits',
      },
    });
  });

  test('for region local', () => {
    expect(plan({ region: 'local', image: '' }).image).toMatchObject({
      repository: 'train-on-vertex/octo/digits',
      tags: [],
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
    { name: "the commit's", given: {}, run: {}, tags: [RUN.sha] },
    { name: 'the one that is named', given: { image: 'gcr.io/p/i:v1' }, run: {}, tags: ['v1', RUN.sha] },
    { name: 'each once', given: { image: 'gcr.io/p/i:v1', tags: 'v2\nv1' }, run: {}, tags: ['v1', RUN.sha, 'v2'] },
    { name: 'none, outside a workflow', given: {}, run: { sha: '' }, tags: [] },
  ])('tags: $name', ({ given, run, tags }) => {
    expect(plan(given, { context: { ...RUN, ...run } }).image.tags).toEqual(tags);
  });

  test('Grace machines need an image for ARM', () => {
    expect(plan({}, { accelerators: ['NVIDIA_GB200'] }).image.platform).toBe('linux/arm64');
  });

  const WEEK = 7 * 86_400;
  test.each<{ name: string; requirements: string; given?: Given; seconds: number | undefined }>([
    { name: 'nothing is known of packages', requirements: '', seconds: undefined },
    { name: 'every version is fixed', requirements: 'numpy==2.0.0\n', seconds: undefined },
    { name: 'a range', requirements: 'numpy>=2\n', seconds: WEEK },
    { name: 'a branch of a repository', requirements: 'foo @ git+https://github.com/x/y@main\n', seconds: WEEK },
    {
      name: 'a commit of a repository',
      requirements: `foo @ git+https://github.com/x/y@${'a'.repeat(40)}\n`,
      seconds: undefined,
    },
    { name: 'a nightly build', requirements: 'tf-nightly==2.22.0.dev20261101\n', seconds: WEEK },
    {
      name: 'a pinned version that its makers call one of development',
      requirements: 'cloudml-hypertune==0.1.0.dev6\n',
      seconds: undefined,
    },
    { name: 'what is asked for', requirements: 'numpy>=2\n', given: { max_image_age: '12h' }, seconds: 43_200 },
    { name: 'never', requirements: 'numpy>=2\n', given: { max_image_age: 'none' }, seconds: undefined },
  ])('is built anew by its age: $name', ({ requirements, given = {}, seconds }) => {
    const files = viewOf({ 'requirements.txt': requirements });
    expect(plan(given, { files }).image.maxAge?.seconds).toBe(seconds);
  });
});

describe('what ADD takes from the network', () => {
  test.each([
    {
      name: 'an address',
      line: 'ADD http://h.example/f /f',
      why: 'the Dockerfile adds http://h.example/f without a checksum',
    },
    {
      name: 'one with a checksum',
      line: `ADD --checksum=sha256:${'a'.repeat(64)} http://h.example/f /f`,
      why: undefined,
    },
    {
      name: 'a branch',
      line: 'ADD git@github.com:x/y.git#main /y',
      why: 'the Dockerfile adds git@github.com:x/y.git#main without a checksum',
    },
    { name: 'a commit', line: `ADD https://github.com/x/y.git#${'b'.repeat(40)} /y`, why: undefined },
    { name: 'a file', line: 'ADD http.py /', why: undefined },
  ])('$name', ({ line, why }) => {
    expect(plan({}, { dockerfileText: `${DOCKERFILE}${line}\n` }).image.maxAge?.why).toBe(why);
  });
});

describe('without a Dockerfile', () => {
  const files = viewOf({ 'train.py': 'print(1)\n', 'requirements.txt': 'numpy==2.0.0\n' });

  test('one is written', () => {
    const { image, errors } = plan({}, { files, dockerfileText: undefined });
    expect(errors).toEqual([]);
    expect(image.takesBase).toBe(true);
    expect(image.dockerfile.text).toContain('ARG BASE_IMAGE=python:3.12-slim');
    expect(image.dockerfile.written?.program).toContain('train.py');
  });

  test.each<{ name: string; given: Given; error: string }>([
    {
      name: 'one that was named',
      given: { dockerfile: 'docker/gpu' },
      error:
        'dockerfile: there is no Dockerfile at docker/gpu (context .). Name it, relative to the workspace, and check the repository out before this step. [dockerfile-missing]',
    },
    {
      name: 'a stage of it',
      given: { target: 'train' },
      error:
        'dockerfile: there is no Dockerfile at Dockerfile (context .), and target names a stage of it. Name it, relative to the workspace, and check the repository out before this step. [dockerfile-missing]',
    },
  ])('none is written for $name', ({ given, error }) => {
    expect(plan(given, { files, dockerfileText: undefined }).errors.map(faultText)).toEqual([error]);
  });
});

describe('findings', () => {
  test.each<{ name: string; dockerfileText: string; errors: string[]; warnings: string[] }>([
    { name: 'none', dockerfileText: DOCKERFILE, errors: [], warnings: [] },
    {
      name: 'no FROM',
      dockerfileText: '# empty\n',
      errors: ['a/Dockerfile:1: the Dockerfile has no FROM with an image. Begin it with one. [dockerfile-from]'],
      warnings: [],
    },
    {
      name: 'BASE_IMAGE is not taken',
      dockerfileText: '# x\nFROM node AS a\n\nFROM python:3.12\n',
      errors: [],
      warnings: [
        'a/Dockerfile:4: the Dockerfile does not take BASE_IMAGE and is built as written, not on python:3.12-slim. To use it, write ARG BASE_IMAGE=… and FROM ${BASE_IMAGE}. [base-image-unused]',
      ],
    },
  ])('$name', ({ dockerfileText, errors, warnings }) => {
    const answer = plan({ context: 'a' }, { dockerfileText });
    expect([answer.errors.map(faultText), answer.warnings.map(faultText)]).toEqual([errors, warnings]);
  });
});
