import { report } from '../image/push-access.ts';
import { asNextVersion, type JobPlan } from '../plan/job.ts';
import { preflightChecks } from '../preflight/checks.ts';
import { runPreflight } from '../preflight/run.ts';
import { systemClock } from '../retry.ts';
import type { Run } from './run.ts';

export interface NetworkAnswer {
  /** The request as the network's answers make it. */
  readonly request: JobPlan;
  /** The number of the job's project, where it is known. */
  readonly projectNumber: string | undefined;
}

/** Asks what only the network knows of the plan, before anything is built. Throws InputError with all that is missing. */
export async function checkNetwork({ step, plan, region, log, signal }: Run): Promise<NetworkAnswer> {
  const { inputs } = step;
  // Without a sign-in no other question is worth asking.
  await region.accessToken();
  const checks = preflightChecks({ plan, inputs, readsLogs: inputs.wait });
  const { findings, projectNumber, models } = await runPreflight(checks, region.preflight, {
    clock: systemClock,
    signal,
    log,
  });
  report(findings, { ignore: inputs.ignore, log });
  const model = plan.checks.find(({ kind }) => kind === 'model-version');
  const exists = model && (models.get(model.subject) ?? (await region.vertex.modelExists(model.subject)));
  return { request: exists ? asNextVersion(plan.job) : plan.job, projectNumber };
}
