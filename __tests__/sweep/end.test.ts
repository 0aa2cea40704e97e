import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import type { VertexJobs } from '../../src/google/vertex-jobs.ts';
import { type Ended, endLeftovers } from '../../src/sweep/end.ts';
import type { Leftover } from '../../src/sweep/leftovers.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { job } from '../job/jobs.ts';
import { CALLER, nameOf, ours, placeOf } from './given.ts';

/** Ends jobs where the service answers by these calls; `asked` are the names that it was to cancel. */
async function ended(jobs: readonly (Job | { readonly leave: Job })[], calls: Partial<VertexJobs> = {}) {
  const asked: string[] = [];
  const place = placeOf({
    get: async (name) => job('RUNNING', { name }),
    ...calls,
    cancel: async (name) => {
      asked.push(name);
      await calls.cancel?.(name);
    },
  });
  const log = recordingLog();
  const leftovers = jobs.map((each): Leftover => {
    const course = 'leave' in each ? 'leave' : 'end';
    const run = { status: 'completed', conclusion: 'failure' };
    return { job: 'leave' in each ? each.leave : each, place, runId: '700', run, verdict: { course, why: '' } };
  });
  const options = { projectId: 'my-project', caller: CALLER, cancel: true, clock: new SimulatedClock(), log };
  const result: Ended = await endLeftovers(leftovers, options);
  return { asked, ...result, told: log.texts('info') };
}

const refusing = (status: number) => ({
  cancel: async (name: string) => Promise.reject(new ApiError(`cancel ${name}: HTTP ${status}: no`, status)),
});

describe('jobs that are to end', () => {
  test('are asked to, and no others', async () => {
    const { asked, cancelled, faults, told } = await ended([ours(1, '700'), { leave: ours(2, '700') }]);
    expect([asked, cancelled, faults]).toEqual([[nameOf(1)], [nameOf(1)], []]);
    expect(told).toEqual([`Asked to end: ${nameOf(1)}`]);
  });

  test('begin with those that run others', async () => {
    const names = [nameOf(1), nameOf(2, 'hyperparameterTuningJobs'), nameOf(3), nameOf(4, 'trainingPipelines')];
    const { asked } = await ended(names.map((name) => job('RUNNING', { name })));
    expect(asked).toEqual([names[3], names[1], names[0], names[2]]);
  });

  test('are asked again where that may help', async () => {
    let count = 0;
    const cancel = async () => {
      count += 1;
      if (count < 3) throw new ApiError('busy', 503);
    };
    const { asked, cancelled, faults } = await ended([ours(1, '700')], { cancel });
    expect([asked.length, cancelled, faults]).toEqual([3, [nameOf(1)], []]);
  });

  test.each<{ name: string; status: number; state: string }>([
    { name: 'have ended meanwhile', status: 400, state: 'SUCCEEDED' },
    { name: 'are about to end', status: 409, state: 'CANCELLING' },
  ])('are no fault where they $name', async ({ status, state }) => {
    const get = async (name: string) => job(state, { name });
    expect(await ended([ours(1, '700')], { ...refusing(status), get })).toMatchObject({
      cancelled: [nameOf(1)],
      faults: [],
    });
  });

  test('are no fault where they are there no more', async () => {
    expect(await ended([ours(1, '700')], refusing(404))).toMatchObject({ faults: [] });
  });

  test('are told where they cannot be ended, and hinder no others', async () => {
    const cancel = async (name: string) => {
      if (name !== nameOf(2)) throw new ApiError(`cancel ${name}: HTTP 403: denied`, 403);
    };
    const { cancelled, faults } = await ended([ours(1, '700'), ours(2, '700'), ours(3, '700')], { cancel });
    expect(cancelled).toEqual([nameOf(2)]);
    expect(faults).toEqual([
      `${nameOf(1)}, ${nameOf(3)} could not be ended: cancel ${nameOf(1)}: HTTP 403: denied. Grant serviceAccount:a@b.c roles/aiplatform.user: \`gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=serviceAccount:a@b.c --condition=None\`.`,
    ]);
  });

  test('are told where the service refuses although they live', async () => {
    const { cancelled, faults } = await ended([ours(1, '700')], refusing(400));
    expect([cancelled, faults]).toEqual([[], [`${nameOf(1)} could not be ended: cancel ${nameOf(1)}: HTTP 400: no.`]]);
  });
});
