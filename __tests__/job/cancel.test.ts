import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { cancelJob } from '../../src/job/cancel.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { answers, CUSTOM, job, vertex } from './jobs.ts';

const BUSY = new ApiError('busy', 503);
const BAD_STATE = new ApiError('precondition', 400);
const taken = () => async () => {};

function scene(cancel: (name: string) => Promise<void>, get: (name: string) => Promise<Job>, waitMs = 5_000) {
  const clock = new SimulatedClock();
  return { clock, ended: () => cancelJob(CUSTOM, { api: vertex({ cancel, get }), clock, waitMs }) };
}

test('the job is asked to end, and its end is waited for', async () => {
  const names: string[] = [];
  const { ended, clock } = scene(
    async (name) => {
      names.push(name);
    },
    answers<Job>(job('CANCELLING'), job('CANCELLING'), job('CANCELLED')),
  );
  expect((await ended()).state).toBe('CANCELLED');
  expect(names).toEqual([CUSTOM]);
  expect(clock.now()).toBe(600);
});

test('the wait ends with the time, and the job is given as last seen', async () => {
  const { ended, clock } = scene(taken(), answers<Job>(job('CANCELLING')));
  expect((await ended()).state).toBe('CANCELLING');
  expect(clock.now()).toBeGreaterThanOrEqual(5_000);
  expect(clock.now()).toBeLessThan(5_500);
});

test('a job that came to another end meanwhile is given with that', async () => {
  expect((await scene(taken(), answers<Job>(job('SUCCEEDED'))).ended()).state).toBe('SUCCEEDED');
});

describe('a request that is not taken', () => {
  test('is repeated where that may help', async () => {
    let left = 3;
    const { ended } = scene(
      async () => {
        left -= 1;
        if (left > 0) throw BUSY;
      },
      answers<Job>(job('CANCELLED')),
    );
    expect((await ended()).state).toBe('CANCELLED');
    expect(left).toBe(0);
  });

  test('is thrown once repeating has not helped, in time for the step to say so', async () => {
    const { ended, clock } = scene(answers<void>(BUSY), answers<Job>(job('RUNNING')));
    await expect(ended()).rejects.toBe(BUSY);
    expect(clock.now()).toBeLessThan(7_500);
  });

  test.each([403, 404])('is thrown at once for HTTP %d', async (status) => {
    const cancel = answers<void>(new ApiError('no', status));
    await expect(scene(cancel, answers<Job>(job('RUNNING'))).ended()).rejects.toThrow('no');
    expect(cancel.count).toBe(1);
  });

  test('is no error where the job has ended already', async () => {
    expect((await scene(answers<void>(BAD_STATE), answers<Job>(job('FAILED'))).ended()).state).toBe('FAILED');
  });

  test('is an error where the job lives', async () => {
    await expect(scene(answers<void>(BAD_STATE), answers<Job>(job('RUNNING'))).ended()).rejects.toBe(BAD_STATE);
  });
});

test('a failure to look, once the request was taken, does not undo it', async () => {
  const { ended } = scene(taken(), answers<Job>(BUSY, job('CANCELLED')));
  expect((await ended()).state).toBe('CANCELLED');
});
