import type { CustomJob, CustomJobSpec, HyperparameterTuningJob } from '../../vertex/types.ts';
import { type Finding, findingUnless, refuse } from './findings.ts';
import { namedFindings } from './names.ts';
import { normalise } from './normalise.ts';
import { isTpu } from './pools/machine.ts';
import { requiredFindings } from './required.ts';
import { refuseMachines, specFindings } from './spec.ts';
import { studyFindings } from './study/study.ts';

function trialCountFindings(job: Partial<HyperparameterTuningJob>): Finding[] {
  const { maxTrialCount = 0, parallelTrialCount = 0, maxFailedTrialCount = 0 } = job;
  const isFailureCount = maxFailedTrialCount >= 0 && maxFailedTrialCount <= Math.max(0, maxTrialCount);
  return [
    ...findingUnless(maxTrialCount >= 1, 'max_trial_count', 'Must be at least 1.'),
    ...findingUnless(parallelTrialCount >= 1, 'parallel_trial_count', 'Must be at least 1.'),
    ...findingUnless(isFailureCount, 'max_failed_trial_count', 'Must not exceed `max_trial_count`.'),
  ];
}

/** TPUs are not supported for tuning (docs training/using-hyperparameter-tuning). */
function tpuFindings(spec: CustomJobSpec | undefined): Finding[] {
  return (spec?.workerPoolSpecs ?? []).flatMap(({ machineSpec = {} }, index) =>
    findingUnless(
      !isTpu(machineSpec),
      `trial_job_spec.worker_pool_specs[${index}].machine_spec`,
      'TPUs are not supported for hyperparameter tuning.',
    ),
  );
}

/** What a tuning job's own rules refuse beside what is required, its name and labels aside. */
export function tuningFindings(job: Partial<HyperparameterTuningJob>): Finding[] {
  return [
    ...studyFindings(job.studySpec),
    ...trialCountFindings(job),
    ...specFindings(job.trialJobSpec, 'trial_job_spec'),
    ...tpuFindings(job.trialJobSpec),
  ];
}

/** The custom job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readCustomJob(body: unknown): CustomJob {
  const job = normalise(body, 'CustomJob', 'custom_job') as unknown as CustomJob;
  refuse([...requiredFindings(job, 'CustomJob'), ...namedFindings(job), ...specFindings(job.jobSpec, 'job_spec')]);
  refuseMachines(job.jobSpec);
  return job;
}

/** The tuning job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readTuningJob(body: unknown): HyperparameterTuningJob {
  const job = normalise(
    body,
    'HyperparameterTuningJob',
    'hyperparameter_tuning_job',
  ) as unknown as HyperparameterTuningJob;
  refuse([...requiredFindings(job, 'HyperparameterTuningJob'), ...namedFindings(job), ...tuningFindings(job)]);
  refuseMachines(job.trialJobSpec);
  return job;
}
