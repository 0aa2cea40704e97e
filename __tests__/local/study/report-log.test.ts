import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Report } from '../../../src/local/study/metrics-file.ts';
import { MOST_REPORTS, ReportLog } from '../../../src/local/study/report-log.ts';

const report = (value: number, step = value, timestamp = step, metricId = 'm'): Report => ({
  metricId,
  value,
  step: BigInt(step),
  timestamp,
});

/** What the file holds after each report, read by such and such of them. */
function readAlong(all: readonly Report[], readAt: (index: number) => boolean): ReportLog {
  const log = new ReportLog();
  for (const [index] of all.entries()) {
    if (readAt(index) || index === all.length - 1) log.add(all.slice(Math.max(0, index - 99), index + 1));
  }
  return log;
}

describe('ReportLog', () => {
  it('keeps what the file has lost, and counts a line once', () => {
    const log = new ReportLog();
    expect(log.add([report(3, 1), report(2, 2)])).toBe(true);
    expect(log.add([report(2, 2)])).toBe(false);
    expect(log.add([report(1, 3)])).toBe(true);
    expect(log.all().map(({ value }) => value)).toEqual([3, 2, 1]);
  });

  it.each<[string, (index: number) => Report]>([
    ['of one metric at many steps', (index) => report(index)],
    ['of two metrics at each step', (index) => report(index, index >> 1, index / 2, index % 2 === 0 ? 'a' : 'b')],
    ['without steps', (index) => report(index, 0, index)],
    ['of few steps again and again', (index) => report(index, index % 7, index)],
  ])('holds its size among many reports %s, and is not told old ones as new', (_name, make) => {
    const all = Array.from({ length: 20_000 }, (_unused, index) => make(index));
    const log = readAlong(all, (index) => index % 50 === 0);
    const kept = log.all();
    expect(kept.length).toBeLessThanOrEqual(MOST_REPORTS);
    expect(log.isThinned).toBe(true);
    expect(log.add(all.slice(-100))).toBe(false);
    expect(kept.slice(-100)).toEqual(all.slice(-100));
    for (const metricId of new Set(all.map((each) => each.metricId))) {
      const own = all.filter((each) => each.metricId === metricId);
      expect(kept).toEqual(expect.arrayContaining([own[0], own.at(-1)]));
    }
  });

  it('has the best and the worst value of all, whatever their order', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1500, maxLength: 3000 });
    fc.assert(
      fc.property(values, (numbers) => {
        const kept = readAlong(
          numbers.map((value, index) => report(value, index)),
          (index) => index % 40 === 0,
        ).all();
        const found = kept.map(({ value }) => value);
        expect([Math.min(...found), Math.max(...found)]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
      }),
      { numRuns: 5 },
    );
  });
});
