import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Random } from '../job/chaos/random.ts';
import { scenarioOf } from './parts/chaos/draw.ts';
import { type Ground, openGround } from './parts/chaos/ground.ts';
import { faultsOf } from './parts/chaos/judge.ts';
import { type Play, play } from './parts/chaos/play.ts';
import { QuickTime } from './parts/chaos/quick.ts';
import { NAMED, type Scenario } from './parts/chaos/scenario.ts';
import { SIGHTS, sightsIn } from './parts/chaos/sights.ts';
import { tellPlay } from './parts/chaos/tell.ts';
import { Endings } from './parts/endings.ts';
import { bareStage } from './parts/faults.ts';

/**
 * CHAOS_SEED=n plays that seed alone and prints what the processes said: the same faults and the same moments, as far as real
 * processes come to them at the same time. CHAOS_NAME does so with the named moments that hold it. CHAOS_RUNS=n plays so many
 * seeds, from CHAOS_FIRST on.
 */
const { CHAOS_SEED, CHAOS_NAME, CHAOS_RUNS = '20', CHAOS_FIRST = '1' } = process.env;
const ALONE = CHAOS_SEED !== undefined || CHAOS_NAME !== undefined;
/** So many times faster than the clock on the wall time passes for the processes. */
const SPEED = 15;
/** Scenarios that play at the same time: most of their time the processes wait. */
const LANES = 6;
const MINUTE = 60_000;
/** What a play may take on a busy machine, shared among the lanes. */
const PLAY_MS = 10_000;

const seeded = (seed: number): Scenario => scenarioOf(`CHAOS_SEED=${seed}`, new Random(seed));
const seeds = Array.from({ length: Number(CHAOS_RUNS) }, (_unused, index) => seeded(Number(CHAOS_FIRST) + index));
const named = CHAOS_NAME === undefined ? NAMED : NAMED.filter(({ name }) => name.includes(CHAOS_NAME));
const scenarios = CHAOS_SEED === undefined ? [...named, ...(ALONE ? [] : seeds)] : [seeded(Number(CHAOS_SEED))];

const endings = new Endings();
const plays = new Map<Scenario, Play | Error>();

/** Plays what is left, one after the other. */
async function lane(left: Scenario[], ground: Ground): Promise<void> {
  for (let scenario = left.shift(); scenario !== undefined; scenario = left.shift()) {
    plays.set(scenario, await play(scenario, ground).catch((error: Error) => error));
  }
}

beforeAll(
  async () => {
    const left = [...scenarios];
    const time = new QuickTime(SPEED);
    const lanes = Array.from({ length: Math.min(LANES, left.length) }, async () =>
      lane(left, await openGround(bareStage(endings), time)),
    );
    await Promise.all(lanes);
  },
  MINUTE + scenarios.length * PLAY_MS,
);
afterAll(() => endings.run());

describe('one job survives, and the re-run tells its true end, where main is killed', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    const played = plays.get(scenario);
    if (!(played !== undefined && 'attempts' in played)) throw played ?? new Error('not played');
    const faults = faultsOf(played);
    if (faults.length > 0 || ALONE) process.stderr.write(`${tellPlay(played)}\n`);
    expect(faults).toEqual([]);
  });

  test('all of what is to be shown is to be seen', () => {
    if (ALONE) return;
    const seen = new Set([...plays.values()].flatMap((each) => ('attempts' in each ? sightsIn(each) : [])));
    // Runs in which nothing happens prove nothing.
    expect(SIGHTS.filter((sight) => !seen.has(sight))).toEqual([]);
  });
});
