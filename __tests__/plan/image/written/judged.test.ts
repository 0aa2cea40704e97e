import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../../src/faults.ts';
import { readStages } from '../../../../src/plan/code/dockerfile/stages.ts';
import { readDockerfile } from '../../../../src/plan/dockerfile.ts';
import { judgeDockerfileBase } from '../../../../src/plan/image/base/judge-dockerfile.ts';
import { verdict } from '../../code/repository.ts';
import { type Asked, CPU, type Files, GPU, requirements, textOf } from './given.ts';

const example = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../../../examples/digits', name), 'utf8').replaceAll('\r\n', '\n');
const STUDY = { metrics: ['accuracy'], parameters: ['learning-rate', 'hidden-units', 'optimizer'] };
const PROJECT = '[project]\nname = "digits"\n[build-system]\nrequires = ["hatchling"]\n';
const train = example('train.py');

/** The example's program in other repositories, none of which names cloudml-hypertune. */
const REPOSITORIES: readonly (readonly [name: string, files: Files, asked: Asked])[] = [
  ['pip', { 'train.py': train, 'requirements.txt': 'scikit-learn\n' }, {}],
  ['pip, on a GPU', { 'trainer/task.py': train, 'requirements.txt': 'scikit-learn\n' }, { base: GPU }],
  [
    'uv, below src/',
    { 'src/digits/train.py': train, 'pyproject.toml': PROJECT, 'uv.lock': '' },
    { requirements: requirements('uv', ['pyproject.toml', 'uv.lock']) },
  ],
  [
    'poetry',
    { 'src/train.py': train, 'pyproject.toml': '', 'poetry.lock': '' },
    { requirements: requirements('poetry', ['pyproject.toml', 'poetry.lock']) },
  ],
  [
    'pipenv',
    { 'main.py': train, Pipfile: '', 'Pipfile.lock': '' },
    { requirements: requirements('pipenv', ['Pipfile', 'Pipfile.lock']), base: GPU },
  ],
  [
    'conda',
    { 'train.py': train, 'environment.yml': '' },
    { requirements: requirements('conda', ['environment.yml']), base: GPU },
  ],
  [
    'pyproject.toml alone',
    { 'digits/train.py': train, 'pyproject.toml': PROJECT },
    { requirements: requirements('pip', ['pyproject.toml']) },
  ],
];

describe("what is written stands up to the judgement of a user's own Dockerfile", () => {
  test.each(REPOSITORIES)('%s', (_name, files, asked) => {
    const Dockerfile = textOf(files, { ...asked, tuning: true });
    expect(verdict({ ...files, Dockerfile }, STUDY)).toEqual([]);
    // The judge saw the program: it knows the flags that it takes.
    expect(verdict({ ...files, Dockerfile }, { ...STUDY, parameters: ['learning_rat'] })).toEqual([
      expect.stringContaining('[flag-unknown]'),
    ]);
  });

  test('and the library that reports metrics is what the judge would miss', () => {
    const files = { 'train.py': train, 'requirements.txt': 'scikit-learn\n' };
    const Dockerfile = textOf(files).replace(/cloudml-hypertune==\S+/, 'tqdm');
    expect(verdict({ ...files, Dockerfile }, STUDY)).toEqual([expect.stringContaining('[hypertune-missing]')]);
  });
});

describe('BASE_IMAGE', () => {
  test.each(REPOSITORIES)('%s: has the Python and pip that are called, whichever base it is', (_name, files, asked) => {
    const text = textOf(files, { ...asked, tuning: true });
    for (const [{ image }, accelerators] of [
      [CPU, []],
      [GPU, ['NVIDIA_L4']],
    ] as const) {
      const judged = judgeDockerfileBase({
        dockerfile: 'Dockerfile',
        text,
        buildArgs: { BASE_IMAGE: image },
        target: undefined,
        accelerators,
        requirements: undefined,
        frameworks: [],
        asked: undefined,
        compilesCuda: false,
      });
      expect([...judged.errors, ...judged.warnings].map(faultText)).not.toContainEqual(expect.stringMatching(/\[pip-/));
    }
  });

  test.each(REPOSITORIES)('%s: the built stage stands on it', (_name, files, asked) => {
    const text = textOf(files, asked);
    expect(readDockerfile(text).takesBaseImage).toBe(true);
    expect(readStages(text, {})?.built?.base).toBe((asked.base ?? CPU).image);
    expect(readStages(text, { BASE_IMAGE: 'example.com/other:1' })?.built?.base).toBe('example.com/other:1');
  });
});
