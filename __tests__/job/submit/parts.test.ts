import { describe, expect, test } from '@jest/globals';
import { untilAborted, within } from '../../../src/abort.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { withRunNumber } from '../../../src/job/submit/create.ts';
import { askToEnd } from '../../../src/job/submit/end.ts';
import { CLOUD_LAG, LOCAL_LAG, lastSight, looksAfter } from '../../../src/job/submit/lag.ts';
import { SimulatedClock } from '../../ground/clock.ts';
import { requestOf, Shelf, stepJob } from './scene.ts';

describe('asking for the end of a job', () => {
  const NAME = stepJob('a', 'RUNNING').name;
  const refused = (status: number, state: string) => {
    const shelf = new Shelf(stepJob('a', state));
    shelf.fault = (call) => {
      if (call === 'cancel a') throw new ApiError('no', status);
    };
    return askToEnd(shelf.api, NAME);
  };

  test.each(['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'CANCELLING'])(
    'that is %s is no error, whatever the service says of it',
    async (state) => {
      for (const status of [400, 409]) await expect(refused(status, state)).resolves.toBeUndefined();
    },
  );

  test.each([400, 403, 409, 429, 503])('that lives is an error: HTTP %d', async (status) => {
    await expect(refused(status, 'RUNNING')).rejects.toMatchObject({ httpStatus: status });
  });

  test('that was deleted is no error', async () => {
    await expect(askToEnd(new Shelf().api, NAME)).resolves.toBeUndefined();
  });
});

describe('the number of the run', () => {
  const { resource } = requestOf(1);
  const labelled = (count: number) => ({
    ...resource,
    labels: Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'x'])),
  });

  test('is one more label, where there is room for it', () => {
    expect(withRunNumber(resource, 12).labels).toEqual({ ...resource.labels, 'train-on-vertex-run': '12' });
    expect(Object.keys(withRunNumber(labelled(63), 12).labels ?? {})).toHaveLength(64);
    expect(withRunNumber(labelled(64), 12)).toEqual(labelled(64));
  });

  test.each([Number.NaN, -1, 1.5, 1e21])('that is none (%d) is left out', (number) => {
    expect(withRunNumber(resource, number)).toEqual(resource);
  });
});

describe('when to look again', () => {
  test('once lists show what there was, once they show what was on its way, and once more', () => {
    expect(looksAfter(1_000, { listMs: 30, effectMs: 60 })).toEqual([1_030, 1_090, 601_000]);
    expect(lastSight(1_000, { listMs: 30, effectMs: 60 })).toBe(1_090);
  });

  test('never where lists are not behind', () => {
    expect(looksAfter(1_000, { listMs: 30, effectMs: 0 })).toEqual([1_030, 601_000]);
    expect(looksAfter(1_000, LOCAL_LAG)).toEqual([]);
  });

  // The number that the documentation promises.
  test('a double lives for a minute and a half at most', () => {
    expect(lastSight(0, CLOUD_LAG)).toBe(90_000);
  });
});

describe('waiting', () => {
  const never = new Promise<never>(() => {});

  test('ends at once with the abort', async () => {
    const controller = new AbortController();
    const waited = untilAborted(never, controller.signal);
    controller.abort(new Error('stop'));
    await expect(waited).rejects.toThrow('stop');
    await expect(untilAborted(Promise.resolve(1), controller.signal)).rejects.toThrow('stop');
  });

  test('gives what comes, or throws it, where nothing aborts', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  test('for a while ends with it, or as soon as something comes', async () => {
    const clock = new SimulatedClock();
    await within(500, never, clock);
    expect(clock.now()).toBe(500);
    await within(500, Promise.reject(new Error('no')), clock);
  });
});
