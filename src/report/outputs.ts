import { bestTrial } from '../job/best-trial.ts';
import { hasEnded, idOf, type Job, locationOf } from '../vertex/jobs.ts';
import type { MetricSpec } from '../vertex/types.ts';

/** The step's outputs, by the names of action.yml. */
export type Outputs = Partial<
  Record<
    | 'job'
    | 'job_id'
    | 'state'
    | 'console_url'
    | 'image'
    | 'base_image'
    | 'fingerprint'
    | 'dockerfile'
    | 'best_trial'
    | 'best_trial_id'
    | 'best_parameters'
    | 'best_metrics'
    | 'trials_file'
    | 'finished',
    string
  >
>;

/** What a job's name and state say; known from the moment it is submitted. */
export function jobOutputs(job: Job, consoleUrl: string): Outputs {
  return {
    job: job.name,
    job_id: idOf(job.name),
    state: job.state,
    console_url: consoleUrl,
    finished: String(hasEnded(job)),
  };
}

/** What the trials say: the best of them, as JSON that `fromJSON` reads. */
export function trialOutputs(job: Job, metrics: readonly MetricSpec[]): Outputs {
  const best = bestTrial(job.trials, metrics);
  if (best === undefined) return {};
  return {
    best_trial: JSON.stringify(best),
    best_trial_id: best.id,
    best_parameters: JSON.stringify(best.parameters),
    best_metrics: JSON.stringify(best.metrics),
  };
}

/** The page of a job, by its name, in Google Cloud's console. */
export function consoleUrl(name: string, projectId: string): string {
  const page = `${encodeURIComponent(locationOf(name))}/training/${encodeURIComponent(idOf(name))}`;
  return `https://console.cloud.google.com/ai/platform/locations/${page}?project=${encodeURIComponent(projectId)}`;
}
