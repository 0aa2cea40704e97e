import type { Fault } from '../faults.ts';
import type { HardwareInputs } from '../inputs/inputs.ts';
import type { Choice, Choices } from './choices.ts';
import { machineText } from './choices.ts';
import type { PlanRequest } from './decide.ts';
import type { Judgement } from './findings.ts';
import { alike, givesMachine } from './request/item.ts';

/** What is asked for in case that the first region or hardware is not to be had, and cannot be or does nothing. */
export function judgeFailOver(request: PlanRequest, choices: Choices<Choice>): Omit<Judgement, 'notes'> {
  const { errors, warnings } = judgePools(request.inputs.fallbackHardware, choices);
  return {
    errors,
    warnings: [...warnings, ...doubles(request.inputs.fallbackHardware, choices), ...idle(request, choices)],
  };
}

/** An item's machine goes where the first pool's is; what other pools carry is waited for with every item. */
function judgePools(items: readonly HardwareInputs[], [{ draft }]: Choices<Choice>) {
  const pools = draft.spec.workerPoolSpecs;
  const replaced = alike(pools);
  const kept = pools.findIndex(
    ({ machineSpec }, index) => !replaced.includes(index) && machineSpec?.acceleratorType !== undefined,
  );
  const first = pools[0]?.machineSpec;
  if (kept === -1 || !items.some(givesMachine)) return { errors: [], warnings: [] };
  const keeps = `worker pool ${kept} keeps ${machineText(pools[kept]?.machineSpec)}`;
  if (first?.acceleratorType !== undefined) {
    const message = `takes the place of ${machineText(first)} in the first worker pool, and ${keeps}, which is waited for with every item.`;
    return { errors: [], warnings: [{ rule: 'fallback-pools', input: 'fallback_hardware', message }] };
  }
  const message = `would take the place of ${machineText(first)} in the first worker pool, and ${keeps}: the accelerators stay those that are not to be had. Name further regions in region instead, or leave it out.`;
  return { errors: [{ rule: 'fallback-pools', input: 'fallback_hardware', message }], warnings: [] };
}

/** An item that asks for what stands before it. */
function doubles(items: readonly HardwareInputs[], choices: Choices<Choice>): Fault[] {
  return items
    .filter(({ item }) => !choices.some((choice) => choice.item === item))
    .map(({ item }) => ({
      rule: 'fallback-double',
      input: 'fallback_hardware',
      message: `item ${item} asks for hardware that stands before it, and is passed over. Change it, or remove it.`,
    }));
}

/** Where there is nothing to make way for, or nobody watches, a job waits for as long as it takes. */
function idle({ inputs, faults }: PlanRequest, choices: Choices<Choice>): Fault[] {
  if (inputs.course.failoverAfterSeconds === undefined) return [];
  // Choices that were refused are missing here, and told already.
  const refused = faults.some(({ input }) => input === 'region' || input === 'fallback_hardware');
  const because =
    choices.length === 1 && !refused
      ? 'there is one region and one kind of hardware, and nothing to make way for. Name further regions in region or further hardware in fallback_hardware, or remove it.'
      : inputs.wait
        ? undefined
        : 'wait is false: the step ends with the submission, and nobody sees how long the job waits. Remove one.';
  if (because === undefined) return [];
  return [{ rule: 'failover-idle', input: 'failover_after', message: `is given, but ${because}` }];
}
