import type { Fault } from '../faults.ts';
import { IMAGE_MISSING } from '../inputs/place.ts';
import { type Check, imageChecks, networkChecks } from './checks.ts';
import { type Config, readConfig } from './config/config.ts';
import { limitFaults, type UpperBounds } from './cost.ts';
import { type Decided, decide, type PlanRequest } from './decide.ts';
import type { Draft } from './draft.ts';
import { ignoring, type Judgement, leveled, type Origins } from './findings.ts';
import { type Identity, identityOf } from './identity.ts';
import type { ImagePlan } from './image/types.ts';
import type { JobPlan } from './job.ts';
import { labelledJob, ownLabels } from './labelled-job.ts';
import { checkLabels } from './labels.ts';
import { suggestions } from './program.ts';

export type { PlanRequest } from './decide.ts';

/** Everything that is decided before anything is built or asked of the network. */
export interface Plan {
  /** Whether the job runs on this machine's engine. */
  readonly local: boolean;
  /** The image to build; undefined where every worker pool brings its own. */
  readonly image: ImagePlan | undefined;
  /** Worker pools that run the built image, by position. */
  readonly built: readonly number[];
  readonly draft: Draft;
  readonly job: JobPlan;
  readonly identity: Identity;
  /** Where each part of the request came from, for errors that come later. */
  readonly origins: Origins;
  /** Why each worker pool has its machine, in one sentence. */
  readonly machineWhy: readonly (string | undefined)[];
  readonly bounds: UpperBounds;
  readonly checks: readonly Check[];
  /** What could be had more easily; nothing is wrong. */
  readonly suggestions: readonly string[];
  readonly warnings: readonly Fault[];
  /** Findings without weight, because `ignore` names their rule. */
  readonly notes: readonly Fault[];
}

/** The plan with all that is wrong with what was asked for. */
export interface PlanVerdict {
  /** Undefined where there are errors. */
  readonly plan: Plan | undefined;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly notes: readonly Fault[];
}

/** Decides the whole run, and judges it. */
export function judgePlan(request: PlanRequest): PlanVerdict {
  const { inputs } = request;
  const config = request.files.config && readConfig(request.files.config, inputs.variables);
  const decided = decide(request, config);
  const { image, bounds } = decided;
  const found = withoutEchoes(leveled(decided.findings, decided.origins), request.faults);
  const { errors: judgedErrors, ...told } = ignoring(
    {
      errors: [
        ...(image?.errors ?? []),
        ...found.errors,
        ...decided.code.errors,
        // A bound that was computed around a rejected value is none.
        ...(request.faults.length > 0 ? [] : limitFaults(bounds, inputs.limits)),
      ],
      warnings: [...found.warnings, ...(image?.warnings ?? []), ...decided.code.warnings],
    },
    inputs.ignore,
  );
  // The grammar of fields is not to be ignored: what it refuses cannot be sent.
  const grammar = [
    ...request.faults,
    ...unnamedImage(request, decided.built),
    ...nothingToDo(request, decided.built),
    ...(config?.faults ?? []),
    ...checkLabels(ownLabels(inputs, config)),
  ];
  const errors = [...grammar, ...judgedErrors];
  const plan = errors.length > 0 ? undefined : { ...planOf(request, config, decided), ...told };
  return { plan, errors, ...told };
}

function planOf(
  { inputs, context, files, today }: PlanRequest,
  config: Config | undefined,
  decided: Decided,
): Omit<Plan, 'warnings' | 'notes'> {
  const { draft, image, findings: _, code: __, ...rest } = decided;
  const identity = identityOf(context, inputs.matrix, inputs.jobKey);
  const job = labelledJob(inputs, context, config, draft, identity);
  return {
    ...rest,
    local: inputs.region === 'local',
    image: image?.image,
    draft,
    job,
    identity,
    checks: [...networkChecks(draft, job, inputs.projectId), ...imageChecks(image?.image)],
    suggestions: suggestions(inputs, files, draft, today),
  };
}

/** What is built is pushed under a name; a config that brings every image needs none. */
function unnamedImage({ inputs, faults }: PlanRequest, built: readonly number[]): Fault[] {
  const told = faults.some(({ input }) => input === 'image');
  if (told || built.length === 0 || inputs.image !== undefined || inputs.region === 'local') return [];
  return [{ rule: 'required', input: 'image', message: IMAGE_MISSING }];
}

/** Without a job and without an image the step would do nothing. */
function nothingToDo({ inputs }: PlanRequest, built: readonly number[]): Fault[] {
  if (inputs.submit || built.length > 0) return [];
  const message = 'false ends the step once its image is built, but every worker pool names its own. Remove it.';
  return [{ rule: 'submit-nothing', input: 'submit', message }];
}

/** What reading the inputs said already, or what follows from a value that it rejected. */
const ECHOES = new Set([
  'metric-missing',
  'metric-unique',
  'metric-name',
  'parameter-missing',
  'parameter-unique',
  'parameter-name',
]);

function withoutEchoes(found: Omit<Judgement, 'notes'>, faults: readonly Fault[]): Omit<Judgement, 'notes'> {
  const told = new Set(faults.map(({ input }) => input).filter((input) => input !== undefined));
  const isTold = ({ input }: Fault) => input !== undefined && told.has(input);
  return {
    errors: found.errors.filter((fault) => !(ECHOES.has(fault.rule) && isTold(fault))),
    // A warning of an input that is refused anyway only distracts.
    warnings: found.warnings.filter((fault) => !isTold(fault)),
  };
}
