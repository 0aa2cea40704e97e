import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import type { Config } from './config/config.ts';
import type { Draft } from './draft.ts';
import { type Identity, requestHash } from './identity.ts';
import { type JobPlan, planJob } from './job.ts';
import { jobLabels } from './labels.ts';

/** A tuning config may bring labels of its own; the input's win over them. */
export function ownLabels(inputs: Inputs, config: Config | undefined): ReadonlyMap<string, string> {
  const configLabels = (config?.value['labels'] ?? {}) as Readonly<Record<string, string>>;
  return new Map([...Object.entries(configLabels), ...inputs.labels]);
}

/** The job with the name and the labels that tell the run. */
export function labelledJob(
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
