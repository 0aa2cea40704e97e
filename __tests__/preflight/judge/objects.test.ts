import { expect, test } from '@jest/globals';
import type { CheckOf } from '../../../src/preflight/check.ts';
import { preflightChecks } from '../../../src/preflight/checks.ts';
import { judgeObjects } from '../../../src/preflight/judge/objects.ts';
import { DEPLOYER, requestOf, told } from '../given.ts';

const [check] = preflightChecks(requestOf({ output_uri: 'gs://my-out/runs' }, undefined, true, true)).flatMap(
  (each): CheckOf<'objects'>[] => (each.kind === 'objects' ? [each] : []),
);
const judged = (granted: readonly string[] | undefined) =>
  told(check === undefined ? [] : judgeObjects(check, granted));
const BOTH = ['storage.objects.get', 'storage.objects.list'];

test('objects that may be read are nothing to tell', () => {
  expect(judged(BOTH)).toEqual([]);
  expect(judged([...BOTH, 'storage.objects.create'])).toEqual([]);
});

test.each([
  { granted: [], missing: 'storage.objects.get, storage.objects.list' },
  { granted: ['storage.objects.get'], missing: 'storage.objects.list' },
  { granted: ['storage.objects.list'], missing: 'storage.objects.get' },
])('of what is granted as $granted, $missing is missing', ({ granted, missing }) => {
  expect(judged(granted)).toEqual([
    `error: output_uri names gs://my-out, and ${DEPLOYER} may not read what the job writes there: it lacks ${missing}. Grant it roles/storage.objectViewer on the bucket: \`gcloud storage buckets add-iam-policy-binding gs://my-out --role=roles/storage.objectViewer --member=${DEPLOYER} --condition=None\`. [permission-read-objects]`,
  ]);
});

test('a bucket that is not there is told once, by the bucket’s own check', () => {
  expect(judged(undefined)).toEqual([]);
});
