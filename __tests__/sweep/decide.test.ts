import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isLeftover, judge, type KnownRun } from '../../src/sweep/decide.ts';
import { job } from '../job/jobs.ts';

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
