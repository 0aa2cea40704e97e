import { describe, expect, test } from '@jest/globals';
import { overAt } from './doubles.ts';
import { faultsOf } from './judge.ts';
import type { Market } from './market.ts';
import { attempt, everyMoment, LONG, QUICK, SEED, scenario } from './moment.ts';
import { runWorld, type WorldReport } from './world.ts';

const LAGS = [0, 30_000];
const COURSES = [
  { name: 'a quick job', course: () => QUICK, step: 1 },
  { name: 'a long job', course: () => LONG, step: 2 },
];
/** The moment at which the answer to the request has come: four saves, three lists and the request are behind it. */
const JUST_MADE = 14;
/** What the attempt finds: nothing, or what one without a post left. */
const BEFORE = [
  { before: 'nothing', attempts: [] },
  { before: 'a job that lives', attempts: [attempt({ killMainAt: JUST_MADE, postRuns: false })] },
  {
    before: 'a live job of another request',
    attempts: [attempt({ killMainAt: JUST_MADE, postRuns: false, variant: 1 })],
  },
];
/** So soon after the interrupt every job that lists show is asked to end: main's end, post's start, and what calls take. */
const CANCEL_MS = 3_000;

/** The attempt at this place was cancelled: main comes to an end by itself, and post after it, and nothing lives then. */
function expectCancelled({ attempts, jobs }: WorldReport, place: number, listLagMs: number): void {
  const { legs = [], live } = attempts[place] ?? {};
  const [leg] = legs;
  expect([leg?.outcome === undefined, leg?.post]).toEqual([false, 'ok']);
  // What an earlier attempt left is none of its business before it has asked for a job.
  if (leg?.kept.state.has('request') !== true) return;
  expect(live).toEqual([]);
  const { interruptedAt } = leg;
  if (listLagMs > 0 || interruptedAt === undefined) return;
  for (const job of jobs.filter(({ createdAt }) => createdAt <= interruptedAt))
    expect(overAt(job) - interruptedAt).toBeLessThan(CANCEL_MS);
}

describe.each(LAGS)('lists %d ms behind', (listLagMs) => {
  describe.each(COURSES)('$name', ({ course, step }) => {
    // What is passed over at one lag is looked at with the other.
    const stride = { first: Math.min(step, listLagMs === 0 ? 1 : 2), step };

    describe.each(BEFORE)('before it $before', ({ attempts }) => {
      test.each([
        { name: 'main is killed', at: (moment: number) => attempt({ killMainAt: moment }) },
        {
          name: 'main is killed, which is to leave the job to itself',
          at: (moment: number) => attempt({ killMainAt: moment }, { wait: false }),
        },
        { name: 'the machine goes down', at: (moment: number) => attempt({ killMainAt: moment, postRuns: false }) },
      ])('at every moment, $name', async ({ at }) => {
        const { faults, worlds } = await everyMoment(attempts, at, { listLagMs, course }, stride);
        expect(faults).toEqual([]);
        for (const { attempts: all } of worlds) {
          expect(all[attempts.length]?.legs[0]?.outcome).toBeUndefined();
          for (const { live } of all.slice(0, attempts.length)) expect(live).toHaveLength(1);
        }
      });

      test('at every moment, the workflow is cancelled', async () => {
        const at = (moment: number) => attempt({ interruptAt: moment });
        const { faults, worlds } = await everyMoment(attempts, at, { listLagMs, course }, stride);
        expect(faults).toEqual([]);
        for (const world of worlds) expectCancelled(world, attempts.length, listLagMs);
      });
    });
  });
});

/** Post is killed as well: whatever it leaves, the next attempt sees to. */
test.each(LAGS)(
  'lists %d ms behind: main is killed with a job just made, and post at every moment',
  async (listLagMs) => {
    const at = (moment: number) => attempt({ killMainAt: JUST_MADE, killPostAt: moment });
    const faults: string[] = [];
    for (let moment = 1; moment <= 60; moment += 1) {
      const world = await runWorld({ scenario: scenario([at(moment)], { listLagMs, course: () => LONG }), seed: SEED });
      faults.push(...faultsOf(world).map((fault) => `moment ${moment}: ${fault}`));
    }
    expect(faults).toEqual([]);
  },
);

const FIRST = 'us-central1';
/** Machines that are to be had in the second region alone. */
const MARKETS: readonly { readonly first: string; readonly market: () => Market; readonly step: number }[] = [
  {
    first: 'is refused',
    market: () => (place) => (place.includes(FIRST) ? 'stockout' : 'open'),
    step: 3,
  },
  {
    first: 'fails before it runs',
    market: () => (place) => (place.includes(FIRST) ? 'stockout later' : 'open'),
    step: 4,
  },
  {
    first: 'waits for too long',
    market: () => (place) => (place.includes(FIRST) ? 'waits' : 'open'),
    step: 7,
  },
];

describe.each(MARKETS)('the first of two choices $first', ({ market, step }) => {
  const surroundings = { choices: 'regions', market, listLagMs: 30_000, course: () => LONG } as const;

  describe.each(['cancel', 'detach'] as const)('with on_cancel: %s', (onCancel) => {
    test.each(['killMainAt', 'interruptAt'] as const)('at every moment, %s', async (what) => {
      const at = (moment: number) => attempt({ [what]: moment }, { onCancel, failoverAfterS: 10 });
      const { faults, worlds } = await everyMoment([], at, surroundings, { first: 1, step, most: 270 });
      expect(faults).toEqual([]);
      // The step came to its second choice, and to something to be left or ended there.
      expect(worlds.some(({ jobs }) => jobs.some(({ place }) => !place.includes(FIRST)))).toBe(true);
      const live = worlds.map(({ attempts: [first] }) => first?.live.length ?? 0);
      expect(new Set(live)).toEqual(new Set(onCancel === 'cancel' ? [0] : [0, 1]));
    });
  });
});
