import type { Refusal } from './refusals.ts';
import { type Asked, isSelected, type Selector } from './requests.ts';

/** What is done to one request or to its answer. */
export type RequestFault =
  /** Another answer, in the form of Google's errors. */
  | ({ readonly kind: 'refuse' } & Refusal)
  /** The connection is reset (RST). */
  | { readonly kind: 'reset' }
  /** There is no answer, and the connection stays. */
  | { readonly kind: 'hang' }
  /** It takes effect, and is answered, when a test lets it go on: also where the client has left meanwhile. */
  | { readonly kind: 'hold' }
  /** The effect or the answer comes later: the effect also where the client has left meanwhile. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer's body comes in pieces. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly everyMs: number }
  /** A whole answer whose body is no JSON: `text`, or half of what was to be said. */
  | { readonly kind: 'malformed'; readonly text?: string | undefined }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'truncated' }
  /** The token that came with the request is refused from now on. */
  | { readonly kind: 'expired-token' }
  /** The answer tells another state of the job than it has: a name, or a wire number. */
  | { readonly kind: 'state'; readonly state: string | number };
/** The name of a fault. */
export type FaultKind = RequestFault['kind'];

/** Before the request has taken effect, or after it. */
export type Moment = 'before' | 'after';

/** The moments at which a fault can strike, the usual one first. */
export const MOMENTS: Readonly<Record<FaultKind, readonly Moment[]>> = {
  refuse: ['before', 'after'],
  reset: ['before', 'after'],
  hang: ['before', 'after'],
  hold: ['before'],
  delay: ['before', 'after'],
  drip: ['after'],
  malformed: ['after'],
  truncated: ['after'],
  'expired-token': ['before'],
  state: ['after'],
};

/** A fault, and the requests that it meets. */
export interface Rule extends Selector {
  /** What reports call it. */
  readonly name?: string | undefined;
  /** Matching requests that pass unharmed before it begins; none when left out. */
  readonly skip?: number | undefined;
  /** Matching requests that it meets; one when left out. */
  readonly times?: number | 'always' | undefined;
  /** Milliseconds after which it no longer holds, counted from when it was given. */
  readonly forMs?: number | undefined;
  readonly when?: Moment | undefined;
  readonly fault: RequestFault;
}

/** A rule with what it has met so far. */
export interface Armed {
  readonly rule: Rule;
  /** When it was given, in milliseconds of the service's time. */
  readonly sinceMs: number;
  /** Matching requests so far. */
  readonly seen: number;
  /** How many of them it has met. */
  readonly fired: number;
}

/** When a rule's fault strikes: as the rule says, else at the fault's usual moment. */
export function momentOf({ when, fault }: Rule): Moment {
  return when ?? MOMENTS[fault.kind][0] ?? 'before';
}

/** Whether the rule's turn is with its next matching request. */
function isDue({ rule: { skip = 0, times = 1 }, seen, fired }: Armed): boolean {
  return seen >= skip && (times === 'always' || fired < times);
}

/**
 * Which rule meets this request: of those that match it and are not over, the first whose turn it is. Every one that
 * matches counts the request, whichever meets it. Gives the rules as they stand afterwards; the same ones, where none
 * matches.
 */
export function choose(
  rules: readonly Armed[],
  asked: Asked,
  nowMs: number,
): { readonly rules: readonly Armed[]; readonly chosen: Rule | undefined } {
  let chosen: Rule | undefined;
  let isChanged = false;
  const after = rules.map((armed) => {
    const { rule, sinceMs, seen, fired } = armed;
    const isOver = rule.forMs !== undefined && nowMs >= sinceMs + rule.forMs;
    if (isOver || !isSelected(rule, asked)) return armed;
    isChanged = true;
    if (chosen !== undefined || !isDue(armed)) return { ...armed, seen: seen + 1 };
    chosen = rule;
    return { ...armed, seen: seen + 1, fired: fired + 1 };
  });
  return { rules: isChanged ? after : rules, chosen };
}
