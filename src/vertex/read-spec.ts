import { isRecord } from '../json.ts';
import type { JobSpec, UploadedModel } from './jobs.ts';
import { ACCELERATOR_TYPES, type MachineSpec, type WorkerPoolSpec } from './types.ts';
import { enumName, type Fields, list, text } from './values.ts';

/** What runs, of whichever kind the job is: its own spec, its trials', or the one in a training pipeline's task. */
export function readSpec(job: Fields): JobSpec | undefined {
  const task = job['trainingTaskInputs'];
  const inTask = isRecord(task) ? (task['trialJobSpec'] ?? task) : undefined;
  const spec = job['jobSpec'] ?? job['trialJobSpec'] ?? inTask;
  if (!isRecord(spec)) return undefined;
  const folder = spec['baseOutputDirectory'];
  return {
    outputUri: isRecord(folder) ? text(folder['outputUriPrefix'])?.replace(/\/+$/, '') : undefined,
    tensorboard: text(spec['tensorboard']),
    pools: list(spec['workerPoolSpecs']).map(readPool),
    strategy: readStrategy(spec['scheduling']),
    persistentResource: text(spec['persistentResourceId']),
  };
}

/** Scheduling.Strategy; the index is the wire number, of which 5 is not used (custom_job.proto). */
const STRATEGIES = ['STRATEGY_UNSPECIFIED', 'ON_DEMAND', 'LOW_COST', 'STANDARD', 'SPOT', '', 'FLEX_START'];

function readStrategy(scheduling: unknown): string | undefined {
  const name = enumName(isRecord(scheduling) ? scheduling['strategy'] : undefined, STRATEGIES, '');
  return name === STRATEGIES[0] || name === '' ? undefined : name;
}

/** An empty pool stands for a role that nobody has. */
function readPool(value: unknown): WorkerPoolSpec {
  if (!isRecord(value)) return {};
  const replicas = value['replicaCount'];
  return {
    ...(isRecord(value['machineSpec']) ? { machineSpec: readMachine(value['machineSpec']) } : {}),
    // int64: a text in JSON, though Google's own clients take a number too.
    ...(typeof replicas === 'string' || typeof replicas === 'number' ? { replicaCount: String(replicas) } : {}),
  };
}

function readMachine(value: Fields): MachineSpec {
  const machineType = text(value['machineType']);
  const tpuTopology = text(value['tpuTopology']);
  const named = enumName(value['acceleratorType'], ACCELERATOR_TYPES, '');
  const acceleratorType = ACCELERATOR_TYPES.find((each) => each === named && each !== ACCELERATOR_TYPES[0]);
  const count = Number(value['acceleratorCount'] ?? 0);
  return {
    ...(machineType === undefined ? {} : { machineType }),
    ...(acceleratorType === undefined ? {} : { acceleratorType }),
    ...(Number.isSafeInteger(count) && count > 0 ? { acceleratorCount: count } : {}),
    ...(tpuTopology === undefined ? {} : { tpuTopology }),
  };
}

/** The model of a training pipeline, which has a name once it is uploaded. */
export function readUploaded(model: unknown): UploadedModel | undefined {
  const name = isRecord(model) ? text(model['name']) : undefined;
  if (!isRecord(model) || name === undefined) return undefined;
  return {
    name,
    version: text(model['versionId']),
    artifactUri: text(model['artifactUri']),
    aliases: list(model['versionAliases']).filter((alias) => typeof alias === 'string'),
  };
}
