import { closestMatch } from 'leven';
import { shown } from '../../faults.ts';
import type { WorkerPoolSpec } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

/** Boot disk types that machine_resources.proto and the REST page name. */
const DISK_TYPES = ['pd-ssd', 'pd-standard', 'hyperdisk-balanced'];

export const diskRules: Rule = ({ spec }) =>
  spec.workerPoolSpecs.flatMap((pool, index) => {
    const path = `spec.workerPoolSpecs[${index}]`;
    return [...bootDisk(pool, path), ...mounts(pool, path, spec.network)];
  });

function bootDisk({ diskSpec }: WorkerPoolSpec, path: string): Finding[] {
  const findings: Finding[] = [];
  const { bootDiskType: type, bootDiskSizeGb: size } = diskSpec ?? {};
  if (type !== undefined && !DISK_TYPES.includes(type)) {
    const message = `${shown(type)} is no disk type in the catalog (${DISK_TYPES.join(', ')}); the nearest is ${closestMatch(type, DISK_TYPES)}.`;
    findings.push(warning('disk-type', `${path}.diskSpec.bootDiskType`, message));
  }
  if (size !== undefined && (size < 100 || size > 64_000)) {
    findings.push(error('disk-size', `${path}.diskSpec.bootDiskSizeGb`, `is ${size}; 100 to 64000 are accepted.`));
  }
  return findings;
}

function mounts({ nfsMounts = [] }: WorkerPoolSpec, path: string, network: string | undefined): Finding[] {
  const findings: Finding[] = nfsMounts.flatMap((mount, index) => {
    const missing = (['server', 'path', 'mountPoint'] as const).filter((field) => !mount[field]);
    if (missing.length === 0) return [];
    return [
      error(
        'nfs-mount',
        `${path}.nfsMounts[${index}]`,
        `lacks ${missing.join(' and ')}. All of server, path and mountPoint are needed.`,
      ),
    ];
  });
  if (nfsMounts.length > 0 && network === undefined) {
    findings.push(
      error('nfs-network', `${path}.nfsMounts`, 'needs network: an NFS share is reached through VPC peering.'),
    );
  }
  return findings;
}
