import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { faultText } from '../../src/faults.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { type ParsedInputs, parseInputs } from '../../src/inputs/parse.ts';
import type { InputName, RawInputs } from '../../src/inputs/raw.ts';

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

export const actionFile = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as ActionFile;

export type Given = Partial<Record<InputName, string>>;

/** The least that a workflow has to say. */
const LEAST: Given = {
  project_id: 'my-project',
  region: 'us-central1',
  image: 'us-central1-docker.pkg.dev/my-project/training/mnist',
  matrix: 'null',
};

/** Inputs as the runner hands them over: what is given, else action.yml's default. */
export function rawOf(given: Given): RawInputs {
  const all = { ...LEAST, ...given };
  return (name) => all[name] ?? actionFile.inputs[name]?.default ?? '';
}

export const parsed = (given: Given): ParsedInputs => parseInputs(rawOf(given));

/** Every fault as the user reads it. */
export const faultsOf = (given: Given): string[] => parsed(given).faults.map(faultText);

/** The inputs; a fault is an error of the test. */
export function inputsOf(given: Given): Inputs {
  const { inputs, faults } = parsed(given);
  if (faults.length > 0) throw new Error(faults.map(faultText).join('\n'));
  return inputs;
}
