// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { faultText, InputError } from '../../src/faults.ts';
import type { FileView, RepositoryFiles } from '../../src/inputs/files.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import type { RunContext } from '../../src/inputs/run-context.ts';
import { judgePlan, type Plan, type PlanRequest, type PlanVerdict } from '../../src/plan/plan.ts';
import { type Given, inputsOf, parsed } from '../inputs/given.ts';

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

/** A day on which every container of the catalog that these tests name is current. */
export const TODAY = '2026-11-30';

/** A repository that holds these files and nothing besides. */
export function viewOf(files: Readonly<Record<string, string>> = {}): FileView {
  const all = new Map(Object.entries(files));
  return {
    text: (path) => all.get(path),
    exists: (path) => all.has(path) || [...all.keys()].some((each) => each.startsWith(`${path}/`)),
    list: (folder) => {
      const start = folder === '' || folder === '.' ? '' : `${folder}/`;
      return [...all.keys()].flatMap((path) =>
        path.startsWith(start) && !path.slice(start.length).includes('/') ? [path.slice(start.length)] : [],
      );
    },
  };
}

/** What a step is given beside its inputs. */
export interface Beside {
  readonly run?: Partial<RunContext>;
  readonly files?: Partial<RepositoryFiles>;
  readonly today?: string;
}

export function requestOf(
  { inputs, faults }: Pick<PlanRequest, 'inputs' | 'faults'>,
  { run = {}, files = {}, today = TODAY }: Beside = {},
): PlanRequest {
  const all = { dockerfile: DOCKERFILE, config: undefined, view: viewOf(), ...files };
  return { inputs, faults, context: { ...RUN, ...run }, files: all, today };
}

/** All that is found, whether it makes a plan or not. */
export const verdictOf = (given: Given, beside?: Beside): PlanVerdict => judgePlan(requestOf(parsed(given), beside));

/** Every error as the user reads it. */
export const errorsOf = (given: Given, beside?: Beside): string[] => verdictOf(given, beside).errors.map(faultText);

/** The plan of a run that is given these inputs; a fault is an error of the test. */
export function planOf(given: Given, run: Partial<RunContext> = {}, dockerfile: string | undefined = DOCKERFILE): Plan {
  return planOfInputs(inputsOf(given), run, dockerfile);
}

export function planOfInputs(inputs: Inputs, run: Partial<RunContext>, dockerfile: string | undefined): Plan {
  return makePlan(requestOf({ inputs, faults: [] }, { run, files: { dockerfile } }));
}

/** The plan; throws InputError with every fault, as the step does. */
export function makePlan(request: PlanRequest): Plan {
  const { plan, errors } = judgePlan(request);
  if (plan === undefined) throw new InputError(errors);
  return plan;
}
