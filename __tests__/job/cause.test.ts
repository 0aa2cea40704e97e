import { describe, expect, test } from '@jest/globals';
import { causeOf } from '../../src/job/cause.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { job, trial } from './jobs.ts';

const REPLICA = 'The replica workerpool1-3 exited with a non-zero status of 1.';
const tail = (source: string) => [`last of ${source}`];

describe('the cause', () => {
  test.each<{ name: string; failed: Job; message: string; source: string | undefined }>([
    {
      name: 'the replica that the service names',
      failed: job('FAILED', { error: { code: 3, message: REPLICA } }),
      message: REPLICA,
      source: 'workerpool1-3',
    },
    {
      name: 'the chief, where it names none',
      failed: job('FAILED', { error: { message: 'Internal error occurred' } }),
      message: 'Internal error occurred',
      source: 'workerpool0-0',
    },
    {
      name: 'the first infeasible trial',
      failed: job('FAILED', {
        error: { message: 'Too many trials failed.' },
        trials: [trial('10', 'INFEASIBLE'), trial('9', 'INFEASIBLE'), trial('1', 'SUCCEEDED')],
      }),
      message: 'Too many trials failed.',
      source: 'trial 9',
    },
    {
      name: 'no trial, where none failed',
      failed: job('CANCELLED', { error: { code: 1, message: 'CANCELED' }, trials: [trial('1', 'SUCCEEDED')] }),
      message: 'CANCELED',
      source: undefined,
    },
  ])('$name', ({ failed, message, source }) => {
    expect(causeOf(failed, tail)).toEqual({
      message,
      source,
      lines: source === undefined ? [] : [`last of ${source}`],
    });
  });

  test('without lines at hand names no source', () => {
    expect(causeOf(job('FAILED', { error: { message: REPLICA } }), () => [])).toEqual({
      message: REPLICA,
      source: undefined,
      lines: [],
    });
  });

  test('is never empty, though the service says nothing', () => {
    expect(causeOf(job('EXPIRED'), tail).message).toMatch(/\w/);
  });
});
