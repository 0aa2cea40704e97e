import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import type { BuildInputs } from '../../src/inputs/inputs.ts';
import { readSecrets } from '../../src/inputs/secrets.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { faultsOf, type Given, inputsOf } from './given.ts';

const newFolder = tempFolders();

describe('how the image is built', () => {
  test.each<{ name: string; given: Given; build: Partial<BuildInputs> }>([
    { name: 'never', given: { build: 'never' }, build: { mode: 'never' } },
    { name: 'a named Dockerfile', given: { dockerfile: 'docker/gpu' }, build: { dockerfileGiven: true } },
    { name: 'a stage', given: { target: 'train' }, build: { target: 'train' } },
    { name: 'tags, one twice', given: { tags: 'v1\nlatest\nv1' }, build: { tags: ['v1', 'latest'] } },
    { name: 'an age in days', given: { max_image_age: '7d' }, build: { maxAgeSeconds: 604_800 } },
    { name: 'any age', given: { max_image_age: 'none' }, build: { maxAgeSeconds: 'none' } },
    { name: 'a driver branch', given: { driver_version: '550' }, build: { driverVersion: '550' } },
    { name: 'a whole driver version', given: { driver_version: '550.54.15' }, build: { driverVersion: '550.54.15' } },
    { name: 'a cache', given: { cache: 'gha' }, build: { cache: 'gha' } },
    {
      name: 'provenance',
      given: { provenance: 'mode=max', sbom: 'true' },
      build: { provenance: 'mode=max', sbom: true },
    },
    {
      name: 'secrets of all three kinds',
      given: {
        build_secrets: 'pip: https://u:p@h/',
        build_secret_envs: 'token=NPM',
        build_secret_files: 'netrc=.netrc',
      },
      build: {
        secrets: [
          { id: 'pip', from: 'value', text: 'https://u:p@h/' },
          { id: 'token', from: 'env', text: 'NPM' },
          { id: 'netrc', from: 'file', text: '.netrc' },
        ],
      },
    },
  ])('$name', ({ given, build }) => {
    expect(inputsOf(given).build).toMatchObject(build);
  });

  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'words that are none',
      given: { build: 'sometimes', cache: 's3', provenance: 'max', submit: 'no' },
      faults: [
        'build: "sometimes" is not accepted. Accepted: auto, always, never. [build]',
        'cache: "s3" is not accepted. Accepted: auto, registry, inline, gha, none. [cache]',
        'provenance: "max" is not accepted. Accepted: false, true, mode=min, mode=max. [provenance]',
        'submit: "no" is not accepted. Write true or false. [boolean]',
      ],
    },
    {
      name: 'an option for a stage',
      given: { target: '--push' },
      faults: [
        'target: "--push" is not accepted. Name a stage of the Dockerfile: letters, digits, and ., _ and - between them. [stage-name]',
      ],
    },
    {
      name: 'a tag with a name',
      given: { tags: 'latest\nrepo:v1' },
      faults: [
        'tags: "repo:v1" is not accepted. A tag holds at most 128 letters, digits, ., _ and -, and begins with none of . and -. [image-tag]',
      ],
    },
    {
      name: 'tags of this action itself',
      given: { image: 'gcr.io/p/i:buildcache', tags: `content-${'a'.repeat(40)}\nbuildcache-2950` },
      faults: [
        'image: "gcr.io/p/i:buildcache" is not accepted. Tags of that form are set by this action. Choose another. [image-tag-reserved]',
        `tags: "content-${'a'.repeat(40)}" is not accepted. Tags of that form are set by this action. Choose another. [image-tag-reserved]`,
        'tags: "buildcache-2950" is not accepted. Tags of that form are set by this action. Choose another. [image-tag-reserved]',
      ],
    },
    ...['Python:3', 'a:b:c//d', 'x@sha256:abc', 'scratch'].map((base_image) => ({
      name: `the base image ${base_image}`,
      given: { base_image },
      faults: [
        `base_image: ${JSON.stringify(base_image)} is not accepted. ${
          base_image === 'scratch'
            ? 'It is no image, and holds no program. Name one.'
            : 'Write an image name, such as python:3.12-slim, or slim.'
        } [image-name]`,
      ],
    })),
    {
      name: 'an age of nothing',
      given: { max_image_age: '0s' },
      faults: [
        'max_image_age: "0s" is not accepted. Write numbers with units, such as 90m, 24h or 86400s. It has to be longer than 0s. [duration]',
      ],
    },
    {
      name: 'a CUDA version for a driver',
      given: { driver_version: '12.4' },
      faults: [
        `driver_version: "12.4" is not accepted. Write a Linux driver's version, such as 550 or 550.54.15. [driver-version]`,
      ],
    },
    {
      name: 'one secret from two places, an empty one, and one that is no variable',
      given: { build_secrets: 'a=1\nb=', build_secret_envs: 'a=TOKEN\nc=MY TOKEN' },
      faults: [
        'build_secrets: the secret "b" is empty. Give its value, or remove it. [build-secret]',
        'build_secret_envs names the secret "a" a second time. [duplicate-key]',
        'build_secret_envs: "MY TOKEN" is not accepted. Write ID=NAME with the name of an environment variable. [build-secret]',
      ],
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given).toSorted()).toEqual(faults.toSorted());
  });
});

describe('looking secrets up', () => {
  test('what no program of this step is given is no secret of a build', () => {
    const { secrets } = inputsOf({ build_secret_envs: 'b=ACTIONS_ID_TOKEN_REQUEST_TOKEN' }).build;
    expect(readSecrets(secrets, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x' }, '/').faults.map(faultText)).toEqual([
      `build_secret_envs: the secret "b" names ACTIONS_ID_TOKEN_REQUEST_TOKEN, which no build is ever given: it is the runner's own. [build-secret]`,
    ]);
  });

  test('values, variables and the telling lines of files are to be masked', () => {
    const workspace = newFolder();
    writeFileSync(join(workspace, 'key.json'), '{\n  "private_key": "abc"\n}\n');
    const secrets = inputsOf({ build_secrets: 'a=one', build_secret_envs: 'b=B', build_secret_files: 'c=key.json' })
      .build.secrets;
    expect(readSecrets(secrets, { B: 'two' }, workspace)).toEqual({
      values: ['one', 'two', '"private_key": "abc"'],
      faults: [],
    });
  });

  test('what is missing is told', () => {
    const workspace = newFolder();
    mkdirSync(join(workspace, 'folder'));
    const secrets = inputsOf({ build_secret_envs: 'b=B', build_secret_files: 'c=gone\nd=folder' }).build.secrets;
    expect(readSecrets(secrets, { B: '' }, workspace).faults.map(faultText)).toEqual([
      'build_secret_envs: the secret "b" names the environment variable B, which is not set in this step. Set it in env. [build-secret]',
      'build_secret_files: the secret "c" names the file "gone", which is missing. Write it in a step before this one. [build-secret]',
      'build_secret_files: the secret "d" names the file "folder", which is no file. Name one. [build-secret]',
    ]);
  });
});
