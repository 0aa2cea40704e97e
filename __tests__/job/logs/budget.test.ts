import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CLOUD_READ_PACE,
  firstAllowance,
  LOCAL_READ_PACE,
  type Recent,
  readBudget,
  saved,
  spent,
  waitForRead,
} from '../../../src/job/logs/budget.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const USUAL: Recent = {
  ageMs: MINUTE,
  idleMs: 0,
  pages: 1,
  passMs: 200,
  share: 30,
  throttled: 0,
  failed: 0,
  entryChars: 200,
};
/** Half way between the least and the most jitter. */
const EVEN = 0.5;

describe('the wait before the next pass', () => {
  test.each<{ name: string; recent: Partial<Recent>; seconds: number }>([
    { name: 'a job that has just begun', recent: {}, seconds: 5 },
    { name: 'one of an hour', recent: { ageMs: HOUR }, seconds: 10 },
    { name: 'one of a day', recent: { ageMs: 24 * HOUR }, seconds: 15 },
    { name: 'one that waits for its machines', recent: { ageMs: 3 * MINUTE, idleMs: 3 * MINUTE }, seconds: 18 },
    { name: 'one that has been silent for an hour', recent: { ageMs: HOUR, idleMs: HOUR }, seconds: 30 },
    { name: 'a pass of ten pages', recent: { pages: 10, passMs: 0 }, seconds: 20 },
    { name: 'a pass of ten pages that took as long', recent: { pages: 10, passMs: 20_000 }, seconds: 5 },
    { name: 'a share that others have cut', recent: { share: 2 }, seconds: 29.8 },
    { name: 'one answer 429', recent: { throttled: 1 }, seconds: 15 },
    { name: 'three answers 429', recent: { throttled: 3 }, seconds: 60 },
    { name: 'many answers 429', recent: { throttled: 40 }, seconds: 120 },
    { name: 'a failure', recent: { failed: 1 }, seconds: 2 },
    { name: 'many failures', recent: { failed: 40 }, seconds: 60 },
  ])('after $name: $seconds s', ({ recent, seconds }) => {
    expect(readBudget({ ...USUAL, ...recent }, CLOUD_READ_PACE, EVEN).waitMs).toBe(seconds * 1_000);
  });

  test('is spread, for the jobs of one project', () => {
    const waits = [0, 0.999].map((random) => readBudget({ ...USUAL, throttled: 2 }, CLOUD_READ_PACE, random).waitMs);
    expect(waits).toEqual([22_500, 37_485]);
  });

  test('of a service on this machine is none while lines come', () => {
    expect(readBudget({ ...USUAL, share: 6_000 }, LOCAL_READ_PACE, EVEN).waitMs).toBe(0);
    expect(readBudget({ ...USUAL, share: 6_000, idleMs: HOUR }, LOCAL_READ_PACE, EVEN).waitMs).toBe(1_000);
  });
});

describe('the size of a page', () => {
  test.each([
    { entryChars: 200, size: 1_000 },
    { entryChars: 8_388, size: 1_000 },
    { entryChars: 80_000, size: 104 },
    { entryChars: 262_144, size: 32 },
    { entryChars: 1e9, size: 20 },
    { entryChars: 0, size: 1_000 },
  ])('of entries of $entryChars characters: $size', ({ entryChars, size }) => {
    expect(readBudget({ ...USUAL, entryChars }, CLOUD_READ_PACE, EVEN).pageSize).toBe(size);
  });
});

describe('the allowance', () => {
  test('is ten reads at first, and half a minute of reads at most', () => {
    const first = firstAllowance(CLOUD_READ_PACE, 0);
    expect(first.saved).toBe(10);
    expect(saved(first, HOUR).saved).toBe(15);
  });

  test('lets a read be made as soon as one has come together', () => {
    let allowance = firstAllowance(CLOUD_READ_PACE, 0);
    for (let read = 0; read < 10; read += 1) allowance = spent(allowance, 'failed', CLOUD_READ_PACE);
    expect(waitForRead(allowance)).toBe(2_000);
    expect(waitForRead(saved(allowance, 1_999))).toBe(1);
    expect(waitForRead(saved(allowance, 2_000))).toBe(0);
  });

  test('takes no harm from a clock that goes back', () => {
    expect(saved({ share: 30, saved: 5, atMs: HOUR }, 0)).toEqual({ share: 30, saved: 5, atMs: 0 });
  });

  test('is halved by an answer 429, never below two reads a minute, and grows by about one a minute', () => {
    let allowance = firstAllowance(CLOUD_READ_PACE, 0);
    const shares = [1, 2, 3, 4, 5].map(() => {
      allowance = spent(allowance, 'throttled', CLOUD_READ_PACE);
      return allowance.share;
    });
    expect(shares).toEqual([15, 7.5, 3.75, 2, 2]);
    for (let read = 0; read < 2; read += 1) allowance = spent(allowance, 'read', CLOUD_READ_PACE);
    expect(allowance.share).toBeCloseTo(2.9);
    for (let read = 0; read < 1_000; read += 1) allowance = spent(allowance, 'read', CLOUD_READ_PACE);
    expect(allowance.share).toBe(30);
  });

  test('keeps a job at half of the quota, and below three quarters in any minute, whenever it reads', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { minLength: 200, maxLength: 400 }), (waits) => {
        let allowance = firstAllowance(CLOUD_READ_PACE, 0);
        let now = 0;
        const reads: number[] = [];
        for (const wait of waits) {
          now += wait;
          allowance = saved(allowance, now);
          if (waitForRead(allowance) > 0) continue;
          reads.push(now);
          allowance = spent(allowance, 'read', CLOUD_READ_PACE);
        }
        const most = Math.max(...reads.map((from) => reads.filter((at) => at >= from && at < from + MINUTE).length));
        // What was saved up in one minute may be spent in the next.
        expect(most).toBeLessThanOrEqual(46);
        expect(reads.length).toBeLessThanOrEqual(10 + (30 * now) / MINUTE + 1);
      }),
    );
  });
});
