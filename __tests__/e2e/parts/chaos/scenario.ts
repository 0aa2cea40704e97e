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
  /**
   * While its request to create is on its way. It takes effect so long after it was sent, or when the process that comes next
   * has looked for jobs (post) or made one of its own (the next attempt).
   */
  | { readonly at: 'late-create'; readonly ms: number | 'next' }
  /** As soon as it has told that line of the job's program. */
  | { readonly at: 'line'; readonly line: number }
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
  /** Whether lists show a later attempt no job before it has made one of its own; `conditions` hold from then on. */
  readonly blind?: boolean | undefined;
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

const JUST_MADE: Kill = { at: 'request', call: 'create', skip: 0, when: 'after' };

/** Moments that are surely to be hit. */
export const NAMED: readonly Scenario[] = [
  bad('before it looks for jobs', { kill: { at: 'request', call: 'list', skip: 0, when: 'before' } }),
  bad('between the effect of create and its answer; the machine is gone', { kill: JUST_MADE, post: undefined }),
  bad('between the effect of create and its answer; lists are behind', { kill: JUST_MADE, listLagMs: 29 * SECOND }),
  bad('between the effect of create and its answer, and post at its cancel', {
    kill: JUST_MADE,
    post: { at: 'request', call: 'cancel', skip: 0, when: 'before' },
  }),
  bad('between the effect of create and its answer; the next attempt makes a double', {
    kill: JUST_MADE,
    post: undefined,
    listLagMs: 29 * SECOND,
    blind: true,
    runMs: 4 * MINUTE,
  }),
  bad('between the effect of create and its answer; the next attempt makes a double, and the job fails', {
    kill: JUST_MADE,
    post: undefined,
    blind: true,
    runMs: 90 * SECOND,
    fails: true,
  }),
  bad('before a create that takes effect when the next attempt has made its own', {
    kill: { at: 'late-create', ms: 'next' },
    post: undefined,
    listLagMs: 5 * SECOND,
    runMs: 4 * MINUTE,
  }),
  bad('before a create that takes effect when post has looked', { kill: { at: 'late-create', ms: 'next' } }),
  bad('once the job has succeeded', { kill: { at: 'success' }, runMs: 10 * SECOND }),
  bad('in the midst of the lines', { kill: { at: 'line', line: 5 }, post: undefined, runMs: 2 * MINUTE }),
];

interface Named {
  readonly kill: Kill;
  readonly post?: BadAttempt['post'];
  readonly listLagMs?: number;
  readonly blind?: boolean;
  readonly runMs?: number;
  readonly fails?: boolean;
}

function bad(name: string, named: Named): Scenario {
  const { kill, listLagMs = 0, runMs = MINUTE, fails = false, blind } = named;
  const post = 'post' in named ? named.post : 'whole';
  return {
    name,
    script: courseOf(5 * SECOND, runMs, fails ? 1 : 0),
    fails,
    conditions: { listLagMs },
    blind,
    attempts: [{ faults: [], kill, post, pauseMs: SECOND }],
    last: { faults: [], onRerun: 'attach' },
  };
}
