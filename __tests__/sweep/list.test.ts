import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { repositoryHash } from '../../src/plan/identity.ts';
import { listJobs, type SweptPlace } from '../../src/sweep/list.ts';
import type { Collection } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { answers, job } from '../job/jobs.ts';
import { CALLER, labelsOf, nameOf, ours, placeOf, placeWith, REPOSITORY_ID } from './given.ts';

const listed = (places: readonly SweptPlace[], more: { readonly cancel?: boolean } = {}) =>
  listJobs({
    places,
    projectId: 'my-project',
    repositoryId: REPOSITORY_ID,
    caller: CALLER,
    cancel: true,
    clock: new SimulatedClock(),
    ...more,
  });

describe('jobs are listed', () => {
  test('of every kind in every region, by the repository and their state', async () => {
    const asked: [string, Collection, string][] = [];
    const list = async (parent: string, collection: Collection, filter: string) => {
      asked.push([parent, collection, filter]);
      return [];
    };
    await listed([placeOf({ list }), placeOf({ list }, 'europe-west4')]);
    const states = (prefix: string) =>
      ['SUCCEEDED', 'FAILED', 'CANCELLED'].map((state) => `state!="${prefix}_${state}"`).join(' AND ');
    const repository = `labels.train-on-vertex-repository="${repositoryHash(REPOSITORY_ID)}"`;
    expect(asked).toEqual(
      ['us-central1', 'europe-west4'].flatMap((region) =>
        (['trainingPipelines', 'hyperparameterTuningJobs', 'customJobs'] as const).map((collection) => [
          `projects/my-project/locations/${region}`,
          collection,
          `${repository} AND ${states(collection === 'trainingPipelines' ? 'PIPELINE_STATE' : 'JOB_STATE')}`,
        ]),
      ),
    );
  });

  test('and those that are not asked for are left out, should the service tell of them', async () => {
    const mine = ours(1, '700');
    const ended = ours(2, '700', { state: 'EXPIRED' });
    const others = job('RUNNING', {
      name: nameOf(3),
      labels: { ...labelsOf('700'), 'train-on-vertex-repository': repositoryHash('8') },
    });
    const unlabelled = job('RUNNING', { name: nameOf(4) });
    const { jobs, faults } = await listed([placeWith([mine, ended, others, unlabelled])]);
    expect([jobs.map(({ job: { name } }) => name), faults]).toEqual([[mine.name], []]);
  });

  test('again where that may help', async () => {
    const list = answers([ours(1, '700')]);
    const failing = answers<never>(new ApiError('busy', 503));
    const { jobs, faults } = await listed([placeOf({ list: async () => (failing.count < 2 ? failing() : list()) })]);
    expect([jobs.length, faults]).toEqual([3, []]);
  });
});

describe('what cannot be listed is told, and hinders nothing else', () => {
  const good = placeWith([ours(1, '700')]);
  const bad = (error: Error, region: string) => placeOf({ list: async () => Promise.reject(error) }, region);
  const denied = new ApiError('list x: HTTP 403: Permission denied', 403);

  test.each<{ name: string; places: SweptPlace[]; cancel?: boolean; faults: string[] }>([
    {
      name: 'a missing right, once for all regions',
      places: [bad(denied, 'europe-west4'), good, bad(denied, 'us-east1')],
      faults: [
        'The jobs in europe-west4, us-east1 could not all be listed: list x: HTTP 403: Permission denied. Grant serviceAccount:a@b.c roles/aiplatform.user: `gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=serviceAccount:a@b.c --condition=None`.',
      ],
    },
    {
      name: 'a missing right to look, where nothing is to be ended',
      places: [good, bad(denied, 'us-east1')],
      cancel: false,
      faults: [expect.stringContaining('Grant serviceAccount:a@b.c roles/aiplatform.viewer: ') as unknown as string],
    },
    {
      name: 'an API that is not enabled',
      places: [
        good,
        bad(
          new ApiError('HTTP 403: Vertex AI API has not been used in project 123 before or it is disabled.', 403),
          'us-east1',
        ),
      ],
      faults: [
        'The jobs in us-east1 could not all be listed: HTTP 403: Vertex AI API has not been used in project 123 before or it is disabled. Enable the API: `gcloud services enable aiplatform.googleapis.com --project=123`.',
      ],
    },
    {
      name: 'failures of several reasons, and one that is no answer',
      places: [bad(new ApiError('list x: HTTP 503: busy', 503), 'us-east1'), good, bad(new Error('odd'), 'us-west1')],
      faults: [
        'The jobs in us-west1 could not all be listed: odd.',
        'The jobs in us-east1 could not all be listed: list x: HTTP 503: busy.',
      ],
    },
  ])('$name', async ({ places, faults, ...more }) => {
    const found = await listed(places, more);
    expect([found.jobs.map(({ job: { name } }) => name), found.faults]).toEqual([[nameOf(1)], faults]);
  });
});
