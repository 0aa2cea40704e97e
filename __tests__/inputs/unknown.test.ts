import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';
import { readStep } from '../../src/inputs/step.ts';
import { misspeltInputs, nearestInput, unknownInput, withoutMissing } from '../../src/inputs/unknown.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { rawOf } from './given.ts';

const newFolder = tempFolders();
const told = (env: Readonly<Record<string, string>>) => misspeltInputs(env).map(faultText);

describe('a misspelt input', () => {
  test.each([
    { variable: 'INPUT_ACELERATOR_TYPE', name: 'acelerator_type', nearest: 'accelerator_type' },
    { variable: 'INPUT_MAX_TRAILS', name: 'max_trails', nearest: 'max_trials' },
    { variable: 'INPUT_REIGON', name: 'reigon', nearest: 'region' },
    { variable: 'INPUT_PROJECT-ID', name: 'project-id', nearest: 'project_id' },
    { variable: 'INPUT_METRIC', name: 'metric', nearest: 'metrics' },
    { variable: 'INPUT_ARG', name: 'arg', nearest: 'args' },
    { variable: 'INPUT_MACHINETYPE', name: 'machinetype', nearest: 'machine_type' },
  ])('$variable', ({ variable, name, nearest }) => {
    expect(told({ [variable]: 'x' })).toEqual([
      `${name} is no input of this action. The nearest is ${nearest}. Mend the name. [input-unknown]`,
    ]);
  });

  test('is told of every one, and among the other faults of the step', () => {
    const workspace = newFolder();
    const env = { GITHUB_WORKSPACE: workspace, INPUT_REGOIN: 'us-central1', INPUT_TIMOUT: '2h', INPUT_REGION: '' };
    const { faults } = readStep(env, rawOf({ wait: 'maybe' }), () => {});
    expect(faults.map(({ rule, input }) => [rule, input])).toEqual(
      expect.arrayContaining([
        ['input-unknown', 'regoin'],
        ['input-unknown', 'timout'],
        ['boolean', 'wait'],
      ]),
    );
    expect(faults.filter(({ rule }) => rule === 'input-unknown')).toHaveLength(2);
  });
});

test('is no input that there is', () => {
  expect(told(Object.fromEntries(INPUT_NAMES.map((name) => [`INPUT_${name.toUpperCase()}`, ''])))).toEqual([]);
});

test.each(['INPUT_WHO_TO_GREET', 'INPUT_', 'INPUT', 'INPUT_FETCH-DEPTH', 'INPUT_NODE-VERSION', 'MY_INPUT_REGOIN'])(
  '%s may be a variable of something else',
  (variable) => {
    expect(told({ [variable]: 'x' })).toEqual([]);
  },
);

test('a name like none is told without a guess', () => {
  expect(nearestInput('who-to-greet')).toBeUndefined();
  expect(faultText(unknownInput('gpu'))).toBe(
    'gpu is no input of this action. Remove it, or look its name up in action.yml. [input-unknown]',
  );
});

test('the beginning of one name alone is told as that name', () => {
  expect(unknownInput('project').message).toContain('The nearest is project_id.');
  expect(unknownInput('serving').message).toContain('look its name up');
  const missing = { rule: 'required', input: 'project_id', message: 'is missing.' };
  const other = { rule: 'project-id', input: 'project_id', message: 'x' };
  expect(withoutMissing([missing, other], [unknownInput('project')])).toEqual([other]);
});
