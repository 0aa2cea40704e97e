import { isMap, isSeq, parse, parseDocument } from 'yaml';
import { type Fault, faultText } from '../../src/faults.ts';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';
import { readStep, type Step } from '../../src/inputs/step.ts';
import { isRecord } from '../../src/json.ts';
import { judgePlan, type PlanVerdict } from '../../src/plan/plan.ts';
import { SWEEP_INPUTS } from '../../src/sweep/inputs.ts';
import { readSweepStep, type SweepStep } from '../../src/sweep/step.ts';
import { actionFile } from '../inputs/given.ts';
import { evaluated, type Matrix } from './expressions.ts';
import { root } from './pages.ts';

/** Plans the steps that a page shows, in the repository of examples/digits. */

export type Values = Readonly<Record<string, unknown>>;

export interface ShownStep {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Values;
}

export interface ShownJob {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix?: Matrix };
  readonly steps: readonly ShownStep[];
}

export interface ShownWorkflow {
  readonly on: Values;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, ShownJob>>;
}

const WORKSPACE = `${root}/examples/digits`;
const OURS = /\/train-on-vertex@/;
const SWEEP = /\/train-on-vertex\/sweep@/;
const JOB = 'projects/123456789/locations/us-central1/hyperparameterTuningJobs/7';

export const usesTrain = ({ uses = '' }: ShownStep): boolean => OURS.test(uses);
export const usesSweep = ({ uses = '' }: ShownStep): boolean => SWEEP.test(uses);

/** The jobs of a YAML block that is a workflow, or the one of a block that holds steps; else none. */
export function jobsIn(block: string): readonly ShownJob[] {
  const { contents } = parseDocument(block);
  const value: unknown = parse(block);
  if (isSeq(contents)) return [{ steps: (value as readonly unknown[]).filter(isRecord) }];
  if (!isMap(contents) || !contents.has('jobs')) return [];
  const { jobs, permissions } = value as ShownWorkflow;
  // A job's own permissions replace the workflow's; without any, no OIDC token is granted.
  return Object.values(jobs).map((job) => ({ permissions: permissions ?? {}, ...job }));
}

/** Every step in a YAML block, whether the block is a workflow, or steps. */
export const stepsIn = (block: string): readonly ShownStep[] => jobsIn(block).flatMap(({ steps }) => steps);

/** A runner hands on texts only. */
const textOf = (value: unknown) => (value === null || value === undefined ? '' : String(value));

function envOf({ permissions }: ShownJob): NodeJS.ProcessEnv {
  const isGranted = permissions === undefined || permissions['id-token'] === 'write';
  return {
    GITHUB_WORKSPACE: WORKSPACE,
    GITHUB_REPOSITORY: 'octo-org/digits',
    GITHUB_REPOSITORY_ID: '1',
    GITHUB_RUN_ID: '2',
    ...(isGranted ? { ACTIONS_ID_TOKEN_REQUEST_URL: 'set', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'set' } : {}),
  };
}

/** A job of which nothing is known but that it may sign in. */
const ANY_JOB: ShownJob = { steps: [] };

/** The step as the runner hands it over. `course` tells which way its conditions go, and the leg of a matrix. */
export function stepOf(inputs: Values, job: ShownJob = ANY_JOB, course = 0): Step {
  const texts = evaluated(
    Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, textOf(value)])),
    job.strategy?.matrix ?? {},
    course,
  );
  const preset = (name: string) => (name === 'matrix' ? 'null' : (actionFile.inputs[name]?.default ?? ''));
  const raw = (name: InputName) => texts[name] ?? preset(name).replace(/^\$\{\{ github\.token \}\}$/, 'a-token');
  return readStep(envOf(job), raw, () => {});
}

/** The plan of a step, with what is wrong with it. */
export function verdictOf(inputs: Values, job: ShownJob = ANY_JOB, course = 0): PlanVerdict {
  return judgePlan(stepOf(inputs, job, course));
}

/** Faults of a step's inputs that the plan leaves to others: names that are none, and values that are no texts. */
function formFaults(inputs: Values, known: readonly string[]): string[] {
  return Object.entries(inputs).flatMap(([name, value]) => [
    ...(known.includes(name) ? [] : [`${name} is no input`]),
    ...(typeof value === 'object' && value !== null ? [`${name} holds YAML of the workflow itself`] : []),
  ]);
}

/** Everything that is wrong with the inputs of a step of this action, whichever way its conditions go. */
export function errorsOf(inputs: Values, job: ShownJob = ANY_JOB): string[] {
  const faults = [0, 1].flatMap((course): readonly Fault[] =>
    // What an earlier step hands on is a job's name, and of a step that follows one nothing is planned.
    inputs['job'] === undefined
      ? verdictOf(inputs, job, course).errors
      : stepOf({ ...inputs, job: JOB }, job, course).faults,
  );
  return [...new Set([...formFaults(inputs, INPUT_NAMES), ...faults.map(faultText)])];
}

/** The sweep as the runner hands it over. */
export function sweepOf(inputs: Values, job: ShownJob = ANY_JOB): SweepStep {
  return readSweepStep(envOf(job), (name) => textOf(inputs[name] ?? (name === 'token' ? 'a-token' : '')));
}

/** Everything that is wrong with a step, where it uses one of this repository's actions. */
export function errorsOfStep(step: ShownStep, job: ShownJob = ANY_JOB): string[] {
  const inputs = step.with ?? {};
  if (usesTrain(step)) return errorsOf(inputs, job);
  if (!usesSweep(step)) return [];
  return [...formFaults(inputs, SWEEP_INPUTS), ...sweepOf(inputs, job).faults.map(faultText)];
}
