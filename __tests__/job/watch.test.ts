import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import type { VertexApi } from '../../src/google/vertex.ts';
import { CLOUD_CADENCE, type WatchOptions, watchJob } from '../../src/job/watch.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { answers, job, vertex } from './jobs.ts';

const BUSY = new ApiError('get x: HTTP 503: busy', 503);
const FORBIDDEN = new ApiError('get x: HTTP 403: forbidden', 403);

function scene(get: VertexApi['get'], more: Partial<WatchOptions> = {}) {
  const clock = new SimulatedClock();
  const log = recordingLog();
  const controller = new AbortController();
  const seen: string[] = [];
  const polled: number[] = [];
  const options: WatchOptions = {
    api: vertex({ get }),
    logs: {
      poll: async () => {
        polled.push(clock.now());
        return 0;
      },
      tail: () => [],
    },
    clock,
    cadence: CLOUD_CADENCE,
    log,
    signal: controller.signal,
    onSeen: ({ state }) => seen.push(state),
    ...more,
  };
  return { clock, log, controller, seen, polled, options };
}

describe('the end', () => {
  test.each(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'])('is %s', async (state) => {
    const { options, seen } = scene(answers<Job>(job('PENDING'), job('RUNNING'), job(state)));
    expect((await watchJob(job('QUEUED'), options)).state).toBe(state);
    expect(seen).toEqual(['PENDING', 'RUNNING', state]);
  });

  test.each([
    'QUEUED',
    'PENDING',
    'RUNNING',
    'CANCELLING',
    'PAUSED',
    'UPDATING',
    'UNSPECIFIED',
    'NEWLY_INVENTED',
    '42',
  ])('is not %s, which is waited on', async (state) => {
    const { options } = scene(answers<Job>(job(state), job(state), job(state), job('SUCCEEDED')));
    expect((await watchJob(job('RUNNING'), options)).state).toBe('SUCCEEDED');
  });

  test('of a job that has ended already asks nothing more of it', async () => {
    const { options, polled } = scene(answers<Job>(new Error('not asked')));
    expect((await watchJob(job('FAILED'), options)).state).toBe('FAILED');
    expect(polled.length).toBeGreaterThan(1);
  });
});

test('the service is asked at its cadence, and logs are read after the end too', async () => {
  const { options, clock, polled } = scene(answers<Job>(job('RUNNING'), job('SUCCEEDED')));
  await watchJob(job('RUNNING'), options);
  expect(polled).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
  expect(clock.now()).toBe(40_000);
});

test('a job that runs for a week is followed to its end', async () => {
  const { options, clock } = scene(async () => job(clock.now() < 7 * 86_400_000 ? 'RUNNING' : 'SUCCEEDED'));
  expect((await watchJob(job('RUNNING'), options)).state).toBe('SUCCEEDED');
  expect(clock.now()).toBeGreaterThan(7 * 86_400_000);
});

test('what changes is told', async () => {
  const { options, log } = scene(answers<Job>(job('RUNNING'), job('RUNNING'), job('SUCCEEDED')));
  await watchJob(job('PENDING'), options);
  expect(log.texts('info')).toEqual(['Job is RUNNING.', 'Job is SUCCEEDED.']);
});

describe('failures to read the job', () => {
  test('that may pass are survived for a quarter of an hour at least', async () => {
    const { options, clock, log } = scene(async () => {
      if (clock.now() < 900_000) throw BUSY;
      return job('SUCCEEDED');
    });
    expect((await watchJob(job('RUNNING'), options)).state).toBe('SUCCEEDED');
    expect(log.texts('debug')[0]).toMatch(/^get x: HTTP 503: busy; asked again in \d+ ms$/);
    expect(log.texts('error')).toEqual([]);
  });

  test('where no answer comes are survived', async () => {
    const { options } = scene(answers<Job>(new ApiError('get x: no answer', undefined), job('SUCCEEDED')));
    expect((await watchJob(job('RUNNING'), options)).state).toBe('SUCCEEDED');
  });

  test('that last are thrown in the end', async () => {
    const get = answers<Job>(BUSY);
    const { options, clock } = scene(get);
    await expect(watchJob(job('RUNNING'), options)).rejects.toBe(BUSY);
    expect(get.count).toBe(28);
    expect(clock.now()).toBeLessThan(30 * 60_000);
  });

  test('that cannot pass are thrown at once', async () => {
    const get = answers<Job>(FORBIDDEN);
    const { options } = scene(get);
    await expect(watchJob(job('RUNNING'), options)).rejects.toBe(FORBIDDEN);
    expect(get.count).toBe(1);
  });
});

describe('failures to read the logs', () => {
  const failing = (error: Error) => ({ poll: () => Promise.reject(error), tail: () => [] });

  test('are told once, and the job is followed all the same', async () => {
    const logs = failing(new ApiError('list log entries: HTTP 403: no', 403));
    const { options, log } = scene(answers<Job>(job('RUNNING'), job('RUNNING'), job('SUCCEEDED')), { logs });
    expect((await watchJob(job('RUNNING'), options)).state).toBe('SUCCEEDED');
    expect(log.texts('warning')).toEqual([
      "The job's log entries cannot be read: list log entries: HTTP 403: no. The job is followed all the same.",
    ]);
  });

  test('that may pass are not worth a warning', async () => {
    const logs = failing(new ApiError('list log entries: HTTP 429: slow down', 429));
    const { options, log } = scene(answers<Job>(job('SUCCEEDED')), { logs });
    await watchJob(job('RUNNING'), options);
    expect(log.texts('warning')).toEqual([]);
    expect(log.texts('debug')).toContain('list log entries: HTTP 429: slow down');
  });
});

describe('an abort', () => {
  const reason = new Error('cancelled');

  test.each([
    { name: 'before the first look', at: 0 },
    { name: 'between two looks', at: 15_000 },
  ])('$name ends the watching with its reason', async ({ at }) => {
    const { options, clock, controller } = scene(async () => job('RUNNING'));
    if (at === 0) controller.abort(reason);
    else clock.at(at, () => controller.abort(reason));
    await expect(watchJob(job('RUNNING'), options)).rejects.toBe(reason);
    expect(clock.now()).toBe(at);
  });

  test('while an outage is waited out ends the watching too', async () => {
    const { options, clock, controller } = scene(answers<Job>(BUSY));
    clock.at(60_000, () => controller.abort(reason));
    await expect(watchJob(job('RUNNING'), options)).rejects.toBe(reason);
    expect(clock.now()).toBe(60_000);
  });
});
