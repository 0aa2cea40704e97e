// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a Dockerfile holds
import { faultText } from '../../../src/faults.ts';
import type { RepositoryFiles } from '../../../src/inputs/files.ts';
import { judgePlan, type Plan, type PlanVerdict } from '../../../src/plan/plan.ts';
import type { CustomJobSpec, HyperparameterTuningJob } from '../../../src/vertex/types.ts';
import { type Given, parsed } from '../../inputs/given.ts';
import { RUN } from '../run.ts';

/** The image that the inputs of these tests name. */
export const IMAGE = 'us-central1-docker.pkg.dev/my-project/training/mnist';

export const TUNING: Given = {
  metrics: 'accuracy: maximize',
  parameters: 'rate: { min: 0.001, max: 0.1, scale: log }\noptimizer: [sgd, adam]',
  max_trials: '20',
  parallel_trials: '4',
};

/** YAML of a template literal without the indentation that it has in the test. */
export function yaml(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const lines = String.raw({ raw: strings }, ...values)
    .replace(/^\n/, '')
    .trimEnd()
    .split('\n');
  const depths = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const depth = Math.min(...depths);
  return `${lines.map((line) => line.slice(depth)).join('\n')}\n`;
}

function filesOf(config: string | undefined): RepositoryFiles {
  return {
    dockerfile: 'ARG BASE_IMAGE=python:3.12-slim\nFROM ${BASE_IMAGE}\nCOPY . .\n',
    config: config === undefined ? undefined : { file: 'job.yaml', text: config },
    view: { text: () => undefined, exists: () => false, list: () => [] },
  };
}

/** Judges a step that is given these inputs and, in the file job.yaml, this config. */
export function judge(given: Given, config?: string): PlanVerdict {
  const { inputs, faults } = parsed(config === undefined ? given : { config: 'job.yaml', ...given });
  return judgePlan({ inputs, faults, context: RUN, files: filesOf(config), today: '2026-11-30' });
}

export interface Told {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** All that is told of it, as the user reads it. */
export function told(given: Given, config?: string): Told {
  const { errors, warnings, notes } = judge(given, config);
  return { errors: errors.map(faultText), warnings: warnings.map(faultText), notes: notes.map(faultText) };
}

export const errorsOf = (given: Given, config?: string) => told(given, config).errors;

/** The plan; an error is one of the test. */
export function planned(given: Given, config?: string): Plan {
  const { plan, errors } = judge(given, config);
  if (plan === undefined) throw new Error(errors.map(faultText).join('\n'));
  return plan;
}

/** The CustomJobSpec that is sent, whichever kind of job carries it. */
export function specOf({ job }: Plan): CustomJobSpec {
  if (job.collection === 'customJobs') return job.resource.jobSpec;
  if (job.collection === 'hyperparameterTuningJobs') return job.resource.trialJobSpec;
  const { trainingTaskInputs: inputs } = job.resource;
  return 'trialJobSpec' in inputs ? inputs.trialJobSpec : inputs;
}

export function tuningOf({ job }: Plan): HyperparameterTuningJob {
  if (job.collection !== 'hyperparameterTuningJobs') throw new Error(`the plan makes ${job.collection}`);
  return job.resource;
}
