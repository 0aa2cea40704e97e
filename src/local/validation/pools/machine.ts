import type { MachineSpec } from '../../../vertex/types.ts';
import { type Finding, findingUnless, REQUIRED } from '../findings.ts';
import { isUnsupported, type MachineType, machineType } from './machine-types.ts';

const PAIR = 'Both `accelerator_type` and `accelerator_count` should be specified or none.';

/**
 * What the rules of MachineSpec refuse (machine_resources.proto, docs training/configure-compute). This service takes a
 * pool that says nothing of its machine as one that runs here.
 */
export function machineFindings(machine: MachineSpec, field: string): Finding[] {
  if (Object.keys(machine).length === 0) return [];
  const row = machineType(machine.machineType ?? '');
  return [
    ...findingUnless(machine.machineType !== undefined, `${field}.machine_type`, REQUIRED),
    ...(row?.tpuTopologies === undefined ? acceleratorFindings(machine, row, field) : []),
    ...topologyFindings(machine, row, field),
  ];
}

function acceleratorFindings(machine: MachineSpec, row: MachineType | undefined, field: string): Finding[] {
  const { machineType: name = '', acceleratorType, acceleratorCount = 0 } = machine;
  if ((acceleratorType === undefined) !== (acceleratorCount === 0)) {
    return [{ field: `${field}.accelerator_type`, message: PAIR }];
  }
  if (acceleratorType === undefined) {
    const message = `Machine type "${name}" always has accelerators, which must be specified: ${offer(row)}.`;
    return findingUnless(row?.acceleratorRequired !== true, `${field}.accelerator_type`, message);
  }
  const at = `${field}.accelerator_count`;
  if (acceleratorCount < 1) return [{ field: at, message: 'Must be at least 1.' }];
  const counts = row?.accelerators[acceleratorType];
  // Slices of Cloud TPUs come in more sizes than the catalog lists.
  if (counts === undefined || counts.includes(acceleratorCount) || name === 'cloud-tpu') return [];
  const message = `Machine type "${name}" supports ${counts.join(', ')} of accelerator "${acceleratorType}", not ${acceleratorCount}.`;
  return [{ field: at, message }];
}

function offer(row: MachineType | undefined): string {
  const pairs = Object.entries(row?.accelerators ?? {});
  return pairs.map(([type, counts]) => `${counts.join(' or ')} of ${type}`).join('; ');
}

/** A TPU machine takes its accelerators by topology (docs training/training-with-tpu-vm); any other has none. */
function topologyFindings(machine: MachineSpec, row: MachineType | undefined, field: string): Finding[] {
  const { machineType: name, tpuTopology, acceleratorType, acceleratorCount = 0 } = machine;
  const at = `${field}.tpu_topology`;
  if (row === undefined) return [];
  if (row.tpuTopologies === undefined) {
    return findingUnless(tpuTopology === undefined, at, `Machine type "${name}" has no TPU topology.`);
  }
  const topologies = Object.keys(row.tpuTopologies).join(', ');
  const bare = acceleratorType === undefined && acceleratorCount === 0;
  const message = `Machine type "${name}" has its TPUs by \`tpu_topology\`, without an accelerator type and count.`;
  return [
    ...findingUnless(bare, `${field}.accelerator_type`, message),
    ...findingUnless(tpuTopology !== undefined, at, `Machine type "${name}" needs a TPU topology: ${topologies}.`),
  ];
}

/** Whether the machine has TPUs. */
export function isTpu({ machineType: name = '', tpuTopology }: MachineSpec): boolean {
  return tpuTopology !== undefined || name === 'cloud-tpu' || machineType(name)?.tpuTopologies !== undefined;
}

/** Whether the TPUs of a slice are on more than one machine, which makes it a pod. */
export function isTpuPod({ machineType: name = '', tpuTopology = '', acceleratorCount = 0 }: MachineSpec): boolean {
  const vms = machineType(name)?.tpuTopologies?.[tpuTopology]?.vms ?? 1;
  return vms > 1 || (name === 'cloud-tpu' && acceleratorCount > 8);
}

/**
 * Why the service has no such machine, in the one sentence that it gives in place of a list; undefined where it may have
 * one (texts as seen of the real service).
 */
export function machineRefusal({ machineType: name, acceleratorType }: MachineSpec): string | undefined {
  if (name === undefined) return undefined;
  if (isUnsupported(name)) return `Machine type "${name}" is not supported.`;
  const row = machineType(name);
  if (row === undefined || row.tpuTopologies !== undefined || acceleratorType === undefined) return undefined;
  const carries = Object.hasOwn(row.accelerators, acceleratorType);
  return carries ? undefined : `Accelerator "${acceleratorType}" is not supported for machine type "${name}"`;
}
