import { expect, test } from '@jest/globals';
import { faultsOf } from './judge.ts';
import { Random } from './random.ts';
import { scenarioOf } from './scenario.ts';
import { SIGHTS, type Sight, sightsIn } from './sights.ts';
import { runWorld, type WorldReport } from './world.ts';

/** CHAOS_SEED=n runs that seed alone and prints what happens; CHAOS_RUNS=n runs so many. */
const { CHAOS_SEED, CHAOS_RUNS } = process.env;
const RUNS = Number(CHAOS_RUNS ?? 400);

const run = (seed: number, trace?: (line: string) => void): Promise<WorldReport> =>
  runWorld({ scenario: scenarioOf(new Random(seed)), seed, trace });

/** What a seed got wrong, and what was to be seen in it. */
async function outcomeOf(seed: number, trace?: (line: string) => void): Promise<{ faults: string[]; sights: Sight[] }> {
  try {
    const world = await run(seed, trace);
    return { faults: faultsOf(world), sights: sightsIn(world) };
  } catch (error) {
    return { faults: [error instanceof Error ? `${error.stack}` : String(error)], sights: [] };
  }
}

test('one job survives, no double outlives its bound, nothing is left, and the truth is told', async () => {
  const seeds = CHAOS_SEED === undefined ? Array.from({ length: RUNS }, (_, index) => index + 1) : [Number(CHAOS_SEED)];
  const trace = CHAOS_SEED === undefined ? undefined : (line: string) => process.stderr.write(`${line}\n`);
  const failed: string[] = [];
  const seen = new Set<Sight>();
  for (const seed of seeds) {
    const { faults, sights } = await outcomeOf(seed, trace);
    for (const sight of sights) seen.add(sight);
    if (faults.length > 0) failed.push(`CHAOS_SEED=${seed}:\n  ${faults.join('\n  ')}`);
  }
  expect(failed.join('\n')).toBe('');
  // Runs in which nothing happens prove nothing.
  if (seeds.length >= 300) expect(SIGHTS.filter((sight) => !seen.has(sight))).toEqual([]);
}, 120_000);

/** Seeds that found a fault, and which. */
test.each([
  [20, 'a job that failed while the step made sure of leaving it passed for success'],
  [36, 'the log of a job that ended then was not told'],
  [80, 'a job of an earlier attempt, which was to make way, was told as the step’s own'],
  [179, 'a step that was cancelled beside a job that had succeeded failed'],
  [564, 'a step that was cancelled while an earlier job made way had that one for its output'],
  [819, 'post that leaves the job cancelled it beside an earlier one that had succeeded, with on_rerun: new'],
  [997, 'post that leaves the job did not tell of one of another request that ran on'],
  [2147, 'a re-run that was cancelled at once did not see the job that the attempt before had just made'],
])('seed %d: %s', async (seed) => {
  expect((await outcomeOf(seed)).faults).toEqual([]);
});

test.each([7, 21, 99])('seed %d happens the same way again', async (seed) => {
  const traces: string[][] = [[], []];
  for (const trace of traces) await run(seed, (line) => trace.push(line));
  expect(traces[0]).toEqual(traces[1]);
  expect(traces[0]?.length).toBeGreaterThan(10);
});
