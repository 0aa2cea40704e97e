import type { DiskSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless } from '../findings.ts';

const TYPES = ['pd-ssd', 'pd-standard', 'hyperdisk-balanced'];
const SMALLEST_GB = 100;
const LARGEST_GB = 64_000;

/** What the rules of DiskSpec refuse: the types and sizes that machine_resources.proto names. 0 is the default size. */
export function diskFindings({ bootDiskType, bootDiskSizeGb = 0 }: DiskSpec, field: string): Finding[] {
  const isType = bootDiskType === undefined || TYPES.includes(bootDiskType);
  const isSize = bootDiskSizeGb === 0 || (bootDiskSizeGb >= SMALLEST_GB && bootDiskSizeGb <= LARGEST_GB);
  return [
    ...findingUnless(isType, `${field}.boot_disk_type`, `The boot disk type must be one of ${TYPES.join(', ')}.`),
    ...findingUnless(
      isSize,
      `${field}.boot_disk_size_gb`,
      `The boot disk size must be between ${SMALLEST_GB} and ${LARGEST_GB} GB.`,
    ),
  ];
}
