import { isRecord } from '../../../json.ts';
import { MACHINES } from '../../../plan/catalog.ts';
import type { WorkerPoolSpec } from '../../../vertex/types.ts';

/** What the engine's machine has, and what the engine can hold containers to. */
export interface EngineMachine {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly limitsCpus: boolean;
  readonly limitsMemory: boolean;
  readonly limitsSwap: boolean;
  /** Whether a container's own files can be held to a size. */
  readonly limitsDisks: boolean;
}

/** The storage drivers that hold every container to a size; overlay2 does so only on a file system made for it. */
const SIZED_DRIVERS: readonly unknown[] = ['btrfs', 'zfs'];

/** The same from the engine's `GET /info`. What it does not tell is taken for unlimited, and for not to be had. */
export function engineMachine(answer: unknown): EngineMachine {
  const info = isRecord(answer) ? answer : {};
  const number = (name: string) => Number(info[name]) || Number.POSITIVE_INFINITY;
  return {
    cpus: number('NCPU'),
    memoryBytes: number('MemTotal'),
    limitsCpus: info['CpuCfsQuota'] === true,
    limitsMemory: info['MemoryLimit'] === true,
    limitsSwap: info['SwapLimit'] === true,
    limitsDisks: SIZED_DRIVERS.includes(info['Driver']),
  };
}

/** Fields of the engine's HostConfig. */
export interface Limits {
  readonly NanoCpus?: number;
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly ShmSize?: number;
  readonly StorageOpt?: { readonly size: string };
}

const GIB = 2 ** 30;

/** What a container gets of its machine type; a machine that is smaller gives what it has. */
export function limitsOf({ machineSpec, diskSpec }: WorkerPoolSpec, machine: EngineMachine): Limits {
  const { vcpus = 0, memoryGiB = 0 } = MACHINES.get(machineSpec?.machineType ?? '') ?? {};
  const memory = Math.round(memoryGiB * GIB);
  const hasMemory = memory > 0 && memory <= machine.memoryBytes;
  const size = diskSpec?.bootDiskSizeGb;
  return {
    ...(vcpus > 0 && vcpus <= machine.cpus && machine.limitsCpus ? { NanoCpus: vcpus * 1e9 } : {}),
    ...(hasMemory && machine.limitsMemory ? { Memory: memory } : {}),
    // As much memory with swap as without: a program that needs more ends as it does on the service.
    ...(hasMemory && machine.limitsMemory && machine.limitsSwap ? { MemorySwap: memory } : {}),
    ...sharedMemory(hasMemory ? memory : machine.memoryBytes),
    ...(size !== undefined && machine.limitsDisks ? { StorageOpt: { size: `${size}G` } } : {}),
  };
}

/**
 * /dev/shm may grow to half of the memory, as it does on a machine of one's own and where `gcloud ai custom-jobs local-run`
 * shares the host's (`--ipc host`). Our choice: what the service gives is not documented, and the engine's 64 MB are too
 * few for the data loaders of PyTorch.
 */
function sharedMemory(memoryBytes: number): Pick<Limits, 'ShmSize'> {
  const half = Math.floor(memoryBytes / 2);
  return half > 0 && Number.isSafeInteger(half) ? { ShmSize: half } : {};
}
