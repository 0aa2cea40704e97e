import { type EngineAddress, engineCall } from '../../engine/http.ts';
import { isRecord } from '../../json.ts';
import { MACHINES } from '../../plan/catalog.ts';
import type { CustomJobSpec } from '../../vertex/types.ts';
import { replicaCount } from '../containers/replica/environment.ts';

/** What a machine has, or a job needs. */
export interface Resources {
  readonly cpus: number;
  readonly memoryGiB: number;
}

/**
 * What the job's machines have together, by the catalog. A pool without a machine type, which the service would refuse, and
 * one whose type the catalog does not know, need nothing.
 */
export function needOf({ workerPoolSpecs }: CustomJobSpec): Resources {
  const needs = workerPoolSpecs.map((pool) => {
    const { vcpus = 0, memoryGiB = 0 } = MACHINES.get(pool.machineSpec?.machineType ?? '') ?? {};
    const replicas = replicaCount(pool);
    return { cpus: vcpus * replicas, memoryGiB: memoryGiB * replicas };
  });
  return sumOf(needs);
}

export function sumOf(parts: readonly Resources[]): Resources {
  return {
    cpus: parts.reduce((sum, { cpus }) => sum + cpus, 0),
    memoryGiB: parts.reduce((sum, { memoryGiB }) => sum + memoryGiB, 0),
  };
}

/** Whether there is as much of both. */
export function isWithin(need: Resources, total: Resources): boolean {
  return need.cpus <= total.cpus && need.memoryGiB <= total.memoryGiB;
}

/** CPUs and memory of the machine that the engine runs on. Throws `EngineError`. */
export async function machineOf(engine: EngineAddress): Promise<Resources> {
  const info = await engineCall(engine, { method: 'GET', path: '/info' });
  const number = (name: string) => (isRecord(info) && Number(info[name])) || Number.POSITIVE_INFINITY;
  return { cpus: number('NCPU'), memoryGiB: number('MemTotal') / 2 ** 30 };
}
