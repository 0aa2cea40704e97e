import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CLOUD_LOG_PACE,
  CLOUD_PACE,
  FAILURE_CAP_MS,
  failureWaitMs,
  LOCAL_PACE,
  LONGEST_RETRY_AFTER_MS,
  type LookMoment,
  logWaitMs,
  nextWaitMs,
} from '../../../src/job/watch/interval.ts';
import { JOB_STATES, TRIAL_STATES, type Trial } from '../../../src/vertex/types.ts';
import { trial } from '../jobs.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-11-01T12:00:00Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();

const wait = (more: Partial<LookMoment> = {}) =>
  nextWaitMs({ now: NOW, job: { state: 'RUNNING', trials: [] }, changedAt: NOW, random: 0, ...more }, CLOUD_PACE);

const active = (id: string, started: number): Trial => trial(id, 'ACTIVE', undefined, { startTime: at(started) });
const ended = (id: string, started: number, length: number): Trial =>
  trial(id, 'SUCCEEDED', { m: 1 }, { startTime: at(started), endTime: at(started + length) });
const study = (...trials: Trial[]) => ({ state: 'RUNNING', trials });

describe('the next look', () => {
  test.each<{ name: string; more: Partial<LookMoment>; ms: number }>([
    { name: 'at first is soon', more: {}, ms: 4 * SECOND },
    { name: 'after a while is later', more: { changedAt: NOW - 5 * MINUTE }, ms: 10 * SECOND },
    { name: 'after long is twenty seconds away', more: { changedAt: NOW - 5 * HOUR }, ms: 20 * SECOND },
    {
      name: 'is not before the present, where the clock of the service is ahead',
      more: { changedAt: NOW + MINUTE },
      ms: 20 * SECOND,
    },
    {
      name: 'is at the timeout, where that is near',
      more: { changedAt: NOW - 5 * HOUR, deadline: NOW + 7 * SECOND },
      ms: 7 * SECOND,
    },
    {
      name: 'is soon once the timeout has struck',
      more: { changedAt: NOW - 5 * HOUR, deadline: NOW - 10 * SECOND },
      ms: 4 * SECOND,
    },
    {
      name: 'is soon where a line told of a change',
      more: { changedAt: NOW - 5 * HOUR, heardAt: NOW - SECOND },
      ms: 4 * SECOND,
    },
    {
      name: 'at a paused job is far away, however new that is',
      more: { job: { state: 'PAUSED', trials: [] } },
      ms: 20 * SECOND,
    },
    {
      name: 'at a job that is asked to end is soon',
      more: { job: { state: 'CANCELLING', trials: [] } },
      ms: 4 * SECOND,
    },
    {
      name: 'at a state that nobody knows is as at any other',
      more: { job: { state: 'NEWLY_INVENTED', trials: [] }, changedAt: NOW - 5 * MINUTE },
      ms: 10 * SECOND,
    },
    {
      name: 'is when a trial may end, by how long others took',
      more: {
        changedAt: NOW - 5 * HOUR,
        job: study(ended('1', -HOUR, 20 * MINUTE), active('2', 15 * SECOND - 20 * MINUTE)),
      },
      ms: 15 * SECOND,
    },
    {
      name: 'at trials is never as hasty as at the job',
      more: {
        changedAt: NOW - 5 * HOUR,
        job: study(ended('1', -HOUR, 20 * MINUTE), active('2', SECOND - 20 * MINUTE)),
      },
      ms: 10_040,
    },
    {
      name: 'at trials of which none has ended goes by the job',
      more: { changedAt: NOW - 5 * HOUR, job: study(active('1', -MINUTE)) },
      ms: 20 * SECOND,
    },
    {
      name: 'at a thousand trials is twenty seconds away, as the answer is large',
      more: {
        changedAt: NOW - 5 * HOUR,
        job: study(
          ...Array.from({ length: 1_000 }, (_, id) => ended(`${id + 2}`, -HOUR, MINUTE)),
          active('1', -MINUTE),
        ),
      },
      ms: 20 * SECOND,
    },
  ])('$name', ({ more, ms }) => {
    expect(wait(more)).toBe(ms);
  });

  test.each([
    { name: 'once', count: 1, ms: 8 * SECOND },
    { name: 'twice', count: 2, ms: 16 * SECOND },
    { name: 'often', count: 40, ms: 60 * SECOND },
  ])('after it failed $name', ({ count, ms }) => {
    expect(wait({ failure: { count }, random: 1 - Number.EPSILON })).toBe(ms);
  });

  test.each([
    { name: 'is waited out', retryAfterMs: 45 * SECOND, least: 45 * SECOND },
    { name: 'of an hour is not', retryAfterMs: HOUR, least: LONGEST_RETRY_AFTER_MS },
    { name: 'below nothing is nothing', retryAfterMs: -5, least: 4 * SECOND },
  ])('a Retry-After that $name', ({ retryAfterMs, least }) => {
    const ms = wait({ failure: { count: 1, retryAfterMs } });
    expect(ms).toBe(least);
  });
});

const states = fc.oneof(fc.constantFrom<string>(...JOB_STATES), fc.string());
const time = fc.integer({ min: NOW - 30 * 24 * HOUR, max: NOW + 30 * 24 * HOUR });
const times = fc.option(
  time.map((ms) => new Date(ms).toISOString()),
  { nil: undefined },
);
const trials = fc.array(
  fc.record({ state: fc.constantFrom(...TRIAL_STATES), startTime: times, endTime: times }).map(
    ({ state, startTime, endTime }, index = 0): Trial =>
      trial(String(index), state, undefined, {
        ...(startTime === undefined ? {} : { startTime }),
        ...(endTime === undefined ? {} : { endTime }),
      }),
  ),
  { maxLength: 30 },
);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const paces = fc.constantFrom(CLOUD_PACE, LOCAL_PACE);
const moments = fc.record({
  now: fc.constant(NOW),
  job: fc.record({ state: states, trials }),
  changedAt: time,
  heardAt: maybe(time),
  deadline: maybe(time),
  random,
});

describe('whatever the moment', () => {
  test('the wait is within the bounds of the pace', () => {
    fc.assert(
      fc.property(moments, paces, (moment, pace) => {
        const ms = nextWaitMs(moment, pace);
        expect(Number.isSafeInteger(ms)).toBe(true);
        expect(ms).toBeGreaterThanOrEqual(pace.minMs);
        expect(ms).toBeLessThanOrEqual(pace.capMs);
      }),
      { numRuns: 1_000 },
    );
  });

  test('after a failure it is no shorter than was asked for, and no longer than a minute or that', () => {
    const failures = fc.record({
      count: fc.integer({ min: 1, max: 10_000 }),
      retryAfterMs: maybe(fc.integer({ min: -HOUR, max: 24 * HOUR })),
    });
    fc.assert(
      fc.property(failures, random, fc.integer({ min: 1, max: 10_000 }), (failure, chance, minMs) => {
        const ms = failureWaitMs(failure, minMs, chance);
        const asked = Math.min(LONGEST_RETRY_AFTER_MS, failure.retryAfterMs ?? 0);
        expect(ms).toBeGreaterThanOrEqual(Math.max(minMs, asked));
        expect(ms).toBeLessThanOrEqual(Math.max(FAILURE_CAP_MS, asked * 1.1 + 1));
      }),
      { numRuns: 1_000 },
    );
  });

  test('the longer nothing happens, the longer the wait', () => {
    const quiet = fc.integer({ min: 0, max: 24 * HOUR });
    fc.assert(
      fc.property(quiet, quiet, (a, b) => {
        const [short, long] = a < b ? [a, b] : [b, a];
        expect(wait({ changedAt: NOW - short })).toBeLessThanOrEqual(wait({ changedAt: NOW - long }));
      }),
    );
  });

  test('the timeout is never slept through', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: HOUR }), (moment, ahead) => {
        expect(nextWaitMs({ ...moment, deadline: NOW + ahead }, CLOUD_PACE)).toBeLessThanOrEqual(
          moment.job.state === 'PAUSED' ? CLOUD_PACE.capMs : Math.max(CLOUD_PACE.minMs, ahead),
        );
      }),
    );
  });
});

/** Looks within a span, if nothing happens from `changedAt` 0 on. */
function looks(from: number, to: number, chance: () => number): number {
  let count = 0;
  for (let now = 0; now < to; ) {
    now += nextWaitMs({ now, job: { state: 'RUNNING', trials: [] }, changedAt: 0, random: chance() }, CLOUD_PACE);
    if (now >= from && now < to) count += 1;
  }
  return count;
}

describe('looks an hour', () => {
  test.each([
    { name: 'without jitter', chance: () => 0, least: 179, most: 181 },
    { name: 'with all of it', chance: () => 1 - Number.EPSILON, least: 224, most: 226 },
  ])('in a steady state, $name', ({ chance, least, most }) => {
    const count = looks(10 * HOUR, 11 * HOUR, chance);
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  test('and some eighty in the ten minutes after a change', () => {
    expect(looks(0, 10 * MINUTE, () => 0.5)).toBeGreaterThan(60);
    expect(looks(0, 10 * MINUTE, () => 0.5)).toBeLessThan(100);
  });
});

describe('the next reading of the logs', () => {
  test.each([
    { name: 'of a job that writes', quiet: 0, ms: 10_000 },
    { name: 'of one that was silent once', quiet: 1, ms: 15_000 },
    { name: 'of a silent job', quiet: 50, ms: 30_000 },
  ])('$name', ({ quiet, ms }) => {
    expect(logWaitMs({ quiet, random: 0 }, CLOUD_LOG_PACE)).toBe(ms);
  });

  test('after a refusal is no sooner than was asked for', () => {
    expect(logWaitMs({ quiet: 0, failure: { count: 1, retryAfterMs: 90_000 }, random: 0 }, CLOUD_LOG_PACE)).toBe(
      90_000,
    );
  });

  test('is within its bounds, whatever happened', () => {
    fc.assert(
      fc.property(fc.nat(), random, (quiet, chance) => {
        const ms = logWaitMs({ quiet, random: chance }, CLOUD_LOG_PACE);
        expect(ms).toBeGreaterThanOrEqual(CLOUD_LOG_PACE.minMs);
        expect(ms).toBeLessThanOrEqual(CLOUD_LOG_PACE.capMs);
      }),
    );
  });
});
