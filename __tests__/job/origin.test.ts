import { describe, expect, test } from '@jest/globals';
import { depthOf, outermost, runOf } from '../../src/job/origin.ts';
import { keyOf } from '../../src/plan/identity.ts';
import type { Collection, Job } from '../../src/vertex/jobs.ts';
import { labelsOf, nameOf } from '../sweep/given.ts';
import { job } from './jobs.ts';

const labels = (run: string, key = keyOf('series', run)) => ({
  'train-on-vertex-series': 'series',
  'train-on-vertex-key': key,
  'run-id': run,
});

describe('the run behind a job', () => {
  test.each<{ name: string; labels: Record<string, string>; run: string | undefined }>([
    { name: 'is the one that its key is made of', labels: labels('700'), run: '700' },
    { name: 'is none that only a readable label names', labels: labels('701', keyOf('series', '700')), run: undefined },
    { name: 'is none without labels', labels: {}, run: undefined },
    { name: 'is none that is no number', labels: labels('7/../8'), run: undefined },
  ])('$name', ({ labels: given, run }) => {
    expect(runOf({ labels: given })).toBe(run);
  });
});

describe('of jobs that the service runs for others, those count that stand for themselves', () => {
  const of = (collection: Collection, id: number, more: Partial<Job> = {}) =>
    job('RUNNING', { name: nameOf(id, collection), labels: labelsOf('700'), ...more });

  test.each<{ name: string; jobs: readonly Job[]; left: readonly number[] }>([
    { name: 'none', jobs: [], left: [] },
    { name: 'two of a kind', jobs: [of('customJobs', 1), of('customJobs', 2)], left: [1, 2] },
    {
      name: 'a pipeline and the study behind it',
      jobs: [
        of('hyperparameterTuningJobs', 2, { labels: {} }),
        of('trainingPipelines', 1, { backing: nameOf(2, 'hyperparameterTuningJobs') }),
      ],
      left: [1],
    },
    {
      name: 'a study and a trial of it with its labels',
      jobs: [of('customJobs', 2), of('hyperparameterTuningJobs', 1)],
      left: [1],
    },
    {
      name: 'a trial whose study has ended, and is not told of',
      jobs: [of('customJobs', 2)],
      left: [2],
    },
    {
      name: 'a study, and a custom job of another request of the same run',
      jobs: [
        of('hyperparameterTuningJobs', 1),
        of('customJobs', 2, { labels: { ...labelsOf('700'), 'train-on-vertex-request': 'other' } }),
      ],
      left: [1, 2],
    },
    {
      name: 'a study, and a custom job of another attempt',
      jobs: [
        of('hyperparameterTuningJobs', 1),
        of('customJobs', 2, { labels: { ...labelsOf('700'), 'train-on-vertex-attempt': '2' } }),
      ],
      left: [1, 2],
    },
  ])('$name', ({ jobs, left }) => {
    expect(outermost(jobs).map(({ name }) => Number(name.split('/').at(-1)))).toEqual(left);
  });

  test('which is told by their kinds', () => {
    const depths = (['trainingPipelines', 'hyperparameterTuningJobs', 'customJobs'] as const).map((kind) =>
      depthOf(of(kind, 1)),
    );
    expect(depths).toEqual([0, 1, 2]);
  });
});
