import { beforeAll, describe, expect, test } from '@jest/globals';
import { runLong } from './long-run.ts';
import type { LongRun } from './scene.ts';

type Stage = 'started' | 'measured' | 'ended';

interface News extends Readonly<Record<Stage | 'infeasible' | 'progress', number>> {
  readonly distinct: Readonly<Record<Stage, number>>;
  readonly wrongBest: readonly string[];
  readonly others: readonly string[];
}

describe('a study of a thousand trials, followed in simulated time', () => {
  let run: LongRun & { readonly news: News };
  beforeAll(async () => {
    run = await runLong('study.ts');
  }, 300_000);

  test('is seen to its end, and each trial is told as it starts, measures and ends', () => {
    expect([run.state, run.error, run.stopped]).toEqual(['SUCCEEDED', undefined, undefined]);
    expect(run.endLateMs).toBeLessThanOrEqual(21_000);
    const { started, ended, infeasible, distinct, others } = run.news;
    expect(distinct).toEqual({ started: 1_000, measured: 1_000, ended: 1_000 });
    expect([started, ended, infeasible]).toEqual([1_000, 1_000, 20]);
    expect(others.map((line) => line.replace(/\d+ h \d+ min/, 'HOURS'))).toEqual([
      'info: Job is PENDING: its machines are being prepared.',
      'info: Job is RUNNING after 4 min in the queue.',
      'info: Job is SUCCEEDED after HOURS of running and 4 min in the queue.',
    ]);
  });

  test('tells the best so far with every end, and the truth of it', () => {
    expect(run.news.wrongBest).toEqual([]);
    expect(run.news.progress).toBeGreaterThan(500);
    expect(run.news.progress).toBeLessThanOrEqual(1_000);
  });

  test('tells of measurements on the way some four a minute, however many trials run', () => {
    expect(run.news.measured).toBeLessThan(4.5 * 60 * run.hours + 1_000);
  });

  test('is asked for no oftener than every ten seconds on account of its trials, and a crashed trial once', () => {
    expect(run.gets).toBeLessThan(360 * run.hours + 3 * 90);
    expect(run.otherGets).toBeGreaterThanOrEqual(20);
    expect(run.otherGets).toBeLessThan(30);
  });

  test('has its log read within half of the quota in any minute, and five times a minute in the whole', () => {
    expect([run.reads.mostInAMinute <= 30, run.reads.throttled]).toEqual([true, 0]);
    expect(run.reads.reads).toBeLessThan(300 * run.hours);
  });

  test('takes a token for each four minutes, and is never refused', () => {
    expect(run.tokens.exchanges).toBeGreaterThan((run.hours * 60) / 5);
    expect(run.tokens.exchanges).toBeLessThanOrEqual((run.hours * 60) / 4 + 1);
    expect([run.tokens.oidc, run.tokens.refused]).toEqual([run.tokens.exchanges, 0]);
  });

  test('has each line of each trial told once, as its own', () => {
    expect(run.lines.written).toBeGreaterThan(15_000);
    expect(run.lines).toEqual({ written: run.lines.written, once: run.lines.written, wrong: [] });
  });

  test('keeps some megabytes of it in memory', () => {
    expect(run.heap.most - run.heap.first).toBeLessThan(12);
    expect(run.sleeping).toBe(0);
  });
});
