import type { Fault } from '../faults.ts';
import type { Limits } from '../inputs/inputs.ts';
import type { WorkerPoolSpec } from '../vertex/types.ts';
import type { Draft } from './draft.ts';
import { secondsOf } from './rules/rule.ts';
import { sliceOf } from './rules/tpus.ts';

/** The most that a job can use up, whatever its program does. Hours are of one machine or one accelerator. */
export interface UpperBounds {
  readonly machineHours: number;
  readonly acceleratorHours: number;
  /** From the start of the first trial to the end of the last, in hours; waiting for machines is not in it. */
  readonly wallHours: number;
  /** Accelerators that the quota has to cover at one time. */
  readonly accelerators: number;
  /** Times that Vertex AI itself may try again, each for the whole time; 0 with disable_retries. */
  readonly platformRetries: number;
  /** In the currency of hourly_price; undefined without it. */
  readonly cost: number | undefined;
}

/** After an internal error a job is tried three times in all, a pre-empted Spot job up to six times (understanding-training-service). */
function retriesOf(strategy: string | undefined, disabled: boolean | undefined): number {
  if (disabled === true) return 0;
  return strategy === 'SPOT' || strategy === 'LOW_COST' ? 6 : 3;
}

/** How many machines and accelerators a worker pool has. One replica of a TPU slice is as many machines as its topology needs. */
export function poolSize({ replicaCount, machineSpec }: WorkerPoolSpec): {
  readonly machines: number;
  readonly accelerators: number;
} {
  const replicas = Number(replicaCount ?? (machineSpec ? 1 : 0));
  const slice = machineSpec && sliceOf(machineSpec);
  return {
    machines: replicas * (slice?.machines ?? 1),
    accelerators: replicas * (machineSpec?.acceleratorCount ?? slice?.chips ?? 0),
  };
}

export function upperBounds({ spec, study }: Draft, { hourlyPrice }: Limits): UpperBounds {
  const hours = (secondsOf(spec.scheduling?.timeout) ?? 0) / 3_600;
  const trials = study?.maxTrialCount ?? 1;
  const parallel = Math.min(study?.parallelTrialCount ?? 1, trials);
  const pools = spec.workerPoolSpecs.map(poolSize);
  const machines = pools.reduce((sum, pool) => sum + pool.machines, 0);
  const accelerators = pools.reduce((sum, pool) => sum + pool.accelerators, 0);
  return {
    machineHours: hours * machines * trials,
    acceleratorHours: hours * accelerators * trials,
    wallHours: Math.ceil(trials / Math.max(1, parallel)) * hours,
    accelerators: accelerators * parallel,
    platformRetries: retriesOf(spec.scheduling?.strategy, spec.scheduling?.disableRetries),
    cost: hourlyPrice === undefined ? undefined : hourlyPrice * hours * machines * trials,
  };
}

/** The most of each of several bounds: only one job runs. */
export function greatestOf(all: readonly UpperBounds[]): UpperBounds {
  const most = (of: (bounds: UpperBounds) => number) => Math.max(0, ...all.map(of));
  const costs = all.flatMap(({ cost }) => cost ?? []);
  return {
    machineHours: most(({ machineHours }) => machineHours),
    acceleratorHours: most(({ acceleratorHours }) => acceleratorHours),
    wallHours: most(({ wallHours }) => wallHours),
    accelerators: most(({ accelerators }) => accelerators),
    platformRetries: most(({ platformRetries }) => platformRetries),
    cost: costs.length === 0 ? undefined : Math.max(...costs),
  };
}

const amount = (value: number) => String(Number(value.toFixed(2)));

/** Rounded up, so that it is above a limit that it passes. */
const atMost = (value: number) => amount(Math.ceil(Number((value * 100).toFixed(6))) / 100);

/** The upper bounds as the log tells them. */
export function boundsText(bounds: UpperBounds): string {
  const parts = [`${amount(bounds.machineHours)} machine-hours`];
  if (bounds.acceleratorHours > 0) parts.push(`${amount(bounds.acceleratorHours)} accelerator-hours`);
  parts.push(`${amount(bounds.wallHours)} hours from first start to end`);
  if (bounds.cost !== undefined) parts.push(`${amount(bounds.cost)} by hourly_price`);
  const retries =
    bounds.platformRetries === 0
      ? 'Vertex AI does not repeat it'
      : `each attempt; Vertex AI may repeat a failed one up to ${bounds.platformRetries} times of itself (disable_retries excludes that)`;
  return `${parts.join(', ')}; ${retries}`;
}

/** The limits that the plan refuses to pass. */
export function limitFaults(bounds: UpperBounds, { maxCost, maxAcceleratorHours }: Limits): Fault[] {
  const faults: Fault[] = [];
  if (maxAcceleratorHours !== undefined && bounds.acceleratorHours > maxAcceleratorHours) {
    const message = `${maxAcceleratorHours} is less than the ${atMost(bounds.acceleratorHours)} accelerator-hours that the job can use (timeout × replicas × accelerators × trials). Lower timeout or max_trials, or raise the limit.`;
    faults.push({ rule: 'limit-accelerator-hours', input: 'max_accelerator_hours', message });
  }
  if (maxCost !== undefined && bounds.cost !== undefined && bounds.cost > maxCost) {
    const message = `${maxCost} is less than the ${atMost(bounds.cost)} that the job can cost (hourly_price × ${amount(bounds.machineHours)} machine-hours). Lower timeout or max_trials, or raise the limit.`;
    faults.push({ rule: 'limit-cost', input: 'max_cost', message });
  }
  return faults;
}
