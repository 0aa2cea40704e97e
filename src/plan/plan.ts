import { type Fault, InputError } from '../faults.ts';
import type { RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunContext } from '../inputs/run-context.ts';
import { chooseHardware } from './hardware.ts';
import { type Identity, identityOf, requestHash } from './identity.ts';
import { type ImagePlan, planImage } from './image.ts';
import { type JobPlan, planJob, withLabels } from './job.ts';
import { checkLabels, jobLabels } from './labels.ts';

/** Everything that is decided before anything is built or asked of the network. */
export interface Plan {
  /** Whether the job runs on this machine's engine. */
  readonly local: boolean;
  readonly image: ImagePlan;
  readonly job: JobPlan;
  readonly identity: Identity;
  /** Why this machine, in one sentence. */
  readonly machineWhy: string;
  readonly warnings: readonly Fault[];
}

export interface PlanRequest {
  readonly inputs: Inputs;
  /** What reading the inputs and files found already: told together with the plan's own. */
  readonly faults: readonly Fault[];
  readonly context: RunContext;
  readonly files: RepositoryFiles;
}

/** Decides the whole run. Throws InputError with every fault that is found. */
export function makePlan({ inputs, faults: earlier, context, files }: PlanRequest): Plan {
  const hardware = chooseHardware(inputs);
  const accelerator = hardware.hardware?.spec.acceleratorType;
  const { image, ...judged } = planImage({ inputs, accelerator, context, dockerfileText: files.dockerfile });
  const faults: Fault[] = [
    ...earlier,
    ...hardware.faults,
    ...judged.faults,
    ...checkLabels(inputs.labels),
    ...trialFaults(inputs),
  ];
  if (hardware.hardware === undefined || faults.length > 0) throw new InputError(faults);
  const identity = identityOf(context, inputs.matrix, inputs.jobKey);
  const job = planJob({
    inputs,
    machine: hardware.hardware.spec,
    imageUri: image.repository,
    displayName: displayName(context),
  });
  const labels = jobLabels({ own: inputs.labels, context, identity, requestHash: requestHash(job.resource) });
  return {
    local: inputs.region === 'local',
    image,
    job: withLabels(job, labels),
    identity,
    machineWhy: hardware.hardware.why,
    warnings: [...hardware.warnings, ...judged.warnings],
  };
}

/** Display names hold at most 128 characters (custom_job.proto). */
function displayName({ repository, workflow, runNumber, runAttempt }: RunContext): string {
  const attempt = runAttempt === '1' ? '' : `.${runAttempt}`;
  const tail = ` #${runNumber}${attempt}`;
  return `${`${repository} ${workflow}`.trim().slice(0, 128 - tail.length)}${tail}`;
}

function trialFaults({ study }: Inputs): Fault[] {
  if (study === undefined || study.parallelTrials <= study.maxTrials) return [];
  const message = `${study.parallelTrials} is more than max_trials (${study.maxTrials}). Lower it, or raise max_trials.`;
  return [{ rule: 'parallel-trials', input: 'parallel_trials', message }];
}
