import type { JobPlan } from '../../../src/plan/job.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../../src/plan/labels.ts';

export const KEY = 'k'.repeat(32);
const SERIES = 's'.repeat(32);
const PARENT = 'projects/p/locations/us-central1';

/** The hash of what is asked for: a step may ask for one thing or, by mistake or after an edit, for another. */
export const hashOf = (variant: 0 | 1) => String(variant).repeat(32);

/** The request of an attempt, with the labels that a plan gives it. */
export function requestOf(attempt: number, variant: 0 | 1 = 0): JobPlan {
  const labels = {
    [SERIES_LABEL]: SERIES,
    [KEY_LABEL]: KEY,
    [ATTEMPT_LABEL]: String(attempt),
    [REQUEST_LABEL]: hashOf(variant),
  };
  const resource = { displayName: 'chaos', labels, jobSpec: { workerPoolSpecs: [] } };
  return { parent: PARENT, collection: 'customJobs', resource };
}
