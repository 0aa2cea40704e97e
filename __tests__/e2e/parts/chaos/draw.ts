import type { Call } from '../../../../src/local/faults/requests.ts';
import type { RequestFault, Rule } from '../../../../src/local/faults/rules.ts';
import type { Random } from '../../../job/chaos/random.ts';
import { type BadAttempt, courseOf, type Kill, type Scenario, SECOND } from './scenario.ts';

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
      return { at: 'late-create', ms: random.chance(0.3) ? 'next' : random.whole(0, 55 * SECOND) };
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
  const drawn = Array.from({ length: random.whole(0, most) }, (): Rule => {
    const call = random.pick(CALLS);
    const skip = random.whole(0, call === 'create' ? 0 : 6);
    return { call, skip, times: random.whole(1, 3), ...faultOf(random, call) };
  });
  // A fresh token that is refused as well is a sign-in that fails for good.
  const [token] = drawn.filter(isOfToken);
  return [...drawn.filter((rule) => !isOfToken(rule)), ...(token === undefined ? [] : [{ ...token, times: 1 }])];
}

const isOfToken = ({ fault }: Rule) => fault.kind === 'expired-token';

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
