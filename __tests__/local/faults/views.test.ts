import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timestampOf } from '../../../src/local/api/timestamps.ts';
import { disturbedEntries, laggingList, withState } from '../../../src/local/faults/views.ts';

const CUSTOM = 'projects/1/locations/l/customJobs/1';

describe('laggingList', () => {
  const jobs = [1_000, 2_000, 3_000].map((ms) => ({ name: `${CUSTOM}${ms}`, createTime: timestampOf(ms) }));

  it.each([
    [2_999, []],
    [3_000, [1_000]],
    [4_500, [1_000, 2_000]],
    [9_000, [1_000, 2_000, 3_000]],
  ])('at %d ms', (nowMs, shown) => {
    const body = { customJobs: jobs, nextPageToken: 't' };
    const found = laggingList(body, 2_000, nowMs) as { readonly customJobs?: typeof jobs };
    expect(found).toEqual({
      ...(shown.length === 0
        ? {}
        : { customJobs: jobs.filter(({ createTime }) => shown.includes(Date.parse(createTime))) }),
      nextPageToken: 't',
    });
  });

  it('leaves errors as they are', () => {
    const body = { error: { code: 400 } };
    expect(laggingList(body, 1, 0)).toEqual(body);
  });
});

const entry = (nth: number) => ({
  insertId: nth.toString(36).padStart(10, '0'),
  timestamp: timestampOf(nth * 1_000),
  receiveTimestamp: timestampOf(nth * 1_000),
  textPayload: `line ${nth}`,
});
const entriesOf = (body: unknown) => (body as { readonly entries: ReturnType<typeof entry>[] }).entries;
const idsOf = (body: unknown) => entriesOf(body).map(({ insertId }) => Number.parseInt(insertId, 36));
const PAGE = { entries: [1, 2, 3, 4, 5, 6].map(entry), nextPageToken: 't' };

describe('disturbedEntries', () => {
  it.each([
    ['every other late, before their time', { lateEvery: 2, lateMs: 10_000 }, 11_000, [1, 3, 5]],
    ['every other late, some of them arrived', { lateEvery: 2, lateMs: 10_000 }, 14_000, [1, 2, 3, 4, 5]],
    ['every other late, all arrived', { lateEvery: 2, lateMs: 10_000 }, 16_000, [1, 2, 3, 4, 5, 6]],
    ['all late', { lateEvery: 1, lateMs: 10_000 }, 5_000, []],
    ['doubled', { doubledEvery: 3 }, 0, [1, 2, 3, 4, 5, 6, 3, 6]],
    ['late and doubled', { lateEvery: 2, lateMs: 10_000, doubledEvery: 1 }, 0, [1, 3, 5, 1, 3, 5]],
  ])('%s', (_name, conditions, nowMs, expected) => {
    const found = disturbedEntries(PAGE, conditions, nowMs);
    expect(idsOf(found)).toEqual(expected);
    expect(found).toMatchObject({ nextPageToken: 't' });
  });

  it('says when a late entry was received', () => {
    const [first] = entriesOf(disturbedEntries(PAGE, { lateEvery: 1, lateMs: 500 }, 60_000));
    expect(first).toEqual({ ...entry(1), receiveTimestamp: timestampOf(1_500) });
  });

  it('shuffles a page into the same order for the same seed, losing nothing', () => {
    fc.assert(
      fc.property(fc.nat(), (shuffled) => {
        const found = idsOf(disturbedEntries(PAGE, { shuffled }, 0));
        expect(idsOf(disturbedEntries(PAGE, { shuffled }, 0))).toEqual(found);
        expect([...found].sort()).toEqual([1, 2, 3, 4, 5, 6]);
      }),
    );
    const orders = new Set(
      [...Array(50).keys()].map((seed) => idsOf(disturbedEntries(PAGE, { shuffled: seed }, 0)).join()),
    );
    expect(orders.size).toBeGreaterThan(25);
  });

  it('leaves errors as they are', () => {
    const body = { error: { code: 400 } };
    expect(disturbedEntries(body, { lateEvery: 1, lateMs: 1 }, 0)).toBe(body);
  });
});

describe('withState', () => {
  const pipeline = 'projects/1/locations/l/trainingPipelines/1';

  it.each([
    ['a job', { name: CUSTOM, state: 'x' }, 'PAUSED', { name: CUSTOM, state: 'JOB_STATE_PAUSED' }],
    ['a pipeline', { name: pipeline }, 'PAUSED', { name: pipeline, state: 'PIPELINE_STATE_PAUSED' }],
    ['a whole word', { name: CUSTOM }, 'JOB_STATE_NEW', { name: CUSTOM, state: 'JOB_STATE_NEW' }],
    ['a number', { name: CUSTOM }, 42, { name: CUSTOM, state: 42 }],
    [
      'a list',
      { customJobs: [{ name: CUSTOM }] },
      'PAUSED',
      { customJobs: [{ name: CUSTOM, state: 'JOB_STATE_PAUSED' }] },
    ],
    ['what is no job', { error: { code: 1 } }, 'PAUSED', { error: { code: 1 } }],
  ])('%s', (_name, body, state, expected) => {
    expect(withState(body, state)).toEqual(expected);
  });
});
