import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import type { SubmitOptions, Submitted } from '../../../src/job/submit/submit.ts';
import { followSurvivor, settleFully } from '../../../src/job/submit/survivor.ts';
import type { Clock } from '../../../src/retry.ts';
import { hasEnded, type Job } from '../../../src/vertex/jobs.ts';
import { Life } from '../chaos/life.ts';
import { VirtualTime } from '../chaos/time.ts';
import { PARENT, requestOf, Shelf, scene, stepJob } from './scene.ts';

const STOP = new Error('This step was cancelled (SIGINT).');

/** A step of attempt 2 that follows job `mine`, while time goes on for all alike. */
function stage(shelf: Shelf, more: Partial<SubmitOptions> = {}) {
  const time = new VirtualTime(0);
  const clock: Clock = new Life(time, { killAt: Number.POSITIVE_INFINITY, died: () => {} }).clock;
  const { options, log, controller, told } = scene(shelf, { clock, request: requestOf(2), ...more });
  const job = shelf.jobs.get(`${PARENT}/customJobs/mine`) ?? stepJob('mine', 'RUNNING', { attempt: 2 });
  const submitted: Submitted = {
    job,
    how: 'created',
    earlierAttempt: undefined,
    lookAgain: [30_000, 90_000, 600_000],
    quietAt: 90_000,
  };
  const followed: string[] = [];
  /** Looks once a second; cancels the job and gives it when it is told to stop. */
  const follow = async (first: Job, signal: AbortSignal): Promise<{ readonly job: Job }> => {
    followed.push(first.name.slice(first.name.lastIndexOf('/') + 1));
    for (;;) {
      const now = shelf.jobs.get(first.name) ?? first;
      if (hasEnded(now)) return { job: now };
      if (signal.aborted) {
        await shelf.api.cancel(first.name);
        return { job: shelf.jobs.get(first.name) ?? first };
      }
      await clock.sleep(1_000, signal).catch(() => {});
    }
  };
  const play = async <T>(act: () => Promise<T>): Promise<T> => {
    let result: T | undefined;
    let thrown: { error: unknown } | undefined;
    await time.pass(
      act().then(
        (value) => {
          result = value;
        },
        (error: unknown) => {
          thrown = { error };
        },
      ),
    );
    if (thrown !== undefined) throw thrown.error;
    return result as T;
  };
  return { time, options, log, controller, told, submitted, followed, follow, play };
}

const older = (state: string) => stepJob('older', state, { at: '2026-10-31T00:00:00Z' });
const mine = (state: string) => stepJob('mine', state, { attempt: 2 });

describe('the job that is followed', () => {
  test('is given with its success, and later looks are left to post', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(10_000, () => shelf.set('mine', 'SUCCEEDED'));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe('SUCCEEDED');
    expect([time.now(), followed, shelf.lists]).toEqual([10_000, ['mine'], 0]);
  });

  test('is looked beside at each time, and alone goes on', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(700_000, () => shelf.set('mine', 'SUCCEEDED'));
    await play(() => followSurvivor(submitted, options, follow));
    expect([followed, shelf.lists, shelf.calls.filter((call) => call.startsWith('cancel'))]).toEqual([['mine'], 9, []]);
  });

  test('gives way to an older one that turns up: it is cancelled, and the older one is followed to its end', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed, log, told } = stage(shelf);
    time.after(50_000, () => shelf.put(older('RUNNING')));
    time.after(300_000, () => shelf.set('older', 'SUCCEEDED'));
    const { job } = await play(() => followSurvivor(submitted, options, follow));
    expect([job.name, job.state]).toEqual([`${PARENT}/customJobs/older`, 'SUCCEEDED']);
    expect([followed, shelf.states()['mine'], told.includes('older')]).toEqual([['mine', 'older'], 'CANCELLED', true]);
    expect(log.texts('notice')).toEqual([
      `Another job stands for this step: ${job.name}, which is RUNNING, and not ${PARENT}/customJobs/mine.`,
    ]);
  });

  test('gives way at once: the older one may come to a bad end before the last look is due', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(10_000, () => shelf.put(older('RUNNING')));
    time.after(60_000, () => shelf.set('older', 'FAILED'));
    const seen: number[] = [];
    const watch: typeof follow = (job, signal) => {
      seen.push(time.now());
      return follow(job, signal);
    };
    const { job } = await play(() => followSurvivor(submitted, options, watch));
    expect([job.name, job.state]).toEqual([`${PARENT}/customJobs/older`, 'FAILED']);
    expect([followed, seen, shelf.states()['mine']]).toEqual([['mine', 'older'], [0, 30_000], 'CANCELLED']);
  });

  test('gives way to one whose end is the end of the step, even where it comes while this one is cancelled', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(10_000, () => shelf.put(older('RUNNING')));
    shelf.fault = (call) => void (call === 'cancel mine' && shelf.set('older', 'FAILED'));
    const { job } = await play(() => followSurvivor(submitted, options, follow));
    expect([job.name, job.state]).toEqual([`${PARENT}/customJobs/older`, 'FAILED']);
    expect([followed, shelf.states()['mine']]).toEqual([['mine', 'older'], 'CANCELLED']);
  });

  test('stays where another one turns up that is younger: that one is cancelled', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(50_000, () => shelf.put(stepJob('late', 'QUEUED', { at: '2026-11-09T00:00:00Z' })));
    time.after(300_000, () => shelf.set('mine', 'SUCCEEDED'));
    await play(() => followSurvivor(submitted, options, follow));
    expect([followed, shelf.states()]).toEqual([['mine'], { mine: 'SUCCEEDED', late: 'CANCELLED' }]);
  });

  test('that succeeds against its cancel stands, and the other one is cancelled', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(50_000, () => {
      shelf.put(older('RUNNING'));
      shelf.cancelledIs = 'SUCCEEDED';
    });
    const { job } = await play(() => followSurvivor(submitted, options, follow));
    expect([job.name, job.state, followed]).toEqual([`${PARENT}/customJobs/mine`, 'SUCCEEDED', ['mine']]);
    expect(shelf.calls).toContain('cancel older');
  });
});

test('a job that has succeeded stands, though lists show it no more', async () => {
  const shelf = new Shelf(mine('RUNNING'));
  const { time, play, follow, submitted, options } = stage(shelf);
  const other = stepJob('other', 'SUCCEEDED', { attempt: 2, at: '2026-11-09T00:00:00Z' });
  time.after(85_000, () => shelf.put(other));
  shelf.fault = (call) => void (call === 'cancel mine' && shelf.hidden.add(other.name));
  expect((await play(() => followSurvivor(submitted, options, follow))).job).toEqual(other);
  expect(shelf.states()['mine']).toBe('CANCELLED');
});

describe('an end that is no success', () => {
  test.each(['FAILED', 'CANCELLED', 'EXPIRED'])('%s is taken only when no older job can turn up', async (state) => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options } = stage(shelf);
    time.after(5_000, () => shelf.set('mine', state));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe(state);
    expect(time.now()).toBe(90_000);
  });

  test('of a double: the older job is followed', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, followed } = stage(shelf);
    time.after(5_000, () => shelf.set('mine', 'CANCELLED'));
    time.after(60_000, () => shelf.put(older('RUNNING')));
    time.after(120_000, () => shelf.set('older', 'SUCCEEDED'));
    const { job } = await play(() => followSurvivor(submitted, options, follow));
    expect([job.name, followed]).toEqual([`${PARENT}/customJobs/older`, ['mine', 'older']]);
  });

  // Long after the last look somebody else, who knew of a job that had succeeded, cancelled this one.
  test('long after the last look is looked beside once more', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options } = stage(shelf);
    time.after(500_000, () => {
      shelf.put(stepJob('other', 'SUCCEEDED', { at: '2026-11-09T00:00:00Z' }));
      shelf.set('mine', 'CANCELLED');
    });
    const { job } = await play(() => followSurvivor(submitted, options, follow));
    expect([job.name, job.state]).toEqual([`${PARENT}/customJobs/other`, 'SUCCEEDED']);
  });

  test('of a job of an earlier attempt that was joined is the end of the step', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING'));
    const { time, play, follow, submitted, options } = stage(shelf);
    time.after(5_000, () => shelf.set('mine', 'FAILED'));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe('FAILED');
  });

  test('is told as it is where no look can be had', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    shelf.fault = (call) => {
      if (call.startsWith('list')) throw new ApiError('list: HTTP 403: no', 403);
    };
    const { time, play, follow, submitted, options, log } = stage(shelf);
    time.after(5_000, () => shelf.set('mine', 'FAILED'));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe('FAILED');
    expect(log.texts('warning')[0]).toContain('could not be found out: list: HTTP 403: no');
  });
});

describe('another step with the same identity', () => {
  test('that came first ends this one, whose job is cancelled', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options } = stage(shelf);
    time.after(50_000, () =>
      shelf.put(stepJob('theirs', 'RUNNING', { attempt: 2, request: 'other', at: '2026-10-31T00:00:00Z' })),
    );
    await expect(play(() => followSurvivor(submitted, options, follow))).rejects.toThrow(UserError);
    expect(shelf.states()).toEqual({ mine: 'CANCELLED', theirs: 'RUNNING' });
  });
});

describe('a step that is cancelled', () => {
  test('gives what following gives, and looks no more', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, controller } = stage(shelf);
    time.after(40_000, () => controller.abort(STOP));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe('CANCELLED');
    expect(time.now()).toBe(40_000);
  });

  test('throws what following throws', async () => {
    const { time, play, submitted, options, controller } = stage(new Shelf(mine('RUNNING')));
    time.after(40_000, () => controller.abort(STOP));
    const never = (_: Job, signal: AbortSignal) =>
      options.clock.sleep(1e9, signal).then(() => ({ job: submitted.job }));
    await expect(play(() => followSurvivor(submitted, options, never))).rejects.toBe(STOP);
  });

  test('while a bad end waits for the last look gives that end', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, follow, submitted, options, controller } = stage(shelf);
    time.after(5_000, () => shelf.set('mine', 'FAILED'));
    time.after(10_000, () => controller.abort(STOP));
    expect((await play(() => followSurvivor(submitted, options, follow))).job.state).toBe('FAILED');
    expect(time.now()).toBe(10_000);
  });
});

test('an error of following that has nothing to do with doubles is thrown', async () => {
  const { play, submitted, options } = stage(new Shelf(mine('RUNNING')));
  const error = new ApiError('no', 403);
  const failing = async () => {
    throw error;
  };
  await expect(play(() => followSurvivor(submitted, options, failing))).rejects.toBe(error);
});

describe('a job that is not followed', () => {
  test('is given when no other can turn up', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, submitted, options } = stage(shelf);
    expect((await play(() => settleFully(submitted, options))).name).toBe(`${PARENT}/customJobs/mine`);
    expect(time.now()).toBe(90_000);
  });

  test('is another one where an older one has turned up', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, submitted, options } = stage(shelf);
    time.after(80_000, () => shelf.put(older('RUNNING')));
    expect((await play(() => settleFully(submitted, options))).name).toBe(`${PARENT}/customJobs/older`);
    expect(shelf.states()).toEqual({ mine: 'CANCELLED', older: 'RUNNING' });
  });

  test('a look that fails for the time being is made again', async () => {
    const shelf = new Shelf(mine('RUNNING'));
    const { time, play, submitted, options } = stage(shelf);
    shelf.fault = (call) => {
      if (call.startsWith('list') && time.now() < 600_000) throw new ApiError('busy', 503);
    };
    await play(() => settleFully(submitted, options));
    expect(time.now()).toBeGreaterThanOrEqual(600_000);
    expect(time.now()).toBeLessThan(700_000);
  });
});
