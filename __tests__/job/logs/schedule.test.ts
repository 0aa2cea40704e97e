import { describe, expect, test } from '@jest/globals';
import { watchedJobs } from '../../../src/job/logs/job-ids.ts';
import { advance, type Pass, partOf } from '../../../src/job/logs/passes.ts';
import { passSchedule, type Want } from '../../../src/job/logs/schedule.ts';
import { CLOUD_WINDOW, keyOf, logWindow } from '../../../src/job/logs/window.ts';
import { job, TUNING, trial } from '../jobs.ts';
import { entry, START } from './entries.ts';

const MINUTE = 60_000;
const RESTS = { dueMs: 10_000, endingMs: 5_000 };

/** A schedule whose passes find nothing, of a window that holds an entry a second. */
function scene(seconds: number, limits = CLOUD_WINDOW) {
  const window = logWindow(limits);
  const ids = watchedJobs();
  ids.see(job('RUNNING', { name: TUNING }), undefined);
  const schedule = passSchedule(window, ids);
  const write = (from: number, to: number) => {
    for (let second = from; second < to; second += 1) window.take(keyOf(entry(second, 'a')), START + second * 1_000, 0);
  };
  const begin = (now: number, want: Want = 'due') => {
    const pass = schedule.choose(want, now);
    if (pass === undefined) throw new Error('no pass is due');
    return pass;
  };
  const end = (pass: Pass, now: number) => schedule.end(pass, now, RESTS);
  end(begin(START), START);
  write(0, seconds);
  return { window, ids, schedule, write, begin, end, now: START + MINUTE };
}
const filters = (pass: Pass) => pass.parts.map(({ filter }) => filter);

describe('the passes', () => {
  test('begin with everything', () => {
    const ids = watchedJobs();
    ids.see(job('RUNNING'), undefined);
    const pass = passSchedule(logWindow(CLOUD_WINDOW), ids).choose('due', START);
    expect(pass?.kind).toBe('full');
    expect(pass?.parts).toEqual([{ filter: 'resource.type="ml_job" AND resource.labels.job_id="77"', again: false }]);
  });

  test('read what is new, dated about then, and rest between', () => {
    const { schedule, begin, end, now } = scene(2_000);
    const pass = begin(now);
    expect(pass.kind).toBe('near');
    expect(filters(pass)).toEqual([
      'resource.type="ml_job" AND resource.labels.job_id="88"' +
        ' AND timestamp>="2026-11-01T00:06:39.000Z" AND receiveTimestamp>="2026-11-01T00:16:39.000Z"',
    ]);
    end(pass, now);
    expect(schedule.choose('due', now + 9_999)).toBeUndefined();
    expect(schedule.choose('near', now + 4_999)).toBeUndefined();
    expect(schedule.choose('near', now + 5_000)?.kind).toBe('near');
  });

  test('go over the whole window every ten minutes, what is new first', () => {
    const { schedule, begin, end, window } = scene(2_000);
    const at = START + 10 * MINUTE;
    const near = begin(at);
    expect(near.kind).toBe('near');
    end(near, at);
    const full = begin(at + 1);
    expect([full.kind, filters(full)]).toEqual(['full', ['resource.type="ml_job" AND resource.labels.job_id="88"']]);
    // What is new goes before the rest of it.
    expect(begin(at + 10_000).kind).toBe('near');
    end(begin(at + 10_000), at + 10_000);
    end(full, at + 11_000);
    expect(window.startMs).toBe(START + 1_999_000 - 10 * MINUTE);
    expect(schedule.choose('due', at + 12_000)).toBeUndefined();
    expect(begin(at + 30_000).kind).toBe('near');
  });

  test('over a window that fits a page take the place of those over its end', () => {
    const { begin, end } = scene(900);
    const at = START + 10 * MINUTE;
    const full = begin(at);
    expect(full.kind).toBe('full');
    end(full, at);
    expect(begin(at + 10_000).kind).toBe('near');
  });

  test('that another has overtaken know what that has read', () => {
    const { begin, end, schedule } = scene(2_000);
    const at = START + 10 * MINUTE;
    end(begin(at), at);
    const full = begin(at + 1);
    const near = begin(at + 10_000);
    schedule.read(near, START + 5_000_000);
    expect([near.knownMs, full.knownMs]).toEqual([START + 1_999_000, START + 5_000_000]);
  });

  test('over a window that has moved on begin anew', () => {
    const { begin, end, write } = scene(2_000, { lateMs: 10 * MINUTE, most: 2_000 });
    const at = START + 10 * MINUTE;
    end(begin(at), at);
    const full = begin(at + 1);
    advance(full, 'token', '2026-11-01T00:01:00Z');
    write(2_000, 3_000);
    end(begin(at + 10_000), at + 10_000);
    begin(at + 20_001);
    end(begin(at + 20_001), at + 20_001);
    const again = begin(at + 20_002);
    expect(again.kind).toBe('full');
    expect(again).not.toBe(full);
    expect(partOf(again)?.filter).toContain('receiveTimestamp>="2026-11-01T00:16:40.000Z"');
  });

  test('of a job that writes too much ask for what is dated long ago now and then', () => {
    const { begin, end, now } = scene(5_000, { lateMs: 10 * MINUTE, most: 100 });
    const odd = begin(now);
    expect(odd.kind).toBe('near');
    expect(filters(odd)[1]).toBe(
      'resource.type="ml_job" AND resource.labels.job_id="88"' +
        ' AND timestamp<"2026-11-01T01:11:40.000Z" AND receiveTimestamp>="2026-11-01T01:21:40.000Z"',
    );
    end(odd, now);
    expect(filters(begin(now + 10_000))).toHaveLength(1);
    end(begin(now + 10_000), now + 10_000);
    expect(filters(begin(now + 50_000))).toHaveLength(2);
  });
});

describe('whose entries are read', () => {
  const study = (...states: ('ACTIVE' | 'SUCCEEDED')[]) =>
    job('RUNNING', {
      name: TUNING,
      trials: states.map((state, index) => trial(`${index + 1}`, state, undefined, { customJob: `x/${index + 1}` })),
    });

  test('a new job is read from its beginning, whenever that was', () => {
    const { ids, begin, now } = scene(2_000);
    ids.see(study('ACTIVE'), START + 1_999_000);
    expect(begin(now).parts.at(-1)).toEqual({
      filter: 'resource.type="ml_job" AND resource.labels.job_id="1"',
      again: false,
    });
  });

  test('a trial is read until everything of the time of its end is settled', () => {
    const ids = watchedJobs();
    ids.see(study('ACTIVE', 'ACTIVE'), START);
    ids.read(ids.fresh);
    ids.see(study('SUCCEEDED', 'ACTIVE'), START);
    ids.settle(START + 2 * MINUTE);
    expect(ids.current).toEqual(['88', '1', '2']);
    ids.settle(START + 2 * MINUTE + 1);
    expect(ids.current).toEqual(['88', '2']);
    expect(ids.all).toEqual(['88', '1', '2']);
  });

  test('a pipeline is read by the job that does its work, as soon as that is known', () => {
    const ids = watchedJobs();
    ids.see(job('PENDING', { name: 'projects/1/locations/l/trainingPipelines/9' }), undefined);
    ids.read(ids.fresh);
    ids.see(
      job('RUNNING', { name: 'projects/1/locations/l/trainingPipelines/9', backing: 'x/customJobs/10' }),
      undefined,
    );
    expect([ids.current, ids.fresh]).toEqual([['9'], ['10']]);
  });
});
