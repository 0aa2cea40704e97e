import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it } from '@jest/globals';
import { linger } from '../../../src/local/faults/deliver.ts';
import type { Clock } from '../../../src/retry.ts';
import { standingClock } from './service.ts';

class Answer extends EventEmitter {
  destroyed = false;
}
const asResponse = (answer: Answer) => answer as unknown as ServerResponse;

it.each([
  ['leaves meanwhile', (answer: Answer) => answer.emit('close')],
  ['has left before', () => {}],
])('an answer is not kept back any longer where the client %s', async (when, leave) => {
  const answer = new Answer();
  answer.destroyed = when === 'has left before';
  const waiting = linger(asResponse(answer), 3_600_000, standingClock);
  leave(answer);
  await waiting;
  expect(answer.listenerCount('close')).toBe(0);
});

it('an answer is kept back for its time where the client waits', async () => {
  const answer = new Answer();
  const slept: number[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };
  await linger(asResponse(answer), 20, clock);
  expect([slept, answer.listenerCount('close')]).toEqual([[20], 0]);
});
