import { describe, expect, test } from '@jest/globals';
import type { Mishap } from '../e2e/parts/google-apis.ts';
import { checksOf, told } from './given.ts';
import { ManualClock } from './manual-clock.ts';
import { EVERYTHING, GOOD, PARENT, run, started, until } from './world.ts';

describe('a service that fails for the moment', () => {
  test.each([
    { name: 'HTTP 503', mishap: { status: 503, body: { error: { message: 'busy' } } } },
    { name: 'HTTP 429', mishap: { status: 429, body: { error: { message: 'too many' } } } },
    { name: 'a connection that breaks', mishap: 'reset' },
  ] as const)('by $name is asked once more', async ({ mishap }) => {
    const { google, ran } = await failing(mishap, 1);
    expect((await ran).findings).toEqual([]);
    expect(google.requests()).toHaveLength(2);
  });

  test('twice is a note', async () => {
    const { google, ran } = await failing({ status: 503, body: { error: { message: 'busy' } } }, 9);
    expect(told((await ran).findings)).toEqual([
      'note: args: could not be checked: Is gs://my-data in us-central1 and in project my-project, as the job is? get gs://my-data: HTTP 503: busy. [not-checked]',
    ]);
    expect(google.requests()).toHaveLength(2);
  });
});

/** A check of a bucket whose service fails so many times, at the moment when it is asked once more. */
async function failing(mishap: Mishap, times: number) {
  const google = await started(GOOD);
  google.goWrong('/b/my-data', mishap, times);
  const clock = new ManualClock();
  const checks = checksOf({ args: 'gs://my-data' }).filter(({ kind }) => kind === 'bucket');
  const ran = run(google, checks, { clock });
  // The whole sleeps, the check, and the wait between the two attempts.
  await until(() => clock.asleep === 3);
  expect(google.requests()).toHaveLength(1);
  clock.advance(500);
  return { google, ran };
}

describe('time', () => {
  test('that one service takes is cut after 15 seconds, and the others are told', async () => {
    const google = await started(GOOD);
    google.goWrong('tensorboards', 'hang');
    const clock = new ManualClock();
    const ran = run(google, checksOf(EVERYTHING), { clock });
    // The whole and the one check sleep; every other has ended.
    await until(() => clock.asleep === 2 && google.requests().length === 15);
    clock.advance(15_000);
    const { findings, projectNumber } = await ran;
    expect(told(findings)).toEqual([
      `note: tensorboard: could not be checked: Is there a TensorBoard instance ${PARENT}/tensorboards/7, in us-central1 as the job is? no answer within 15 seconds. [not-checked]`,
    ]);
    expect([projectNumber, clock.asleep]).toEqual(['42', 0]);
  });

  test('that the project takes costs no other finding', async () => {
    const google = await started({ ...GOOD, buckets: {} });
    google.goWrong('/v3/projects/my-project', 'hang');
    const clock = new ManualClock();
    const checks = checksOf({ args: 'gs://my-data' }).filter(({ kind }) => kind === 'project' || kind === 'bucket');
    const ran = run(google, checks, { clock });
    // The whole, the project, and the two checks that wait for it.
    await until(() => clock.asleep === 4 && google.requests().length === 2);
    clock.advance(10_000);
    expect((await ran).findings.map(({ level, fault }) => [level, fault.rule])).toEqual([
      ['note', 'not-checked'],
      ['error', 'bucket-missing'],
    ]);
  });

  test('is 20 seconds in all, whatever hangs', async () => {
    const google = await started(GOOD);
    google.goWrong('/', 'hang', 99);
    const clock = new ManualClock();
    const checks = checksOf(EVERYTHING);
    const ran = run(google, checks, { clock });
    await until(() => google.requests().length === 8);
    clock.advance(10_000);
    // The project was given up, and one more check begun.
    await until(() => google.requests().length === 9);
    clock.advance(5_000);
    // The seven that were begun with it were given up, and all others begun.
    await until(() => google.requests().length === checks.length);
    clock.advance(5_000);
    const { findings, projectNumber, models } = await ran;
    expect(findings.map(({ fault }) => fault.rule)).toEqual(checks.map(() => 'not-checked'));
    const reasons = told(findings).map((text) => /no answer within \d+ seconds/.exec(text)?.[0]);
    expect(reasons).toEqual(
      checks.map((_, index) => `no answer within ${index === 0 ? 10 : index < 8 ? 15 : 20} seconds`),
    );
    expect([projectNumber, models.size, clock.asleep]).toEqual([undefined, 0, 0]);
  });
});

test('no more than nine requests are open at a time, and as many as that', async () => {
  let release: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const google = await started(GOOD, { before: () => gate });
  const many = Array.from({ length: 40 }, (_, index) => `gs://bucket-${index}/x`).join('\n');
  const ran = run(google, checksOf({ args: many }));
  await until(() => google.mostOpen() === 8);
  release();
  await ran;
  expect(google.mostOpen()).toBeLessThanOrEqual(9);
  expect(google.requests()).toHaveLength(43);
});

describe('a cancelled step', () => {
  test('ends at once with its reason', async () => {
    const google = await started(GOOD);
    google.goWrong('/', 'hang', 99);
    const stop = new AbortController();
    const ran = run(google, checksOf(EVERYTHING), { signal: stop.signal, clock: new ManualClock() });
    await until(() => google.requests().length === 8);
    const reason = new Error('cancelled');
    stop.abort(reason);
    await expect(ran).rejects.toBe(reason);
  });

  test('asks nothing', async () => {
    const google = await started(GOOD);
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(run(google, checksOf(EVERYTHING), { signal })).rejects.toThrow('cancelled');
    expect(google.requests()).toEqual([]);
  });
});
