import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { keyOf } from '../../src/plan/identity.ts';
import { depthOf, isLeftover, judge, type KnownRun, outermost, runOf } from '../../src/sweep/decide.ts';
import type { Collection, Job } from '../../src/vertex/jobs.ts';
import { job } from '../job/jobs.ts';
import { labelsOf, nameOf } from './given.ts';

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

describe('a job', () => {
  const over = (conclusion?: string): KnownRun => ({ status: 'completed', conclusion });
  test.each<{ name: string; state?: string; run: KnownRun; course: string; why: string; leftover: boolean }>([
    {
      name: 'of a cancelled run',
      run: over('cancelled'),
      course: 'end',
      why: 'its workflow run ended in cancelled',
      leftover: true,
    },
    {
      name: 'of a failed run',
      run: over('failure'),
      course: 'end',
      why: 'its workflow run ended in failure',
      leftover: true,
    },
    {
      name: 'of a run that took too long',
      run: over('timed_out'),
      course: 'end',
      why: 'its workflow run ended in timed_out',
      leftover: true,
    },
    {
      name: 'of a run that ended well',
      run: over('success'),
      course: 'leave',
      why: 'its workflow run ended in success: it was left to run on',
      leftover: true,
    },
    {
      name: 'of a run with a conclusion of another day',
      run: over('action_required'),
      course: 'leave',
      why: 'its workflow run ended in action_required, which is no failure',
      leftover: true,
    },
    {
      name: 'of a run without one',
      run: over(),
      course: 'leave',
      why: 'its workflow run has no conclusion',
      leftover: true,
    },
    {
      name: 'of a run that never started',
      run: over('startup_failure'),
      course: 'end',
      why: 'its workflow run ended in startup_failure',
      leftover: true,
    },
    {
      name: 'of a run that GitHub gave up',
      run: over('stale'),
      course: 'end',
      why: 'its workflow run ended in stale',
      leftover: true,
    },
    {
      name: 'of a failed run that is queued again',
      run: { status: 'queued', conclusion: undefined },
      course: 'leave',
      why: 'its workflow run is queued',
      leftover: false,
    },
    {
      name: 'of a failed run that is run again, with the old conclusion still told',
      run: { status: 'in_progress', conclusion: 'failure' },
      course: 'leave',
      why: 'its workflow run is in_progress',
      leftover: false,
    },
    {
      name: 'of a run in a status of another day',
      run: { status: 'pondering', conclusion: undefined },
      course: 'leave',
      why: 'its workflow run is pondering',
      leftover: false,
    },
    {
      name: 'of a run that goes on',
      run: { status: 'in_progress', conclusion: undefined },
      course: 'leave',
      why: 'its workflow run is in_progress',
      leftover: false,
    },
    {
      name: 'of a deleted run',
      run: 'gone',
      course: 'leave',
      why: 'GitHub has its workflow run no more',
      leftover: true,
    },
    {
      name: 'of nobody knows which',
      run: 'unknown',
      course: 'leave',
      why: 'its workflow run could not be looked up',
      leftover: false,
    },
    {
      name: 'that is about to end',
      state: 'CANCELLING',
      run: over('failure'),
      course: 'leave',
      why: 'it is CANCELLING',
      leftover: false,
    },
    {
      name: 'in a state of another day, of a failed run',
      state: 'REPAIRING',
      run: over('failure'),
      course: 'end',
      why: 'its workflow run ended in failure',
      leftover: true,
    },
    {
      name: 'that is paused, of a cancelled run',
      state: 'PAUSED',
      run: over('cancelled'),
      course: 'end',
      why: 'its workflow run ended in cancelled',
      leftover: true,
    },
    {
      name: 'that has ended',
      state: 'FAILED',
      run: over('failure'),
      course: 'leave',
      why: 'it is FAILED',
      leftover: false,
    },
  ])('$name', ({ state = 'RUNNING', run, course, why, leftover }) => {
    expect(judge(job(state), run)).toEqual({ course, why });
    expect(isLeftover(job(state), run)).toBe(leftover);
  });
});

test('whatever comes, a job is ended only where its run is over and came to a bad end', () => {
  const bad = ['cancelled', 'failure', 'timed_out', 'startup_failure', 'stale'];
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(...bad, 'success', 'completed', 'in_progress', 'neutral', 'skipped'),
  );
  const run = fc.oneof(
    fc.constantFrom<KnownRun>('gone', 'unknown'),
    fc.record({ status: word, conclusion: fc.option(word, { nil: undefined }) }),
  );
  fc.assert(
    fc.property(
      fc.oneof(word, fc.constantFrom('RUNNING', 'PENDING', 'CANCELLED', 'CANCELLING')),
      run,
      (state, known) => {
        const { course } = judge(job(state), known);
        const broken =
          typeof known === 'object' && known.status === 'completed' && bad.includes(known.conclusion ?? '');
        const over = ['CANCELLED', 'CANCELLING'].includes(state);
        expect(course).toBe(broken && !over ? 'end' : 'leave');
        if (course === 'end') expect(isLeftover(job(state), known)).toBe(true);
      },
    ),
  );
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
