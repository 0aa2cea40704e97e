import { type Market, openMarket, scarceMarket } from './market.ts';
import type { Random } from './random.ts';
import type { ChoicesName, Wishes } from './request.ts';
import type { Course } from './stored-job.ts';

/** One process that runs the step in one attempt. */
export interface Leg {
  readonly startMs: number;
  /** Legs of one attempt that ask for different things share an identity by mistake. */
  readonly variant: 0 | 1;
  /** At which moment main, or post, is killed; Infinity: never. */
  readonly killMainAt: number;
  readonly killPostAt: number;
  /** When the workflow is cancelled, in milliseconds after main's start, and at which moment: SIGINT, and SIGKILL 10 s later. */
  readonly interruptMs: number | undefined;
  readonly interruptAt: number | undefined;
  /** False where the machine goes down with main. */
  readonly postRuns: boolean;
}

export interface Attempt extends Wishes {
  /** Between the end of the attempt before and this one. */
  readonly pauseMs: number;
  /** When the token ends by which the step signs in, in seconds after its start; undefined where it lives on none. */
  readonly tokenS: number | undefined;
  /** Whether it only follows the job that an earlier attempt told of, where one did. */
  readonly follows: boolean;
  readonly legs: readonly Leg[];
  /** GitHub takes the attempt for lost after so long, though it still runs: the next one may begin. */
  readonly lostMs: number | undefined;
}

export interface Scenario {
  readonly attempts: readonly Attempt[];
  /** How often a call goes wrong, from 0 to 1. */
  readonly faultRate: number;
  readonly listLagMs: number;
  readonly skewMs: number;
  readonly tickMs: number;
  readonly supersede: boolean;
  readonly choices: ChoicesName;
  readonly market: (random: Random) => Market;
  readonly course: (random: Random) => Course;
}

export const QUIET_LEG: Leg = {
  startMs: 0,
  variant: 0,
  killMainAt: Number.POSITIVE_INFINITY,
  killPostAt: Number.POSITIVE_INFINITY,
  interruptMs: undefined,
  interruptAt: undefined,
  postRuns: true,
};

export const QUIET_ATTEMPT: Attempt = {
  pauseMs: 0,
  onRerun: 'attach',
  wait: true,
  onCancel: 'cancel',
  detachAfterS: undefined,
  failoverAfterS: undefined,
  tokenS: undefined,
  follows: false,
  legs: [QUIET_LEG],
  lostMs: undefined,
};

/** What may happen to a step, drawn at random: faults, moments, kills, re-runs. */
export function scenarioOf(random: Random): Scenario {
  const choices = random.pick<ChoicesName>(['one', 'one', 'regions', 'all']);
  const scarce = choices !== 'one' && random.chance(0.75);
  return {
    choices,
    market: scarce ? scarceMarket : openMarket,
    attempts: Array.from({ length: random.pick([1, 1, 2, 2, 3]) }, () => attemptOf(random, choices)),
    faultRate: random.pick([0, 0, 0.05, 0.2, 0.5]),
    listLagMs: random.pick([0, 5_000, 30_000, 30_000]),
    skewMs: random.pick([0, -3_600_000, 90_000, 86_400_000]),
    tickMs: random.pick([1, 1_000, 60_000]),
    supersede: random.chance(0.3),
    course: courseOf,
  };
}

function attemptOf(random: Random, choices: ChoicesName): Attempt {
  const lost = random.chance(0.12);
  const leg = (otherVariant: number) => {
    const one = legOf(random, otherVariant);
    // What was taken for lost may begin when the next attempt is long at work.
    return lost && random.chance(0.5) ? { ...one, startMs: random.between(0, 180_000) } : one;
  };
  return {
    pauseMs: random.pick([100, 5_000, 60_000, 1_800_000]),
    onRerun: random.chance(0.75) ? 'attach' : 'new',
    wait: random.chance(0.85),
    onCancel: random.chance(0.65) ? 'cancel' : 'detach',
    detachAfterS: random.chance(0.2) ? random.whole(1, random.pick([60, 1_200])) : undefined,
    failoverAfterS: choices !== 'one' && random.chance(0.6) ? random.whole(10, random.pick([60, 600])) : undefined,
    tokenS: random.chance(0.2) ? 1_200 + random.whole(0, random.pick([60, 900])) : undefined,
    follows: random.chance(0.15),
    lostMs: lost ? random.between(50, random.pick([500, 120_000])) : undefined,
    legs: random.chance(0.2) ? [leg(0.25), leg(0.25)] : [leg(0.08)],
  };
}

function legOf(random: Random, otherVariant: number): Leg {
  return {
    startMs: random.pick([0, 0, 50, random.between(0, 60_000)]),
    variant: random.chance(otherVariant) ? 1 : 0,
    killMainAt: random.chance(0.45) ? random.whole(1, random.pick([10, 40, 200])) : Number.POSITIVE_INFINITY,
    killPostAt: random.chance(0.12) ? random.whole(1, 30) : Number.POSITIVE_INFINITY,
    interruptMs: random.chance(0.12) ? random.between(0, random.pick([1_000, 30_000, 300_000])) : undefined,
    interruptAt: random.chance(0.12) ? random.whole(1, random.pick([40, 200])) : undefined,
    postRuns: random.chance(0.85),
  };
}

const ENDS = [
  ...Array.from({ length: 12 }, () => 'SUCCEEDED'),
  'FAILED',
  'FAILED',
  'FAILED',
  'EXPIRED',
  'PARTIALLY_SUCCEEDED',
];

/** A job's way through its states; some are over in seconds, some visit states that nobody has heard of. */
export function courseOf(random: Random): Course {
  const short = random.chance(0.3);
  const ms = (most: number) => random.between(100, short ? most / 20 : most);
  const detours = ['UPDATING', 'PAUSED', 'MIGRATING'].filter(() => random.chance(0.1));
  return [
    ['QUEUED', ms(60_000)],
    ['PENDING', ms(180_000)],
    ['RUNNING', ms(600_000)],
    ...detours.flatMap((state) => [[state, ms(120_000)] as const, ['RUNNING', ms(120_000)] as const]),
    [random.pick(ENDS), 0],
  ];
}
