import { describe, expect, test } from '@jest/globals';
import { faultsOf, overAt } from './judge.ts';
import { type Attempt, type Leg, QUIET_ATTEMPT, QUIET_LEG, type Scenario } from './scenario.ts';
import { runWorld, type WorldReport } from './world.ts';

/** A job that is over in half a minute: every kind of moment that main and post have is among the few. */
const QUICK = [
  ['QUEUED', 4_000],
  ['PENDING', 6_000],
  ['RUNNING', 15_000],
  ['SUCCEEDED', 0],
] as const;
/** A job that lives for longer than any look for doubles takes. */
const LONG = [
  ['PENDING', 60_000],
  ['RUNNING', 300_000],
  ['SUCCEEDED', 0],
] as const;

const SEED = 1;
/** After these a long job is only watched, the same way again and again. */
const MOST_MOMENTS = 90;

function scenario(attempts: readonly Attempt[], listLagMs: number, course: Scenario['course']): Scenario {
  return { attempts, listLagMs, course, faultRate: 0, skewMs: 0, tickMs: 1, supersede: false };
}

const attempt = (leg: Partial<Leg>, more: Partial<Attempt> = {}): Attempt => ({
  ...QUIET_ATTEMPT,
  pauseMs: 1_000,
  legs: [{ ...QUIET_LEG, ...leg }],
  ...more,
});

/** The attempt that `at` makes after these others, with each of its moments in turn. */
async function everyMoment(
  before: readonly Attempt[],
  at: (moment: number) => Attempt,
  listLagMs: number,
  course: Scenario['course'],
): Promise<{ readonly worlds: readonly WorldReport[]; readonly faults: readonly string[] }> {
  const quiet = await runWorld({
    scenario: scenario([...before, at(Number.POSITIVE_INFINITY)], listLagMs, course),
    seed: SEED,
  });
  const most = quiet.attempts[before.length]?.legs[0]?.moments ?? 0;
  expect(most).toBeGreaterThan(20);
  const worlds: WorldReport[] = [];
  const faults: string[] = [];
  for (let moment = 1; moment <= Math.min(most, MOST_MOMENTS); moment += 1) {
    const world = await runWorld({ scenario: scenario([...before, at(moment)], listLagMs, course), seed: SEED });
    worlds.push(world);
    faults.push(...faultsOf(world).map((fault) => `moment ${moment}: ${fault}`));
  }
  return { worlds, faults };
}

const LAGS = [0, 30_000];
const COURSES = [
  { name: 'a quick job', course: () => QUICK },
  { name: 'a long job', course: () => LONG },
];
/** The moment at which the answer to the request has come: one save, three lists and the request are behind it. */
const JUST_MADE = 10;
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

describe.each(LAGS)('lists %d ms behind', (listLagMs) => {
  describe.each(COURSES)('$name', ({ course }) => {
    describe.each(BEFORE)('before it $before', ({ attempts }) => {
      test.each([
        { name: 'main is killed', at: (moment: number) => attempt({ killMainAt: moment }) },
        {
          name: 'main is killed, which is to leave the job to itself',
          at: (moment: number) => attempt({ killMainAt: moment }, { wait: false }),
        },
        { name: 'the machine goes down', at: (moment: number) => attempt({ killMainAt: moment, postRuns: false }) },
      ])('at every moment, $name', async ({ at }) => {
        const { faults, worlds } = await everyMoment(attempts, at, listLagMs, course);
        expect(faults).toEqual([]);
        for (const { attempts: all } of worlds) {
          expect(all[attempts.length]?.legs[0]?.outcome).toBeUndefined();
          for (const { live } of all.slice(0, attempts.length)) expect(live).toHaveLength(1);
        }
      });

      test('at every moment, the workflow is cancelled', async () => {
        const at = (moment: number) => attempt({ interruptAt: moment });
        const { faults, worlds } = await everyMoment(attempts, at, listLagMs, course);
        expect(faults).toEqual([]);
        for (const { attempts: all, jobs } of worlds) {
          const leg = all[attempts.length]?.legs[0];
          // Main comes to an end by itself, and post after it; nothing lives then.
          expect([leg?.outcome === undefined, leg?.post]).toEqual([false, 'ok']);
          expect(all[attempts.length]?.live).toEqual([]);
          if (listLagMs > 0 || leg?.interruptedAt === undefined || leg.state.request === undefined) continue;
          for (const job of jobs.filter(({ createdAt }) => createdAt <= (leg.interruptedAt ?? 0)))
            expect(overAt(job) - leg.interruptedAt).toBeLessThan(CANCEL_MS);
        }
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
      const world = await runWorld({ scenario: scenario([at(moment)], listLagMs, () => LONG), seed: SEED });
      faults.push(...faultsOf(world).map((fault) => `moment ${moment}: ${fault}`));
    }
    expect(faults).toEqual([]);
  },
);
