import { expect, test } from '@jest/globals';
import { objectsOf } from '../../src/artifacts/listing.ts';
import type { Patience } from '../../src/artifacts/patience.ts';
import { ApiError } from '../../src/google/api-error.ts';
import type { ObjectsPage, StoredObject } from '../../src/google/objects.ts';
import { SimulatedClock } from '../ground/clock.ts';

const OBJECT: StoredObject = {
  name: 'm/a',
  size: 1,
  generation: '1',
  crc32c: undefined,
  md5Hash: undefined,
  timeCreated: undefined,
  updated: undefined,
  contentEncoding: undefined,
};

/** The objects of gs://bucket/m, whose pages are answered by `answer`. */
function listed(answer: (pageToken: string | undefined) => ObjectsPage) {
  const clock = new SimulatedClock();
  const asked: (string | undefined)[] = [];
  const patience: Patience = { clock, random: () => 0.5, signal: new AbortController().signal, onRetry: () => {} };
  const api = {
    list: async (_bucket: string, _prefix: string, { pageToken }: { pageToken?: string | undefined }) => {
      asked.push(pageToken);
      return answer(pageToken);
    },
  };
  return { found: objectsOf(api, { bucket: 'bucket', path: 'm' }, patience), asked, clock };
}

test('pages without objects are gone on from', async () => {
  const { found, asked } = listed((token) =>
    token === undefined ? { objects: [], nextPageToken: 'x' } : { objects: [OBJECT], nextPageToken: undefined },
  );
  expect([await found, asked]).toEqual([[OBJECT], [undefined, 'x']]);
});

test('a service that goes round in circles is left', async () => {
  const { found, asked } = listed(() => ({ objects: [OBJECT], nextPageToken: 'x' }));
  await expect(found).rejects.toThrow('list gs://bucket/m: the service gives the same page again');
  expect(asked).toEqual([undefined, 'x']);
});

test('a folder with no end is no model', async () => {
  const objects = Array.from({ length: 1_000 }, () => OBJECT);
  const { found, asked } = listed((token) => ({ objects, nextPageToken: `${Number(token ?? 0) + 1}` }));
  await expect(found).rejects.toThrow('gs://bucket/m holds more than 100000 objects');
  expect(asked).toHaveLength(101);
});

test('no service is waited for longer than five minutes at a time, nor for ever', async () => {
  const { found, clock } = listed(() => {
    throw new ApiError('list', 503, { retryAfterMs: 3_600_000 });
  });
  await expect(found).rejects.toThrow('list');
  expect(clock.slept).toEqual(Array.from({ length: 7 }, () => 300_000));
});

test('a project without the right is told what mends it, and one without the bucket what is missing', async () => {
  const refused = (status: number) =>
    listed(() => {
      throw new ApiError('list gs://bucket/m/: no', status);
    }).found;
  await expect(refused(403)).rejects.toThrow(
    'Grant the account of this step roles/storage.objectViewer on gs://bucket.',
  );
  await expect(refused(404)).rejects.toMatchObject({ name: 'ApiError', message: 'list gs://bucket/m/: no' });
});
