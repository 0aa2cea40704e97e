import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import type { LoggingApi } from '../../src/google/logging.ts';
import { type FollowOptions, followJob } from '../../src/job/follow.ts';
import { OtherJobError } from '../../src/job/submit/survivor.ts';
import { LOCAL_TEMPO } from '../../src/job/tempo.ts';
import { atMoment } from '../../src/job/watch/until.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { LogEntry } from '../../src/vertex/types.ts';

import { recordingLog } from '../ground/recording-log.ts';
import { answers, CUSTOM, job, TUNING, trial, vertex } from './jobs.ts';
import { VirtualClock } from './watch/virtual-clock.ts';

const LINE: LogEntry = {
  timestamp: '1970-01-01T00:00:01Z',
  insertId: 'a',
  textPayload: 'Traceback (most recent call last):\nValueError: no',
  resource: { labels: { job_id: '77', task_name: 'workerpool0-0' } },
};
const LINES = ['Traceback (most recent call last):', 'ValueError: no'];
const born = { createTime: '1970-01-01T00:00:00Z' };
const EXIT = 'The replica workerpool0-0 exited with a non-zero status of 1.';

interface Scene<T> {
  readonly get: () => Promise<Job>;
  readonly cancel?: () => Promise<void>;
  readonly first?: Job;
  readonly more?: Partial<FollowOptions<T>>;
}

function scene<T = never>({ get, cancel = async () => {}, first = job('RUNNING', born), more = {} }: Scene<T>) {
  const clock = new VirtualClock();
  const log = recordingLog();
  const controller = new AbortController();
  const seen: string[] = [];
  const cancelled: string[] = [];
  const logging: LoggingApi = { list: async () => ({ entries: [LINE], nextPageToken: undefined }) };
  const options: FollowOptions<T> = {
    api: vertex({
      get,
      cancel: async (name) => {
        cancelled.push(name);
        await cancel();
      },
    }),
    logging,
    project: 'my-project',
    clock,
    tempo: LOCAL_TEMPO,
    log,
    signal: controller.signal,
    onCancel: 'cancel',
    logs: 'all',
    study: undefined,
    limit: undefined,
    onSeen: ({ state }) => seen.push(state),
    ...more,
  };
  return { clock, log, controller, seen, cancelled, follow: () => followJob(first, options) };
}

test('a success has no cause, and its lines are told once, as untrusted', async () => {
  const { follow, log } = scene({ get: answers<Job>(job('RUNNING', born), job('SUCCEEDED', born)) });
  expect(await follow()).toEqual({ job: job('SUCCEEDED', born), stopped: undefined, cause: undefined });
  expect(log.texts('untrusted')).toEqual([`workerpool0-0: ${LINES.join('\n')}`]);
});

test('lines go where the step wants them', async () => {
  const told: string[] = [];
  const tell = async (source: string, text: string) => {
    told.push(`${source} | ${text}`);
  };
  const { follow, log } = scene({ get: answers<Job>(job('SUCCEEDED', born)), more: { tell } });
  await follow();
  expect(told).toEqual([`workerpool0-0 | ${LINES.join('\n')}`]);
  expect(log.texts('untrusted')).toEqual([]);
});

describe('a job that did not succeed', () => {
  test.each(['FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'])(
    '%s has a cause, with the last lines',
    async (state) => {
      const { cause } = await scene({ get: answers<Job>(job(state, { ...born, error: { message: EXIT } })) }).follow();
      expect(cause).toEqual({ message: EXIT, source: 'workerpool0-0', lines: LINES, exitCode: 1, meaning: undefined });
    },
  );

  test('has them though none was told', async () => {
    const end = job('FAILED', { ...born, error: { message: EXIT } });
    const { follow, log } = scene({ get: answers<Job>(end), more: { logs: 'none' } });
    expect((await follow()).cause?.lines).toEqual(LINES);
    expect(log.texts('untrusted')).toEqual([]);
  });

  test('for a known reason says which, and the mend', async () => {
    const message = 'The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137.';
    const { cause } = await scene({ get: answers<Job>(job('FAILED', { ...born, error: { message } })) }).follow();
    expect(cause).toMatchObject({ exitCode: 137, meaning: { rule: 'out-of-memory' } });
  });
});

describe('an abort', () => {
  const reason = new Error('This step was cancelled (SIGINT).');

  test('cancels the job and gives how it ended', async () => {
    let state = 'RUNNING';
    const { follow, clock, controller, log, seen, cancelled } = scene({
      get: async () => job(state, born),
      cancel: async () => {
        state = 'CANCELLED';
      },
    });
    clock.at(2_000, () => controller.abort(reason));
    const { job: last, cause, stopped } = await follow();
    expect([last.state, cause === undefined, stopped, cancelled, seen.at(-1)]).toEqual([
      'CANCELLED',
      false,
      undefined,
      [CUSTOM],
      'CANCELLED',
    ]);
    expect(log.texts('info')).toEqual([
      'Job is RUNNING.',
      'This step was cancelled (SIGINT).',
      `The job is cancelled: ${CUSTOM}`,
      'Job is CANCELLED.',
    ]);
  });

  test('does not wait longer than the runner lets it', async () => {
    const { follow, clock, controller, log } = scene({ get: async () => job('CANCELLING', born) });
    clock.at(2_000, () => controller.abort(reason));
    expect((await follow()).job.state).toBe('CANCELLING');
    expect(clock.now() - 2_000).toBeLessThan(7_500);
    expect(log.texts('info').at(-1)).toBe('The request to cancel was taken; the post step makes sure of it.');
  });

  test('leaves the job where on_cancel is detach, and says how it is followed', async () => {
    const { follow, clock, controller, log, cancelled } = scene({
      get: async () => job('RUNNING', born),
      more: { onCancel: 'detach' },
    });
    clock.at(2_000, () => controller.abort(reason));
    expect((await follow()).job.state).toBe('RUNNING');
    expect(cancelled).toEqual([]);
    expect(log.texts('warning').join('\n')).toContain(`  job: ${CUSTOM}`);
  });

  test('for another job that stands for the step cancels it even then', async () => {
    const { follow, clock, controller, cancelled } = scene({
      get: async () => job('RUNNING', born),
      more: { onCancel: 'detach' },
    });
    clock.at(2_000, () => controller.abort(new OtherJobError('Another stands.')));
    await follow();
    expect(cancelled).toEqual([CUSTOM]);
  });

  // While late log entries are waited for, the job has ended: nothing is left to cancel.
  test('after the end of the job cancels nothing, and does not say that it did', async () => {
    const { follow, clock, controller, log, cancelled } = scene({ get: async () => job('SUCCEEDED', born) });
    clock.at(700, () => controller.abort(reason));
    await follow();
    expect(cancelled).toEqual([]);
    expect(log.texts('info').join('\n')).not.toContain('The job is cancelled');
  });
});

test('what is due first ends the following, and leaves the job', async () => {
  const due = { kind: 'detach' } as const;
  const { follow, cancelled, log } = scene({
    get: async () => job('RUNNING', born),
    more: { until: atMoment(30_000, due) },
  });
  expect(await follow()).toEqual({ job: job('RUNNING', born), stopped: due, cause: undefined });
  expect(cancelled).toEqual([]);
  expect(log.texts('untrusted')).toHaveLength(1);
});

describe('a study whose first trial measured another metric', () => {
  const none = 'The trial ended without a value for every metric of the study (accuracy): it reported acc, loss.';
  const trials = [trial('1', 'INFEASIBLE', undefined, { infeasibleReason: none }), trial('2', 'ACTIVE')];
  const study = (onMissingMetric: 'stop' | 'warn') => ({
    metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' as const }],
    maxTrials: 20,
    onMissingMetric,
    tagsInCode: [],
  });
  const studyJob = (state: string) => job(state, { ...born, name: TUNING, trials });

  test('is stopped at once, and says which tag came', async () => {
    let state = 'RUNNING';
    const { follow, cancelled } = scene({
      first: studyJob('RUNNING'),
      get: async () => studyJob(state),
      cancel: async () => {
        state = 'CANCELLED';
      },
      more: { study: study('stop') },
    });
    const { job: last, cause, stopped } = await follow();
    expect([last.state, stopped, cancelled]).toEqual(['CANCELLED', undefined, [TUNING]]);
    expect(cause?.message).toMatch(/acc, loss/);
    expect(cause?.message).toMatch(/accuracy/);
  });

  test('goes on with a warning where that is wanted', async () => {
    const { follow, cancelled, log } = scene({
      first: studyJob('RUNNING'),
      get: answers<Job>(studyJob('RUNNING'), studyJob('RUNNING'), studyJob('SUCCEEDED')),
      more: { study: study('warn') },
    });
    expect((await follow()).job.state).toBe('SUCCEEDED');
    expect(cancelled).toEqual([]);
    expect(log.texts('warning').join('\n')).toMatch(/acc, loss/);
  });
});

test('an error that is no abort is thrown, and cancels nothing', async () => {
  const forbidden = new ApiError('no', 403);
  const { follow, cancelled } = scene({ get: answers<Job>(forbidden) });
  await expect(follow()).rejects.toBe(forbidden);
  expect(cancelled).toEqual([]);
});
