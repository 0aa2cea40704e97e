import { describe, expect, test } from '@jest/globals';
import { keyOf } from '../../src/plan/identity.ts';
import { isLeftover, judge, type KnownRun, runOf } from '../../src/sweep/decide.ts';
import { job } from '../job/jobs.ts';

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
      why: 'its workflow run ended in action_required: it was left to run on',
      leftover: true,
    },
    {
      name: 'of a run without one',
      run: over(),
      course: 'leave',
      why: 'its workflow run ended in unknown: it was left to run on',
      leftover: true,
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
