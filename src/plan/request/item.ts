import type { HardwareInputs } from '../../inputs/inputs.ts';
import type { CustomJobSpec, MachineSpec, WorkerPoolSpec } from '../../vertex/types.ts';
import type { Origin } from '../findings.ts';
import { isReductionServer } from './pools.ts';
import type { Built } from './request.ts';
import { setAt } from './set-at.ts';

/** The fields of a machine that an item may give, with their inputs. */
const FIELDS = [
  ['machineType', 'machine_type'],
  ['acceleratorType', 'accelerator_type'],
  ['acceleratorCount', 'accelerator_count'],
  ['tpuTopology', 'tpu_topology'],
] as const;

/** Whether an item names a machine of its own, so that nothing is kept of the one whose place it takes. */
const startsAnew = ({ machineType, acceleratorType, tpuTopology }: HardwareInputs) =>
  machineType !== undefined || acceleratorType !== undefined || tpuTopology !== undefined;

/** Whether an item asks for another machine, and not for other scheduling alone. */
export const givesMachine = (item: HardwareInputs): boolean => startsAnew(item) || item.acceleratorCount !== undefined;

/**
 * The request on the hardware of an item of fallback_hardware, whose machine goes to the given pools; the scheduling of the
 * inputs is kept where it names none.
 */
export function onItem({ draft, origins, built }: Built, item: HardwareInputs, pools: readonly number[]): Built {
  const parts: [string, Origin][] = [];
  const origin = (path: string, input: string) => parts.push([path, { input, item: item.item }]);
  const workerPoolSpecs = draft.spec.workerPoolSpecs.map((pool, index) => {
    if (!pools.includes(index)) return pool;
    for (const [field, input] of FIELDS) {
      if (startsAnew(item) || item[field] !== undefined)
        origin(`spec.workerPoolSpecs[${index}].machineSpec.${field}`, input);
    }
    return { ...pool, machineSpec: machineOf(pool, item) };
  });
  for (const { path, input } of item.specFields) origin(`spec.${path}`, input);
  const spec = scheduled({ ...draft.spec, workerPoolSpecs }, item);
  return { draft: { ...draft, spec }, origins: origins.over(parts), built };
}

/** Positions of the first pool and of those with the same machine. */
export function alike(pools: readonly WorkerPoolSpec[]): readonly number[] {
  const first = pools[0]?.machineSpec;
  return pools.flatMap((pool, index) => {
    if (index === 0) return [index];
    const takesPart = Object.keys(pool).length > 0 && !isReductionServer(pool);
    return takesPart && isSame(pool.machineSpec, first) ? [index] : [];
  });
}

const isSame = (one: MachineSpec = {}, other: MachineSpec = {}) =>
  FIELDS.every(([field]) => one[field] === other[field]);

/** A reservation is of the machine that it was made for, and goes with it. */
function machineOf({ machineSpec }: WorkerPoolSpec, item: HardwareInputs): MachineSpec {
  const given = Object.fromEntries(
    FIELDS.flatMap(([field]) => (item[field] === undefined ? [] : [[field, item[field]]])),
  );
  return startsAnew(item) ? given : { ...machineSpec, ...given };
}

/** A wait that goes with flex-start alone is not carried over to another strategy. */
function scheduled(spec: CustomJobSpec, { specFields }: HardwareInputs): CustomJobSpec {
  const strategy = specFields.find(({ input }) => input === 'strategy');
  const { maxWaitDuration, ...scheduling } = spec.scheduling ?? {};
  const kept =
    strategy === undefined || strategy.value === 'FLEX_START' || maxWaitDuration === undefined
      ? spec
      : { ...spec, scheduling };
  return specFields.reduce<CustomJobSpec>(
    (current, { path, value }) => setAt(current, path, value) as unknown as CustomJobSpec,
    kept,
  );
}
