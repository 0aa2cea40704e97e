import type { Inputs } from '../../inputs/inputs.ts';
import type { EnvVar, WorkerPoolSpec } from '../../vertex/types.ts';
import type { Origins } from '../findings.ts';
import { setAt } from './set-at.ts';

/** Google's image for the second-last pool that speeds up all-reduce (training/distributed-training). */
const REDUCTION_SERVER = 'us-docker.pkg.dev/vertex-ai-restricted/training/reductionserver:latest';
const REDUCTION_MACHINE = 'n1-highcpu-16';

/** Under whichever host and tag: it takes none of the program's settings. */
export const isReductionServer = ({ containerSpec }: WorkerPoolSpec): boolean =>
  /^[a-z]+-docker\.pkg\.dev\/vertex-ai-restricted\/training\/reductionserver(?=[:@]|$)/.test(
    containerSpec?.imageUri ?? '',
  );

export type PoolInputs = Pick<
  Inputs,
  | 'machineType'
  | 'acceleratorType'
  | 'acceleratorCount'
  | 'tpuTopology'
  | 'replicaCount'
  | 'reductionServers'
  | 'evaluators'
  | 'command'
  | 'args'
  | 'envVars'
  | 'image'
  | 'specFields'
>;

export interface PoolsBuilt {
  readonly pools: readonly WorkerPoolSpec[];
  /** Positions whose container runs the image that is built here. */
  readonly built: readonly number[];
}

/** A pool that holds its position and runs nothing. */
const isEmpty = (pool: WorkerPoolSpec) => Object.keys(pool).length === 0;

/** The config's pools with the inputs over them: a pool of each role that the inputs name, and their program in each. */
export function buildPools(
  config: readonly WorkerPoolSpec[],
  inputs: PoolInputs,
  imageUri: string,
  origins: Origins,
): PoolsBuilt {
  const shaped = shapePools(config, inputs, origins);
  const built: number[] = [];
  const pools = shaped.map((pool, index) => {
    if (isEmpty(pool) || isReductionServer(pool)) return pool;
    const withProgram = programOf(withFields(pool, inputs, index, origins), inputs, index, origins);
    if (!takesBuiltImage(withProgram, inputs)) return withProgram;
    built.push(index);
    if (inputs.image !== undefined) origins.set(at(index, 'containerSpec.imageUri'), { input: 'image' });
    return { ...withProgram, containerSpec: { ...withProgram.containerSpec, imageUri } };
  });
  return { pools, built };
}

const at = (index: number, field: string) => `spec.workerPoolSpecs[${index}].${field}`;

/** Chief, workers, reduction servers and evaluators by position. */
function shapePools(config: readonly WorkerPoolSpec[], inputs: PoolInputs, origins: Origins): WorkerPoolSpec[] {
  const { replicaCount, reductionServers, evaluators } = inputs;
  const pools: WorkerPoolSpec[] = config.length === 0 ? [{}] : [...config];
  pools[0] = withHardware(config[0], inputs, origins);
  const place = (index: number, pool: WorkerPoolSpec, input: string) => {
    while (pools.length < index) pools.push({});
    pools[index] = pool;
    origins.set(at(index, 'replicaCount').replace(/\.replicaCount$/, ''), { input });
  };
  if (replicaCount !== undefined) {
    pools[0] = { ...pools[0], replicaCount: '1' };
    origins.set(at(0, 'replicaCount'), { input: 'replica_count' });
    const workers =
      replicaCount > 1 ? { ...(filled(pools[1]) ?? pools[0]), replicaCount: String(replicaCount - 1) } : {};
    if (replicaCount > 1 || pools.length > 1) place(1, workers, 'replica_count');
  }
  if (reductionServers !== undefined) {
    const servers = filled(pools[2]) ?? reductionPool();
    place(2, { ...servers, replicaCount: String(reductionServers) }, 'reduction_servers');
  }
  if (evaluators !== undefined)
    place(3, { ...(filled(pools[3]) ?? pools[0]), replicaCount: String(evaluators) }, 'evaluators');
  while (pools.length > 1 && isEmpty(pools.at(-1) ?? {})) pools.pop();
  return pools;
}

const filled = (pool: WorkerPoolSpec | undefined) => (pool === undefined || isEmpty(pool) ? undefined : pool);

function reductionPool(): WorkerPoolSpec {
  return {
    machineSpec: { machineType: REDUCTION_MACHINE },
    containerSpec: { imageUri: REDUCTION_SERVER },
  };
}

/** The inputs' machine goes to the chief, and by copy to the workers that the inputs ask for. */
function withHardware(config: WorkerPoolSpec | undefined, inputs: PoolInputs, origins: Origins): WorkerPoolSpec {
  const fields = [
    ['machineType', inputs.machineType, 'machine_type'],
    ['acceleratorType', inputs.acceleratorType, 'accelerator_type'],
    ['acceleratorCount', inputs.acceleratorCount, 'accelerator_count'],
    ['tpuTopology', inputs.tpuTopology, 'tpu_topology'],
  ] as const;
  const pool = config ?? { replicaCount: '1' };
  let machineSpec = pool.machineSpec ?? {};
  for (const [field, value, input] of fields) {
    // Where no config has the pool, what its machine lacks is for the inputs to mend.
    if (value !== undefined || config === undefined) origins.set(at(0, `machineSpec.${field}`), { input });
    if (value !== undefined) machineSpec = { ...machineSpec, [field]: value };
  }
  return Object.keys(machineSpec).length === 0 ? pool : { ...pool, machineSpec };
}

const EVERY_POOL = 'workerPoolSpecs[].';

function withFields(pool: WorkerPoolSpec, { specFields }: PoolInputs, index: number, origins: Origins): WorkerPoolSpec {
  return specFields
    .filter(({ path }) => path.startsWith(EVERY_POOL))
    .reduce<WorkerPoolSpec>((current, { path, value, input }) => {
      const field = path.slice(EVERY_POOL.length);
      origins.set(at(index, field), { input });
      return setAt(current, field, value) as WorkerPoolSpec;
    }, pool);
}

/** command, args and env_vars go to every pool, as gcloud's flags do; a variable replaces the config's of its name. */
function programOf(pool: WorkerPoolSpec, inputs: PoolInputs, index: number, origins: Origins): WorkerPoolSpec {
  const kind = pool.pythonPackageSpec ? 'pythonPackageSpec' : 'containerSpec';
  const program: Record<string, unknown> = { ...(pool.pythonPackageSpec ?? pool.containerSpec) };
  const give = (field: string, input: string, value: unknown) => {
    program[field] = value;
    origins.set(at(index, `${kind}.${field}`), { input });
  };
  if (inputs.command.length > 0 && kind === 'containerSpec') give('command', 'command', inputs.command);
  if (inputs.args.length > 0) give('args', 'args', inputs.args);
  if (inputs.envVars.size > 0) {
    const kept = ((program['env'] as readonly EnvVar[] | undefined) ?? []).filter(
      ({ name }) => !inputs.envVars.has(name),
    );
    give('env', 'env_vars', [...kept, ...[...inputs.envVars].map(([name, value]) => ({ name, value }))]);
  }
  return { ...pool, [kind]: program };
}

/** A container without an image, or with the image that the input names under any tag, runs what is built here. */
function takesBuiltImage({ pythonPackageSpec, containerSpec }: WorkerPoolSpec, { image }: PoolInputs): boolean {
  if (pythonPackageSpec !== undefined) return false;
  const uri = containerSpec?.imageUri ?? '';
  if (uri === '') return true;
  const repository = uri.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^:/]+$/, '');
  return repository === image?.repository;
}
