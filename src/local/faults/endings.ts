import type { Status } from '../../vertex/types.ts';
import { cancelledStatus, type Ending } from '../containers/failure.ts';
import type { JobRecord } from '../resources/store.ts';
import { jobError } from './refusals.ts';
import type { ScriptedEnd } from './script.ts';

/** How a script ends a job. Only one that failed or was cancelled has an error of its own accord (the proto's comment). */
export function endingOf({ state, reason, metrics, error }: ScriptedEnd, { place, collection }: JobRecord): Ending {
  if (error !== undefined) return { state, error };
  if (reason !== undefined) return { state, error: told(jobError(reason, place, metrics), collection) };
  if (state === 'CANCELLED') return { state, error: cancelledStatus() };
  return state === 'FAILED' ? { state, error: jobError('internal', place) } : { state };
}

/** An error as a pipeline tells it of itself (observed). */
function told({ code, message }: Status, collection: JobRecord['collection']): Status {
  const prefix = collection === 'trainingPipelines' ? 'Training pipeline failed with error message: ' : '';
  return { ...(code === undefined ? {} : { code }), message: `${prefix}${message}` };
}
