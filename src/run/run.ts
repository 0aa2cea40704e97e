import type { Step } from '../inputs/step.ts';
import type { Log } from '../log.ts';
import type { Plan } from '../plan/plan.ts';
import type { OpenedRegion } from '../runner/open-region.ts';

/** What every part of a run stands on. */
export interface Run {
  readonly step: Step;
  readonly plan: Plan;
  readonly region: OpenedRegion;
  readonly log: Log;
  readonly signal: AbortSignal;
}
