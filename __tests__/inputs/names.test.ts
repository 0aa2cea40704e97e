import { expect, test } from '@jest/globals';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';
import { OUTPUT_NAMES } from '../../src/report/outputs.ts';
import { actionFile } from './given.ts';

test('the inputs are those of action.yml', () => {
  expect([...INPUT_NAMES]).toEqual(Object.keys(actionFile.inputs));
});

test('the outputs are those of action.yml', () => {
  expect([...OUTPUT_NAMES]).toEqual(Object.keys(actionFile.outputs));
});

test('every input and output is described', () => {
  const descriptions = [...Object.values(actionFile.inputs), ...Object.values(actionFile.outputs)];
  for (const { description } of descriptions) expect(description).toMatch(/^\S.*[.)]$/s);
});
