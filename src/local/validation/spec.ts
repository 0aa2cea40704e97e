import type { CustomJobSpec } from '../../vertex/types.ts';
import { ApiError } from '../api/errors.ts';
import type { Finding } from './findings.ts';
import { machineRefusal } from './pools/machine.ts';
import { poolsFindings } from './pools/pools.ts';
import { referenceFindings } from './references.ts';
import { schedulingFindings } from './scheduling.ts';

/** What the rules of CustomJobSpec refuse beside what is required; `field` is the path of the spec in the request. */
export function specFindings(spec: CustomJobSpec | undefined, field: string): Finding[] {
  if (spec === undefined) return [];
  return [...poolsFindings(spec, field), ...schedulingFindings(spec, field), ...referenceFindings(spec, field)];
}

/**
 * Refuses a job whose fields are well but whose machines the service does not have: INVALID_ARGUMENT with one sentence of
 * the first of them.
 */
export function refuseMachines({ workerPoolSpecs }: CustomJobSpec): void {
  const refusal = workerPoolSpecs
    .map(({ machineSpec = {} }) => machineRefusal(machineSpec))
    .find((message) => message !== undefined);
  if (refusal !== undefined) throw new ApiError('INVALID_ARGUMENT', refusal);
}
