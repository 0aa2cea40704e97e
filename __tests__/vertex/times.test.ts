import { describe, expect, test } from '@jest/globals';
import { type JobTimes, timesOf } from '../../src/vertex/times.ts';
import { job } from '../job/jobs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('waiting and running told apart', () => {
  const NOW = Date.parse('2026-11-01T12:00:00Z');
  const created = '2026-11-01T11:00:00.123456Z';
  const createTime = '2026-11-01T11:00:00Z';
  const startTime = '2026-11-01T11:20:00Z';
  const endTime = '2026-11-01T11:50:00Z';

  test.each<{ name: string; seen: Parameters<typeof timesOf>[0]; times: JobTimes }>([
    { name: 'a job that waits', seen: job('PENDING', { createTime }), times: { queuedMs: HOUR, runningMs: undefined } },
    {
      name: 'one that runs',
      seen: job('RUNNING', { createTime, startTime }),
      times: { queuedMs: 20 * MINUTE, runningMs: 40 * MINUTE },
    },
    {
      name: 'one that ended',
      seen: job('SUCCEEDED', { createTime, startTime, endTime }),
      times: { queuedMs: 20 * MINUTE, runningMs: 30 * MINUTE },
    },
    {
      name: 'one that ended before it ran',
      seen: job('CANCELLED', { createTime, endTime }),
      times: { queuedMs: 50 * MINUTE, runningMs: undefined },
    },
    {
      name: 'an end without a time',
      seen: job('EXPIRED', { createTime, startTime }),
      times: { queuedMs: 20 * MINUTE, runningMs: 40 * MINUTE },
    },
    {
      name: 'times in microseconds',
      seen: job('PENDING', { createTime: created }),
      times: { queuedMs: HOUR - 123, runningMs: undefined },
    },
    {
      name: 'a clock that is behind the service',
      seen: job('RUNNING', { createTime: '2026-11-01T12:30:00Z', startTime: '2026-11-01T12:31:00Z' }),
      times: { queuedMs: MINUTE, runningMs: 0 },
    },
    {
      name: 'no times at all',
      seen: job('RUNNING', { createTime: undefined }),
      times: { queuedMs: 0, runningMs: undefined },
    },
    {
      name: 'times that are none',
      seen: job('RUNNING', { createTime: 'yesterday', startTime: 'today' }),
      times: { queuedMs: 0, runningMs: undefined },
    },
  ])('$name', ({ seen, times }) => {
    expect(timesOf(seen, NOW)).toEqual(times);
  });
});
