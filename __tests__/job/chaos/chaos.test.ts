import { expect, test } from '@jest/globals';
import { faultsOf } from './judge.ts';
import { Random } from './random.ts';
import { scenarioOf } from './scenario.ts';
import { runWorld, type WorldReport } from './world.ts';

/** CHAOS_SEED=n runs that seed alone and prints what happens; CHAOS_RUNS=n runs so many. */
const { CHAOS_SEED, CHAOS_RUNS } = process.env;
const RUNS = Number(CHAOS_RUNS ?? 400);

async function run(seed: number, trace: (line: string) => void = () => {}): Promise<WorldReport> {
  const random = new Random(seed);
  return runWorld({ scenario: scenarioOf(random), random, trace });
}

async function verdictOf(seed: number, trace?: (line: string) => void): Promise<string[]> {
  try {
    return faultsOf(await run(seed, trace));
  } catch (error) {
    return [error instanceof Error ? `${error.stack}` : String(error)];
  }
}

test('one job survives, no double outlives its bound, nothing is left, and the truth is told', async () => {
  const seeds = CHAOS_SEED === undefined ? Array.from({ length: RUNS }, (_, index) => index + 1) : [Number(CHAOS_SEED)];
  const trace = CHAOS_SEED === undefined ? undefined : (line: string) => process.stderr.write(`${line}\n`);
  const failed: string[] = [];
  for (const seed of seeds) {
    const faults = await verdictOf(seed, trace);
    if (faults.length > 0) failed.push(`CHAOS_SEED=${seed}:\n  ${faults.join('\n  ')}`);
  }
  expect(failed.join('\n')).toBe('');
}, 120_000);
