import type { MachineSpec } from '../../vertex/types.ts';
import type { Draft } from '../draft.ts';
import type { Finding } from '../findings.ts';
import { error, type Rule, secondsOf, warning } from './rule.ts';
import { sliceOf } from './tpus.ts';

const WEEK_SECONDS = 7 * 86_400;
const PATH = 'spec.scheduling';

/** Accelerators that FLEX_START serves (training/schedule-jobs-dws). */
const FLEX_START = /_(?:L4|TESLA_A100|A100_80GB|H100\w*|H200\w*|B200)$/;

/** Scheduling by its proto and by the pages on Spot VMs and on flex-start. */
export const schedulingRules: Rule = (draft) => {
  const { scheduling = {} } = draft.spec;
  const findings: Finding[] = [];
  const timeout = secondsOf(scheduling.timeout);
  if (timeout !== undefined && timeout <= 0) {
    findings.push(
      error('timeout-positive', `${PATH}.timeout`, `is ${scheduling.timeout}; it has to be longer than 0s.`),
    );
  }
  if (scheduling.maxWaitDuration !== undefined && scheduling.strategy !== 'FLEX_START') {
    findings.push(
      error(
        'max-wait-strategy',
        `${PATH}.maxWaitDuration`,
        `goes with strategy FLEX_START only; the strategy is ${scheduling.strategy ?? 'STANDARD'}.`,
      ),
    );
  }
  if (scheduling.disableRetries === true && scheduling.restartJobOnWorkerRestart === true) {
    findings.push(
      warning(
        'restart-without-retries',
        `${PATH}.restartJobOnWorkerRestart`,
        'is true, but disableRetries makes it false. Remove one.',
      ),
    );
  }
  if (scheduling.strategy === 'ON_DEMAND' || scheduling.strategy === 'LOW_COST') {
    const today = scheduling.strategy === 'ON_DEMAND' ? 'STANDARD' : 'SPOT';
    findings.push(
      warning(
        'strategy-deprecated',
        `${PATH}.strategy`,
        `${scheduling.strategy} is deprecated; today's word is ${today}.`,
      ),
    );
  }
  if (scheduling.strategy === 'FLEX_START') findings.push(...flexStart(draft, timeout));
  if (scheduling.strategy === 'SPOT') findings.push(...spot(draft));
  return findings;
};

function machines({ spec }: Draft): readonly MachineSpec[] {
  return spec.workerPoolSpecs.flatMap(({ machineSpec }) => (machineSpec === undefined ? [] : [machineSpec]));
}

function flexStart(draft: Draft, timeout: number | undefined): Finding[] {
  const findings: Finding[] = [];
  const refuse = (rule: string, path: string, message: string) => findings.push(error(rule, path, message));
  if ((timeout ?? 0) > WEEK_SECONDS) {
    refuse(
      'flex-start-timeout',
      `${PATH}.timeout`,
      `is ${draft.spec.scheduling?.timeout}; FLEX_START takes at most 604800s (7 days).`,
    );
  }
  const found = new Set(
    machines(draft).map((machine) =>
      JSON.stringify([machine.machineType, machine.acceleratorType, machine.acceleratorCount]),
    ),
  );
  if (found.size > 1) {
    refuse(
      'flex-start-machines',
      'spec.workerPoolSpecs',
      'holds different machines; FLEX_START wants the same in every pool.',
    );
  }
  if (draft.spec.persistentResourceId !== undefined) {
    refuse('flex-start-persistent', 'spec.persistentResourceId', 'does not go with FLEX_START. Remove one.');
  }
  const reserved = machines(draft).some(
    ({ reservationAffinity }) =>
      reservationAffinity && reservationAffinity.reservationAffinityType !== 'NO_RESERVATION',
  );
  if (reserved)
    refuse(
      'flex-start-reservation',
      'spec.workerPoolSpecs',
      'names a reservation, which does not go with FLEX_START. Remove one.',
    );
  for (const { acceleratorType } of machines(draft)) {
    if (acceleratorType !== undefined && FLEX_START.test(acceleratorType)) continue;
    findings.push(
      warning(
        'flex-start-accelerator',
        `${PATH}.strategy`,
        `FLEX_START is offered for L4, A100, H100, H200 and B200; the machine has ${acceleratorType ?? 'no accelerator'}.`,
      ),
    );
    break;
  }
  return findings;
}

function spot(draft: Draft): Finding[] {
  const pod = machines(draft).some((machine) => (sliceOf(machine)?.machines ?? 1) > 1);
  if (!pod) return [];
  return [error('spot-tpu', `${PATH}.strategy`, 'SPOT is not offered for TPU pods. Use STANDARD.')];
}
