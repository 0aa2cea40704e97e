import type { Inputs } from '../inputs/inputs.ts';
import type { PlannedChoice } from '../plan/choices.ts';
import type { Origins } from '../plan/findings.ts';
import type { Plan } from '../plan/plan.ts';
import type { Caller } from './caller.ts';
import type { Source } from './check.ts';

export interface PreflightRequest {
  readonly plan: Pick<Plan, 'local' | 'choices' | 'built'>;
  readonly inputs: Pick<Inputs, 'projectId' | 'signIn' | 'submit'>;
  /** Whether this step reads the job's logs. */
  readonly readsLogs: boolean;
  /** Whether it reads what the job has written to its output folder. */
  readonly readsObjects?: boolean | undefined;
}

/** What is asked of one of the plan's choices, and who asks. */
export interface Asking extends Omit<PreflightRequest, 'plan'> {
  readonly plan: Pick<PlannedChoice, 'draft' | 'job' | 'upload' | 'origins' | 'checks'> & Pick<Plan, 'built'>;
  readonly caller: Caller;
}

/** Where a part of the request was given; the part itself is named where no input tells it. */
export function sourceAt(origins: Origins, path: string): Source {
  const { input, place } = origins.of(path);
  return {
    ...(input === undefined ? { part: path.replace(/^(?:spec|study)\./, '') } : { input }),
    ...(place === undefined ? {} : { place }),
  };
}
