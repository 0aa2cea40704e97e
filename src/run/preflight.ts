import { untilAborted } from '../abort.ts';
import { checkTarget } from '../artifacts/download/target.ts';
import { report } from '../image/push-access.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { Step } from '../inputs/step.ts';
import { asNextVersion, type JobPlan } from '../plan/job.ts';
import type { Plan } from '../plan/plan.ts';
import { preflightChecks } from '../preflight/checks.ts';
import { runPreflight } from '../preflight/run.ts';
import type { Run } from './run.ts';

export interface NetworkAnswer {
  /** The request of each of the plan's choices, as the network's answers make it. */
  readonly requests: readonly JobPlan[];
  /** The number of the job's project, where it is known. */
  readonly projectNumber: string | undefined;
}

/** Asks what only the network knows of the plan, before anything is built. Throws InputError with all that is missing. */
export async function checkNetwork({ step, plan, region, log, signal, clock }: Run): Promise<NetworkAnswer> {
  const { inputs } = step;
  await checkDownload(step);
  // Without a sign-in no other question is worth asking.
  await untilAborted(region.accessToken(), signal);
  const checks = preflightChecks({ plan, inputs, readsLogs: inputs.wait, readsObjects: readsObjects(inputs) });
  const { findings, projectNumber, models } = await runPreflight(checks, region.preflight, {
    clock,
    signal,
    log,
  });
  report(findings, { ignore: inputs.ignore, log });
  return { requests: requestsOf(plan, await untilAborted(allModels(plan, models, region), signal)), projectNumber };
}

/** What is in the way of the files is found before they are paid for. Throws UserError. */
export async function checkDownload({ inputs, workspace }: Pick<Step, 'inputs' | 'workspace'>): Promise<void> {
  const { download } = inputs.results;
  if (download !== undefined) await checkTarget(workspace, download);
}

const readsObjects = ({ results }: Inputs) => results.download !== undefined || results.metricsFile !== undefined;

/** The request of each choice, in their order: a model that is in its region gets a new version there. */
export function requestsOf(
  { choices }: Pick<Plan, 'choices'>,
  models: ReadonlyMap<string, boolean>,
): readonly JobPlan[] {
  return choices.map(({ job, checks }) =>
    checks.some(({ kind, subject }) => kind === 'model-version' && models.get(subject) === true)
      ? asNextVersion(job)
      : job,
  );
}

/** Whether each model that the plan asks about exists: nothing is submitted before that is known. */
async function allModels(
  { choices }: Pick<Plan, 'choices'>,
  known: ReadonlyMap<string, boolean>,
  { vertexIn }: Pick<Run['region'], 'vertexIn'>,
): Promise<ReadonlyMap<string, boolean>> {
  const models = new Map(known);
  for (const { region, checks } of choices) {
    for (const { kind, subject } of checks) {
      if (kind !== 'model-version' || models.has(subject)) continue;
      models.set(subject, await vertexIn(region).modelExists(subject));
    }
  }
  return models;
}
