import { describe, expect, test } from '@jest/globals';
import { claimOf, relationOf, tracesOf } from '../../../src/job/submit/claim.ts';
import { type Made, requestOf, stepJob } from './scene.ts';

const claim = claimOf(tracesOf(requestOf(2)));

describe('how a job stands to the step of attempt 2', () => {
  test.each<{ name: string; made: Made; relation: string }>([
    { name: 'this attempt, this request', made: { attempt: 2 }, relation: 'mine' },
    { name: 'this attempt, another request', made: { attempt: 2, request: 'other' }, relation: 'clash' },
    { name: 'an earlier attempt, this request', made: {}, relation: 'earlier' },
    { name: 'an earlier attempt, another request', made: { request: 'other' }, relation: 'outdated' },
    {
      name: 'an earlier attempt, another request, another kind',
      made: { request: 'other', collection: 'trainingPipelines' },
      relation: 'outdated',
    },
    { name: 'a later attempt', made: { attempt: 10 }, relation: 'later' },
    {
      name: 'what a pipeline of this step runs its training in',
      made: { attempt: 2, collection: 'hyperparameterTuningJobs' },
      relation: 'none',
    },
    { name: 'another key', made: { labels: { 'train-on-vertex-key': 'other' } }, relation: 'none' },
    { name: 'no attempt', made: { labels: { 'train-on-vertex-attempt': '' } }, relation: 'none' },
    { name: 'an attempt that is no number', made: { labels: { 'train-on-vertex-attempt': '1e3' } }, relation: 'none' },
  ])('$name: $relation', ({ made, relation }) => {
    expect(relationOf(stepJob('1', 'RUNNING', made), claim)).toBe(relation);
  });

  test('one that was given up: none', () => {
    const { name } = stepJob('1', 'FAILED', { attempt: 2 });
    const wishes = { givenUp: new Set([name]) };
    expect(relationOf(stepJob('1', 'FAILED', { attempt: 2 }), claimOf(tracesOf(requestOf(2)), wishes))).toBe('none');
  });

  test('one of an earlier attempt that is followed: mine', () => {
    const { name } = stepJob('1', 'RUNNING');
    expect(relationOf(stepJob('1', 'RUNNING'), { ...claim, adopted: name })).toBe('mine');
  });
});

test.each(['train-on-vertex-key', 'train-on-vertex-series', 'train-on-vertex-request', 'train-on-vertex-attempt'])(
  'a request without %s has no identity',
  (label) => {
    const { [label]: _, ...labels } = tracesOf(requestOf(2)).labels;
    expect(() => claimOf({ ...tracesOf(requestOf(2)), labels })).toThrow(label);
  },
);
