import { createHash } from 'node:crypto';
import { isRecord } from '../../json.ts';
import type { Shift } from './clock.ts';
import type { Asked } from './requests.ts';
import { type Armed, choose, type Rule } from './rules.ts';
import type { Script } from './script.ts';
import type { Conditions } from './views.ts';

/** All that a test has set, as data: it outlives the process where the service is started again on its folder. */
export interface FaultState {
  readonly rules: readonly Armed[];
  readonly conditions: Conditions;
  /** By the name after `simulated/`. */
  readonly scripts: Readonly<Record<string, Script>>;
  /** Digests of the tokens that are no longer good. */
  readonly expired: readonly string[];
  readonly clock: Shift;
}

/** Nothing fails. */
export const CALM: FaultState = {
  rules: [],
  conditions: {},
  scripts: {},
  expired: [],
  clock: { advancedMs: 0, skewMs: 0 },
};

/** What a test sends: rules and scripts come to those that are there, conditions take the place of those of before. */
interface Orders {
  readonly rules?: readonly Rule[] | undefined;
  readonly conditions?: Conditions | undefined;
  readonly scripts?: Readonly<Record<string, Script>> | undefined;
}

/** The state after orders that were given at `nowMs`, in milliseconds of the service's time. */
export function ordered(state: FaultState, { rules = [], conditions, scripts }: Orders, nowMs: number): FaultState {
  return {
    ...state,
    rules: [...state.rules, ...rules.map((rule) => ({ rule, sinceMs: nowMs, seen: 0, fired: 0 }))],
    conditions: conditions ?? state.conditions,
    scripts: { ...state.scripts, ...scripts },
  };
}

const digestOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** What meets a request: the refusal of its token, a rule, or nothing. Gives the state afterwards. */
export function meet(
  state: FaultState,
  asked: Asked,
  token: string,
  nowMs: number,
): { readonly state: FaultState; readonly met: Rule | 'expired' | undefined } {
  const digest = digestOf(token);
  if (state.expired.includes(digest)) return { state, met: 'expired' };
  const { rules, chosen } = choose(state.rules, asked, nowMs);
  const next = rules === state.rules ? state : { ...state, rules };
  if (chosen?.fault.kind !== 'expired-token') return { state: next, met: chosen };
  return { state: { ...next, expired: [...next.expired, digest] }, met: 'expired' };
}

/** A state that was kept as JSON by this module itself; only its outline is looked at. */
export function keptState(value: unknown): FaultState {
  return isRecord(value) ? { ...CALM, ...(value as Partial<FaultState>) } : CALM;
}
