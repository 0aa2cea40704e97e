import type { CustomJob, HyperparameterTuningJob } from '../../vertex/types.ts';
import { type Finding, labelFindings, nameFindings, refuse } from './findings.ts';
import { normalise } from './normalise.ts';
import { specFindings } from './spec.ts';
import { studyFindings } from './study.ts';

function trialCountFindings(job: Partial<HyperparameterTuningJob>): Finding[] {
  const { maxTrialCount = 0, parallelTrialCount = 0, maxFailedTrialCount = 0 } = job;
  const findings: Finding[] = [];
  if (maxTrialCount < 1) findings.push({ field: 'max_trial_count', message: 'Must be at least 1.' });
  if (parallelTrialCount < 1) findings.push({ field: 'parallel_trial_count', message: 'Must be at least 1.' });
  if (maxFailedTrialCount < 0 || maxFailedTrialCount > Math.max(0, maxTrialCount)) {
    findings.push({ field: 'max_failed_trial_count', message: 'Must not exceed `max_trial_count`.' });
  }
  return findings;
}

/** What a tuning job's own rules refuse, its name and labels aside. */
export function tuningFindings(job: Partial<HyperparameterTuningJob>): Finding[] {
  return [
    ...studyFindings(job.studySpec),
    ...trialCountFindings(job),
    ...specFindings(job.trialJobSpec, 'trial_job_spec'),
  ];
}

/** The custom job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readCustomJob(body: unknown): CustomJob {
  const job = normalise(body, 'CustomJob') as unknown as CustomJob;
  refuse([...nameFindings(job.displayName), ...labelFindings(job.labels), ...specFindings(job.jobSpec, 'job_spec')]);
  return job;
}

/** The tuning job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readTuningJob(body: unknown): HyperparameterTuningJob {
  const job = normalise(body, 'HyperparameterTuningJob') as unknown as HyperparameterTuningJob;
  refuse([...nameFindings(job.displayName), ...labelFindings(job.labels), ...tuningFindings(job)]);
  return job;
}
