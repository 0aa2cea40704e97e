import machines from '../../../../catalog/machines.json' with { type: 'json' };

/** What the catalog knows of a machine type. */
export interface MachineType {
  /** The accelerators that it can carry, each with its counts. */
  readonly accelerators: Readonly<Record<string, readonly number[]>>;
  /** Whether it always carries accelerators. */
  readonly acceleratorRequired: boolean;
  /** Of a TPU machine that is given a topology: how many machines each takes. */
  readonly tpuTopologies?: Readonly<Record<string, { readonly vms: number }>>;
}

const TYPES: ReadonlyMap<string, MachineType> = new Map(
  Object.entries(machines as unknown as Readonly<Record<string, MachineType>>),
);

/** `n1-standard-4` is of the family `n1-standard`. */
const familyOf = (name: string) => name.replace(/-\d+[a-z]?$/, '');

const FAMILIES: ReadonlySet<string> = new Set([...TYPES.keys()].map(familyOf));

/** `family-class-size`, and what may follow it. */
const FORM = /^[a-z][a-z0-9]*-[a-z]+-\d+[a-z]?(?:-[a-z0-9]+)*$/;

/** The machine type of that name; undefined where the catalog has none. */
export const machineType = (name: string): MachineType | undefined => TYPES.get(name);

/**
 * Whether the service is known to refuse a machine type: it is spelled like none, or its family is offered in other sizes,
 * as `n1-standard-1` (docs, training/configure-compute). A family that the catalog does not know may be newer than it.
 */
export function isUnsupported(name: string): boolean {
  return !TYPES.has(name) && (!FORM.test(name) || FAMILIES.has(familyOf(name)));
}
