import { describe, expect, test } from '@jest/globals';
import { newsOf } from '../../src/job/news.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { job, trial } from './jobs.ts';

describe('between two looks', () => {
  test.each<{ name: string; before: Job; now: Job; news: string[] }>([
    { name: 'nothing', before: job('RUNNING'), now: job('RUNNING'), news: [] },
    { name: 'a state', before: job('PENDING'), now: job('RUNNING'), news: ['Job is RUNNING.'] },
    {
      name: 'a trial that started',
      before: job('RUNNING'),
      now: job('RUNNING', {
        trials: [
          trial('1', 'ACTIVE', undefined, {
            parameters: [
              { parameterId: 'rate', value: 0.1 },
              { parameterId: 'optimizer', value: 'sgd' },
            ],
          }),
        ],
      }),
      news: ['Trial 1 started: rate=0.1, optimizer=sgd'],
    },
    {
      name: 'trials that ended, in the order of their ids, before the job',
      before: job('RUNNING', { trials: [trial('10', 'ACTIVE'), trial('9', 'ACTIVE')] }),
      now: job('FAILED', {
        trials: [
          trial('10', 'INFEASIBLE', undefined, { infeasibleReason: 'exit 1' }),
          trial('9', 'SUCCEEDED', { accuracy: 0.5, loss: 2 }),
        ],
      }),
      news: ['Trial 9 SUCCEEDED: accuracy = 0.5, loss = 2', 'Trial 10 INFEASIBLE: exit 1', 'Job is FAILED.'],
    },
    {
      name: 'an end without a measurement or a reason',
      before: job('RUNNING'),
      now: job('RUNNING', { trials: [trial('1', 'SUCCEEDED'), trial('2', 'INFEASIBLE')] }),
      news: ['Trial 1 SUCCEEDED: no measurement', 'Trial 2 INFEASIBLE: no reason given'],
    },
    {
      name: 'states of a trial that are no news',
      before: job('RUNNING', { trials: [trial('1', 'ACTIVE')] }),
      now: job('RUNNING', { trials: [trial('1', 'STOPPING'), trial('2', 'REQUESTED')] }),
      news: [],
    },
  ])('$name', ({ before, now, news }) => {
    expect(newsOf(before, now)).toEqual(news);
  });
});
