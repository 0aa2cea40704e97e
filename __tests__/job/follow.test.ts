import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import type { LoggingApi } from '../../src/google/logging.ts';
import { followJob } from '../../src/job/follow.ts';
import { LOCAL_CADENCE } from '../../src/job/watch.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { LogEntry } from '../../src/vertex/types.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { answers, CUSTOM, job, vertex } from './jobs.ts';

const LINE: LogEntry = {
  timestamp: '2026-11-01T00:00:01Z',
  insertId: 'a',
  textPayload: 'Traceback\nValueError: no',
  resource: { labels: { job_id: '77', task_name: 'workerpool0-0' } },
};

function scene(get: () => Promise<Job>, cancel: () => Promise<void> = async () => {}) {
  const clock = new SimulatedClock();
  const log = recordingLog();
  const controller = new AbortController();
  const seen: string[] = [];
  const logging: LoggingApi = { list: async () => ({ entries: [LINE], nextPageToken: undefined }) };
  const options = {
    api: vertex({ get, cancel }),
    logging,
    project: 'my-project',
    clock,
    cadence: LOCAL_CADENCE,
    log,
    signal: controller.signal,
    onSeen: ({ state }: Job) => seen.push(state),
  };
  return { clock, log, controller, seen, follow: () => followJob(job('RUNNING'), options) };
}

test('a success has no cause, and its lines are told once, as untrusted', async () => {
  const { follow, log } = scene(answers<Job>(job('RUNNING'), job('SUCCEEDED')));
  expect(await follow()).toEqual({ job: job('SUCCEEDED'), cause: undefined });
  expect(log.texts('untrusted')).toEqual(['workerpool0-0: Traceback\nValueError: no']);
});

test.each(['FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'])(
  '%s has a cause, with the last lines',
  async (state) => {
    const error = { message: 'The replica workerpool0-0 exited with a non-zero status of 1.' };
    const { cause } = await scene(answers<Job>(job(state, { error }))).follow();
    expect(cause).toEqual({ message: error.message, source: 'workerpool0-0', lines: ['Traceback', 'ValueError: no'] });
  },
);

describe('an abort', () => {
  const reason = new Error('This step was cancelled (SIGINT).');

  test('cancels the job and gives how it ended', async () => {
    const cancelled: string[] = [];
    let state = 'RUNNING';
    const { follow, clock, controller, log, seen } = scene(
      async () => job(state),
      async () => {
        cancelled.push(CUSTOM);
        state = 'CANCELLED';
      },
    );
    clock.at(2_000, () => controller.abort(reason));
    const { job: last, cause } = await follow();
    expect([last.state, cause === undefined, cancelled.length, seen.at(-1)]).toEqual([
      'CANCELLED',
      false,
      1,
      'CANCELLED',
    ]);
    expect(log.texts('info')).toEqual([
      `This step was cancelled (SIGINT). The job is cancelled: ${CUSTOM}`,
      'Job is CANCELLED.',
    ]);
  });

  test('does not wait longer than the runner lets it', async () => {
    const { follow, clock, controller, log } = scene(async () => job('CANCELLING'));
    clock.at(2_000, () => controller.abort(reason));
    expect((await follow()).job.state).toBe('CANCELLING');
    expect(clock.now() - 2_000).toBeLessThan(7_500);
    expect(log.texts('info').at(-1)).toBe('The request to cancel was taken; the post step makes sure of it.');
  });

  // While late log entries are waited for, the job has ended: nothing is left to cancel.
  test('after the end of the job cancels nothing, and does not say that it did', async () => {
    let asked = 0;
    const { follow, clock, controller, log } = scene(
      async () => job('SUCCEEDED'),
      async () => {
        asked += 1;
      },
    );
    clock.at(700, () => controller.abort(reason));
    await follow().catch(() => undefined);
    expect(asked).toBe(0);
    expect(log.texts('info').join('\n')).not.toContain('The job is cancelled');
  });
});

test('an error that is no abort is thrown, and cancels nothing', async () => {
  const forbidden = new ApiError('no', 403);
  let asked = 0;
  const { follow } = scene(answers<Job>(forbidden), async () => {
    asked += 1;
  });
  await expect(follow()).rejects.toBe(forbidden);
  expect(asked).toBe(0);
});
