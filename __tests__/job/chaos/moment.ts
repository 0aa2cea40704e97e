import { expect } from '@jest/globals';
import { faultsOf } from './judge.ts';
import { openMarket } from './market.ts';
import { type Attempt, type Leg, QUIET_ATTEMPT, QUIET_LEG, type Scenario } from './scenario.ts';
import { runWorld, type WorldReport } from './world.ts';

/** A job that is over in half a minute: every kind of moment that main and post have is among the few. */
export const QUICK = [
  ['QUEUED', 4_000],
  ['PENDING', 6_000],
  ['RUNNING', 15_000],
  ['SUCCEEDED', 0],
] as const;
/** A job that lives for longer than any look for doubles takes. */
export const LONG = [
  ['PENDING', 60_000],
  ['RUNNING', 300_000],
  ['SUCCEEDED', 0],
] as const;

export const SEED = 1;
/** After these a long job is only watched, the same way again and again. */
const MOST_MOMENTS = 90;

/** The world around the attempts. */
export type Surroundings = Pick<Scenario, 'listLagMs' | 'course'> & Partial<Scenario>;

export function scenario(attempts: readonly Attempt[], surroundings: Surroundings): Scenario {
  return {
    attempts,
    choices: 'one',
    market: openMarket,
    faultRate: 0,
    skewMs: 0,
    tickMs: 1,
    supersede: false,
    ...surroundings,
  };
}

export const attempt = (leg: Partial<Leg>, more: Partial<Attempt> = {}): Attempt => ({
  ...QUIET_ATTEMPT,
  pauseMs: 1_000,
  legs: [{ ...QUIET_LEG, ...leg }],
  ...more,
});

export interface Worlds {
  readonly worlds: readonly WorldReport[];
  readonly faults: readonly string[];
}

/** Which moments: from the first one, every so many. */
export interface Stride {
  readonly first: number;
  readonly step: number;
  readonly most?: number;
}

/** The attempt that `at` makes after these others, with each of its moments in turn, or every few of them. */
export async function everyMoment(
  before: readonly Attempt[],
  at: (moment: number) => Attempt,
  surroundings: Surroundings,
  { first, step, most: last = MOST_MOMENTS }: Stride,
): Promise<Worlds> {
  const quiet = await runWorld({
    scenario: scenario([...before, at(Number.POSITIVE_INFINITY)], surroundings),
    seed: SEED,
  });
  const most = quiet.attempts[before.length]?.legs[0]?.moments ?? 0;
  expect(most).toBeGreaterThan(20);
  const worlds: WorldReport[] = [];
  const faults: string[] = [];
  for (let moment = first; moment <= Math.min(most, last); moment += step) {
    const world = await runWorld({ scenario: scenario([...before, at(moment)], surroundings), seed: SEED });
    worlds.push(world);
    faults.push(...faultsOf(world).map((fault) => `moment ${moment}: ${fault}`));
  }
  return { worlds, faults };
}
