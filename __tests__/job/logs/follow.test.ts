import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import type { EntriesPage, LoggingApi } from '../../../src/google/logging.ts';
import { followLogs, type LogFollowerOptions } from '../../../src/job/logs/follow.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job, TUNING, trial } from '../jobs.ts';
import { simulatedLogging } from './cloud-logging.ts';
import { entry, START } from './entries.ts';
import { dice, seeded } from './random.ts';

const RUNNING = job('RUNNING');
const ended = (seconds: number) => job('FAILED', { endTime: new Date(START + seconds * 1_000).toISOString() });
const ofJob = (id: string, each: LogEntry): LogEntry => ({
  ...each,
  resource: { type: 'ml_job', labels: { ...each.resource?.labels, job_id: id } },
});

/** A follower over a store to which entries are added; each is readable at once. */
function scene(options: Partial<LogFollowerOptions> & { readonly page?: number; readonly seconds?: number } = {}) {
  const { page = 1_000, seconds = 60, ...more } = options;
  const clock = new SimulatedClock(START + seconds * 1_000);
  const logging = simulatedLogging(clock, {
    page,
    answerMs: 10,
    quota: 60,
    repeats: 0,
    empties: 0,
    faults: 0,
    fault: () => new Error('no fault'),
    dice: dice(seeded(1)),
  });
  const write = (...entries: LogEntry[]) => {
    for (const each of entries) {
      const visibleMs = Date.parse(each.receiveTimestamp ?? '');
      logging.store.push({ entry: ofJob(each.resource?.labels?.['job_id'] ?? '77', each), visibleMs });
    }
  };
  const filters: string[] = [];
  const api: LoggingApi = {
    list: (request) => {
      filters.push(request.filter);
      return logging.api.list(request);
    },
  };
  const log = recordingLog();
  const told: string[] = [];
  const follower = followLogs({
    api,
    project: 'my-project',
    job: RUNNING,
    clock,
    log,
    mode: 'all',
    random: () => 0.5,
    tell: (source, text) => {
      told.push(`${source}| ${text}`);
    },
    ...more,
  });
  const signal = new AbortController().signal;
  return { clock, write, filters, log, told, follower, signal, reads: logging.reads };
}

/** An api that gives or throws each of the answers in turn. */
function answering(...answers: (EntriesPage | Error)[]) {
  const requests: Parameters<LoggingApi['list']>[0][] = [];
  const list: LoggingApi['list'] = async (request) => {
    requests.push(request);
    const answer = answers[requests.length - 1] ?? { entries: [], nextPageToken: undefined };
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { api: { list }, requests };
}

describe('a poll', () => {
  test('tells what is new, and counts it', async () => {
    const { follower, write, told, clock } = scene();
    write(entry(1, 'a'), entry(2, 'b'));
    expect(await follower.poll(RUNNING)).toBe(2);
    await clock.sleep(10_000);
    expect(await follower.poll(RUNNING)).toBe(0);
    write(entry(30, 'c'));
    await clock.sleep(10_000);
    expect(await follower.poll(RUNNING)).toBe(1);
    expect(told).toEqual(['workerpool0-0| a\nb', 'workerpool0-0| c']);
  });

  test('tells the lines of each worker in a block of its own', async () => {
    const { follower, write, told } = scene();
    for (let index = 0; index < 6; index += 1) write(entry(index, `${index}`, { task: `workerpool0-${index % 2}` }));
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| 0\n2\n4', 'workerpool0-1| 1\n3\n5']);
  });

  test('tells what is long in several blocks, whole lines each', async () => {
    const { follower, write, told } = scene();
    for (let index = 0; index < 5; index += 1) write(entry(index, `${index}`, { textPayload: 'x'.repeat(100_000) }));
    await follower.poll(RUNNING);
    expect(told.map((text) => text.split('\n').length)).toEqual([3, 2]);
  });

  test('holds the newest lines for those that come a little late', async () => {
    const { follower, write, told, clock } = scene();
    write(entry(50, 'a'), entry(58, 'c'));
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| a']);
    expect(follower.tail('workerpool0-0')).toEqual(['a', 'c']);
    write(entry(57, 'b'));
    await clock.sleep(10_000);
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| a', 'workerpool0-0| b\nc']);
  });

  test('reads but what the budget allows, and never waits for it', async () => {
    const { follower, write, clock, reads } = scene({ page: 10 });
    for (let index = 0; index < 500; index += 1) write(entry(index / 100, `${index}`));
    expect(await follower.poll(RUNNING)).toBe(100);
    expect(await follower.poll(RUNNING)).toBe(0);
    expect(follower.waitMs()).toBeGreaterThan(1_000);
    await clock.sleep(10_000);
    expect(await follower.poll(RUNNING)).toBe(50);
    expect(reads.length).toBe(15);
  });

  test('goes on behind an empty page, and stops where the same place is answered for ever', async () => {
    const { api, requests } = answering(
      { entries: [], nextPageToken: 'p1' },
      { entries: [entry(1, 'a')], nextPageToken: 'p2' },
      { entries: [], nextPageToken: 'p2' },
    );
    const { follower } = scene({ api });
    expect(await follower.poll(RUNNING)).toBe(1);
    expect(requests.map(({ pageToken }) => pageToken)).toEqual([undefined, 'p1', 'p2']);
    expect(new Set(requests.map(({ filter, pageSize }) => `${pageSize} ${filter}`)).size).toBe(1);
  });

  test('tells an entry once that two pages hold, though more came between than is remembered', async () => {
    const again = entry(1, 'again');
    const { api } = answering(
      { entries: [again, entry(50, 'b'), entry(51, 'c')], nextPageToken: 'p1' },
      { entries: [again, entry(52, 'd')], nextPageToken: undefined },
    );
    const { follower } = scene({ api, limits: { lateMs: 600_000, most: 2 } });
    expect(await follower.poll(RUNNING)).toBe(4);
  });

  test('asks for fewer entries at once where they are large', async () => {
    const { api, requests } = answering({
      entries: [entry(1, 'a', { textPayload: 'x'.repeat(200_000) })],
      nextPageToken: undefined,
    });
    const { follower, clock } = scene({ api });
    await follower.poll(RUNNING);
    await clock.sleep(10_000);
    await follower.poll(RUNNING);
    expect(requests.map(({ pageSize }) => pageSize)).toEqual([1_000, 83]);
  });

  test('waits for whoever tells a line before it reads on', async () => {
    const tellers: (() => void)[] = [];
    const pages = (from: number): EntriesPage => ({
      entries: Array.from({ length: 6_000 }, (_, index) => entry(from + index / 1_000, `${from + index}`)),
      nextPageToken: `${from}`,
    });
    const { api, requests } = answering(pages(0), pages(10), pages(20));
    const { follower } = scene({ api, tell: () => new Promise((resolve) => tellers.push(resolve)) });
    const polled = follower.poll(RUNNING);
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    await settle();
    expect([requests.length, tellers.length]).toEqual([1, 1]);
    for (let step = 0; step < 5; step += 1) await settle();
    expect(requests.length).toBe(1);
    tellers[0]?.();
    await settle();
    expect(requests.length).toBe(2);
    for (let step = 0; step < 20; step += 1) {
      for (const resolve of tellers) resolve();
      await settle();
    }
    await polled;
  });

  test('ends with the reason as soon as its signal aborts, whatever it waits for', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const { follower } = scene({ api: { list: () => new Promise(() => {}) } });
    const polled = follower.poll(RUNNING, controller.signal);
    controller.abort(reason);
    await expect(polled).rejects.toBe(reason);
  });
});

describe('times that a program made up', () => {
  test('hide nothing: after one from tomorrow the others are told', async () => {
    const { follower, write, told, clock } = scene();
    write({ ...entry(20, 'tomorrow'), timestamp: '2026-11-02T00:00:00Z' });
    await follower.poll(RUNNING);
    write(entry(55, 'today'));
    await clock.sleep(60_000);
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| tomorrow', 'workerpool0-0| today']);
  });

  test('lose nothing: one from last year is told as soon as the whole window is read', async () => {
    const { follower, write, told, clock } = scene();
    write(entry(1, 'first'));
    await follower.poll(RUNNING);
    write({ ...entry(100, 'last year'), timestamp: '2025-11-01T00:00:00Z' });
    await clock.sleep(60_000);
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| first']);
    await clock.sleep(600_000);
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool0-0| first', 'workerpool0-0| last year']);
  });
});

describe('the modes', () => {
  const TRACEBACK = ['Traceback (most recent call last):', '  File "x.py", line 1', 'ValueError: no'];
  const written = () => [
    entry(1, 'a'),
    ...TRACEBACK.map((textPayload, index) => entry(2 + index, `t${index}`, { textPayload, severity: 'ERROR' })),
    entry(6, 'e', { severity: 'ERROR', textPayload: 'plain stderr' }),
    entry(7, 'j', { severity: 'CRITICAL', jsonPayload: { message: 'diverged', step: 5 }, textPayload: '' }),
    entry(8, 's', { severity: 'ERROR', textPayload: 'The replica exited.', task: 'service' }),
  ];
  const errors = [
    { source: 'workerpool0-0', lines: TRACEBACK },
    { source: 'workerpool0-0', lines: ['diverged severity=CRITICAL step=5'] },
    { source: 'service', lines: ['The replica exited.'] },
  ];

  test.each<{ mode: LogFollowerOptions['mode']; said: string[] }>([
    {
      mode: 'all',
      said: [
        `workerpool0-0| a\n${TRACEBACK.join('\n')}\nplain stderr\ndiverged severity=CRITICAL step=5`,
        'service| The replica exited.',
      ],
    },
    {
      mode: 'errors',
      said: [
        `workerpool0-0| ${TRACEBACK.join('\n')}\ndiverged severity=CRITICAL step=5`,
        'service| The replica exited.',
      ],
    },
    { mode: 'none', said: [] },
  ])('$mode tells its lines, and keeps tails and errors for the cause', async ({ mode, said }) => {
    const { follower, write, told } = scene({ mode });
    write(...written());
    await follower.poll(RUNNING);
    expect(told).toEqual(said);
    expect(follower.tail('workerpool0-0').slice(-2)).toEqual(['plain stderr', 'diverged severity=CRITICAL step=5']);
    expect(follower.errors()).toEqual(errors);
  });

  test('without anybody to tell them to, lines go to the log as text from outside', async () => {
    const { follower, write, log } = scene({ tell: undefined });
    write(entry(1, 'a'));
    await follower.poll(RUNNING);
    expect(log.texts('untrusted')).toEqual(['workerpool0-0: a']);
  });
});

describe('a traceback', () => {
  test('is told in one piece though its lines become readable in several polls among those of others', async () => {
    const { follower, write, told, clock } = scene();
    write(
      entry(1, 't1', { textPayload: 'Traceback (most recent call last):' }),
      entry(2, 'b1', { task: 'workerpool1-0' }),
    );
    await follower.poll(RUNNING);
    write(entry(61, 't2', { textPayload: '  File "x.py", line 1' }), entry(62, 'b2', { task: 'workerpool1-0' }));
    await clock.sleep(10_000);
    await follower.poll(RUNNING);
    expect(told).toEqual(['workerpool1-0| b1', 'workerpool1-0| b2']);
    expect(follower.errors()).toEqual([
      { source: 'workerpool0-0', lines: ['Traceback (most recent call last):', '  File "x.py", line 1'] },
    ]);
    write(entry(71, 't3', { textPayload: 'ValueError: no' }), entry(72, 'a', { textPayload: 'after' }));
    await clock.sleep(10_000);
    await follower.poll(RUNNING);
    expect(told.slice(2)).toEqual([
      'workerpool0-0| Traceback (most recent call last):\n  File "x.py", line 1\nValueError: no\nafter',
    ]);
  });

  test('at the end of a log is told by the sweep', async () => {
    const { follower, write, told, signal } = scene();
    write(entry(58, 't', { textPayload: 'Traceback (most recent call last):\n  File "x.py"\nKeyboardInterrupt' }));
    await follower.poll(RUNNING);
    expect(told).toEqual([]);
    await follower.sweep(ended(60), signal);
    expect(told).toEqual(['workerpool0-0| Traceback (most recent call last):\n  File "x.py"\nKeyboardInterrupt']);
  });
});

describe('failures', () => {
  const THROTTLED = new ApiError('list log entries: HTTP 429: quota', 429);
  const FORBIDDEN = new ApiError('list log entries: HTTP 403: no', 403);

  test('429 makes the next reads later, and ends nothing', async () => {
    const { api } = answering(THROTTLED, THROTTLED, { entries: [entry(1, 'a')], nextPageToken: undefined });
    const times: number[] = [];
    const list: LoggingApi['list'] = (request) => {
      times.push((clock.now() - START) / 1_000 - 60);
      return api.list(request);
    };
    const { follower, clock, told } = scene({ api: { list } });
    for (let poll = 0; poll < 10; poll += 1) {
      await follower.poll(RUNNING);
      await clock.sleep(10_000);
    }
    expect(told).toEqual(['workerpool0-0| a']);
    // Not before 15 s are over, then 30 s.
    expect(times).toEqual([0, 20, 50, 60, 70, 80, 90]);
  });

  test('a permission that is missing is thrown, asked for again later, and nothing is lost', async () => {
    const { api } = answering(FORBIDDEN, { entries: [entry(1, 'a')], nextPageToken: undefined });
    const { follower, clock, told } = scene({ api });
    await expect(follower.poll(RUNNING)).rejects.toBe(FORBIDDEN);
    expect(await follower.poll(RUNNING)).toBe(0);
    await clock.sleep(10_000);
    expect(await follower.poll(RUNNING)).toBe(1);
    expect(told).toEqual(['workerpool0-0| a']);
  });

  test('of an ended job whose log may not be read are thrown, and what is held is told before', async () => {
    const { api } = answering({ entries: [entry(58, 'a')], nextPageToken: undefined }, FORBIDDEN);
    const { follower, told, signal } = scene({ api });
    await follower.poll(RUNNING);
    await expect(follower.sweep(ended(60), signal)).rejects.toBe(FORBIDDEN);
    expect(told).toEqual(['workerpool0-0| a']);
  });

  test('a page token that is refused costs nothing: the part is read anew from where it was', async () => {
    const { api, requests } = answering(
      { entries: [entry(1, 'a'), entry(2, 'b')], nextPageToken: 'p1' },
      new ApiError('list log entries: HTTP 400: page token', 400),
      { entries: [entry(2, 'b'), entry(3, 'c')], nextPageToken: undefined },
    );
    const { follower, told, clock } = scene({ api });
    await follower.poll(RUNNING);
    await clock.sleep(10_000);
    await follower.poll(RUNNING);
    expect(told.join('\n').match(/[abc]$/gm)).toEqual(['a', 'b', 'c']);
    expect(requests[2]?.pageToken).toBeUndefined();
    expect(requests[2]?.filter).toBe(`${requests[0]?.filter} AND timestamp>="2026-11-01T00:00:02.000Z"`);
  });

  test('that last are told once, and their end too', async () => {
    const busy = new ApiError('list log entries: HTTP 503: busy', 503);
    const { api } = answering(...Array.from({ length: 8 }, () => busy));
    const { follower, clock, log } = scene({ api });
    for (let poll = 0; poll < 60; poll += 1) {
      await follower.poll(RUNNING);
      await clock.sleep(10_000);
    }
    expect(log.texts('info')).toEqual([
      expect.stringMatching(/^The job's log has not been readable for 3 min \(list log entries: HTTP 503: busy\)/),
      "The job's log can be read again; nothing of it is left out.",
    ]);
  });
});

describe('the sweep', () => {
  test('reads on until nothing new came for twenty seconds', async () => {
    const { follower, write, told, clock, signal } = scene();
    await follower.poll(RUNNING);
    write(entry(75, 'late'), entry(90, 'later'));
    await follower.sweep(ended(60), signal);
    expect(told).toEqual(['workerpool0-0| late', 'workerpool0-0| later']);
    expect(clock.now()).toBeGreaterThanOrEqual(START + 110_000);
    expect(clock.now()).toBeLessThan(START + 130_000);
  });

  test('waits longer where entries became readable late of late', async () => {
    const { follower, write, told, clock, signal } = scene();
    await follower.poll(RUNNING);
    clock.at(START + 75_000, () => write(entry(45, 'late')));
    clock.at(START + 115_000, () => write(entry(59, 'later')));
    await follower.sweep(ended(60), signal);
    expect(told).toEqual(['workerpool0-0| late', 'workerpool0-0| later']);
    expect(clock.now()).toBeLessThan(START + 115_000 + 200_000);
  });

  test('takes no more than some reads where nothing comes', async () => {
    const { follower, clock, signal, reads } = scene();
    await follower.poll(RUNNING);
    await follower.sweep(ended(60), signal);
    expect(clock.now() - START).toBeLessThan(90_000);
    expect(reads.length).toBeLessThanOrEqual(7);
  });

  test('ends with the reason as soon as its signal aborts, and leaves what is held to a flush', async () => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const { follower, write, told, clock } = scene();
    write(entry(58, 'a'));
    await follower.poll(RUNNING);
    clock.at(START + 62_000, () => controller.abort(reason));
    await expect(follower.sweep(ended(60), controller.signal)).rejects.toBe(reason);
    expect(told).toEqual([]);
    await follower.flush();
    expect(told).toEqual(['workerpool0-0| a']);
  });

  test('of a log that is too long to wait for ends with its last minutes, and says what is missing', async () => {
    const END = 4_000;
    const { follower, write, told, log, clock, signal } = scene({ page: 10, seconds: END });
    // A page holds ten here: a hundredth of what it may.
    for (let index = 0; index < END * 5; index += 1) write(entry(index / 5, `${index}`));
    await follower.sweep(ended(END), signal);
    expect(clock.now() - START - END * 1_000).toBeLessThan(20 * 60_000);
    const lines = told.flatMap((text) => text.replace('workerpool0-0| ', '').split('\n')).map(Number);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.slice(0, 1_000)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(follower.tail('workerpool0-0').at(-1)).toBe(`${END * 5 - 1}`);
    expect(log.texts('warning')).toEqual([
      expect.stringMatching(
        /^The job's log is longer than could be read by now\. What is missing here: gcloud logging read 'resource\.type="ml_job" AND resource\.labels\.job_id="77" AND timestamp>="[^"]+"' --project=my-project --order=asc$/,
      ),
    ]);
    expect(log.texts('info')[0]).toMatch(/^The log shown here is \d+ min behind/);
  });
});

describe('trials', () => {
  const tuning = (count: number, state: 'ACTIVE' | 'SUCCEEDED' | 'INFEASIBLE' = 'SUCCEEDED'): Job =>
    job('RUNNING', {
      name: TUNING,
      trials: Array.from({ length: count }, (_, index) =>
        trial(`${index + 1}`, state, undefined, {
          customJob: `projects/1/locations/l/customJobs/${10n ** 18n + BigInt(index)}`,
        }),
      ),
    });

  test('are told as theirs from their first line on, though they are known late', async () => {
    const { follower, write, told, clock } = scene();
    write({ ...entry(1, 'tuning'), resource: { labels: { job_id: '88', task_name: 'service' } } });
    write({ ...entry(1, 'early'), resource: { labels: { job_id: `${10n ** 18n}`, task_name: 'workerpool0-0' } } });
    await follower.poll(tuning(0));
    await clock.sleep(3_600_000);
    await follower.poll(tuning(0));
    await clock.sleep(60_000);
    await follower.poll(tuning(1));
    expect(told).toEqual(['service| tuning', 'trial 1| early']);
  });

  test('known late are told from their first line on, though others have written more than is remembered', async () => {
    const { follower, write, told, clock } = scene({ limits: { lateMs: 600_000, most: 2 } });
    const tuned = (seconds: number) => ({ ...entry(seconds, `${seconds}`), resource: { labels: { job_id: '88' } } });
    write(tuned(1), tuned(20), tuned(30), tuned(40));
    write({ ...entry(2, 'early'), resource: { labels: { job_id: `${10n ** 18n}`, task_name: 'workerpool0-0' } } });
    await follower.poll(tuning(0));
    await clock.sleep(10_000);
    await follower.poll(tuning(1));
    expect(told.at(-1)).toBe('trial 1| early');
  });

  test('by the thousand are all read, by filters that are short enough, and those long ended no more', async () => {
    const { follower, write, told, clock, filters, reads } = scene();
    for (let index = 0; index < 1_000; index += 1) {
      write({
        ...entry(index / 20, `of ${index + 1}`),
        resource: { labels: { job_id: `${10n ** 18n + BigInt(index)}`, task_name: 'workerpool0-0' } },
      });
    }
    const study = tuning(1_000);
    await follower.poll(study);
    await clock.sleep(10_000);
    await follower.poll(study);
    expect(told).toHaveLength(1_000);
    expect(told).toContain('trial 1000| of 1000');
    expect(filters.every(({ length }) => length < 20_000)).toBe(true);
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.sleep(60_000);
      write({
        ...entry(60 * minute + 120, `m${minute}`),
        resource: { labels: { job_id: '88', task_name: 'service' } },
      });
      await follower.poll(study);
    }
    expect(filters.at(-1)).toMatch(/^resource\.type="ml_job" AND resource\.labels\.job_id="88" AND /);
    expect(reads.length).toBeLessThan(150);
  });

  test('that failed first are kept for the cause, though hundreds fail after', async () => {
    const { follower, write, clock } = scene({ mode: 'none' });
    const study = tuning(600, 'INFEASIBLE');
    for (let index = 0; index < 600; index += 1) {
      write({
        ...entry(index / 20, `why ${index + 1}`, { severity: 'CRITICAL' }),
        resource: { labels: { job_id: `${10n ** 18n + BigInt(index)}`, task_name: 'workerpool0-0' } },
      });
    }
    await follower.poll(study);
    await clock.sleep(10_000);
    await follower.poll(study);
    expect(follower.tail('trial 1')).toEqual(['why 1']);
    expect(follower.errors()[0]).toEqual({ source: 'trial 1', lines: ['why 1'] });
  });
});

test('a job of a week is followed with few reads, and little is remembered', async () => {
  const { follower, write, clock, reads, told, signal } = scene();
  const DAYS = 7;
  for (let hour = 0; hour < DAYS * 24; hour += 1) write(entry(hour * 3_600 + 100, `${hour}`));
  while (clock.now() < START + DAYS * 86_400_000) {
    await follower.poll(RUNNING);
    await clock.sleep(60_000);
  }
  await follower.sweep(ended(DAYS * 86_400), signal);
  expect(told).toHaveLength(DAYS * 24);
  expect(reads.length).toBeLessThan(DAYS * 24 * 70);
});
