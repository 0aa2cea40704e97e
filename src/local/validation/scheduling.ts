import type { CustomJobSpec } from '../../vertex/types.ts';
import { type Finding, findingUnless } from './findings.ts';
import { isTpuPod } from './pools/machine.ts';
import { durationMs } from './scalars.ts';

const WEEK_MS = 7 * 86_400_000;

/** What the rules of Scheduling refuse (custom_job.proto; docs training/schedule-jobs-dws, training/use-spot-vms). */
export function schedulingFindings(spec: CustomJobSpec, field: string): Finding[] {
  const { timeout, maxWaitDuration, strategy } = spec.scheduling ?? {};
  const path = `${field}.scheduling`;
  const wait = durationMs(maxWaitDuration ?? '0s') ?? 0;
  return [
    ...findingUnless(
      timeout === undefined || (durationMs(timeout) ?? 0) > 0,
      `${path}.timeout`,
      'The timeout must be positive.',
    ),
    ...findingUnless(wait >= 0, `${path}.max_wait_duration`, 'The duration must not be negative.'),
    ...(strategy === 'FLEX_START' ? flexStartFindings(spec, field) : []),
    ...(strategy === 'SPOT' || strategy === 'LOW_COST' ? spotFindings(spec, `${path}.strategy`) : []),
  ];
}

const machinesOf = ({ workerPoolSpecs: pools = [] }: CustomJobSpec) =>
  pools.flatMap(({ machineSpec = {} }) => (Object.keys(machineSpec).length === 0 ? [] : [machineSpec]));

function flexStartFindings(spec: CustomJobSpec, field: string): Finding[] {
  const machines = machinesOf(spec);
  const timeout = durationMs(spec.scheduling?.timeout ?? '0s') ?? 0;
  const kinds = machines.map(({ machineType, acceleratorType, acceleratorCount, tpuTopology }) =>
    JSON.stringify([machineType, acceleratorType, acceleratorCount, tpuTopology]),
  );
  const isReserved = machines.some(
    ({ reservationAffinity: affinity }) =>
      affinity !== undefined && affinity.reservationAffinityType !== 'NO_RESERVATION',
  );
  return [
    ...findingUnless(
      timeout <= WEEK_MS,
      `${field}.scheduling.timeout`,
      'The timeout must not exceed 7 days with strategy FLEX_START.',
    ),
    ...findingUnless(
      new Set(kinds).size <= 1,
      `${field}.worker_pool_specs`,
      'All worker pools must have the same machine with strategy FLEX_START.',
    ),
    ...findingUnless(
      !isReserved,
      `${field}.worker_pool_specs`,
      'A reservation cannot be used with strategy FLEX_START.',
    ),
  ];
}

function spotFindings(spec: CustomJobSpec, field: string): Finding[] {
  const isPod = machinesOf(spec).some(isTpuPod);
  return findingUnless(!isPod, field, 'Strategy SPOT is not supported for TPU pods.');
}
