import { endpointsOf } from '../../../src/google/endpoints.ts';

import type { Step } from '../../../src/inputs/step.ts';
import { REQUEST_LABEL } from '../../../src/plan/labels.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import type { Requested } from '../../../src/run/request.ts';
import { type Given, inputsOf } from '../../inputs/given.ts';
import { makePlan, RUN, requestOf, TODAY } from '../../plan/run.ts';

/** What a step may run on: one machine in one region, several regions, or several machines in each of several regions. */
export const CHOICES = {
  one: {},
  regions: { region: 'us-central1\neurope-west4' },
  all: {
    region: 'us-central1\neurope-west4',
    accelerator_type: 'l4',
    fallback_hardware: '- { accelerator_type: t4 }',
  },
} as const satisfies Readonly<Record<string, Given>>;
export type ChoicesName = keyof typeof CHOICES;

/** What a workflow may write for its step that this test is about. */
export interface Wishes {
  readonly onRerun: 'attach' | 'new';
  readonly wait: boolean;
  readonly onCancel: 'cancel' | 'detach';
  readonly detachAfterS: number | undefined;
  readonly failoverAfterS: number | undefined;
}

/** What tells one step from another. */
export interface Which {
  readonly attempt: number;
  /** What is asked for: one thing or, by mistake or after an edit, another. */
  readonly variant: 0 | 1;
  readonly choices: ChoicesName;
  readonly supersede: boolean;
  /** The job that is only to be followed. */
  readonly job?: string | undefined;
}

export interface Asked {
  readonly step: Step;
  readonly plan: Plan;
  readonly requested: readonly [Requested, ...Requested[]];
}

const made = new Map<string, Asked>();

/** The step as the action reads it and plans it. */
export function stepOf(which: Which, wishes: Wishes): Asked {
  const id = JSON.stringify([which, wishes]);
  const known = made.get(id) ?? newStep(which, wishes);
  made.set(id, known);
  return known;
}

function newStep(which: Which, wishes: Wishes): Asked {
  const context = { ...RUN, runAttempt: String(which.attempt) };
  const inputs = inputsOf(givenOf(which, wishes));
  const request = requestOf({ inputs, faults: [] }, { run: context });
  const plan = makePlan(request);
  const [first, ...others] = plan.choices;
  const asked = (choice: typeof first): Requested => ({ choice, request: choice.job });
  return {
    plan,
    requested: [asked(first), ...others.map(asked)],
    step: {
      inputs,
      faults: [],
      context,
      workspace: '/',
      tempFolder: '/',
      files: request.files,
      endpoints: endpointsOf({}, inputs.region),
      today: TODAY,
      standingLocal: false,
    },
  };
}

function givenOf({ variant, choices, supersede, job }: Which, wishes: Wishes): Given {
  const { onRerun, wait, onCancel, detachAfterS, failoverAfterS } = wishes;
  return {
    ...CHOICES[choices],
    args: `variant ${variant}`,
    on_rerun: onRerun,
    wait: String(wait),
    on_cancel: onCancel,
    supersede: String(supersede),
    ...(detachAfterS === undefined ? {} : { detach_after: `${detachAfterS}s` }),
    ...(failoverAfterS === undefined ? {} : { failover_after: `${failoverAfterS}s` }),
    ...(job === undefined ? {} : { job }),
  };
}

const QUIET: Wishes = {
  onRerun: 'attach',
  wait: true,
  onCancel: 'cancel',
  detachAfterS: undefined,
  failoverAfterS: undefined,
};

/** The plan of an attempt to which nothing special is told. */
export const planFor = (choices: ChoicesName, variant: 0 | 1 = 0): Plan =>
  stepOf({ attempt: 1, variant, choices, supersede: false }, QUIET).plan;

export const KEY = planFor('one').identity.key;

/** The hash of what is asked for. */
export const hashOf = (choices: ChoicesName, variant: 0 | 1): string =>
  planFor(choices, variant).job.resource.labels?.[REQUEST_LABEL] ?? '';
