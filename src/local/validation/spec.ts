import type { ContainerSpec, CustomJobSpec, PythonPackageSpec, WorkerPoolSpec } from '../../vertex/types.ts';
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
  const { containerSpec, pythonPackageSpec } = pool;
  if (pythonPackageSpec !== undefined) return packageFindings(pythonPackageSpec, `${field}.python_package_spec`);
  if (containerSpec === undefined) return [{ field: `${field}.container_spec`, message: REQUIRED }];
  const inner = `${field}.container_spec`;
  const findings = programFindings(containerSpec, inner);
  if (isImageUri(containerSpec.imageUri)) return findings;
  return [{ field: `${inner}.image_uri`, message: 'A valid image URI is required.' }, ...findings];
}

/** That the image is one of the service's own is not asked: any image with Python and pip can run a package here. */
function packageFindings(spec: PythonPackageSpec, field: string): Finding[] {
  const { executorImageUri, packageUris = [], pythonModule = '' } = spec;
  const findings: Finding[] = [];
  if (!isImageUri(executorImageUri)) {
    findings.push({ field: `${field}.executor_image_uri`, message: 'A valid image URI is required.' });
  }
  if (packageUris.length < 1 || packageUris.length > 100) {
    findings.push({ field: `${field}.package_uris`, message: 'From 1 to 100 package URIs are required.' });
  }
  for (const [index, uri] of packageUris.entries()) {
    if (bucketOf(uri) !== undefined && /^gs:\/\/[^/]+\/.*[^/]$/s.test(uri)) continue;
    const path = `${field}.package_uris[${index}]`;
    findings.push({ field: path, message: 'A Cloud Storage URI of a file (gs://bucket/path) is required.' });
  }
  if (pythonModule === '') findings.push({ field: `${field}.python_module`, message: REQUIRED });
  return [...findings, ...programFindings(spec, field)];
}

function programFindings({ args = [], env = [] }: ContainerSpec | PythonPackageSpec, inner: string): Finding[] {
  const findings: Finding[] = [];
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
