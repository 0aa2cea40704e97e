import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findStep, type StepChoice } from '../../../scripts/plan/workflow.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();
const ANY: StepChoice = { job: undefined, step: undefined };

function fileOf(text: string): string {
  const path = join(newFolder(), 'train.yml');
  writeFileSync(path, text);
  return path;
}

const stepOf = (text: string, choice: StepChoice = ANY) => findStep(fileOf(text), choice);

const TWO = `name: Train
on: push
jobs:
  small:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - id: model
        uses: octo/train-on-vertex@v1
        with: { timeout: 1h }
  large:
    runs-on: ubuntu-latest
    steps:
      - run: echo train-on-vertex@v1
      - name: Train it
        uses: octo/train-on-vertex@0123456
        with:
          timeout: 2h
      - uses: octo/train-on-vertex@v1
`;

describe('the step is found', () => {
  test.each<{ name: string; choice: StepChoice; job: string; step: string }>([
    { name: 'by its job', choice: { job: 'small', step: undefined }, job: 'small', step: 'model' },
    { name: 'by its id', choice: { job: undefined, step: 'model' }, job: 'small', step: 'model' },
    { name: 'by its name', choice: { job: 'large', step: 'Train it' }, job: 'large', step: 'Train it' },
    { name: 'by its position, where it has neither', choice: { job: undefined, step: '3' }, job: 'large', step: '3' },
  ])('$name', ({ choice, job, step }) => {
    expect(stepOf(TWO, choice)).toMatchObject({ job, step, workflow: 'Train' });
  });

  test.each(['octo/train-on-vertex@v1', './', '.', 'OWNER/sub/train-on-vertex@main'])('that uses %s', (uses) => {
    expect(stepOf(`jobs: { a: { steps: [{ uses: "${uses}" }] } }`)).toEqual({
      job: 'a',
      step: '1',
      inputs: {},
      workflow: '',
      places: {},
      notTexts: [],
      idToken: false,
      lacks: expect.any(Function),
    });
  });
});

describe('the inputs are the texts that the runner hands over', () => {
  test.each<{ name: string; value: string; text: string }>([
    { name: 'a word', value: 'us-central1', text: 'us-central1' },
    { name: 'a quoted text', value: '"a: b"', text: 'a: b' },
    { name: 'a number', value: '4', text: '4' },
    { name: 'a number with zeros', value: '010', text: '010' },
    { name: 'a fraction', value: '1.10', text: '1.10' },
    { name: 'a boolean', value: 'true', text: 'true' },
    { name: 'nothing', value: '', text: '' },
    { name: 'null', value: 'null', text: '' },
    { name: 'a block text', value: '|\n  x: [1]\n  y: [2]', text: 'x: [1]\ny: [2]\n' },
    { name: 'an expression', value: '$' + '{{ vars.REGION }}', text: '$' + '{{ vars.REGION }}' },
  ])('$name', ({ value, text }) => {
    const block = value.replaceAll('\n', '\n          ');
    expect(
      stepOf(`jobs:\n  a:\n    steps:\n      - uses: ./\n        with:\n          region: ${block}\n`).inputs,
    ).toEqual({ region: text });
  });
});

describe('permissions', () => {
  const step = 'steps: [{ uses: ./ }]';
  test.each([
    { name: 'none', text: `jobs: { a: { ${step} } }`, granted: false },
    { name: 'the workflow’s', text: `permissions: { id-token: write }\njobs: { a: { ${step} } }`, granted: true },
    { name: 'the job’s', text: `jobs: { a: { permissions: { id-token: write }, ${step} } }`, granted: true },
    {
      name: 'the job’s in place of the workflow’s',
      text: `permissions: { id-token: write }\njobs: { a: { permissions: { contents: read }, ${step} } }`,
      granted: false,
    },
    { name: 'to write all', text: `permissions: write-all\njobs: { a: { ${step} } }`, granted: true },
    { name: 'to read all', text: `permissions: read-all\njobs: { a: { ${step} } }`, granted: false },
  ])('$name', ({ text, granted }) => {
    expect(stepOf(text).idToken).toBe(granted);
  });
});

describe('refused', () => {
  test.each<{ name: string; text: string; choice?: StepChoice; why: string }>([
    {
      name: 'no choice among several',
      text: TWO,
      why: '3 steps use this action; choose one (--job small --step model; --job large --step Train it; --job large --step 3)',
    },
    {
      name: 'a choice that leaves several',
      text: TWO,
      choice: { job: 'large', step: undefined },
      why: '2 steps use this action; choose one (--job small --step model; --job large --step Train it; --job large --step 3)',
    },
    {
      name: 'a choice that there is not',
      text: TWO,
      choice: { job: 'huge', step: undefined },
      why: 'no step there uses this action (--job small --step model; --job large --step Train it; --job large --step 3)',
    },
    {
      name: 'a workflow of other steps',
      text: 'jobs: { a: { steps: [{ run: x }] } }',
      why: 'no step there uses this action',
    },
    { name: 'a reusable workflow', text: 'jobs: { a: { uses: ./x.yml } }', why: 'no step there uses this action' },
    { name: 'a list', text: '- a', why: 'no step there uses this action' },
    { name: 'an empty file', text: '', why: 'no step there uses this action' },
  ])('$name', ({ text, choice = ANY, why }) => {
    const path = fileOf(text);
    expect(() => findStep(path, choice)).toThrow(new Error(`${path}: ${why}`));
  });

  test('YAML that is none', () => {
    const path = fileOf('jobs: [');
    expect(() => findStep(path, ANY)).toThrow(`${path} is not valid YAML: `);
  });

  test('a file that is missing', () => {
    expect(() => findStep('/nowhere/x.yml', ANY)).toThrow(
      new Error('There is no file /nowhere/x.yml. Name a workflow file, such as .github/workflows/train.yml.'),
    );
  });
});

describe('a path that is no workflow file is told with those that there are', () => {
  const repository = () => {
    const folder = newFolder();
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    for (const name of ['train.yml', 'check.yaml', 'notes.md'])
      writeFileSync(join(folder, '.github/workflows', name), '');
    return folder;
  };
  const among = (folder: string) =>
    ['check.yaml', 'train.yml'].map((name) => join(folder, '.github/workflows', name)).join(' or ');

  test.each([
    { name: 'a slip in the name', path: '.github/workflows/trian.yml' },
    { name: 'a name without its folder', path: 'train.yml' },
  ])('$name', ({ path }) => {
    const folder = repository();
    expect(() => findStep(join(folder, path), ANY)).toThrow(
      new Error(`There is no file ${join(folder, path)}. Name a workflow file, such as ${among(folder)}.`),
    );
  });

  test.each(['', '.github/workflows'])('the folder %j', (path) => {
    const folder = repository();
    expect(() => findStep(join(folder, path), ANY)).toThrow(
      new Error(`${join(folder, path)} is a folder. Name a workflow file, such as ${among(folder)}.`),
    );
  });
});

describe("the rights of GITHUB_TOKEN, as far as the file tells: it lacks 'actions: read', and 'pull-requests: write'", () => {
  test.each([
    { permissions: undefined, lacks: [false, false] },
    { permissions: '{}', lacks: [true, true] },
    { permissions: '{ actions: write, pull-requests: read }', lacks: [false, true] },
    { permissions: 'read-all', lacks: [false, true] },
    { permissions: 'write-all', lacks: [false, false] },
  ])('with $permissions', ({ permissions, lacks }) => {
    const granted = permissions === undefined ? '' : `permissions: ${permissions}, `;
    const step = stepOf(`jobs: { a: { ${granted}steps: [{ uses: "./" }] } }`);
    expect([step.lacks('actions', 'read'), step.lacks('pull-requests', 'write')]).toEqual(lacks);
  });
});
