import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { type Choice, choicesOf, choiceText } from '../../../src/job/failover/choices.ts';
import { failOver } from '../../../src/job/failover/fail-over.ts';
import { waitedTooLong } from '../../../src/job/failover/wait.ts';
import { cancelJob } from '../../../src/job/watch/cancel.ts';
import { CLOUD_LOG_PACE, CLOUD_PACE } from '../../../src/job/watch/interval.ts';
import { newscaster } from '../../../src/job/watch/news.ts';
import { watchJob } from '../../../src/job/watch/watch.ts';
import { hasEnded, type Job } from '../../../src/vertex/jobs.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { job } from '../jobs.ts';
import { VirtualClock } from '../watch/virtual-clock.ts';
import { setting } from './setting.ts';

const MINUTE = 60_000;
const STOCKOUT = { code: 8, message: 'Resources are insufficient in region: x.' };
const QUOTA = new ApiError(
  'create: HTTP 429: The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_t4_gpus',
  429,
);

/** What becomes of a choice's job, minute by minute; or why there is none. */
type Fate =
  | Error
  | { readonly states: readonly (readonly [minute: number, state: string])[]; readonly cancelMinutes?: number };

const HARDWARE = ['t4', 'l4'].map((name) => ({ value: name, name, quotaGroup: name }));
const CHOICES = choicesOf(['a', 'b'], HARDWARE);

/** A service on which each choice has its fate, with the real watching and the real cancel. */
function scene(
  fates: Readonly<Record<string, Fate>>,
  failoverAfterMs: number | undefined = 30 * MINUTE,
  choices = CHOICES,
) {
  const clock = new VirtualClock();
  const log = recordingLog();
  const jobs = new Map<
    string,
    { readonly fate: Exclude<Fate, Error>; readonly made: number; cancelled: number | undefined }
  >();
  let most = 0;
  const stateOf = (name: string): Job => {
    const entry = jobs.get(name);
    if (entry === undefined) throw new ApiError('no such job', 404);
    const { fate, made, cancelled } = entry;
    const minute = (clock.now() - made) / MINUTE;
    const reached = fate.states.filter(([at]) => at <= (cancelled ?? minute));
    const state = reached.at(-1)?.[1] ?? 'PENDING';
    const more = {
      name,
      ...(reached.some(([, each]) => each === 'RUNNING') ? { startTime: '1970-01-01T00:00:00Z' } : {}),
    };
    if (cancelled === undefined || hasEnded({ state }))
      return job(state, { ...more, error: state === 'FAILED' ? STOCKOUT : undefined });
    return job(minute >= cancelled + (fate.cancelMinutes ?? 1) ? 'CANCELLED' : 'CANCELLING', more);
  };
  const live = () => [...jobs.keys()].filter((name) => !hasEnded(stateOf(name)));
  const api = {
    get: async (name: string) => stateOf(name),
    // A request takes a while to arrive.
    cancel: async (name: string) => {
      await clock.sleep(200);
      const entry = jobs.get(name);
      if (entry !== undefined) entry.cancelled ??= (clock.now() - entry.made) / MINUTE;
    },
  };
  const submitted: [string, readonly string[]][] = [];
  const run = () =>
    failOver<string, never>({
      choices,
      failoverAfterMs,
      clock,
      log,
      settingOf: async ({ region, hardware }) => setting({ region, hardware: hardware.name }),
      submit: async (choice, givenUp) => {
        submitted.push([choiceText(choice), givenUp]);
        const fate = fates[choiceText(choice)] ?? new ApiError('not foreseen', 400);
        if (fate instanceof Error) throw fate;
        const name = `projects/1/locations/${choice.region}/customJobs/${jobs.size + 1}`;
        jobs.set(name, { fate, made: clock.now(), cancelled: undefined });
        most = Math.max(most, live().length);
        return stateOf(name);
      },
      follow: (made, _: Choice<string>, until) =>
        watchJob(made, {
          api,
          logs: { poll: async () => 0, sweep: async () => {} },
          clock,
          pace: CLOUD_PACE,
          logPace: CLOUD_LOG_PACE,
          log,
          signal: new AbortController().signal,
          news: newscaster({ metrics: [], maxTrials: undefined }),
          onSeen: () => {},
          until,
          random: () => 0.5,
        }),
      end: async (made) =>
        (await cancelJob(made.name, { api, clock, withinMs: 10 * MINUTE, random: () => 0.5 })).job ?? made,
    });
  return { run, clock, log, live, mostLive: () => most, submitted, order: () => submitted.map(([text]) => text) };
}

const runs = {
  states: [
    [5, 'RUNNING'],
    [60, 'SUCCEEDED'],
  ],
} as const;
const starves = { states: [[20, 'FAILED']] } as const;
const waits = { states: [] } as const;

describe('the job runs', () => {
  test('on the first choice, where that can be had', async () => {
    const { run, order, mostLive } = scene({ 't4 in a': runs });
    const { job: last, choice, tried, verdict } = await run();
    expect([last.state, choiceText(choice), tried, verdict]).toEqual(['SUCCEEDED', 't4 in a', [], undefined]);
    expect([order(), mostLive()]).toEqual([['t4 in a'], 1]);
  });

  test('on the next where there is no capacity, and in the next region where there is no quota', async () => {
    const { run, order, log } = scene({ 't4 in a': starves, 'l4 in a': QUOTA, 't4 in b': runs });
    const { choice, tried } = await run();
    expect(order()).toEqual(['t4 in a', 'l4 in a', 't4 in b']);
    expect(tried.map(({ verdict }) => verdict.kind)).toEqual(['capacity', 'quota']);
    expect(choiceText(choice)).toBe('t4 in b');
    expect(log.texts('warning').map((text) => text.split('\n').at(-1))).toEqual([
      'Next is l4 in a.',
      'Next is t4 in b.',
    ]);
  });

  test('on the next where it waits too long, once the one that waited has ended', async () => {
    const { run, order, mostLive, live, submitted } = scene({
      't4 in a': { ...waits, cancelMinutes: 8 },
      'l4 in a': waits,
      't4 in b': runs,
    });
    expect((await run()).job.state).toBe('SUCCEEDED');
    expect(order()).toEqual(['t4 in a', 'l4 in a', 't4 in b']);
    expect(mostLive()).toBe(1);
    expect(live()).toEqual([]);
    expect(submitted.at(-1)?.[1]).toEqual([
      'projects/1/locations/a/customJobs/1',
      'projects/1/locations/a/customJobs/2',
    ]);
  });

  test('on the last choice for as long as it has to wait', async () => {
    const last = {
      states: [
        [300, 'RUNNING'],
        [310, 'SUCCEEDED'],
      ],
    } as const;
    const { run } = scene({ 't4 in a': QUOTA, 'l4 in a': QUOTA, 't4 in b': QUOTA, 'l4 in b': last });
    expect((await run()).job.state).toBe('SUCCEEDED');
  });

  test('on, where it starts in the last moment', async () => {
    const { run, order } = scene({
      't4 in a': {
        states: [
          [30, 'RUNNING'],
          [60, 'SUCCEEDED'],
        ],
      },
    });
    expect((await run()).job.state).toBe('SUCCEEDED');
    expect(order()).toEqual(['t4 in a']);
  });

  test('to the end that it came to before the cancel was taken', async () => {
    const { run, order } = scene({ 't4 in a': { states: [[30.001, 'SUCCEEDED']], cancelMinutes: 5 } });
    const { job: last } = await run();
    expect([last.state, order()]).toEqual(['SUCCEEDED', ['t4 in a']]);
  });
});

describe('nothing else is tried', () => {
  test('after a refusal that no other choice mends, which is told as it is', async () => {
    const refused = new ApiError('create: HTTP 403: no', 403);
    const { run, order } = scene({ 't4 in a': refused });
    await expect(run()).rejects.toBe(refused);
    expect(order()).toEqual(['t4 in a']);
  });

  test('after an answer that leaves open whether there is a job', async () => {
    const unclear = new ApiError('create: no answer', undefined);
    const { run, order } = scene({ 't4 in a': unclear });
    await expect(run()).rejects.toBe(unclear);
    expect(order()).toEqual(['t4 in a']);
  });

  test('while the job that waited too long has not ended', async () => {
    const { run, order } = scene({ 't4 in a': { ...waits, cancelMinutes: 60 } });
    await expect(run()).rejects.toThrow(
      /asked to end but is still CANCELLING, so that no other job is started beside it: projects\/1\/locations\/a\/customJobs\/1$/,
    );
    expect(order()).toEqual(['t4 in a']);
  });

  test('once everything was refused: all of it is told', async () => {
    const { run } = scene({ 't4 in a': QUOTA, 'l4 in a': QUOTA, 't4 in b': QUOTA, 'l4 in b': QUOTA });
    const error = await run().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^None of the 4 choices could be had:\n- t4 in a: .*\n- t4 in b: .*\n- l4 in a: .*\n- l4 in b: /,
      ),
      cause: QUOTA,
    });
  });

  test('once the last job failed too: it is reported as any that fails', async () => {
    const { run } = scene({ 't4 in a': QUOTA, 'l4 in a': QUOTA, 't4 in b': QUOTA, 'l4 in b': starves });
    const { job: last, verdict, tried } = await run();
    expect([last.state, verdict?.kind, tried.length]).toEqual(['FAILED', 'capacity', 3]);
  });

  test('where there are no choices', async () => {
    await expect(scene({}, undefined, []).run()).rejects.toThrow('There is no region or no hardware');
  });
});

test('whatever the fates of the choices, two jobs never live at once, and none is left behind', async () => {
  const fate = fc.constantFrom<Fate>(
    QUOTA,
    starves,
    runs,
    waits,
    { ...waits, cancelMinutes: 9 },
    { ...waits, cancelMinutes: 30 },
    {
      states: [
        [29, 'RUNNING'],
        [90, 'FAILED'],
      ],
    },
    {
      states: [
        [30.001, 'RUNNING'],
        [90, 'SUCCEEDED'],
      ],
    },
    new ApiError('create: HTTP 400: List of found errors:', 400),
    new ApiError('create: HTTP 503: busy', 503),
  );
  await fc.assert(
    fc.asyncProperty(fc.tuple(fate, fate, fate), async ([first, second, third]) => {
      const { run, mostLive, live, order, clock } = scene({
        't4 in a': first,
        'l4 in a': second,
        't4 in b': third,
        'l4 in b': runs,
      });
      await run().catch(() => undefined);
      expect(mostLive()).toBeLessThanOrEqual(1);
      expect(new Set(order()).size).toBe(order().length);
      await clock.sleep(60 * MINUTE);
      expect(live()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('waiting too long', () => {
  const until = waitedTooLong(1_000, 500);

  test('is a matter of jobs that wait', () => {
    expect(until.at(job('PENDING'))).toBe(1_500);
    expect(until.at(job('RUNNING'))).toBeUndefined();
    expect(until.due({ job: job('QUEUED'), now: 1_500, fresh: true })).toEqual({
      kind: 'waited-too-long',
      waitedMs: 500,
    });
    expect(until.due({ job: job('QUEUED'), now: 1_499, fresh: true })).toBeUndefined();
    expect(until.due({ job: job('RUNNING'), now: 9_000, fresh: true })).toBeUndefined();
  });

  test('is not decided by what was seen before', () => {
    expect(until.due({ job: job('QUEUED'), now: 9_000, fresh: false })).toBeUndefined();
  });
});
