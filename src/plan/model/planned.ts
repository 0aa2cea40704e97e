import type { Fault } from '../../faults.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { JobPlan } from '../job.ts';
import type { Leaving } from '../results.ts';
import { isGated, type ModelAsked, type ModelUpload, planUpload, uploaderOf } from './upload.ts';

/** What the step uploads itself of a planned job; undefined where it uploads nothing. */
export function uploadOf(inputs: ModelAsked, { parent, resource }: JobPlan): ModelUpload | undefined {
  const { model } = inputs;
  if (model === undefined || uploaderOf(inputs) !== 'step') return undefined;
  const { displayName, labels = {}, encryptionSpec } = resource;
  return planUpload({
    parent,
    model,
    displayName,
    labels,
    kmsKey: encryptionSpec?.kmsKeyName,
    gated: isGated(inputs),
  });
}

/** What keeps the step from uploading a model; `uploader` is who uploads it. */
export function uploadFaults(
  inputs: ModelAsked & Pick<Inputs, 'wait'>,
  { outputUri }: Pick<Leaving, 'outputUri'>,
  uploader = uploaderOf(inputs),
): Fault[] {
  const { model, wait } = inputs;
  if (model === undefined || uploader !== 'step') return [];
  const faults: Fault[] = [];
  const input = model.register === undefined ? 'model' : 'register';
  if (outputUri === undefined) {
    const message =
      'has nothing to upload: the program gets no AIP_MODEL_DIR without an output folder. Give output_uri, such as gs://my-bucket/runs.';
    faults.push({ rule: 'register-output', input, message });
  }
  // A gate that the upload waits for says so itself; what is asked for beside it is told with it.
  if (!wait && (model.register !== undefined || !isGated(inputs))) {
    const message =
      'is done once the job has ended, and wait is false. Give it to the step that follows the job (job: …), or remove wait.';
    faults.push({ rule: 'register-wait', input, message });
  }
  return faults;
}
