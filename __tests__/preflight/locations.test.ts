import { describe, expect, test } from '@jest/globals';
import { locationText, nearness } from '../../src/preflight/locations.ts';

describe('seen from a region', () => {
  test.each([
    { location: 'US-CENTRAL1', region: 'us-central1', near: 'same' },
    { location: 'us-central1', region: 'us-central1', near: 'same' },
    { location: 'US-EAST1', region: 'us-central1', near: 'elsewhere' },
    { location: 'NORTHAMERICA-NORTHEAST1', region: 'us-central1', near: 'elsewhere' },
    { location: 'NAM4', region: 'us-central1', near: 'within' },
    { location: 'NAM4', region: 'us-east1', near: 'within' },
    { location: 'NAM4', region: 'us-east4', near: 'elsewhere' },
    { location: 'EUR4', region: 'europe-west4', near: 'within' },
    { location: 'EUR5', region: 'europe-west2', near: 'within' },
    { location: 'EUR7', region: 'europe-west3', near: 'within' },
    { location: 'EUR8', region: 'europe-west6', near: 'within' },
    { location: 'ASIA1', region: 'asia-northeast2', near: 'within' },
    { location: 'US', region: 'us-west1', near: 'around' },
    { location: 'US', region: 'europe-west4', near: 'elsewhere' },
    { location: 'US', region: 'northamerica-northeast1', near: 'elsewhere' },
    { location: 'EU', region: 'europe-west4', near: 'around' },
    { location: 'EU', region: 'europe-west12', near: 'around' },
    { location: 'EU', region: 'europe-southwest1', near: 'around' },
    { location: 'EU', region: 'europe-west2', near: 'elsewhere' },
    { location: 'EU', region: 'europe-west6', near: 'elsewhere' },
    { location: 'ASIA', region: 'asia-southeast1', near: 'around' },
    { location: 'ASIA', region: 'australia-southeast1', near: 'elsewhere' },
    { location: 'MOON', region: 'us-central1', near: 'unknown' },
    { location: 'constructor', region: 'us-central1', near: 'unknown' },
    { location: '', region: 'us-central1', near: 'unknown' },
    { location: undefined, region: 'us-central1', near: 'unknown' },
  ])('$location is $near from $region', ({ location, region, near }) => {
    expect(nearness({ location }, region)).toBe(near);
  });

  test.each([
    { dataLocations: ['US-CENTRAL1', 'US-WEST1'], region: 'us-west1', near: 'within' },
    { dataLocations: ['US-CENTRAL1', 'US-WEST1'], region: 'us-east1', near: 'elsewhere' },
    { dataLocations: ['us-central1-a'], region: 'us-east1', near: 'around' },
    { dataLocations: [], region: 'us-east1', near: 'around' },
  ])('US of $dataLocations is $near from $region', ({ dataLocations, region, near }) => {
    expect(nearness({ location: 'US', dataLocations }, region)).toBe(near);
  });
});

test.each([
  { location: 'EUROPE-WEST4', words: 'europe-west4' },
  { location: 'nam4', words: 'NAM4, the regions us-central1 and us-east1' },
  { location: 'eu', words: 'the multi-region EU' },
  { location: undefined, words: 'an unknown place' },
])('$location in words', ({ location, words }) => {
  expect(locationText({ location })).toBe(words);
});

test('a pair that its owner chose in words', () => {
  expect(locationText({ location: 'US', dataLocations: ['US-CENTRAL1', 'US-WEST1'] })).toBe(
    'the regions us-central1 and us-west1',
  );
});
