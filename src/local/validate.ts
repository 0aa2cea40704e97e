import type { CustomJob, CustomJobSpec, HyperparameterTuningJob, WorkerPoolSpec } from '../vertex/types.ts';
import { bucketOf } from './buckets.ts';
import { ApiError } from './errors.ts';
import { durationMs, normalise } from './normalise.ts';
import { CUSTOM_JOB, TUNING_JOB } from './schema.ts';
import { studyFindings } from './validate-study.ts';

/** One thing that the API's own rules refuse; `field` is a path in snake_case. */
export interface Finding {
  readonly field: string;
  readonly message: string;
}

const LABEL_RULE =
  'Label keys and values can only contain lowercase letters, numbers, dashes and underscores, and have at most 64 characters.';

function labelFindings(labels: Readonly<Record<string, string>>): Finding[] {
  const entries = Object.entries(labels);
  if (entries.length > 64) {
    return [{ field: 'labels', message: 'There can be no more than 64 labels attached to a single resource.' }];
  }
  const fits = (text: string) => [...text].length <= 64 && !/[^\p{Ll}\p{Lo}\p{N}_-]/u.test(text);
  const good = entries.every(([key, value]) => key !== '' && fits(key) && fits(value));
  return good ? [] : [{ field: 'labels', message: LABEL_RULE }];
}

function nameFindings(displayName: string | undefined): Finding[] {
  const length = [...(displayName ?? '')].length;
  if (length === 0) return [{ field: 'display_name', message: 'Required field is not set.' }];
  return length > 128 ? [{ field: 'display_name', message: 'The display name can be up to 128 characters long.' }] : [];
}

function machineFindings(pool: WorkerPoolSpec, field: string): Finding[] {
  const { acceleratorType, acceleratorCount = 0 } = pool.machineSpec ?? {};
  if ((acceleratorType === undefined) === (acceleratorCount === 0)) return [];
  const message = 'Both `accelerator_type` and `accelerator_count` should be specified or none.';
  return [{ field: `${field}.machine_spec.accelerator_type`, message }];
}

/** Whether the name can be an image's; what passes is safe as a path of the engine's API. */
function isImageUri(uri: string | undefined): boolean {
  return /^[A-Za-z0-9][\w./:@-]*$/.test(uri ?? '') && !uri?.includes('..') && !uri?.includes('//');
}

function containerFindings(pool: WorkerPoolSpec, field: string): Finding[] {
  const { containerSpec } = pool;
  if ('pythonPackageSpec' in pool) {
    const message = 'Python packages need a prebuilt container, which region local cannot run: give container_spec.';
    return [{ field: `${field}.python_package_spec`, message }];
  }
  if (containerSpec === undefined) return [{ field: `${field}.container_spec`, message: 'Required field is not set.' }];
  const inner = `${field}.container_spec`;
  const findings: Finding[] = [];
  const { imageUri, args = [], env = [] } = containerSpec;
  if (!isImageUri(imageUri)) findings.push({ field: `${inner}.image_uri`, message: 'A valid image URI is required.' });
  if (args.reduce((sum, arg) => sum + arg.length, 0) > 100_000) {
    findings.push({ field: `${inner}.args`, message: 'All arguments together can have at most 100000 characters.' });
  }
  if (env.length > 100)
    findings.push({ field: `${inner}.env`, message: 'At most 100 environment variables can be set.' });
  if (new Set(env.map((item) => item.name)).size < env.length) {
    findings.push({ field: `${inner}.env`, message: 'EnvVar names must be unique.' });
  }
  for (const [index, item] of env.entries()) {
    if (/^[A-Za-z_]\w*$/.test(item.name ?? '')) continue;
    findings.push({ field: `${inner}.env[${index}].name`, message: 'EnvVar name must be a valid C identifier.' });
  }
  return findings;
}

function poolFindings(pool: WorkerPoolSpec, index: number, field: string): Finding[] {
  const path = `${field}.worker_pool_specs[${index}]`;
  if (index > 0 && Object.keys(pool).length === 0) return [];
  const count = BigInt(pool.replicaCount ?? '1');
  const findings = [...containerFindings(pool, path), ...machineFindings(pool, path)];
  if (index === 0 && count !== 1n) {
    findings.push({ field: `${path}.replica_count`, message: 'Replica count of the first worker pool must be 1.' });
  } else if (count < 1n || count > 1000n) {
    findings.push({ field: `${path}.replica_count`, message: 'Replica count must be between 1 and 1000.' });
  }
  return findings;
}

function specFindings(spec: CustomJobSpec | undefined, field: string): Finding[] {
  if (spec === undefined) return [{ field, message: 'Required field is not set.' }];
  const pools = spec.workerPoolSpecs ?? [];
  const findings = pools.flatMap((pool, index) => poolFindings(pool, index, field));
  if (pools.length === 0) findings.push({ field: `${field}.worker_pool_specs`, message: 'Required field is not set.' });
  const { timeout } = spec.scheduling ?? {};
  if (timeout !== undefined && (durationMs(timeout) ?? 0) <= 0) {
    findings.push({ field: `${field}.scheduling.timeout`, message: 'The timeout must be positive.' });
  }
  const base = spec.baseOutputDirectory?.outputUriPrefix;
  if (spec.baseOutputDirectory !== undefined && bucketOf(base ?? '') === undefined) {
    const path = `${field}.base_output_directory.output_uri_prefix`;
    findings.push({ field: path, message: 'A Cloud Storage URI (gs://bucket/path) is required.' });
  }
  return findings;
}

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

/** The API's own form: numbered, separated by tabs. */
function refuse(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(({ field, message }, index) => `${index + 1}.Field: ${field}; Message: ${message}\t`);
  throw new ApiError('INVALID_ARGUMENT', `List of found errors:\t${lines.join('')}`);
}

/** The custom job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readCustomJob(body: unknown): CustomJob {
  const job = normalise(body, CUSTOM_JOB) as unknown as CustomJob;
  refuse([
    ...nameFindings(job.displayName),
    ...labelFindings(job.labels ?? {}),
    ...specFindings(job.jobSpec, 'job_spec'),
  ]);
  return job;
}

/** The tuning job that a create request asks for, in the form of answers; throws every refusal at once. */
export function readTuningJob(body: unknown): HyperparameterTuningJob {
  const job = normalise(body, TUNING_JOB) as unknown as HyperparameterTuningJob;
  refuse([
    ...nameFindings(job.displayName),
    ...labelFindings(job.labels ?? {}),
    ...studyFindings(job.studySpec),
    ...trialCountFindings(job),
    ...specFindings(job.trialJobSpec, 'trial_job_spec'),
  ]);
  return job;
}
