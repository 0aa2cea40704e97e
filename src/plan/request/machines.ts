import type { Fault } from '../../faults.ts';
import type { CustomJobSpec, WorkerPoolSpec } from '../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { chooseHardware } from '../hardware.ts';

export interface MachinesChosen {
  readonly spec: CustomJobSpec;
  readonly findings: readonly Finding[];
  /** Why each pool has its machine, by position; undefined for an empty pool. */
  readonly why: readonly (string | undefined)[];
}

/** The fields that chooseHardware speaks of by the inputs' names. */
const FIELDS: Readonly<Record<string, string>> = {
  machine_type: 'machineType',
  accelerator_type: 'acceleratorType',
  accelerator_count: 'acceleratorCount',
};

/** Names every pool's machine, and checks each pair against the catalog. */
export function chooseMachines(spec: CustomJobSpec, region: string): MachinesChosen {
  const findings: Finding[] = [];
  const why: (string | undefined)[] = [];
  const workerPoolSpecs = spec.workerPoolSpecs.map((pool, index) => {
    if (Object.keys(pool).length === 0) {
      why.push(undefined);
      return pool;
    }
    const { machineType, acceleratorType, acceleratorCount } = pool.machineSpec ?? {};
    if (machineType === undefined && spec.persistentResourceId !== undefined) {
      why.push(undefined);
      findings.push(persistentFinding(index));
      return pool;
    }
    if (
      acceleratorCount !== undefined &&
      acceleratorType === undefined &&
      !ACCELERATOR_MACHINE.test(machineType ?? '')
    ) {
      findings.push(pairFinding(index));
    }
    const chosen = chooseHardware({ machineType, acceleratorType, acceleratorCount, region });
    findings.push(
      ...chosen.faults.map((fault) => findingOf('error', fault, index)),
      ...chosen.warnings.map((fault) => findingOf('warning', fault, index)),
    );
    why.push(chosen.hardware?.why);
    return withMachine(pool, chosen.hardware?.spec);
  });
  return { spec: { ...spec, workerPoolSpecs }, findings: onceEach(findings), why };
}

function withMachine(pool: WorkerPoolSpec, machine: WorkerPoolSpec['machineSpec'] | undefined): WorkerPoolSpec {
  return machine === undefined ? pool : { ...pool, machineSpec: { ...pool.machineSpec, ...machine } };
}

function findingOf(level: Finding['level'], { rule, input, message }: Fault, index: number): Finding {
  const field = FIELDS[input ?? ''];
  const path = field === undefined ? (input ?? '') : `spec.workerPoolSpecs[${index}].machineSpec.${field}`;
  return { level, rule, path, message };
}

/** Machines that carry their accelerators without being asked. */
const ACCELERATOR_MACHINE = /^(?:a\d|g\d)/;

/** The API's own words: 'Both `accelerator_type` and `accelerator_count` should be specified or none.' */
function pairFinding(index: number): Finding {
  const path = `spec.workerPoolSpecs[${index}].machineSpec.acceleratorCount`;
  const message = 'stands without acceleratorType. Give both or none.';
  return { level: 'error', rule: 'accelerator-pair', path, message };
}

function persistentFinding(index: number): Finding {
  const path = `spec.workerPoolSpecs[${index}].machineSpec.machineType`;
  const message = 'is missing: with a persistent resource it has to be the machine of one of its pools. Name it.';
  return { level: 'error', rule: 'persistent-machine', path, message };
}

/** Pools of the same machine would say the same thing once each. */
function onceEach(findings: readonly Finding[]): readonly Finding[] {
  const texts = findings.map(({ rule, message }) => `${rule} ${message}`);
  return findings.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
}
