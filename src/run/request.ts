import { InputError, messageOf, UserError } from '../faults.ts';
import { ApiError, serviceWords } from '../google/api-error.ts';
import { classifyRefusal } from '../job/failover/classify.ts';
import type { Setting } from '../job/failover/verdict.ts';
import type { Place, SubmitOptions } from '../job/submit/submit.ts';
import type { PlannedChoice } from '../plan/choices.ts';
import type { JobPlan } from '../plan/job.ts';
import { refusalFaults } from '../plan/vertex-errors.ts';
import { locationOf } from '../vertex/jobs.ts';
import { principalOf } from './principal.ts';
import { quotaLimitsIn } from './quota-limits.ts';
import type { Base } from './run.ts';

/** A choice of the plan, with the request that is sent for it. */
export interface Requested {
  readonly choice: PlannedChoice;
  readonly request: JobPlan;
}

/** How the choice's job is submitted; jobs of the step are looked for where any of the choices may be. */
export function submitOptions(
  { step, region, log, signal, clock, random }: Base,
  { request }: Requested,
  all: readonly Requested[],
  {
    givenUp,
    onJob,
    onStanding,
    onQuiet,
  }: Required<Pick<SubmitOptions, 'givenUp' | 'onJob' | 'onStanding' | 'onQuiet'>>,
): SubmitOptions {
  const { course } = step.inputs;
  return {
    api: region.vertexIn(locationOf(request.parent)),
    clock,
    random,
    log,
    signal,
    request,
    onRerun: course.onRerun,
    supersede: course.supersede,
    runNumber: Number(step.context.runNumber || Number.NaN),
    onJob,
    onStanding,
    onQuiet,
    givenUp,
    elsewhere: placesOf(
      all.map((each) => each.request.parent),
      region,
    ),
    lag: region.tempo.lag,
  };
}

/** Each place once, with the client of its region. */
export function placesOf(parents: readonly string[], region: Pick<Base['region'], 'vertexIn'>): Place[] {
  return [...new Set(parents)].map((parent) => ({ parent, api: region.vertexIn(locationOf(parent)) }));
}

/** What is known of a request, to tell by what it was refused or failed; `words` are the service's. */
export async function settingOf(base: Base, { choice }: Requested, words: string): Promise<Setting> {
  const { inputs } = base.step;
  const { serviceAccount, scheduling } = choice.draft.spec;
  const limits = await quotaLimitsIn(words, choice.region, base);
  return {
    projectId: inputs.projectId,
    region: choice.region,
    hardware: choice.hardware,
    principal: principalOf(inputs.signIn),
    serviceAccount,
    strategy: scheduling?.strategy,
    disableRetries: scheduling?.disableRetries ?? false,
    limitOf: (metric) => limits.get(metric),
  };
}

/** A refusal as the user reads it: field errors on the inputs that the fields came from, else why it was, and the mend. */
export async function refusalOf(error: unknown, base: Base, requested: Requested): Promise<unknown> {
  if (!(error instanceof ApiError)) return error;
  const faults = error.httpStatus === 400 ? refusalFaults(error.message, requested.choice.origins) : [];
  if (faults.length > 0) return new InputError(faults, 'refused', { cause: error });
  const { kind, message } = classifyRefusal(error, await settingOf(base, requested, error.message));
  if (kind === 'other' || kind === 'bad-request') return error;
  const said = messageOf(error);
  const words = serviceWords(said);
  // What was asked stands before the service's words.
  const before = message.startsWith(words) && said.endsWith(words) ? said.slice(0, said.length - words.length) : '';
  return new UserError(`${before}${message}`, { cause: error });
}
