import type { CustomJobSpec, WorkerPoolSpec } from '../../vertex/types.ts';
import { bucketOf } from '../storage/buckets.ts';
import { type Finding, REQUIRED } from './findings.ts';
import { durationMs } from './scalars.ts';

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
    const message =
      'Python packages need a prebuilt container, which region local cannot run: `container_spec` (containerSpec) ' +
      'with an image that holds the program is accepted in its place.';
    return [{ field: `${field}.python_package_spec`, message }];
  }
  if (containerSpec === undefined) return [{ field: `${field}.container_spec`, message: REQUIRED }];
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

/** What CustomJobSpec's own rules refuse; `field` is the path of the spec in the request. */
export function specFindings(spec: CustomJobSpec | undefined, field: string): Finding[] {
  if (spec === undefined) return [{ field, message: REQUIRED }];
  const pools = spec.workerPoolSpecs ?? [];
  const findings = pools.flatMap((pool, index) => poolFindings(pool, index, field));
  if (pools.length === 0) findings.push({ field: `${field}.worker_pool_specs`, message: REQUIRED });
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
