import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import { type Choices, mapChoices } from './choices.ts';
import type { Config } from './config/config.ts';
import type { Draft } from './draft.ts';
import { type Identity, requestHash } from './identity.ts';
import { type JobPlan, planJob } from './job.ts';
import { jobLabels } from './labels.ts';
import { isGated } from './model/upload.ts';

/** A tuning config may bring labels of its own; the input's win over them. */
export function ownLabels(inputs: Inputs, config: Config | undefined): ReadonlyMap<string, string> {
  const configLabels = (config?.value['labels'] ?? {}) as Readonly<Record<string, string>>;
  return new Map([...Object.entries(configLabels), ...inputs.labels]);
}

/**
 * The job of each draft, with the name and the labels that tell the run. All carry the same labels: they are one request,
 * whichever of them is sent.
 */
export function labelledJobs(
  inputs: Inputs,
  context: RunContext,
  config: Config | undefined,
  drafts: Choices<Draft>,
  identity: Identity,
): Choices<JobPlan> {
  const own = ownLabels(inputs, config);
  const configKey = (config?.value['encryptionSpec'] as { readonly kmsKeyName?: string } | undefined)?.kmsKeyName;
  const parts = {
    projectId: inputs.projectId,
    displayName: displayName(context),
    kmsKey: inputs.kmsKey ?? configKey,
    model: inputs.model,
    gated: isGated(inputs),
  };
  // Names and labels tell the run; what is asked for is the rest.
  const unlabelled = drafts.map((draft) => planJob({ ...parts, draft, displayName: '', labels: {} }).resource);
  const labels = jobLabels({ own, context, identity, requestHash: hashOfAll(unlabelled) });
  return mapChoices(drafts, (draft) => planJob({ ...parts, draft, labels }));
}

/** What is asked for is every resource that will do, in order, wherever it runs. */
function hashOfAll(resources: readonly unknown[]): string {
  const unlike = new Map(resources.map((each) => [requestHash(each), each]));
  const [only, ...others] = unlike.values();
  return requestHash(others.length === 0 ? only : [only, ...others]);
}

/** Display names hold at most 128 characters (custom_job.proto). */
function displayName({ repository, workflow, runNumber, runAttempt }: RunContext): string {
  const attempt = runAttempt === '1' ? '' : `.${runAttempt}`;
  const tail = ` #${runNumber}${attempt}`;
  return `${[...`${repository} ${workflow}`.trim()].slice(0, 128 - tail.length).join('')}${tail}`;
}
