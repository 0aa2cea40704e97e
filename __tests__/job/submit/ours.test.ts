import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import { tracesOf } from '../../../src/job/submit/claim.ts';
import { LOCAL_LAG } from '../../../src/job/submit/lag.ts';
import { type EndOursOptions, endOurs, leaveOurs } from '../../../src/job/submit/ours.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { VirtualClock } from '../watch/virtual-clock.ts';
import { PARENT, requestOf, Shelf, stepJob } from './scene.ts';

const TRACES = tracesOf(requestOf(2));

function scene(shelf: Shelf, more: Partial<EndOursOptions> = {}) {
  const clock = new VirtualClock(1_000_000);
  const log = recordingLog();
  const options = { api: shelf.api, clock, log, random: () => 0.5, traces: TRACES, names: [], waitMs: 60_000, ...more };
  return { clock, log, clean: () => endOurs(options), leave: () => leaveOurs(options) };
}

const all = () =>
  new Shelf(
    stepJob('mine', 'RUNNING', { attempt: 2 }),
    stepJob('earlier', 'PAUSED'),
    stepJob('outdated', 'QUEUED', { request: 'other' }),
    stepJob('ended', 'FAILED', { attempt: 2 }),
    stepJob('leaving', 'CANCELLING', { attempt: 2 }),
    stepJob('theirs', 'RUNNING', { attempt: 2, request: 'other' }),
    stepJob('later', 'RUNNING', { attempt: 3 }),
    stepJob('stranger', 'RUNNING', { labels: { 'train-on-vertex-key': 'other' } }),
  );

describe('post', () => {
  test('cancels them, and nothing else', async () => {
    const shelf = all();
    shelf.set('leaving', 'CANCELLED');
    await scene(shelf, { quietAt: 0 }).clean();
    expect(shelf.states()).toEqual({
      mine: 'CANCELLED',
      earlier: 'CANCELLED',
      outdated: 'CANCELLED',
      ended: 'FAILED',
      leaving: 'CANCELLED',
      theirs: 'RUNNING',
      later: 'RUNNING',
      stranger: 'RUNNING',
    });
  });

  test('asks a job once that it knows by its name and by its labels', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    const { clean, log } = scene(shelf, { names: [`${PARENT}/customJobs/mine`], quietAt: 0 });
    await clean();
    expect(log.texts('info').filter((text) => text.includes('is cancelled'))).toHaveLength(1);
  });

  test('cancels by name what lists do not show', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    const name = `${PARENT}/customJobs/mine`;
    shelf.hidden.add(name);
    const { clean, clock } = scene(shelf, { names: [name, `${PARENT}/customJobs/deleted`], quietAt: 0 });
    expect(await clean()).toMatchObject([{ name, state: 'CANCELLED' }]);
    expect(clock.now()).toBe(1_000_000);
  });

  test('leaves alone what has another key, whoever names it', async () => {
    const shelf = new Shelf(stepJob('theirs', 'RUNNING', { labels: { 'train-on-vertex-key': 'other' } }));
    expect(await scene(shelf, { names: [`${PARENT}/customJobs/theirs`], quietAt: 0 }).clean()).toEqual([]);
    expect(shelf.states()).toEqual({ theirs: 'RUNNING' });
  });

  test('waits for what may turn up, where main was killed while it asked', async () => {
    const shelf = new Shelf(stepJob('mine', 'QUEUED', { attempt: 2 }));
    const name = `${PARENT}/customJobs/mine`;
    shelf.hidden.add(name);
    const { clean, clock, log } = scene(shelf);
    clock.at(1_000_000 + 89_999, () => shelf.hidden.delete(name));
    expect(await clean()).toMatchObject([{ name, state: 'CANCELLED' }]);
    expect(clock.now() - 1_000_000).toBe(90_000);
    expect(log.texts('info')[0]).toContain('For 90 s more');
  });

  test('does not wait where lists are never behind', async () => {
    const { clean, clock } = scene(new Shelf(), { lag: LOCAL_LAG });
    expect(await clean()).toEqual([]);
    expect(clock.now()).toBe(1_000_000);
  });

  test('waits for the end of what it cancelled while time lasts', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    shelf.cancelledIs = 'CANCELLING';
    const { clean, clock } = scene(shelf, { quietAt: 0, waitMs: 20_000 });
    expect(await clean()).toMatchObject([{ state: 'CANCELLING' }]);
    expect(clock.now() - 1_000_000).toBe(20_000);
    expect(shelf.calls.filter((call) => call.startsWith('cancel'))).toHaveLength(1);
  });

  test('asks again where a request is not answered', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    const { clean, clock } = scene(shelf, {
      api: {
        ...shelf.api,
        cancel: (name) => (clock.now() < 1_005_000 ? new Promise(() => {}) : shelf.api.cancel(name)),
      },
      quietAt: 0,
    });
    expect(await clean()).toMatchObject([{ state: 'CANCELLED' }]);
    expect(clock.now() - 1_000_000).toBeLessThan(15_000);
  });

  test('tries again what fails for the time being', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    const { clean, clock } = scene(shelf, { quietAt: 0 });
    shelf.fault = () => {
      if (clock.now() < 1_000_000 + 60_000) throw new ApiError('busy', 503);
    };
    expect(await clean()).toMatchObject([{ state: 'CANCELLED' }]);
  });

  test('throws where a job may not be cancelled, once all others are', async () => {
    const shelf = new Shelf(stepJob('a', 'RUNNING', { attempt: 2 }), stepJob('b', 'RUNNING', { attempt: 2 }));
    const refusal = new ApiError('no', 403);
    shelf.fault = (call) => {
      if (call === 'cancel a') throw refusal;
    };
    await expect(scene(shelf, { quietAt: 0 }).clean()).rejects.toBe(refusal);
    expect(shelf.states()).toEqual({ a: 'RUNNING', b: 'CANCELLED' });
  });

  test('throws where nothing can be looked for, with what it knew by name cancelled', async () => {
    const shelf = new Shelf(stepJob('mine', 'RUNNING', { attempt: 2 }));
    shelf.fault = (call) => {
      if (call.startsWith('list')) throw new ApiError('busy', 503);
    };
    const { clean, clock } = scene(shelf, { names: [`${PARENT}/customJobs/mine`], quietAt: 0 });
    await expect(clean()).rejects.toThrow('busy');
    expect(shelf.states()).toEqual({ mine: 'CANCELLED' });
    expect(clock.now() - 1_000_000).toBeLessThan(180_000);
  });
});

describe('post that leaves the job running', () => {
  const nameOf = (id: string) => `${PARENT}/customJobs/${id}`;
  const at = (hour: number) => `2026-11-01T0${hour}:00:00Z`;

  test.each<{ name: string; jobs: Job[]; more?: Partial<EndOursOptions>; stands?: string; states: object }>([
    {
      name: 'its only one',
      jobs: [stepJob('mine', 'RUNNING', { attempt: 2 })],
      stands: 'mine',
      states: { mine: 'RUNNING' },
    },
    {
      name: 'the oldest, and cancels its doubles',
      jobs: [
        stepJob('double', 'RUNNING', { attempt: 2, at: at(2) }),
        stepJob('oldest', 'RUNNING', { attempt: 2, at: at(1) }),
      ],
      more: { names: [nameOf('double')] },
      stands: 'oldest',
      states: { double: 'CANCELLED', oldest: 'RUNNING' },
    },
    {
      name: 'the one of the choice that was taken, and cancels one that was given up',
      jobs: [
        stepJob('first', 'RUNNING', { attempt: 2, at: at(1) }),
        stepJob('refused', 'FAILED', { attempt: 2, at: at(1) }),
        stepJob('second', 'RUNNING', { attempt: 2, at: at(2) }),
      ],
      more: { names: [nameOf('first'), nameOf('second')], givenUp: [nameOf('first'), nameOf('refused')] },
      stands: 'second',
      states: { first: 'CANCELLED', refused: 'FAILED', second: 'RUNNING' },
    },
    {
      name: 'that of an earlier attempt which it had joined',
      jobs: [stepJob('earlier', 'RUNNING'), stepJob('ours', 'RUNNING', { attempt: 2, at: at(5) })],
      more: { names: [nameOf('earlier')] },
      stands: 'earlier',
      states: { earlier: 'RUNNING', ours: 'CANCELLED' },
    },
    {
      name: 'nothing where another step came first',
      jobs: [
        stepJob('theirs', 'RUNNING', { attempt: 2, request: 'other', at: at(1) }),
        stepJob('mine', 'RUNNING', { attempt: 2, at: at(2) }),
      ],
      states: { theirs: 'RUNNING', mine: 'CANCELLED' },
    },
    { name: 'nothing where there is nothing', jobs: [], states: {} },
    {
      name: 'nobody else’s',
      jobs: [stepJob('later', 'RUNNING', { attempt: 3 }), stepJob('outdated', 'RUNNING', { request: 'other' })],
      states: { later: 'RUNNING', outdated: 'RUNNING' },
    },
    {
      name: 'what an earlier attempt left where nothing stands for the step',
      jobs: [stepJob('outdated', 'RUNNING', { request: 'other' })],
      stands: 'outdated',
      states: { outdated: 'RUNNING' },
    },
    {
      name: 'nothing of an earlier attempt that main had begun to end',
      jobs: [stepJob('outdated', 'RUNNING', { request: 'other' })],
      more: { names: [nameOf('outdated')] },
      states: { outdated: 'CANCELLED' },
    },
    {
      name: 'its own beside an earlier one that has succeeded, with on_rerun: new',
      jobs: [stepJob('earlier', 'SUCCEEDED'), stepJob('ours', 'RUNNING', { attempt: 2, at: at(5) })],
      more: { onRerun: 'new' },
      stands: 'ours',
      states: { earlier: 'SUCCEEDED', ours: 'RUNNING' },
    },
  ])('leaves $name', async ({ jobs, more = {}, stands, states }) => {
    const shelf = new Shelf(...jobs);
    const left = await scene(shelf, { quietAt: 0, ...more }).leave();
    expect(left.map(({ name }) => name)).toEqual(stands === undefined ? [] : [nameOf(stands)]);
    expect(shelf.states()).toEqual(states);
  });

  test('ends a double that turns up while lists are behind', async () => {
    const shelf = new Shelf(
      stepJob('double', 'RUNNING', { attempt: 2, at: at(2) }),
      stepJob('mine', 'RUNNING', { attempt: 2, at: at(1) }),
    );
    shelf.hidden.add(nameOf('double'));
    const { leave, clock } = scene(shelf);
    clock.at(1_000_000 + 60_000, () => shelf.hidden.delete(nameOf('double')));
    expect(await leave()).toMatchObject([{ name: nameOf('mine'), state: 'RUNNING' }]);
    expect(shelf.states()).toEqual({ double: 'CANCELLED', mine: 'RUNNING' });
  });
});
