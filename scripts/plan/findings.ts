import type { Fault } from '../../src/faults.ts';
import type { ResultInputs } from '../../src/inputs/inputs.ts';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';
import { unknownInput } from '../../src/inputs/unknown.ts';
import { RUN } from './run.ts';
import type { WorkflowStep } from './workflow.ts';

export const isInput = (name: string) => INPUT_NAMES.includes(name as InputName);

/** A runner hands on texts only; the file would be refused there. */
export function notTextFaults({ notTexts }: WorkflowStep): Fault[] {
  return notTexts.map((input) => ({
    rule: 'input-text',
    input,
    message: `holds YAML of the workflow itself, but an input is a text. Write ${input}: | and put the YAML on the lines below.`,
  }));
}

/** What the file's own permissions keep the step's token from, which the step itself would find out in its run only. */
export function rightWarnings({ comment, gate, githubToken }: ResultInputs, { lacks }: WorkflowStep): Fault[] {
  // Another token has rights of its own.
  if (githubToken !== RUN['token']) return [];
  const missing = (input: string, right: string): Fault => {
    const message = `takes 'permissions: ${right}', which the workflow does not give its job. Add it beside the others.`;
    return { rule: 'permission-github', input, message };
  };
  const compares = gate.some(({ bound }) => bound.kind === 'baseline');
  return [
    ...(compares && lacks('actions', 'read') ? [missing('gate', 'actions: read')] : []),
    ...(comment && lacks('pull-requests', 'write') ? [missing('comment', 'pull-requests: write')] : []),
  ];
}

/** Inputs that the action does not have: a runner only warns of them. */
export function unknownFaults(inputs: Readonly<Record<string, string>>): Fault[] {
  return Object.keys(inputs)
    .filter((name) => !isInput(name))
    .map(unknownInput);
}

/** An input that was left out is not missing from the file: only a run knows it. */
export function leftOut(unknown: readonly string[]): (fault: Fault) => Fault {
  return (fault) => {
    const { rule, input = '' } = fault;
    if (rule !== 'required' || !unknown.includes(input)) return fault;
    const message = `is an expression that only a run can evaluate, and the plan needs it. Give --input ${input}=VALUE.`;
    return { ...fault, message };
  };
}

/** What is found of an input, at its line of the workflow file, unless it has a place already or came with the command. */
export function placedIn(file: string, { places }: WorkflowStep, given: object): (fault: Fault) => Fault {
  return (fault) => {
    const { input } = fault;
    const place = input === undefined || Object.hasOwn(given, input) ? undefined : places[input];
    return fault.place !== undefined || place === undefined ? fault : { ...fault, place: { file, ...place } };
  };
}
