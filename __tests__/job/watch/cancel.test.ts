import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/google/api-error.ts';
import { cancelJob, leaveJob, STEP_CANCEL_MS } from '../../../src/job/watch/cancel.ts';
import { CLOUD_LOG_PACE, CLOUD_PACE } from '../../../src/job/watch/interval.ts';
import { newscaster } from '../../../src/job/watch/news.ts';
import { watchJob } from '../../../src/job/watch/watch.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { CUSTOM, job, vertex } from '../jobs.ts';
import { VirtualClock } from './virtual-clock.ts';

const BUSY = new ApiError('busy', 503);
const REFUSED = new ApiError('precondition', 400);
const never = () => new Promise<never>(() => {});
const taken = async () => {};

/** `cancel` and `get` by the number of the call, from 1. */
function scene(
  cancel: (call: number) => Promise<void>,
  get: (call: number) => Promise<Job>,
  withinMs = STEP_CANCEL_MS,
) {
  const clock = new VirtualClock();
  const sent: number[] = [];
  let looks = 0;
  const api = vertex({
    cancel: (name) => {
      expect(name).toBe(CUSTOM);
      sent.push(clock.now());
      return cancel(sent.length);
    },
    get: () => {
      looks += 1;
      return get(looks);
    },
  });
  const options = { api, clock, withinMs, random: () => 0 };
  return { clock, sent, options, cancelled: () => cancelJob(CUSTOM, options), looks: () => looks };
}

test('the request leaves at once, and the end is waited for', async () => {
  const { cancelled, sent, clock } = scene(taken, async (call) => job(call < 3 ? 'CANCELLING' : 'CANCELLED'));
  expect(await cancelled()).toEqual({ accepted: true, job: job('CANCELLED'), error: undefined });
  expect(sent).toEqual([0]);
  expect(clock.now()).toBe(1_000);
});

test('the wait ends with the time, and the job is given as last seen', async () => {
  const { cancelled, clock } = scene(taken, async () => job('CANCELLING'));
  expect(await cancelled()).toEqual({ accepted: true, job: job('CANCELLING'), error: undefined });
  expect(clock.now()).toBe(STEP_CANCEL_MS);
});

test('a job that came to another end meanwhile is given with that', async () => {
  expect((await scene(taken, async () => job('SUCCEEDED')).cancelled()).job?.state).toBe('SUCCEEDED');
});

describe('a request without an answer', () => {
  test('is sent again after two seconds, and the answer to either counts', async () => {
    const { cancelled, sent } = scene(
      (call) => (call === 1 ? never() : taken()),
      async () => job('CANCELLED'),
    );
    expect((await cancelled()).accepted).toBe(true);
    expect(sent).toEqual([0, 2_000]);
  });

  test('whose answer comes after all needs no other', async () => {
    const { cancelled, sent, clock } = scene(
      async (call) => (call === 1 ? clock.sleep(2_500) : never()),
      async () => job('CANCELLED'),
    );
    expect((await cancelled()).accepted).toBe(true);
    expect(sent).toEqual([0, 2_000]);
    expect(clock.now()).toBe(2_500);
  });

  test('at all is told when time is up', async () => {
    const { cancelled, sent, clock } = scene(never, async () => job('RUNNING'));
    expect(await cancelled()).toEqual({ accepted: false, job: undefined, error: undefined });
    expect(sent).toEqual([0, 2_000, 4_000]);
    expect(clock.now()).toBe(STEP_CANCEL_MS);
  });
});

describe('a request that is not taken', () => {
  test('is repeated where that may help', async () => {
    const { cancelled, sent } = scene(
      async (call) => {
        if (call < 3) throw BUSY;
      },
      async () => job('CANCELLED'),
    );
    expect((await cancelled()).accepted).toBe(true);
    expect(sent).toEqual([0, 150, 450]);
  });

  test('is told while there is time to say so', async () => {
    const { cancelled, clock } = scene(
      () => Promise.reject(BUSY),
      async () => job('RUNNING'),
    );
    expect(await cancelled()).toEqual({ accepted: false, job: undefined, error: BUSY });
    expect(clock.now()).toBeLessThanOrEqual(STEP_CANCEL_MS);
  });

  test.each([401, 403, 404])('for HTTP %d is told at once', async (status) => {
    const error = new ApiError('no', status);
    const { cancelled, clock, looks } = scene(() => Promise.reject(error), never);
    expect(await cancelled()).toEqual({ accepted: false, job: undefined, error });
    expect([clock.now(), looks()]).toEqual([0, 0]);
  });

  test('is no error where the job has ended', async () => {
    const { cancelled } = scene(
      () => Promise.reject(REFUSED),
      async () => job('FAILED'),
    );
    expect(await cancelled()).toEqual({ accepted: true, job: job('FAILED'), error: undefined });
  });

  test.each([400, 409])('for HTTP %d is one where it has not', async (status) => {
    const error = new ApiError('no', status);
    const { cancelled } = scene(
      () => Promise.reject(error),
      async () => job('RUNNING'),
    );
    expect(await cancelled()).toEqual({ accepted: false, job: job('RUNNING'), error });
  });

  test('is one where nobody can tell', async () => {
    const { cancelled } = scene(() => Promise.reject(REFUSED), never);
    expect(await cancelled()).toEqual({ accepted: false, job: undefined, error: REFUSED });
  });
});

test('a hiccup while the end is waited for is no failure', async () => {
  const { cancelled } = scene(taken, async (call) => {
    if (call < 4) throw BUSY;
    return job('CANCELLED');
  });
  expect((await cancelled()).job?.state).toBe('CANCELLED');
});

test('a look that is never answered does not outlast the time', async () => {
  const { cancelled, clock } = scene(taken, never);
  expect(await cancelled()).toEqual({ accepted: true, job: undefined, error: undefined });
  expect(clock.now()).toBe(STEP_CANCEL_MS);
});

test('whatever the service does: one request at once, an end within the time, and nothing thrown', async () => {
  const moods = fc.array(fc.constantFrom('taken', 'never', 'busy', 'refused', 'slow'), { minLength: 1, maxLength: 8 });
  const states = fc.array(fc.constantFrom('RUNNING', 'CANCELLING', 'CANCELLED', 'SUCCEEDED', 'never', 'busy'), {
    minLength: 1,
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(moods, states, fc.integer({ min: 0, max: 60_000 }), async (mood, state, withinMs) => {
      const { clock, sent, cancelled } = scene(
        async (call) => {
          const now = mood[(call - 1) % mood.length];
          if (now === 'never') return never();
          if (now === 'slow') return clock.sleep(3_000);
          if (now === 'busy') throw BUSY;
          if (now === 'refused') throw REFUSED;
        },
        async (call) => {
          const now = state[(call - 1) % state.length] ?? '';
          if (now === 'never') return never();
          if (now === 'busy') throw BUSY;
          return job(now);
        },
        withinMs,
      );
      const { accepted, job: seen } = await cancelled();
      expect(sent[0]).toBe(0);
      expect(clock.now()).toBeLessThanOrEqual(withinMs + 1_000);
      if (!mood.some((each) => each === 'taken' || each === 'slow') && accepted) {
        expect(['CANCELLED', 'SUCCEEDED']).toContain(seen?.state);
      }
    }),
    { numRuns: 200 },
  );
});

describe('a step that is cancelled', () => {
  test.each([
    { name: 'between two looks', get: async () => job('RUNNING') },
    { name: 'while an answer is waited for', get: never },
    { name: 'while the service does not answer', get: () => Promise.reject(BUSY) },
  ])('$name has its cancel on its way in the same moment', async ({ get }) => {
    const { options, sent, clock } = scene(taken, get);
    const log = recordingLog();
    const controller = new AbortController();
    clock.at(77_777, () => controller.abort(new Error('SIGINT')));
    const watching = watchJob(job('RUNNING'), {
      ...options,
      logs: { poll: never, sweep: never },
      pace: CLOUD_PACE,
      logPace: CLOUD_LOG_PACE,
      log,
      signal: controller.signal,
      news: newscaster({ metrics: [], maxTrials: undefined }),
      onSeen: () => {},
    });
    await expect(watching).rejects.toThrow('SIGINT');
    await leaveJob(job('RUNNING'), 'cancel', { ...options, log });
    expect(sent).toEqual([77_777]);
    expect(clock.now()).toBeLessThanOrEqual(77_777 + STEP_CANCEL_MS);
  });

  test('cancels its job, and says how that went', async () => {
    const log = recordingLog();
    const { options } = scene(taken, async () => job('CANCELLED'));
    expect((await leaveJob(job('RUNNING'), 'cancel', { ...options, log })).state).toBe('CANCELLED');
    expect(log.texts('info')).toEqual([`The job is cancelled: ${CUSTOM}`, 'Job is CANCELLED.']);
  });

  test('leaves the rest to post where the end takes longer', async () => {
    const log = recordingLog();
    const { options } = scene(taken, async () => job('CANCELLING'));
    expect((await leaveJob(job('RUNNING'), 'cancel', { ...options, log })).state).toBe('CANCELLING');
    expect(log.texts('info').at(-1)).toBe('The request to cancel was taken; the post step makes sure of it.');
  });

  test.each<{ name: string; cancel: () => Promise<void>; said: string }>([
    {
      name: 'refused',
      cancel: () => Promise.reject(new ApiError('cancel x: HTTP 403: no', 403)),
      said: 'The request to cancel was not taken: cancel x: HTTP 403: no. The post step asks again.',
    },
    {
      name: 'not answered',
      cancel: never,
      said: 'The request to cancel was not taken in time. The post step asks again.',
    },
  ])('says so where it is $name', async ({ cancel, said }) => {
    const log = recordingLog();
    const { options } = scene(cancel, async () => job('RUNNING'));
    expect((await leaveJob(job('RUNNING'), 'cancel', { ...options, log })).state).toBe('RUNNING');
    expect(log.texts('warning')).toEqual([said]);
  });

  test('leaves it alone where on_cancel is detach, and says how to go on', async () => {
    const log = recordingLog();
    const { options, sent } = scene(taken, never);
    expect(await leaveJob(job('RUNNING'), 'detach', { ...options, log })).toEqual(job('RUNNING'));
    expect(sent).toEqual([]);
    expect(log.texts('warning')[0]).toContain(`The job is RUNNING and runs on, as on_cancel is detach.`);
    expect(log.texts('warning')[0]).toContain(`job: ${CUSTOM}`);
  });
});
