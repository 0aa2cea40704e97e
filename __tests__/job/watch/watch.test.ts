import { getEventListeners } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { CLOUD_LOG_PACE, type Pace } from '../../../src/job/watch/interval.ts';
import { newscaster } from '../../../src/job/watch/news.ts';
import { anyOf, atMoment, type Until } from '../../../src/job/watch/until.ts';
import { newWake } from '../../../src/job/watch/wake.ts';
import { type WatchOptions, watchJob } from '../../../src/job/watch/watch.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job } from '../jobs.ts';
import { VirtualClock } from './virtual-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const PACE: Pace = { minMs: 2_000, capMs: 30_000, growth: 1 / 20 };
const BUSY = new ApiError('get x: HTTP 503: busy', 503);
const never = () => new Promise<never>(() => {});

/** What the service answers at a moment: a state, an error, or nothing ever. */
type Answer = string | Job | Error | 'hangs';

function scene<T = never>(answer: (now: number, call: number) => Answer, more: Partial<WatchOptions<T>> = {}) {
  const clock = new VirtualClock();
  const log = recordingLog();
  const controller = new AbortController();
  const seen: string[] = [];
  const asked: number[] = [];
  const polled: number[] = [];
  const swept: string[] = [];
  const options: WatchOptions<T> = {
    api: {
      get: async () => {
        asked.push(clock.now());
        const what = answer(clock.now(), asked.length);
        if (what === 'hangs') return never();
        if (what instanceof Error) throw what;
        return typeof what === 'string' ? job(what) : what;
      },
    },
    logs: {
      poll: async () => {
        polled.push(clock.now());
        return 0;
      },
      sweep: async ({ state }) => {
        swept.push(state);
      },
    },
    clock,
    pace: PACE,
    logPace: CLOUD_LOG_PACE,
    log,
    signal: controller.signal,
    news: newscaster({ metrics: [], maxTrials: undefined }),
    onSeen: ({ state }) => seen.push(state),
    random: () => 0,
    ...more,
  };
  const first = job('RUNNING', { createTime: undefined });
  return {
    clock,
    log,
    controller,
    seen,
    asked,
    polled,
    swept,
    options,
    watch: (from: Job = first) => watchJob(from, options),
  };
}

describe('the end', () => {
  test.each(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'])(
    'is %s, and the late log entries are read after it',
    async (state) => {
      const { watch, seen, swept } = scene(
        (_, call) => ['PENDING', 'RUNNING', state][call - 1] ?? new Error('no more'),
      );
      expect(await watch(job('QUEUED'))).toEqual({ job: job(state), stopped: undefined });
      expect(seen).toEqual(['QUEUED', 'PENDING', 'RUNNING', state]);
      expect(swept).toEqual([state]);
    },
  );

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
    const { watch } = scene((now) => (now < 3 * HOUR ? state : 'SUCCEEDED'));
    expect((await watch()).job.state).toBe('SUCCEEDED');
  });

  test('of a job that has ended already asks nothing more of it', async () => {
    const { watch, asked, seen, swept } = scene(() => new Error('not asked'));
    expect((await watch(job('FAILED'))).job.state).toBe('FAILED');
    expect([asked, seen, swept]).toEqual([[], ['FAILED'], ['FAILED']]);
  });

  test('leaves nobody asleep, and nobody listening', async () => {
    const { watch, clock, controller } = scene((now) => (now < HOUR ? 'RUNNING' : 'SUCCEEDED'));
    let most = 0;
    for (let minute = 1; minute < 59; minute += 1) {
      clock.at(minute * MINUTE, () => {
        most = Math.max(most, getEventListeners(controller.signal, 'abort').length);
      });
    }
    await watch();
    expect(clock.sleeping).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(most).toBeLessThan(5);
  });
});

describe('looks', () => {
  test('are frequent at first, and begin anew with each state', async () => {
    const { watch, asked } = scene((now) => (now < HOUR ? 'PENDING' : now < 2 * HOUR ? 'RUNNING' : 'SUCCEEDED'));
    await watch(job('PENDING', { createTime: undefined }));
    const gaps = asked.map((at, index) => at - (asked[index - 1] ?? 0));
    expect(gaps.slice(0, 3)).toEqual([2_000, 2_000, 2_000]);
    const change = asked.findIndex((at) => at >= HOUR);
    expect(gaps[change]).toBe(30 * SECOND);
    expect(gaps.slice(change + 1, change + 4)).toEqual([2_000, 2_000, 2_000]);
  });

  test('at a job that was joined after hours are rare at once', async () => {
    const { watch, asked, clock } = scene((now) =>
      now < Date.parse('2026-11-01T09:10:00Z') ? 'RUNNING' : 'SUCCEEDED',
    );
    await clock.sleep(Date.parse('2026-11-01T09:00:00Z'));
    await watch(job('RUNNING', { startTime: '2026-11-01T00:05:00Z' }));
    expect(asked.length).toBe(20);
  });

  test('come soon after something was heard, and no sooner than the pace allows', async () => {
    const wake = newWake();
    const { watch, asked, clock } = scene((now) => (now < 2 * HOUR + SECOND ? 'RUNNING' : 'SUCCEEDED'), { wake });
    clock.at(2 * HOUR + 10, () => {
      for (let times = 0; times < 50; times += 1) wake.call();
    });
    await watch();
    const gaps = asked.map((at, index) => at - (asked[index - 1] ?? 0));
    expect(Math.min(...gaps)).toBe(2 * SECOND);
    expect(asked.at(-1)).toBeLessThanOrEqual(2 * HOUR + 4 * SECOND);
  });

  test('come soon after something was heard while an answer was on its way', async () => {
    const wake = newWake();
    const { options, asked, clock } = scene((now) => (now < 2 * HOUR ? 'RUNNING' : 'SUCCEEDED'), { wake });
    const get = async (name: string) => {
      const seen = await options.api.get(name);
      if (clock.now() > HOUR && clock.now() < HOUR + MINUTE) wake.call();
      await clock.sleep(100);
      return seen;
    };
    await watchJob(job('RUNNING', { createTime: undefined }), { ...options, api: { get } });
    const index = asked.findIndex((at) => at > HOUR);
    expect((asked[index + 1] ?? 0) - (asked[index] ?? 0)).toBe(2_100);
  });

  test('come when the timeout strikes', async () => {
    const strikes = 5 * HOUR + 1_234;
    const { watch, asked } = scene((now) => (now < strikes ? 'RUNNING' : 'FAILED'), { deadline: () => strikes });
    await watch();
    expect(asked.at(-1)).toBe(strikes);
  });
});

describe('failures to read the job', () => {
  test.each<{ name: string; error: Error }>([
    { name: '500', error: new ApiError('x', 500) },
    { name: '503', error: BUSY },
    { name: '429', error: new ApiError('x', 429) },
    { name: 'no answer', error: new ApiError('x', undefined) },
  ])('of $name are survived for most of an hour', async ({ error }) => {
    const { watch, log } = scene((now) => (now < 50 * MINUTE ? error : 'SUCCEEDED'));
    expect((await watch()).job.state).toBe('SUCCEEDED');
    expect(log.texts('warning')).toHaveLength(1);
    expect(log.texts('warning')[0]).toMatch(/^For 5 min Vertex AI has not told of the job, which runs on: /);
    expect(log.texts('info')).toContain('Vertex AI answers again, after 50 min.');
  });

  test('that pass at once are not worth a line', async () => {
    const { watch, log } = scene((_, call) => (call === 1 ? BUSY : 'SUCCEEDED'));
    await watch();
    expect(log.texts('warning')).toEqual([]);
    expect(log.texts('debug')).toEqual(['get x: HTTP 503: busy; it is asked for again']);
  });

  test('that last are given up after an hour, naming the job', async () => {
    const { watch, clock } = scene(() => BUSY);
    const given = await watch().catch((error: unknown) => error);
    expect(given).toBeInstanceOf(UserError);
    expect(given).toMatchObject({ message: expect.stringContaining('customJobs/77. It was RUNNING'), cause: BUSY });
    expect(clock.now()).toBeGreaterThanOrEqual(HOUR);
    expect(clock.now()).toBeLessThan(HOUR + 2 * MINUTE);
  });

  test('by an answer that never comes are failures like any other', async () => {
    const { watch, clock } = scene((_, call) => (call === 1 ? 'hangs' : 'SUCCEEDED'));
    expect((await watch()).job.state).toBe('SUCCEEDED');
    expect(clock.now()).toBeLessThan(3 * MINUTE);
  });

  test('for want of a good token are survived where the next one is good', async () => {
    const { watch } = scene((_, call) => (call < 3 ? new ApiError('expired', 401) : 'SUCCEEDED'));
    expect((await watch()).job.state).toBe('SUCCEEDED');
  });

  test.each([400, 401, 403, 404])('of HTTP %d that stay are thrown', async (status) => {
    const error = new ApiError('no', status);
    const { watch, asked } = scene(() => error);
    await expect(watch()).rejects.toBe(error);
    expect(asked.length).toBe(status === 401 ? 3 : 1);
  });

  test('that name a time to come back at are followed', async () => {
    const error = Object.assign(new ApiError('slow down', 429), { retryAfterMs: 4 * MINUTE });
    const { watch, asked } = scene((_, call) => (call === 1 ? error : 'SUCCEEDED'));
    await watch();
    expect(asked).toEqual([2_000, 2_000 + 4 * MINUTE]);
  });
});

describe('failures to read the logs', () => {
  const failing = (error: Error) => ({
    poll: () => Promise.reject(error),
    sweep: () => Promise.reject(error),
  });

  test('are told once, and the job is followed all the same', async () => {
    const logs = failing(new ApiError('list log entries: HTTP 403: no', 403));
    const { watch, log } = scene((now) => (now < HOUR ? 'RUNNING' : 'SUCCEEDED'), { logs });
    expect((await watch()).job.state).toBe('SUCCEEDED');
    expect(log.texts('warning')).toEqual([
      "The job's log entries cannot be read: list log entries: HTTP 403: no. The job is followed all the same.",
    ]);
  });

  test('that may pass are not worth a warning, and are asked for less', async () => {
    let calls = 0;
    const logs = {
      poll: async () => {
        calls += 1;
        throw new ApiError('list log entries: HTTP 429: slow down', 429);
      },
      sweep: async () => {},
    };
    const { watch, log } = scene((now) => (now < HOUR ? 'RUNNING' : 'SUCCEEDED'), { logs });
    await watch();
    expect(log.texts('warning')).toEqual([]);
    expect(calls).toBeLessThan(130);
  });

  test('that never end do not keep the job from being seen', async () => {
    const logs = { poll: never, sweep: async () => {} };
    const { seen, options, controller, clock } = scene((now) => (now < HOUR ? 'RUNNING' : 'SUCCEEDED'), { logs });
    const watching = watchJob(job('RUNNING'), options).catch((error: unknown) => error);
    clock.at(2 * HOUR, () => controller.abort('enough'));
    await clock.sleep(3 * HOUR);
    expect(seen.at(-1)).toBe('SUCCEEDED');
    expect(await watching).toBe('enough');
  });

  test('are read beside the job, more rarely while nothing comes', async () => {
    const { watch, polled } = scene((now) => (now < 10 * MINUTE ? 'RUNNING' : 'SUCCEEDED'));
    await watch();
    expect(polled.slice(0, 5)).toEqual([0, 15_000, 37_500, 67_500, 97_500]);
  });
});

describe('an abort', () => {
  const reason = new Error('This step was cancelled (SIGINT).');

  test.each<{ name: string; answer: (now: number) => Answer; more: Partial<WatchOptions<never>> }>([
    { name: 'between two looks', answer: () => 'RUNNING', more: {} },
    { name: 'while an answer is waited for', answer: (now) => (now < 14 * MINUTE ? 'RUNNING' : 'hangs'), more: {} },
    { name: 'while an outage is waited out', answer: () => BUSY, more: {} },
    { name: 'while logs are read', answer: () => 'RUNNING', more: { logs: { poll: never, sweep: async () => {} } } },
    {
      name: 'while late entries are waited for',
      answer: () => 'SUCCEEDED',
      more: { logs: { poll: async () => 0, sweep: never } },
    },
    {
      name: 'while a reading outlasts the job',
      answer: () => 'SUCCEEDED',
      more: { logs: { poll: never, sweep: async () => {} } },
    },
  ])('$name ends the watching in the same moment, with its reason', async ({ answer, more }) => {
    const { watch, clock, controller } = scene(answer, more);
    clock.at(15 * MINUTE, () => controller.abort(reason));
    const keepsTime = clock.sleep(20 * MINUTE);
    await expect(watch()).rejects.toBe(reason);
    expect(clock.now()).toBe(15 * MINUTE);
    await keepsTime;
  });

  test('before the first look asks nothing', async () => {
    const { watch, controller, asked, seen } = scene(() => 'RUNNING');
    controller.abort(reason);
    await expect(watch()).rejects.toBe(reason);
    expect([asked, seen]).toEqual([[], []]);
  });
});

describe('what ends the watching before the job', () => {
  test('is a moment, to the millisecond', async () => {
    const { watch, clock, swept } = scene(() => 'RUNNING', { until: atMoment(5 * HOUR + 77, 'detach') });
    expect(await watch()).toEqual({ job: job('RUNNING'), stopped: 'detach' });
    expect(clock.now()).toBe(5 * HOUR + 77);
    expect(swept).toEqual([]);
  });

  test('is a moment also while the service does not answer, and then it is not asked before its time', async () => {
    const busy = Object.assign(new ApiError('busy', 503), { retryAfterMs: 9 * MINUTE });
    const { watch, clock, asked } = scene((now) => (now < 10 * MINUTE ? 'RUNNING' : busy), {
      until: atMoment(15 * MINUTE, 'detach'),
    });
    expect((await watch()).stopped).toBe('detach');
    expect(clock.now()).toBe(15 * MINUTE);
    expect(asked.filter((at) => at > 10 * MINUTE).length).toBe(1);
  });

  test('is what is seen of the job', async () => {
    const until: Until<string> = {
      at: () => undefined,
      due: ({ job: { state } }) => (state === 'PAUSED' ? 'held' : undefined),
    };
    const { watch } = scene((now) => (now < HOUR ? 'RUNNING' : 'PAUSED'), { until });
    expect((await watch()).stopped).toBe('held');
  });

  test('does not count once the job has ended', async () => {
    const { watch } = scene((now) => (now < HOUR ? 'RUNNING' : 'SUCCEEDED'), { until: atMoment(HOUR + 1, 'detach') });
    const { job: last, stopped } = await watch();
    expect([last.state, stopped]).toEqual(['SUCCEEDED', undefined]);
  });

  test('is the first of several, at the earliest of their moments', () => {
    const both = anyOf<string>(atMoment(20, 'later'), atMoment(10, 'sooner'), atMoment<string>(undefined, 'never'));
    const look = { job: job('RUNNING'), fresh: true };
    expect(both.at(job('RUNNING'))).toBe(10);
    expect(both.due({ ...look, now: 9 })).toBeUndefined();
    expect(both.due({ ...look, now: 10 })).toBe('sooner');
    expect(both.due({ ...look, now: 30 })).toBe('later');
    expect(anyOf<string>().at(job('RUNNING'))).toBeUndefined();
  });
});

test('every look is heard of, those without an answer as such', async () => {
  const heard: [number, boolean][] = [];
  const { watch } = scene((_, call) => (call === 2 ? BUSY : call < 4 ? 'RUNNING' : 'SUCCEEDED'), {
    onTick: ({ now, fresh }) => heard.push([now, fresh]),
  });
  await watch();
  expect(heard).toEqual([
    [0, true],
    [2_000, true],
    [4_000, false],
    [6_000, true],
    [8_000, true],
  ]);
});

test('what changes is told', async () => {
  const createTime = new Date(0).toISOString();
  const { watch, log } = scene((now) => job(now < HOUR ? 'PENDING' : 'SUCCEEDED', { createTime }));
  await watch(job('PENDING', { createTime }));
  expect(log.texts('info')).toEqual([
    'Job is PENDING: its machines are being prepared.',
    'Job is SUCCEEDED after 1 h in the queue; it never ran.',
  ]);
});
