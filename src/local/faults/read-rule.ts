import type { Reading } from './reading.ts';
import { REFUSAL_REASONS } from './refusals.ts';
import { CALLS } from './requests.ts';
import { type FaultKind, MOMENTS, type RequestFault, type Rule } from './rules.ts';

const KINDS = Object.keys(MOMENTS) as FaultKind[];
const BOTH = ['before', 'after'] as const;

function readRefusal(read: Reading): RequestFault {
  const refusal = {
    kind: 'refuse',
    reason: read.oneOf('reason', REFUSAL_REASONS),
    http: read.whole('http', { least: 400, most: 599 }),
    status: read.text('status'),
    message: read.text('message'),
    retryAfterSeconds: read.whole('retryAfterSeconds'),
    metrics: read.texts('metrics'),
  } as const;
  const details = read.raw('details');
  if (details !== undefined && !Array.isArray(details)) read.wrong('details', 'A list is required.');
  if (refusal.reason === undefined && refusal.http === undefined) {
    read.wrong('reason', `A refusal has a reason (${REFUSAL_REASONS.join(', ')}) or an http status.`);
  }
  return Array.isArray(details) ? { ...refusal, details } : refusal;
}

const READERS: Readonly<Record<FaultKind, (read: Reading) => RequestFault>> = {
  refuse: readRefusal,
  reset: () => ({ kind: 'reset' }),
  hang: () => ({ kind: 'hang' }),
  hold: () => ({ kind: 'hold' }),
  delay: (read) => ({ kind: 'delay', ms: read.whole('ms') ?? 0 }),
  drip: (read) => ({
    kind: 'drip',
    bytes: read.whole('bytes', { least: 1 }) ?? 1,
    everyMs: read.whole('everyMs') ?? 0,
  }),
  malformed: (read) => ({ kind: 'malformed', text: read.text('text') }),
  truncated: () => ({ kind: 'truncated' }),
  'expired-token': () => ({ kind: 'expired-token' }),
  state: (read) => ({ kind: 'state', state: read.state('state') ?? read.wrong('state', 'A state is required.') ?? '' }),
};

function readFault(read: Reading): RequestFault {
  const kind = read.oneOf('kind', KINDS);
  if (kind !== undefined) return READERS[kind](read);
  if (!read.has('kind')) read.wrong('kind', `One of ${KINDS.join(', ')} is required.`);
  return { kind: 'hang' };
}

/** A rule as a test sends it. */
export function readRule(read: Reading): Rule {
  const fault = read.inner('fault', readFault) ?? read.wrong('fault', 'A rule needs a fault.') ?? { kind: 'hang' };
  const when = read.oneOf('when', BOTH);
  const moments = MOMENTS[fault.kind];
  if (when !== undefined && !moments.includes(when)) {
    read.wrong('when', `The fault ${fault.kind} strikes ${moments.join(' or ')} the effect only.`);
  }
  return {
    name: read.text('name'),
    call: read.oneOf('call', CALLS),
    method: read.text('method'),
    path: read.text('path'),
    skip: read.whole('skip'),
    times: read.wholeOr('times', 'always'),
    forMs: read.whole('forMs'),
    when,
    fault,
  };
}
