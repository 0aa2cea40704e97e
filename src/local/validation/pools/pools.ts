import type { CustomJobSpec, WorkerPoolSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless, REQUIRED } from '../findings.ts';
import { diskFindings } from './disk.ts';
import { isTpu, machineFindings } from './machine.ts';
import { containerFindings, packageFindings } from './program.ts';
import { reservationFindings } from './reservation.ts';

/** A job of more replicas than this service can start is refused; what the real one takes at most is not known. */
const MOST_REPLICAS = 1000n;

/** A later pool's position is skipped by one that holds nothing (custom_job.proto). */
function isEmpty(pool: WorkerPoolSpec): boolean {
  return Object.entries(pool).every(
    ([name, value]) => (name === 'replicaCount' && value === '0') || Object.keys(value).length === 0,
  );
}

function programFindings({ containerSpec, pythonPackageSpec }: WorkerPoolSpec, path: string): Finding[] {
  if (pythonPackageSpec !== undefined) return packageFindings(pythonPackageSpec, `${path}.python_package_spec`);
  if (containerSpec !== undefined) return containerFindings(containerSpec, `${path}.container_spec`);
  return [{ field: `${path}.container_spec`, message: REQUIRED }];
}

function replicaFindings({ replicaCount = '1' }: WorkerPoolSpec, index: number, path: string): Finding[] {
  const count = BigInt(replicaCount);
  const field = `${path}.replica_count`;
  if (index === 0) return findingUnless(count === 1n, field, 'Replica count of the first worker pool must be 1.');
  return findingUnless(count >= 1n, field, 'Replica count must be at least 1.');
}

function poolFindings(spec: CustomJobSpec, pool: WorkerPoolSpec, index: number, field: string): Finding[] {
  if (index > 0 && isEmpty(pool)) return [];
  const path = `${field}.worker_pool_specs[${index}]`;
  const { machineSpec = {}, diskSpec = {}, nfsMounts = [] } = pool;
  const hasNetwork = nfsMounts.length === 0 || spec.network !== undefined;
  return [
    ...programFindings(pool, path),
    ...machineFindings(machineSpec, `${path}.machine_spec`),
    ...affinityFindings(spec, pool, `${path}.machine_spec.reservation_affinity`),
    ...diskFindings(diskSpec, `${path}.disk_spec`),
    ...findingUnless(hasNetwork, `${path}.nfs_mounts`, 'NFS mounts need `network` to be set.'),
    ...replicaFindings(pool, index, path),
  ];
}

function affinityFindings({ persistentResourceId }: CustomJobSpec, pool: WorkerPoolSpec, field: string): Finding[] {
  const affinity = pool.machineSpec?.reservationAffinity;
  if (affinity === undefined) return [];
  const both = persistentResourceId !== undefined && affinity.reservationAffinityType !== 'NO_RESERVATION';
  return [
    ...reservationFindings(affinity, field),
    ...findingUnless(!both, field, 'A reservation cannot be used with a persistent resource.'),
  ];
}

/** What the rules of the worker pools refuse; `field` is the path of the spec. */
export function poolsFindings(spec: CustomJobSpec, field: string): Finding[] {
  const pools = spec.workerPoolSpecs ?? [];
  const used = pools.filter((pool, index) => index === 0 || !isEmpty(pool));
  const oneSlice = used.length <= 1 || !used.some(({ machineSpec = {} }) => isTpu(machineSpec));
  const replicas = used.reduce((sum, { replicaCount = '1' }) => sum + BigInt(replicaCount), 0n);
  const message = `This service starts at most ${MOST_REPLICAS} replicas for a job.`;
  return [
    ...pools.flatMap((pool, index) => poolFindings(spec, pool, index, field)),
    ...findingUnless(replicas <= MOST_REPLICAS, `${field}.worker_pool_specs`, message),
    ...findingUnless(oneSlice, `${field}.worker_pool_specs`, 'A job on TPUs has one worker pool.'),
  ];
}
