import type { CustomJob, CustomJobSpec, HyperparameterTuningJob } from '../../vertex/types.ts';
import { ImageError } from '../containers/failure.ts';
import { containerOf } from '../containers/replica/python-package.ts';
import { type Runtime, sleepLong } from '../containers/runtime.ts';
import type { JobRecord } from '../resources/store.ts';
import type { TrainingPipeline } from '../resources/types.ts';
import { type Task, taskOf } from '../validation/pipeline.ts';

const PREFIX = 'simulated/';

/** The name after `simulated/` in the primary replica's image, without tag and digest; undefined for other images. */
export function simulatedName({ workerPoolSpecs }: CustomJobSpec): string | undefined {
  const image = containerOf(workerPoolSpecs[0] ?? {})?.imageUri ?? '';
  return image.startsWith(PREFIX) ? image.slice(PREFIX.length).replace(/[:@].*$/s, '') : undefined;
}

/** The spec of the containers that a job or pipeline runs. */
export function specOf({ collection, resource }: JobRecord): CustomJobSpec {
  switch (collection) {
    case 'customJobs':
      return (resource as CustomJob).jobSpec;
    case 'hyperparameterTuningJobs':
      return (resource as HyperparameterTuningJob).trialJobSpec;
    case 'trainingPipelines':
      return taskSpec(taskOf(resource as TrainingPipeline));
  }
}

function taskSpec(task: Task): CustomJobSpec {
  return task.collection === 'customJobs' ? task.job.jobSpec : task.job.trialJobSpec;
}

/** The image that a job without a script names is in no registry, in the words that this service has for that. */
export function notFound(name: string): ImageError {
  return new ImageError(
    `Failed to read the container uri [${PREFIX}${name}]. Please make sure that the image exists: no script of that name was sent.`,
  );
}

/** Waits until so many milliseconds after a time (RFC 3339) by the service's clock; for ever, where that is said. */
export async function waitSince(
  { clock }: Runtime,
  time: string | undefined,
  ms: number | 'forever',
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const due = ms === 'forever' ? Number.MAX_SAFE_INTEGER : (Date.parse(time ?? '') || clock.now()) + ms;
  await sleepLong(clock, due - clock.now(), signal);
}
