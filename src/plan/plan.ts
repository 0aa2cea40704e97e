import type { Fault } from '../faults.ts';
import { IMAGE_MISSING } from '../inputs/place.ts';
import { type Afterwards, afterwardsOf, folderSuggestions } from './after.ts';
import { type Check, imageChecks, networkChecks } from './checks.ts';
import { judgeChoices, limitsOfAll } from './choice-faults.ts';
import { type Choices, mapChoices, type PlannedChoice } from './choices.ts';
import { type Config, readConfig } from './config/config.ts';
import { greatestOf, type UpperBounds, upperBounds } from './cost.ts';
import { type Decided, decide, type PlanRequest } from './decide.ts';
import type { Draft } from './draft.ts';
import { judgeFailOver } from './fail-over.ts';
import { ignoring, type Judgement, type Origins } from './findings.ts';
import { type Identity, identityOf } from './identity.ts';
import type { ImagePlan } from './image/types.ts';
import type { JobPlan } from './job.ts';
import { labelledJobs, ownLabels } from './labelled-job.ts';
import { checkLabels } from './labels.ts';
import { uploadFaults, uploadOf } from './model/planned.ts';
import type { ModelUpload } from './model/upload.ts';
import { suggestions } from './program.ts';
import { type Leaving, resultFaults, resultWarnings } from './results.ts';

export type { PlanRequest } from './decide.ts';

/** Everything that is decided before anything is built or asked of the network. */
export interface Plan {
  /** Whether the job runs on this machine's engine. */
  readonly local: boolean;
  /** The image to build; undefined where every worker pool brings its own. */
  readonly image: ImagePlan | undefined;
  /** Worker pools that run the built image, by position. */
  readonly built: readonly number[];
  /** Every region and hardware that the job may run on, in order; the fields beside it tell of the first. */
  readonly choices: Choices<PlannedChoice>;
  readonly draft: Draft;
  readonly job: JobPlan;
  /** The model that the step uploads itself. */
  readonly upload: ModelUpload | undefined;
  /** What becomes of the job once it is submitted. */
  readonly after: Afterwards;
  readonly identity: Identity;
  /** Where each part of the request came from, for errors that come later. */
  readonly origins: Origins;
  /** Why each worker pool has its machine, in one sentence. */
  readonly machineWhy: readonly (string | undefined)[];
  /** The most that a job of any of the choices can use up. */
  readonly bounds: UpperBounds;
  readonly checks: readonly Check[];
  /** Tags of metrics that the program was seen to report. */
  readonly tagsInCode: readonly string[];
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
  const { image, choices } = decided;
  const found = withoutEchoes(judgeChoices(choices), request.faults);
  const failOver = judgeFailOver(request, choices);
  const { errors: judgedErrors, ...told } = ignoring(
    {
      errors: [
        ...(image?.errors ?? []),
        ...found.errors,
        ...failOver.errors,
        ...decided.code.errors,
        ...leavingFaults(request, choices[0].draft),
        // A bound that was computed around a rejected value is none.
        ...(request.faults.length > 0 ? [] : limitsOfAll(choices, inputs.limits)),
      ],
      warnings: [
        ...found.warnings,
        ...(image?.warnings ?? []),
        ...decided.code.warnings,
        ...failOver.warnings,
        ...resultWarnings(inputs, leavingOf(choices[0].draft)),
      ],
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
  { choices: decided, built, image, code }: Decided,
): Omit<Plan, 'warnings' | 'notes'> {
  const identity = identityOf(context, inputs.matrix, inputs.jobKey);
  const drafts = mapChoices(decided, ({ draft }) => draft);
  const jobs = labelledJobs(inputs, context, config, drafts, identity);
  const choices = mapChoices(decided, ({ item: _item, findings: _findings, ...choice }, index) => {
    const job = jobs[index] ?? jobs[0];
    return { ...choice, job, upload: uploadOf(inputs, job), checks: networkChecks(choice.draft, job, inputs) };
  });
  const { draft, job, upload, origins, machineWhy } = choices[0];
  const local = inputs.region === 'local';
  const after = afterwardsOf(inputs);
  return {
    local,
    image: image?.image,
    built,
    choices,
    draft,
    job,
    upload,
    after,
    identity,
    origins,
    machineWhy,
    bounds: greatestOf(drafts.map((each) => upperBounds(each, inputs.limits))),
    checks: [...unlike(choices.flatMap(({ checks }) => checks)), ...imageChecks(image?.image)],
    tagsInCode: code.tagsInCode,
    suggestions: [
      ...suggestions(inputs, files, draft, today),
      ...folderSuggestions({ after, draft, local, context, uploads: inputs.model !== undefined }),
    ],
  };
}

/** What is wrong with what is to be made of the job. Whatever else differs, every choice has the same study and folder. */
function leavingFaults({ inputs, faults }: PlanRequest, draft: Draft): Fault[] {
  const leaving = leavingOf(draft);
  const refused = new Set(faults.map(({ input }) => input));
  return [...resultFaults(inputs, leaving), ...uploadFaults(inputs, leaving)].filter(
    ({ rule }) => !refused.has(CAUSES[rule]),
  );
}

/** The input that a finding would be made up by, had its value been rejected. */
const CAUSES: Readonly<Record<string, string>> = {
  'gate-metrics': 'metrics_file',
  'metrics-file-folder': 'output_uri',
  'download-folder': 'output_uri',
  'register-output': 'output_uri',
};

const leavingOf = ({ spec, study }: Draft): Leaving => ({
  outputUri: spec.baseOutputDirectory?.outputUriPrefix,
  metrics: study?.studySpec.metrics,
});

/** What two choices ask alike is asked once. */
function unlike(checks: readonly Check[]): readonly Check[] {
  const questions = checks.map(({ question }) => question);
  return checks.filter((_, index) => questions.indexOf(questions[index] ?? '') === index);
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
