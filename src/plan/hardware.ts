import leven, { closestMatch } from 'leven';
import type { Fault } from '../faults.ts';
import { shown } from '../faults.ts';
import type { AcceleratorType, MachineSpec } from '../vertex/types.ts';
import { acceleratorNames, acceleratorOf, nearestAccelerator } from './accelerators.ts';
import { MACHINES, type Machine, regionsWith, TRAINING_REGIONS } from './catalog.ts';

export interface HardwareRequest {
  readonly machineType: string | undefined;
  readonly acceleratorType: string | undefined;
  readonly acceleratorCount: number | undefined;
  /** `local` is not checked against the regions. */
  readonly region: string;
}

export interface Hardware {
  readonly spec: MachineSpec & { readonly machineType: string };
  /** Why this machine, in one sentence. */
  readonly why: string;
}

export interface HardwareAnswer {
  /** Undefined where a fault leaves nothing to decide. */
  readonly hardware: Hardware | undefined;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

const DEFAULT_MACHINE = 'n1-standard-4';

/** Names the machine and its accelerators, and checks the pair against the catalog. */
export function chooseHardware(request: HardwareRequest): HardwareAnswer {
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const accelerator = readAccelerator(request, faults);
  const named = request.machineType === undefined ? undefined : readMachine(request.machineType, faults, warnings);
  if (faults.length > 0) return { hardware: undefined, faults, warnings };
  const hardware =
    request.machineType === undefined
      ? picked(accelerator, faults)
      : fitted(request.machineType, named, accelerator, faults);
  if (hardware) warnings.push(...regionWarnings(hardware.spec.acceleratorType, request.region));
  return { hardware, faults, warnings };
}

interface Accelerator {
  readonly type: AcceleratorType;
  readonly count: number;
}

function readAccelerator(request: HardwareRequest, faults: Fault[]): Accelerator | undefined {
  if (request.acceleratorType === undefined) return undefined;
  const type = acceleratorOf(request.acceleratorType);
  // A count that was rejected is told already, and goes with no machine.
  if (type !== undefined && Number.isNaN(request.acceleratorCount)) return undefined;
  if (type !== undefined) return { type, count: request.acceleratorCount ?? 1 };
  faults.push({
    rule: 'accelerator-name',
    input: 'accelerator_type',
    message: `${shown(request.acceleratorType)} is no accelerator. The nearest is ${nearestAccelerator(request.acceleratorType)}; accepted: ${acceleratorNames()}.`,
  });
  return undefined;
}

/** Vertex AI's machine types are `family-class-size`, as in `n1-standard-4`, or `cloud-tpu`. */
const MACHINE_FORM = /^[a-z][a-z0-9]*-[a-z]+-\d+[a-z]?(?:-[a-z0-9]+)*$|^cloud-tpu$/;

function readMachine(name: string, faults: Fault[], warnings: Fault[]): Machine | undefined {
  const machine = MACHINES.get(name);
  if (machine) return machine;
  const nearest = closestMatch(name, [...MACHINES.keys()]) ?? DEFAULT_MACHINE;
  const families = new Set([...MACHINES.keys()].map((known) => known.replace(/-\d+\w?$/, '')));
  const family = name.replace(/-\d+\w?$/, '');
  const [series = '', kind = ''] = name.split('-');
  // c3-standard-8 is a new series rather than a slip in c2.
  const isSeries = /^[a-z]+\d+[a-z]*$/.test(series) && [...families].some((known) => known.endsWith(`-${kind}`));
  const slip = !families.has(family) && !isSeries && leven(name, nearest) <= 2;
  const message = `${shown(name)} is not in the catalog of training machines; the nearest is ${nearest}.`;
  if (MACHINE_FORM.test(name) && !slip) warnings.push({ rule: 'machine-unlisted', input: 'machine_type', message });
  else faults.push({ rule: 'machine-name', input: 'machine_type', message: `${message} Mend the name.` });
  return undefined;
}

function picked(accelerator: Accelerator | undefined, faults: Fault[]): Hardware | undefined {
  if (accelerator === undefined) {
    return { spec: { machineType: DEFAULT_MACHINE }, why: `${DEFAULT_MACHINE}: the default without accelerators` };
  }
  const { type, count } = accelerator;
  const carriers = [...MACHINES.values()].filter((machine) => machine.accelerators[type]?.includes(count)).sort(bySize);
  const machine = carriers.find(({ vcpus }) => vcpus >= 4 * count) ?? carriers[0];
  if (machine === undefined) {
    faults.push({
      rule: 'accelerator-count',
      input: 'accelerator_count',
      message: `no machine carries ${count} ${type}. ${countsOf(type)}`,
    });
    return undefined;
  }
  return {
    spec: { machineType: machine.name, acceleratorType: type, acceleratorCount: count },
    why: pickedWhy(machine, `${count} ${type}`, machine.vcpus >= 4 * count),
  };
}

/** Size is told where the catalog knows it. */
function pickedWhy({ name, vcpus, memoryGiB }: Machine, accelerators: string, roomy: boolean): string {
  const room = roomy ? ' and at least 4 vCPUs for each' : '';
  return `${name}: the smallest with ${accelerators}${room}${vcpus === 0 ? '' : ` (${vcpus} vCPUs, ${memoryGiB} GB)`}`;
}

const bySize = (a: Machine, b: Machine) => a.vcpus - b.vcpus || a.memoryGiB - b.memoryGiB;

function countsOf(type: AcceleratorType): string {
  const counts = new Set([...MACHINES.values()].flatMap(({ accelerators }) => accelerators[type] ?? []));
  const listed = [...counts].sort((a, b) => a - b).join(', ');
  return listed === '' ? 'No machine in the catalog carries it; name machine_type.' : `Accepted counts: ${listed}.`;
}

function fitted(
  name: string,
  machine: Machine | undefined,
  asked: Accelerator | undefined,
  faults: Fault[],
): Hardware | undefined {
  const accelerator = asked ?? (machine && ownAccelerator(machine));
  const wrong = machine && accelerator && pairFault(machine, accelerator);
  if (wrong) {
    faults.push(wrong);
    return undefined;
  }
  if (accelerator === undefined && machine && needsChoice(machine)) {
    faults.push(choiceFault(machine));
    return undefined;
  }
  if (accelerator === undefined) return { spec: { machineType: name }, why: `${name}: as asked` };
  return {
    spec: { machineType: name, acceleratorType: accelerator.type, acceleratorCount: accelerator.count },
    why: asked ? `${name}: as asked` : `${name}: as asked; it always carries ${accelerator.count} ${accelerator.type}`,
  };
}

/** A machine that always carries accelerators, but of several kinds or counts; TPUs by topology are chosen otherwise. */
const needsChoice = ({ acceleratorRequired, tpuTopologies }: Machine) =>
  acceleratorRequired && tpuTopologies === undefined;

function choiceFault({ name, accelerators }: Machine): Fault {
  const offers = Object.entries(accelerators).map(([type, counts]) => `${counts.join(' or ')} ${type}`);
  const message = `is missing: ${name} always carries accelerators. Name one: ${offers.join('; ')}.`;
  return { rule: 'accelerator-missing', input: 'accelerator_type', message };
}

/** What a machine of a fixed GPU number carries: the API wants the pair spelled out. */
function ownAccelerator(machine: Machine): Accelerator | undefined {
  if (!machine.acceleratorRequired) return undefined;
  const pairs = Object.entries(machine.accelerators).flatMap(([type, counts]) =>
    counts.map((count) => ({ type: type as AcceleratorType, count })),
  );
  return pairs.length === 1 ? pairs[0] : undefined;
}

function pairFault(machine: Machine, { type, count }: Accelerator): Fault | undefined {
  const counts = machine.accelerators[type];
  if (counts?.includes(count)) return undefined;
  const offers = Object.entries(machine.accelerators).map(([name, each]) => `${each.join(' or ')} ${name}`);
  const carries =
    offers.length === 0 ? `${machine.name} carries no accelerators` : `${machine.name} carries ${offers.join('; ')}`;
  const others = [...MACHINES.values()].filter((other) => other.accelerators[type]?.includes(count)).sort(bySize);
  const where = others.slice(0, 3).map(({ name }) => name);
  const mend = where.length === 0 ? countsOf(type) : `${count} ${type} is carried by ${where.join(', ')}.`;
  return {
    rule: 'accelerator-machine',
    input: counts ? 'accelerator_count' : 'accelerator_type',
    message: `${count} ${type} does not go with machine_type ${machine.name}: ${carries}. ${mend} Or leave machine_type out.`,
  };
}

function regionWarnings(accelerator: AcceleratorType | undefined, region: string): Fault[] {
  if (region === 'local') return [];
  if (!TRAINING_REGIONS.includes(region)) {
    const nearest = closestMatch(region, [...TRAINING_REGIONS]);
    const message = `${region} is not in the catalog of training regions; the nearest name is ${nearest}.`;
    return [{ rule: 'region-unlisted', input: 'region', message }];
  }
  const regions = accelerator && regionsWith(accelerator);
  if (!regions || regions.includes(region)) return [];
  const message = `${region} does not list ${accelerator} for training. Listed: ${regions.join(', ')}.`;
  return [{ rule: 'accelerator-region', input: 'region', message }];
}
