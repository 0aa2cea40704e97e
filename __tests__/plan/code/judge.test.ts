import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../../src/faults.ts';
import { type FileView, judgeCode, RULES } from '../../../src/plan/code/judge.ts';
import { INSTALL_CASES } from './install-cases.ts';
import { LAUNCH_CASES } from './launch-cases.ts';
import { OUTPUT_CASES } from './output-cases.ts';
import { GOOD_PROGRAMS, WRONG_PROGRAMS } from './program-cases.ts';
import { verdict } from './repository.ts';

describe('whether the arguments reach the program', () => {
  test.each(LAUNCH_CASES)('$name', ({ files, asked, told }) => {
    expect(verdict(files, asked)).toEqual(told);
  });
});

describe('programs in which nothing is wrong, or nothing can be known', () => {
  test.each(GOOD_PROGRAMS)('$name', ({ files, asked }) => {
    expect(verdict(files, asked)).toEqual([]);
  });
});

describe('programs that refuse what they are given, or report something else', () => {
  test.each(WRONG_PROGRAMS)('$name', ({ files, asked, told }) => {
    expect(verdict(files, asked)).toEqual(told);
  });
});

describe('whether what is read of the job is written', () => {
  test.each(OUTPUT_CASES)('$name', ({ files, asked, told }) => {
    expect(verdict(files, asked)).toEqual(told);
  });
});

describe('whether cloudml-hypertune is installed', () => {
  test.each(INSTALL_CASES)('$name', ({ run, files, missed }) => {
    const Dockerfile = `FROM python:3.12\nWORKDIR /app\nCOPY . .\n${run}\nENTRYPOINT ["python", "train.py"]\n`;
    const program = 'import hypertune\nhypertune.HyperTune().report_hyperparameter_tuning_metric("a", 1)\n';
    const told = verdict({ Dockerfile, 'train.py': program, ...files }, { metrics: ['a'] });
    expect(told.map((line) => line.replace(/^.* \[|\]$/g, ''))).toEqual(missed ? ['hypertune-missing'] : []);
  });
});

test('every rule that is told is named, each once, in order', () => {
  const told = [...LAUNCH_CASES, ...WRONG_PROGRAMS, ...OUTPUT_CASES].flatMap((one) => one.told);
  const rules = new Set(told.map((line) => line.replace(/^.* \[|\]$/g, '')));
  const names = RULES.map(({ name }) => name);
  expect([...rules].sort()).toEqual(names);
  expect(names).toEqual([...new Set(names)].sort());
});

describe('examples/digits', () => {
  const root = join(import.meta.dirname, '../../..');
  const isFile = (path: string) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false;
  const files: FileView = {
    text: (path) => (isFile(path) ? readFileSync(join(root, path), 'utf8') : undefined),
    exists: (path) => statSync(join(root, path), { throwIfNoEntry: false }) !== undefined,
    list: (folder) => readdirSync(join(root, folder)).filter((name) => isFile(join(folder, name))),
  };
  const verdictOf = (parameters: readonly string[], metrics: readonly string[]) =>
    judgeCode({
      files,
      dockerfile: 'examples/digits/Dockerfile',
      context: 'examples/digits',
      buildArgs: { BASE_IMAGE: 'python:3.12-slim' },
      target: undefined,
      command: [],
      args: ['--epochs=3'],
      study: { parameters, metrics },
    });
  const judge = (parameters: readonly string[], metrics: readonly string[]) => {
    const { errors, warnings } = verdictOf(parameters, metrics);
    return { errors: errors.map(faultText), warnings: warnings.map(faultText) };
  };
  const tagsOf = (metrics: readonly string[]) => verdictOf([], metrics).tagsInCode;

  test('nothing is wrong with it', () => {
    expect(judge(['learning-rate', 'hidden-units', 'optimizer'], ['accuracy'])).toEqual({ errors: [], warnings: [] });
  });

  test('the metric that it reports, whichever is asked for', () => {
    expect(tagsOf(['accuracy'])).toEqual(['accuracy']);
    expect(tagsOf(['acuracy'])).toEqual(['accuracy']);
    expect(tagsOf([])).toEqual([]);
  });

  test('a misspelt parameter', () => {
    expect(judge(['learning-rte'], ['accuracy'])).toEqual({
      errors: [
        'examples/digits/train.py:25:25: the program refuses --learning-rte (the parameter "learning-rte"): argparse takes --learning-rate, --hidden-units, --optimizer, --epochs, --seed; the nearest is --learning-rate. Rename the parameter to "learning-rate", or declare --learning-rte. [flag-unknown]',
      ],
      warnings: [],
    });
  });

  test('the beginning of a flag, which argparse takes', () => {
    expect(judge(['learning-rat'], ['accuracy'])).toEqual({
      errors: [],
      warnings: [
        'examples/digits/train.py:25:25: argparse takes --learning-rat (the parameter "learning-rat") only as the beginning of --learning-rate, as long as no other flag begins so. Rename the parameter to "learning-rate", or declare --learning-rat. [flag-abbreviated]',
      ],
    });
  });
});
