import type { Step } from '../inputs/step.ts';
import type { Log } from '../log.ts';
import type { Plan } from '../plan/plan.ts';
import type { OpenedRegion } from '../runner/open-region.ts';
import type { Edges } from './edges.ts';

/** What everything stands on that a step does with a job. */
export interface Base extends Edges {
  readonly step: Step;
  readonly region: OpenedRegion;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** When the step started, in milliseconds since the epoch. */
  readonly startedAt: number;
}

/** What every part of a run stands on. */
export interface Run extends Base {
  readonly plan: Plan;
}
