import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { readFiles } from '../../../src/inputs/files.ts';
import { readConfig } from '../../../src/plan/config/config.ts';

let workspace = '';
const SPEC = 'workerPoolSpecs:\n  - replicaCount: two\n';

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  workspace = join(folder, 'workspace');
  mkdirSync(join(workspace, 'jobs', 'job.yaml.d'), { recursive: true });
  writeFileSync(join(workspace, 'jobs', 'job.yaml'), SPEC);
  writeFileSync(join(workspace, 'a job.yaml'), SPEC);
  writeFileSync(join(workspace, '..job.yaml'), SPEC);
  writeFileSync(join(workspace, 'empty.yaml'), '');
  writeFileSync(join(workspace, 'bytes.yaml'), 'network: a\0b\n');
  writeFileSync(join(folder, 'outside.yaml'), SPEC);
  symlinkSync(join(folder, 'outside.yaml'), join(workspace, 'link.yaml'));
});
afterAll(() => rmSync(join(workspace, '..'), { recursive: true }));

const reading = (config: string) =>
  readFiles(workspace, { context: '.', dockerfile: 'Dockerfile', config, build: { dockerfileGiven: true } });

describe('the YAML itself', () => {
  test.each([
    { name: 'of several lines', config: SPEC },
    { name: 'of one line', config: 'workerPoolSpecs: []' },
    { name: 'of one key', config: 'workerPoolSpecs:' },
    { name: 'as JSON', config: '{"workerPoolSpecs":[]}' },
    { name: 'as a list, which is none', config: '[a]' },
    { name: 'of one line that ends', config: 'network: a\n' },
    { name: 'in blanks', config: '\n  network: a\n\n' },
  ])('$name is told by the input’s name', ({ config }) => {
    const { files, faults } = reading(config);
    expect(faults).toEqual([]);
    expect(files.config).toEqual({ file: 'config', text: config });
  });

  test('has lines and columns of its own', () => {
    const { files } = reading(SPEC);
    const { faults } = readConfig(files.config ?? { file: '', text: '' }, new Map());
    expect(faults.map(faultText)).toEqual([
      'config:2:19: workerPoolSpecs[0].replicaCount is the text "two"; a whole number of 64 bits is accepted. [config-type]',
    ]);
  });
});

describe('a path', () => {
  test.each([
    { name: 'in a folder', config: 'jobs/job.yaml', file: 'jobs/job.yaml' },
    { name: 'the long way', config: './jobs/../jobs/job.yaml', file: 'jobs/job.yaml' },
    { name: 'with a blank in it and around it', config: ' a job.yaml\n', file: 'a job.yaml' },
    { name: 'that begins with two dots', config: '..job.yaml', file: '..job.yaml' },
    { name: 'of an empty file', config: 'empty.yaml', file: 'empty.yaml' },
  ])('$name', ({ config, file }) => {
    const { files, faults } = reading(config);
    expect(faults).toEqual([]);
    expect(files.config).toEqual({ file, text: file === 'empty.yaml' ? '' : SPEC });
  });

  test('that is absolute and in the workspace', () => {
    expect(reading(join(workspace, 'jobs/job.yaml')).files.config).toEqual({ file: 'jobs/job.yaml', text: SPEC });
  });

  const MISSING = (path: string) =>
    `config: there is no text file "${path}" in the workspace. Name one, or give the YAML itself. [config-missing]`;
  const OUTSIDE = (path: string) => `config: "${path}" is outside the workspace. Name a path within it. [path-inside]`;
  test.each([
    { name: 'of no file', config: 'job.yml', told: MISSING },
    { name: 'of a folder', config: 'jobs/job.yaml.d', told: MISSING },
    { name: 'of bytes', config: 'bytes.yaml', told: MISSING },
    { name: 'of a link that leads outside', config: 'link.yaml', told: MISSING },
    { name: 'outside', config: '../outside.yaml', told: OUTSIDE },
    { name: 'outside, absolute', config: '/etc/hostname', told: OUTSIDE },
  ])('$name is told', ({ config, told }) => {
    const { files, faults } = reading(config);
    expect(faults.map(faultText)).toEqual([told(config)]);
    expect(files.config).toBeUndefined();
  });
});

describe('the kind of config', () => {
  test.each([
    ...['studySpec', 'trialJobSpec', 'maxTrialCount', 'parallelTrialCount', 'maxFailedTrialCount'].flatMap((key) => [
      { text: `${key}: {}`, type: 'HyperparameterTuningJob' },
      { text: `${key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}: {}`, type: 'HyperparameterTuningJob' },
    ]),
    { text: 'workerPoolSpecs: []', type: 'CustomJobSpec' },
    { text: 'scheduling: { timeout: 5s }', type: 'CustomJobSpec' },
    { text: 'labels: { a: b }', type: 'CustomJobSpec' },
    { text: '', type: 'CustomJobSpec' },
    { text: '[studySpec]', type: 'CustomJobSpec' },
    { text: 'workerPoolSpecs: []\nstudySpec: {}', type: 'HyperparameterTuningJob' },
  ])('of $text is $type', ({ text, type }) => {
    expect(readConfig({ file: 'config', text }, new Map()).type).toBe(type);
  });
});
