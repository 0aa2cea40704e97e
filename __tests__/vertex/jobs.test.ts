import { describe, expect, test } from '@jest/globals';
import { collectionOf, hasEnded, idOf, locationOf } from '../../src/vertex/jobs.ts';
import { JOB_STATES } from '../../src/vertex/types.ts';

test('five states are an end, and no other is', () => {
  expect(JOB_STATES.filter((state) => hasEnded({ state }))).toEqual([
    'SUCCEEDED',
    'FAILED',
    'CANCELLED',
    'EXPIRED',
    'PARTIALLY_SUCCEEDED',
  ]);
});

test.each(['', '42', 'JOB_STATE_SUCCEEDED', 'succeeded', 'constructor'])('"%s" is no end', (state) => {
  expect(hasEnded({ state })).toBe(false);
});

describe('the id of a resource', () => {
  test.each([
    { name: 'projects/1/locations/l/customJobs/77', id: '77' },
    { name: '77', id: '77' },
    { name: 'a/', id: '' },
  ])('$name', ({ name, id }) => {
    expect(idOf(name)).toBe(id);
  });
});

test.each([
  { name: 'projects/p/locations/us-central1/customJobs/7', collection: 'customJobs' },
  { name: 'projects/p/locations/us-central1/hyperparameterTuningJobs/8', collection: 'hyperparameterTuningJobs' },
  { name: 'projects/p/locations/us-central1/trainingPipelines/9', collection: 'trainingPipelines' },
])('$name is one of $collection, in its location', ({ name, collection }) => {
  expect(collectionOf(name)).toBe(collection);
  expect(locationOf(name)).toBe('us-central1');
});

test('a name without a location has none', () => {
  expect(locationOf('projects/p')).toBe('');
});
