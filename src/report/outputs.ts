import { bestTrial } from '../job/best-trial.ts';
import { hasEnded, idOf, type Job } from '../vertex/jobs.ts';
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

/** The job's page in Google Cloud's console; there is none for a service on this machine. */
export function consoleUrl(job: Job, region: string, projectId: string): string {
  if (region === 'local') return '';
  return `https://console.cloud.google.com/ai/platform/locations/${region}/training/${idOf(job.name)}?project=${encodeURIComponent(projectId)}`;
}
