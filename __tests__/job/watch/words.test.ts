import { describe, expect, test } from '@jest/globals';
import { phaseOf, stateWords } from '../../../src/job/watch/states.ts';
import { heraldsChange } from '../../../src/job/watch/wake.ts';
import { JOB_STATES } from '../../../src/vertex/types.ts';

describe('states', () => {
  test.each([
    ['QUEUED', 'waiting'],
    ['PENDING', 'waiting'],
    ['RUNNING', 'running'],
    ['UPDATING', 'running'],
    ['PAUSED', 'held'],
    ['CANCELLING', 'ending'],
    ['SUCCEEDED', 'ended'],
    ['FAILED', 'ended'],
    ['CANCELLED', 'ended'],
    ['EXPIRED', 'ended'],
    ['PARTIALLY_SUCCEEDED', 'ended'],
    ['UNSPECIFIED', 'unknown'],
    ['NEWLY_INVENTED', 'unknown'],
    ['42', 'unknown'],
    ['constructor', 'unknown'],
  ])('%s is %s', (state, phase) => {
    expect(phaseOf(state)).toBe(phase);
  });

  test.each([
    ['RUNNING', 'RUNNING'],
    ['QUEUED', 'QUEUED: it waits for its turn, or for quota of the project that is in use'],
    ['PENDING', 'PENDING: its machines are being prepared'],
    [
      'PAUSED',
      'PAUSED: it was stopped and can be resumed; it is waited on, and ends only if it is cancelled or resumed',
    ],
    ['UPDATING', 'UPDATING: it is being changed, and goes on after that'],
    ['CANCELLING', 'CANCELLING: it was asked to end'],
    ['NEWLY_INVENTED', 'NEWLY_INVENTED: a state that this version does not know; it is waited on'],
    ['toString', 'toString: a state that this version does not know; it is waited on'],
  ])('%s in words', (state, words) => {
    expect(stateWords(state)).toBe(words);
  });

  test('every state that the API has is known', () => {
    for (const state of JOB_STATES) {
      if (state !== 'UNSPECIFIED') expect(phaseOf(state)).not.toBe('unknown');
    }
  });
});

test.each([
  ['service', 'Job is running.', true],
  ['service', 'Job completed successfully.', true],
  ['service', 'Job is cancelled.', true],
  ['service', 'Tearing down training program.', true],
  ['service', 'The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.', true],
  ['service', 'Trial 12 succeeded', true],
  ['service', 'Waiting for job to be provisioned.', false],
  ['service', 'Trial 12: --lr=0.1', false],
  ['workerpool0-0', 'Job completed successfully.', false],
])('of %s the line %j tells of a change: %s', (source, text, tells) => {
  expect(heraldsChange(source, text)).toBe(tells);
});
