import type { Call } from '../../../../src/local/faults/requests.ts';
import type { RequestFault, Rule } from '../../../../src/local/faults/rules.ts';
import type { Script } from '../../../../src/local/faults/script.ts';
import type { Conditions } from '../../../../src/local/faults/views.ts';
import type { Random } from '../../../job/chaos/random.ts';

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

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What may happen to a step, drawn at random. */
export function scenarioOf(name: string, random: Random): Scenario {
  const fails = random.chance(0.15);
  const pendingMs = random.whole(0, 20 * SECOND);
  const runMs = random.whole(5 * SECOND, random.pick([20, 90, 150]) * SECOND);
  return {
    name,
    script: courseOf(pendingMs, runMs, fails ? 1 : 0),
    fails,
    conditions: {
      listLagMs: random.pick([0, 5, 25, 29]) * SECOND,
      ...(random.chance(0.4)
        ? {
            entries: {
              lateEvery: 3,
              lateMs: random.whole(1, 12) * SECOND,
              doubledEvery: 4,
              shuffled: random.whole(1, 99),
            },
          }
        : {}),
    },
    attempts: Array.from({ length: random.pick([1, 1, 1, 2]) }, () => badAttemptOf(random)),
    last: { faults: faultsOf(random, 3), onRerun: random.chance(0.85) ? 'attach' : 'new' },
  };
}

function badAttemptOf(random: Random): BadAttempt {
  return {
    faults: faultsOf(random, 2),
    kill: mainKill(random),
    post: random.chance(0.25) ? undefined : random.chance(0.25) ? postKill(random) : 'whole',
    pauseMs: random.pick([100, 5 * SECOND, 40 * SECOND]),
  };
}

/** Some moments of a process are worth more than others: those about the creation. */
function mainKill(random: Random): Kill {
  const when = random.pick(['before', 'after'] as const);
  switch (random.pick(['time', 'time', 'create', 'create', 'late', 'list', 'get', 'entries', 'success'] as const)) {
    case 'time':
      return { at: 'time', ms: random.whole(0, random.pick([15, 40, 120]) * SECOND) };
    case 'create':
      return { at: 'request', call: 'create', skip: 0, when };
    case 'late':
      return { at: 'late-create', ms: random.whole(0, 55 * SECOND) };
    case 'list':
      return { at: 'request', call: 'list', skip: random.whole(0, 8), when };
    case 'get':
      return { at: 'request', call: 'get', skip: random.whole(0, 4), when };
    case 'entries':
      return { at: 'request', call: 'entries', skip: random.whole(0, 3), when };
    case 'success':
      return { at: 'success' };
  }
}

function postKill(random: Random): Kill {
  const when = random.pick(['before', 'after'] as const);
  if (random.chance(0.4)) return { at: 'time', ms: random.whole(0, 60 * SECOND) };
  const call = random.pick(['cancel', 'list', 'get'] as const);
  return { at: 'request', call, skip: call === 'cancel' ? 0 : random.whole(0, 6), when };
}

const CALLS: readonly Call[] = ['create', 'create', 'get', 'list', 'entries', 'cancel'];

function faultsOf(random: Random, most: number): readonly Rule[] {
  return Array.from({ length: random.whole(0, most) }, () => {
    const call = random.pick(CALLS);
    return {
      call,
      skip: random.whole(0, call === 'create' ? 0 : 6),
      times: random.whole(1, 3),
      ...faultOf(random, call),
    };
  });
}

/** A fault in passing, after which the same request may succeed. */
function faultOf(random: Random, call: Call): Pick<Rule, 'fault' | 'when'> {
  const when = random.pick(['before', 'after'] as const);
  const kind = random.pick(['refuse', 'refuse', 'rate', 'reset', 'reset', 'garbled', 'token', 'slow', 'hang'] as const);
  switch (kind) {
    case 'refuse': {
      const reason = random.pick(['unavailable', 'internal', 'deadline', 'bad-gateway'] as const);
      return { fault: { kind: 'refuse', reason }, when };
    }
    case 'rate':
      return { fault: { kind: 'refuse', reason: 'rate-limited', retryAfterSeconds: random.whole(1, 15) } };
    case 'reset':
      return { fault: { kind: 'reset' }, when };
    case 'garbled':
      // An answer that only looks is taken for what it is: only half of one is no answer at all.
      return { fault: { kind: call === 'create' ? random.pick(['malformed', 'truncated'] as const) : 'truncated' } };
    case 'token':
      return { fault: { kind: 'expired-token' } };
    case 'slow':
      return { fault: slow(random), when: 'after' };
    case 'hang':
      return { fault: { kind: 'hang' }, when };
  }
}

function slow(random: Random): RequestFault {
  return random.chance(0.5)
    ? { kind: 'delay', ms: random.whole(0, 20 * SECOND) }
    : { kind: 'drip', bytes: 200, everyMs: 500 };
}

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
