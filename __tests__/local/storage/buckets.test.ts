import { describe, expect, it } from '@jest/globals';
import { bucketOf, bucketsIn } from '../../../src/local/storage/buckets.ts';

describe('names of buckets', () => {
  it.each([
    ['gs://bucket/x', 'bucket'],
    ['gs://my.bucket_1', 'my.bucket_1'],
    ['gs://../etc', undefined],
    ['gs://a..b/x', undefined],
    ['gs://UPPER/x', undefined],
    ['/gcs/bucket', undefined],
  ])('bucket of %s', (uri, expected) => {
    expect(bucketOf(uri)).toBe(expected);
  });

  it('finds the buckets in a text', () => {
    expect(bucketsIn('--in=/gcs/data/x,gs://out-1/y /gcs/../etc gs://data')).toEqual(['data', 'out-1']);
  });
});
