import { beforeAll, describe, expect, test } from '@jest/globals';
import { runLong } from './long-run.ts';
import type { LongRun } from './scene.ts';

describe('a job of seven days, followed in simulated time', () => {
  let run: LongRun & { readonly told: readonly string[] };
  beforeAll(async () => {
    run = await runLong('week.ts');
  }, 300_000);

  test('is seen to its end, soon, and everything in between is told', () => {
    expect([run.state, run.error, run.stopped]).toEqual(['SUCCEEDED', undefined, undefined]);
    expect(run.endLateMs).toBeLessThanOrEqual(21_000);
    // Entries came up to nine minutes late: the end of the log is waited for.
    expect(run.overLateMs).toBeLessThan(10 * 60_000);
    expect(run.told.map((line) => line.replace(/\d+ min\./, 'N min.'))).toEqual([
      'info: Job is QUEUED: it waits for its turn, or for quota of the project that is in use.',
      'info: Job is PENDING: its machines are being prepared.',
      'info: Job is RUNNING after 3 min in the queue.',
      "info: The job's log has not been readable for 3 min (HTTP 503: out of reach); it is asked for again and again, and told later.",
      'warning: For 5 min Vertex AI has not told of the job, which runs on: HTTP 503: out of reach',
      'info: Vertex AI answers again, after N min.',
      "info: The job's log can be read again; nothing of it is left out.",
      "info: The job's log has not been readable for 3 min (GitHub gave this step no OIDC token: HTTP 500); it is asked for again and again, and told later.",
      'warning: For 5 min Vertex AI has not told of the job, which runs on: GitHub gave this step no OIDC token: HTTP 500',
      'info: Vertex AI answers again, after N min.',
      "info: The job's log can be read again; nothing of it is left out.",
      'info: Job is SUCCEEDED after 7 days of running and 3 min in the queue.',
    ]);
  });

  test('is asked for 180 to 225 times an hour, and some eighty times more after each change', () => {
    expect(run.gets).toBeGreaterThan(180 * run.hours);
    expect(run.gets).toBeLessThan(225 * run.hours + 3 * 90);
  });

  test('has its log read within half of the quota in any minute, and three times a minute in the whole', () => {
    expect([run.reads.mostInAMinute <= 30, run.reads.throttled]).toEqual([true, 0]);
    expect(run.reads.reads).toBeGreaterThan(60 * run.hours);
    expect(run.reads.reads).toBeLessThan(180 * run.hours);
  });

  test('takes a token for each four minutes, and is never refused', () => {
    expect(run.tokens.exchanges).toBeGreaterThan((run.hours * 60) / 5);
    expect(run.tokens.exchanges).toBeLessThanOrEqual((run.hours * 60) / 4 + 1);
    expect([run.tokens.oidc, run.tokens.refused]).toEqual([run.tokens.exchanges, 0]);
  });

  test('has each line of its log told once', () => {
    expect(run.lines.written).toBeGreaterThan(70_000);
    expect(run.lines).toEqual({ written: run.lines.written, once: run.lines.written, wrong: [] });
  });

  test('takes no more memory at its end than at its beginning, and little more for 20,000 lines in a minute', () => {
    expect(run.heap.last - run.heap.first).toBeLessThan(4);
    expect(run.heap.most - run.heap.first).toBeLessThan(16);
    expect(run.sleeping).toBe(0);
  });
});
