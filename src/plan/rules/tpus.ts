import type { MachineSpec } from '../../vertex/types.ts';
import { topologiesOf } from '../catalog.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, warning } from './rule.ts';

/** TPU machines (training/training-with-tpu-vm): one pool, one replica, and a topology that the machine has. */
export const tpuRules: Rule = ({ spec }) => {
  const findings = spec.workerPoolSpecs.flatMap(({ machineSpec = {} }, index) =>
    topologyRules(machineSpec, `spec.workerPoolSpecs[${index}].machineSpec`),
  );
  const tpu = spec.workerPoolSpecs.some(
    ({ machineSpec }) => topologiesOf(machineSpec?.machineType ?? '') !== undefined,
  );
  if (tpu && (spec.workerPoolSpecs.length > 1 || (spec.workerPoolSpecs[0]?.replicaCount ?? '1') !== '1')) {
    const message = 'has several pools or replicas; a TPU job has one of each, and the topology makes the machines.';
    findings.push(error('tpu-pools', 'spec.workerPoolSpecs', message));
  }
  return findings;
};

/** Chips of a slice and the machines that carry them; undefined where the machine has no topology. */
export function sliceOf({
  machineType = '',
  tpuTopology = '',
}: MachineSpec): { readonly chips: number; readonly machines: number } | undefined {
  const perMachine = Number(/-(\d+)t$/.exec(machineType)?.[1] ?? 0);
  if (perMachine === 0 || !/^\d+(?:x\d+)+$/.test(tpuTopology)) return undefined;
  const chips = tpuTopology.split('x').reduce((product, side) => product * Number(side), 1);
  return { chips, machines: Math.max(1, Math.ceil(chips / perMachine)) };
}

function topologyRules({ machineType = '', tpuTopology, acceleratorType }: MachineSpec, path: string): Finding[] {
  const topologies = topologiesOf(machineType);
  if (topologies === undefined) {
    if (tpuTopology === undefined) return [];
    return [
      error(
        'tpu-topology',
        `${path}.tpuTopology`,
        `goes with a TPU machine; ${machineType} is none. Remove it, or name a ct5lp, ct6e or tpu7x machine.`,
      ),
    ];
  }
  const accepted = topologies.join(', ');
  const findings: Finding[] = [];
  if (acceleratorType !== undefined) {
    findings.push(
      error(
        'tpu-accelerator',
        `${path}.acceleratorType`,
        `does not go with ${machineType}, which carries its TPUs by topology. Remove it.`,
      ),
    );
  }
  if (tpuTopology === undefined) {
    findings.push(error('tpu-topology', `${path}.tpuTopology`, `is missing: ${machineType} needs one of ${accepted}.`));
  } else if (!topologies.includes(tpuTopology)) {
    findings.push(
      warning(
        'tpu-topology-unlisted',
        `${path}.tpuTopology`,
        `${tpuTopology} is not listed for ${machineType}; listed are ${accepted}.`,
      ),
    );
  }
  return findings;
}
