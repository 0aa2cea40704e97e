import regions from '../../catalog/accelerator-regions.json' with { type: 'json' };
import machines from '../../catalog/machines.json' with { type: 'json' };
import type { AcceleratorType } from '../vertex/types.ts';

/** One machine type of catalog/machines.json. */
export interface Machine {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** The accelerators it can carry, each with the counts it takes. */
  readonly accelerators: Readonly<Partial<Record<AcceleratorType, readonly number[]>>>;
  /** Whether it always carries accelerators, as A2, A3, A4, G2 and G4 machines do. */
  readonly acceleratorRequired: boolean;
  /** Topologies of a TPU machine. */
  readonly tpuTopologies: readonly string[] | undefined;
}

interface MachineRow {
  readonly vcpus: number | null;
  readonly memoryGiB: number | null;
  readonly accelerators: Machine['accelerators'];
  readonly acceleratorRequired: boolean;
  readonly tpuTopologies?: Readonly<Record<string, unknown>>;
}

/** The machine types that Vertex AI's documentation lists for training, by name. */
export const MACHINES: ReadonlyMap<string, Machine> = new Map(
  Object.entries(machines as unknown as Readonly<Record<string, MachineRow>>)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, row]) => [
      name,
      {
        name,
        vcpus: row.vcpus ?? 0,
        memoryGiB: row.memoryGiB ?? 0,
        accelerators: row.accelerators,
        acceleratorRequired: row.acceleratorRequired,
        tpuTopologies: row.tpuTopologies && Object.keys(row.tpuTopologies),
      },
    ]),
);

/** The topologies that a TPU machine can have; undefined for any other machine. */
export const topologiesOf = (machineType: string) => MACHINES.get(machineType)?.tpuTopologies;

/** The regions that offer custom training. */
export const TRAINING_REGIONS: readonly string[] = regions.customTrainingRegions;

interface AcceleratorRow {
  readonly trainingRegions: readonly string[];
}

/** The regions that list an accelerator for training; undefined where the catalog knows nothing of it. */
export function regionsWith(accelerator: AcceleratorType): readonly string[] | undefined {
  const rows: Readonly<Record<string, AcceleratorRow>> = regions.accelerators;
  return rows[accelerator]?.trainingRegions;
}
