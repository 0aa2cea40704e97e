// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import type { Inputs } from '../../src/inputs/inputs.ts';
import type { RunContext } from '../../src/inputs/run-context.ts';
import { makePlan, type Plan } from '../../src/plan/plan.ts';
import { type Given, inputsOf } from '../inputs/given.ts';

export const RUN: RunContext = {
  repository: 'octo/digits',
  repositoryId: '42',
  workflowPath: '.github/workflows/train.yml',
  workflow: 'Train',
  ref: 'refs/heads/main',
  sha: '0123456789abcdef0123456789abcdef01234567',
  runId: '700',
  runNumber: '7',
  runAttempt: '1',
  jobId: 'train',
  stepId: 'model',
};

export const DOCKERFILE = 'ARG BASE_IMAGE=python:3.12-slim\nFROM ${BASE_IMAGE}\nCOPY . .\n';

export const TUNING: Given = {
  metrics: 'accuracy: maximize',
  parameters: 'rate: { min: 0.001, max: 0.1, scale: log }\noptimizer: [sgd, adam]',
  max_trials: '20',
  parallel_trials: '4',
};

/** The plan of a run that is given these inputs; a fault is an error of the test. */
export function planOf(given: Given, run: Partial<RunContext> = {}, dockerfile: string | undefined = DOCKERFILE): Plan {
  return planOfInputs(inputsOf(given), run, dockerfile);
}

export function planOfInputs(inputs: Inputs, run: Partial<RunContext>, dockerfile: string | undefined): Plan {
  return makePlan({ inputs, faults: [], context: { ...RUN, ...run }, files: { dockerfile } });
}
