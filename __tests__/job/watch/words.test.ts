import { describe, expect, test } from '@jest/globals';
import { momentText, spanText } from '../../../src/job/watch/span.ts';
import { phaseOf, stateWords } from '../../../src/job/watch/states.ts';
import { type JobTimes, timesOf } from '../../../src/job/watch/times.ts';
import { heraldsChange } from '../../../src/job/watch/wake.ts';
import { JOB_STATES } from '../../../src/vertex/types.ts';
import { job } from '../jobs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [999, '0 s'],
  [45_500, '45 s'],
  [3 * MINUTE + 59_000, '3 min'],
  [HOUR, '1 h'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min'],
  [DAY, '1 day'],
  [6 * DAY + 23 * HOUR + 59 * MINUTE, '6 days 23 h'],
])('a span of %d ms is told as %s', (ms, text) => {
  expect(spanText(ms)).toBe(text);
});

test('a moment is told to the minute, in a time zone that is named', () => {
  expect(momentText(Date.parse('2026-11-01T12:05:59Z'))).toBe('2026-11-01 12:05 UTC');
});

describe('states', () => {
  test.each([
    ['QUEUED', 'waiting'],
    ['PENDING', 'waiting'],
    ['RUNNING', 'running'],
    ['UPDATING', 'running'],
    ['PAUSED', 'held'],
    ['CANCELLING', 'ending'],
    ['SUCCEEDED', 'ended'],
    ['FAILED', 'ended'],
    ['CANCELLED', 'ended'],
    ['EXPIRED', 'ended'],
    ['PARTIALLY_SUCCEEDED', 'ended'],
    ['UNSPECIFIED', 'unknown'],
    ['NEWLY_INVENTED', 'unknown'],
    ['42', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', (state, phase) => {
    expect(phaseOf(state)).toBe(phase);
  });

  test.each([
    ['RUNNING', 'RUNNING'],
    ['QUEUED', 'QUEUED: it waits for its turn, or for quota of the project that is in use'],
    ['PENDING', 'PENDING: its machines are being prepared'],
    [
      'PAUSED',
      'PAUSED: it was stopped and can be resumed; it is waited on, and ends only if it is cancelled or resumed',
    ],
    ['UPDATING', 'UPDATING: it is being changed, and goes on after that'],
    ['CANCELLING', 'CANCELLING: it was asked to end'],
    ['NEWLY_INVENTED', 'NEWLY_INVENTED: a state that this version does not know; it is waited on'],
    ['toString', 'toString: a state that this version does not know; it is waited on'],
  ])('%s in words', (state, words) => {
    expect(stateWords(state)).toBe(words);
  });

  test('every state that the API has is known', () => {
    for (const state of JOB_STATES) {
      if (state !== 'UNSPECIFIED') expect(phaseOf(state)).not.toBe('unknown');
    }
  });
});

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

test.each([
  ['service', 'Job is running.', true],
  ['service', 'Job completed successfully.', true],
  ['service', 'Job is cancelled.', true],
  ['service', 'Tearing down training program.', true],
  ['service', 'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.', true],
  ['service', 'Trial 12 succeeded', true],
  ['service', 'Waiting for job to be provisioned.', false],
  ['service', 'Trial 12: --lr=0.1', false],
  ['workerpool0-0', 'Job completed successfully.', false],
])('of %s the line %j tells of a change: %s', (source, text, tells) => {
  expect(heraldsChange(source, text)).toBe(tells);
});
