import type { Call } from '../../../../src/local/faults/requests.ts';
import type { Rule } from '../../../../src/local/faults/rules.ts';
import type { Script } from '../../../../src/local/faults/script.ts';
import type { Conditions } from '../../../../src/local/faults/views.ts';

/** When a process is killed. Times are milliseconds of the quick time. */
export type Kill =
  /** So long after its start. */
  | { readonly at: 'time'; readonly ms: number }
  /** While it waits for the answer to the request after `skip` others of its kind, before or after that took effect. */
  | { readonly at: 'request'; readonly call: Call; readonly skip: number; readonly when: 'before' | 'after' }
  /** While its request to create is on its way, which takes effect so long after it was sent. */
  | { readonly at: 'late-create'; readonly ms: number }
  /** As soon as its job has succeeded. */
  | { readonly at: 'success' };

/** An attempt that comes to a bad end. */
export interface BadAttempt {
  readonly faults: readonly Rule[];
  readonly kill: Kill;
  /** Undefined where the machine goes down with main, so that there is no post; `whole`: post comes to its end. */
  readonly post: Kill | 'whole' | undefined;
  /** Until the next attempt, in milliseconds of the quick time. */
  readonly pauseMs: number;
}

export interface Scenario {
  readonly name: string;
  readonly script: Script;
  /** Whether the job's program fails in the end. */
  readonly fails: boolean;
  readonly conditions: Conditions;
  readonly attempts: readonly BadAttempt[];
  /** The last attempt, which nobody kills. */
  readonly last: { readonly faults: readonly Rule[]; readonly onRerun: 'attach' | 'new' };
}

/** Lines that each program writes. */
export const LINES = 20;

/** A job that waits for a while, and then writes its lines for as long as it runs. */
export function courseOf(pendingMs: number, runMs: number, code = 0): Script {
  const events = [{ stdout: 'step {n}', times: LINES, everyMs: Math.floor(runMs / LINES) }];
  const failing = code === 0 ? [] : [{ stderr: 'ValueError: no gradient', atMs: runMs }];
  return { pendingMs, programs: [{ events: [...events, ...failing], exit: { atMs: runMs, code } }] };
}

export const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Moments that are surely to be hit. */
export const NAMED: readonly Scenario[] = [
  bad('between the effect of create and its answer; the machine is gone', {
    kill: { at: 'request', call: 'create', skip: 0, when: 'after' },
    post: undefined,
  }),
  bad('between the effect of create and its answer; lists are behind', {
    kill: { at: 'request', call: 'create', skip: 0, when: 'after' },
    listLagMs: 29 * SECOND,
  }),
  bad('between the effect of create and its answer, and post at its cancel', {
    kill: { at: 'request', call: 'create', skip: 0, when: 'after' },
    post: { at: 'request', call: 'cancel', skip: 0, when: 'before' },
  }),
  bad('between the effect of create and its answer; lists do not show the job to the next attempt', {
    kill: { at: 'request', call: 'create', skip: 0, when: 'after' },
    post: undefined,
    listLagMs: 29 * SECOND,
    runMs: 3 * MINUTE,
  }),
  bad('before a create that takes effect after the next attempt has asked for its own', {
    kill: { at: 'late-create', ms: 45 * SECOND },
    post: undefined,
    listLagMs: 5 * SECOND,
    runMs: 4 * MINUTE,
  }),
  bad('before a create that takes effect long after post began', { kill: { at: 'late-create', ms: 50 * SECOND } }),
  bad('once the job has succeeded', { kill: { at: 'success' }, runMs: 10 * SECOND }),
  bad('in the midst of the lines', { kill: { at: 'time', ms: 60 * SECOND }, post: undefined, runMs: 2 * MINUTE }),
];

interface Named {
  readonly kill: Kill;
  readonly post?: BadAttempt['post'];
  readonly listLagMs?: number;
  readonly runMs?: number;
}

function bad(name: string, named: Named): Scenario {
  const { kill, listLagMs = 0, runMs = MINUTE } = named;
  const post = 'post' in named ? named.post : 'whole';
  return {
    name,
    script: courseOf(5 * SECOND, runMs),
    fails: false,
    conditions: { listLagMs },
    attempts: [{ faults: [], kill, post, pauseMs: SECOND }],
    last: { faults: [], onRerun: 'attach' },
  };
}
