import { expect, test } from '@jest/globals';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';
import type { Outputs } from '../../src/report/outputs.ts';
import { actionFile } from './given.ts';

test('the inputs are those of action.yml', () => {
  expect([...INPUT_NAMES]).toEqual(Object.keys(actionFile.inputs));
});

test('the outputs are those of action.yml', () => {
  // The type checker refuses a name too many and a name too few.
  const names: Record<keyof Outputs, true> = {
    job: true,
    job_id: true,
    state: true,
    console_url: true,
    image: true,
    base_image: true,
    fingerprint: true,
    dockerfile: true,
    best_trial: true,
    best_trial_id: true,
    best_parameters: true,
    best_metrics: true,
    trials_file: true,
    finished: true,
  };
  expect(Object.keys(actionFile.outputs)).toEqual(Object.keys(names));
});

test('every input and output is described', () => {
  const descriptions = [...Object.values(actionFile.inputs), ...Object.values(actionFile.outputs)];
  for (const { description } of descriptions) expect(description).toMatch(/^\S.*[.)]$/s);
});
