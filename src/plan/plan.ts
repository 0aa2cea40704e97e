import { normalize } from 'node:path/posix';
import { type Fault, InputError } from '../faults.ts';
import type { RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import type { ParameterSpec } from '../vertex/types.ts';
import { type Check, networkChecks } from './checks.ts';
import { type CodeVerdict, judgeCode } from './code/judge.ts';
import { type Config, readConfig } from './config/config.ts';
import { limitFaults, type UpperBounds, upperBounds } from './cost.ts';
import type { Draft } from './draft.ts';
import { type Finding, ignoring, type Judgement, leveled, type Origins } from './findings.ts';
import { type Identity, identityOf, requestHash } from './identity.ts';
import { type ImageAnswer, type ImagePlan, localName, planImage } from './image.ts';
import { type JobPlan, planJob } from './job.ts';
import { checkLabels, jobLabels } from './labels.ts';
import { prebuiltRules, prebuiltSuggestion } from './prebuilt.ts';
import { chooseMachines } from './request/machines.ts';
import { buildRequest } from './request/request.ts';
import { RULES } from './rules/all.ts';

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

export interface PlanRequest {
  readonly inputs: Inputs;
  /** What reading the inputs and files found already: told together with the plan's own. */
  readonly faults: readonly Fault[];
  readonly context: RunContext;
  readonly files: RepositoryFiles;
  /** YYYY-MM-DD, to judge the ages of containers by. */
  readonly today: string;
}

/** The plan with all that is wrong with what was asked for. */
export interface PlanVerdict {
  /** Undefined where there are errors. */
  readonly plan: Plan | undefined;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly notes: readonly Fault[];
}

/** Decides the whole run. Throws InputError with every fault that is found. */
export function makePlan(request: PlanRequest): Plan {
  const { plan, errors } = judgePlan(request);
  if (plan === undefined) throw new InputError(errors);
  return plan;
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
        ...(image?.faults ?? []),
        ...found.errors,
        ...decided.code.errors,
        ...limitFaults(bounds, inputs.limits),
      ],
      warnings: [...found.warnings, ...(image?.warnings ?? []), ...decided.code.warnings],
    },
    inputs.ignore,
  );
  // The grammar of fields is not to be ignored: what it refuses cannot be sent.
  const grammar = [...request.faults, ...(config?.faults ?? []), ...checkLabels(ownLabels(inputs, config))];
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
    checks: networkChecks(draft, job, inputs.projectId),
    suggestions: suggestions(inputs, files, draft, today),
  };
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
  const told = new Set(faults.map(({ input }) => input));
  return { ...found, errors: found.errors.filter(({ rule, input }) => !(ECHOES.has(rule) && told.has(input))) };
}

interface Decided {
  readonly draft: Draft;
  readonly origins: Origins;
  readonly built: readonly number[];
  readonly image: ImageAnswer | undefined;
  readonly code: CodeVerdict;
  readonly machineWhy: readonly (string | undefined)[];
  readonly findings: readonly Finding[];
  readonly bounds: UpperBounds;
}

function decide({ inputs, context, files, today }: PlanRequest, config: Config | undefined): Decided {
  const imageUri = inputs.image?.repository ?? localName(context.repository);
  const { draft: asked, origins, built } = buildRequest(inputs, config, imageUri);
  const machines = chooseMachines(asked.spec, inputs.region);
  const draft: Draft = { ...asked, spec: machines.spec };
  const accelerator =
    built.length === 0 ? undefined : machines.spec.workerPoolSpecs[built[0] ?? 0]?.machineSpec?.acceleratorType;
  const image =
    built.length === 0 ? undefined : planImage({ inputs, accelerator, context, dockerfileText: files.dockerfile });
  return {
    draft,
    origins,
    built,
    image,
    code: judgeProgram(inputs, files, draft, built, image),
    machineWhy: machines.why,
    findings: [
      ...machines.findings,
      ...RULES.flatMap((rule) => rule(draft)),
      ...prebuiltRules(draft, today),
      ...modelFindings(inputs, draft),
    ],
    bounds: upperBounds(draft, inputs.limits),
  };
}

/** A pipeline uploads what lies in AIP_MODEL_DIR, which only an output folder gives (training/code-requirements). */
function modelFindings({ model }: Inputs, { spec }: Draft): Finding[] {
  if (model === undefined || spec.baseOutputDirectory !== undefined) return [];
  const message =
    'output_uri is missing: the program gets no AIP_MODEL_DIR, and the model is uploaded without files. Give gs://BUCKET/PATH.';
  return [{ level: 'warning', rule: 'model-output', path: 'spec.baseOutputDirectory', message }];
}

/** The program that the built image starts, read with the arguments that the job gives it. */
function judgeProgram(
  inputs: Inputs,
  files: RepositoryFiles,
  { spec, study }: Draft,
  [pool]: readonly number[],
  image: ImageAnswer | undefined,
): CodeVerdict {
  if (pool === undefined || image === undefined || image.faults.length > 0) return { errors: [], warnings: [] };
  const container = spec.workerPoolSpecs[pool]?.containerSpec;
  return judgeCode({
    files: files.view,
    dockerfile: normalize(inputs.dockerfile),
    context: normalize(inputs.context),
    buildArgs: image.image.buildArgs,
    target: undefined,
    command: container?.command ?? [],
    args: container?.args ?? [],
    study: study && {
      metrics: study.studySpec.metrics.map(({ metricId }) => metricId),
      parameters: study.studySpec.parameters.flatMap(parameterIds),
    },
  });
}

/** The ids of a parameter and of all that depend on it: each may become an argument. */
function parameterIds({ parameterId, conditionalParameterSpecs = [] }: ParameterSpec): string[] {
  return [parameterId, ...conditionalParameterSpecs.flatMap(({ parameterSpec }) => parameterIds(parameterSpec))];
}

/** Only where an image is built, and the requirements stand where a Dockerfile usually takes them from. */
function suggestions({ context }: Inputs, { view }: RepositoryFiles, { spec }: Draft, today: string): string[] {
  const requirements = view.text(context === '.' ? 'requirements.txt' : `${context}/requirements.txt`);
  const gpu = spec.workerPoolSpecs.some(({ machineSpec }) => machineSpec?.acceleratorType?.startsWith('NVIDIA_'));
  const found = requirements === undefined ? undefined : prebuiltSuggestion(requirements, gpu, today);
  return found === undefined ? [] : [found];
}

/** A tuning config may bring labels of its own; the input's win over them. */
function ownLabels(inputs: Inputs, config: Config | undefined): ReadonlyMap<string, string> {
  const configLabels = (config?.value['labels'] ?? {}) as Readonly<Record<string, string>>;
  return new Map([...Object.entries(configLabels), ...inputs.labels]);
}

function labelledJob(
  inputs: Inputs,
  context: RunContext,
  config: Config | undefined,
  draft: Draft,
  identity: Identity,
): JobPlan {
  const own = ownLabels(inputs, config);
  const configKey = (config?.value['encryptionSpec'] as { readonly kmsKeyName?: string } | undefined)?.kmsKeyName;
  const parts = {
    projectId: inputs.projectId,
    draft,
    displayName: displayName(context),
    kmsKey: inputs.kmsKey ?? configKey,
    model: inputs.model,
  };
  // Names and labels tell the run; what is asked for is the rest.
  const unlabelled = planJob({ ...parts, displayName: '', labels: {} });
  const labels = jobLabels({ own, context, identity, requestHash: requestHash(unlabelled.resource) });
  return planJob({ ...parts, labels });
}

/** Display names hold at most 128 characters (custom_job.proto). */
function displayName({ repository, workflow, runNumber, runAttempt }: RunContext): string {
  const attempt = runAttempt === '1' ? '' : `.${runAttempt}`;
  const tail = ` #${runNumber}${attempt}`;
  return `${[...`${repository} ${workflow}`.trim()].slice(0, 128 - tail.length).join('')}${tail}`;
}
