import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeOf, projectNumber } from '../../../src/local/api/ids.ts';
import { LogStore } from '../../../src/local/logging/store.ts';
import { systemClock } from '../../../src/retry.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';

describe('LogStore', () => {
  let folder = '';
  let store: LogStore;
  const source = { place: placeOf('my-project', 'us-central1'), jobId: '42', task: 'workerpool0-0' };
  const query = {
    projects: [projectNumber('my-project')],
    filter: '',
    descending: false,
    pageSize: 10,
    pageToken: undefined,
  };
  const lines = (count: number) =>
    Array.from({ length: count }, (_u, index) => ({ severity: 'INFO', textPayload: `line ${index} \u2028é` }));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-store-'));
    store = new LogStore(join(folder, 'entries'), systemClock);
  });
  afterEach(async () => {
    store.close();
    await rm(folder, { recursive: true });
  });

  it.each([false, true])('gives every entry once, page by page (descending: %s)', async (descending) => {
    store.append(source, lines(25));
    store.append({ ...source, jobId: '43' }, lines(5));
    const texts: (string | undefined)[] = [];
    const filter = 'resource.labels.job_id="42"';
    for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
      const page = await store.list({ ...query, filter, descending, pageToken });
      texts.push(...page.entries.map((entry) => entry.textPayload));
      pageToken = page.nextPageToken;
    }
    const expected = lines(25).map((line) => line.textPayload);
    expect(texts).toEqual(descending ? expected.reverse() : expected);
  });

  it('finds what came after an entry, by time and insertId', async () => {
    store.append(source, lines(5));
    const { entries } = await store.list(query);
    const [, second] = entries;
    const filter = `(timestamp="${second?.timestamp}" AND insertId>"${second?.insertId}") OR timestamp>"${second?.timestamp}"`;
    expect((await store.list({ ...query, filter })).entries).toEqual(entries.slice(2));
  });

  it('loses lines on a full disk, tells why once, and goes on', async () => {
    const lost: unknown[] = [];
    const full = new LogStore('/dev/full', systemClock, undefined, (error) => lost.push(error));
    full.append(source, lines(3));
    full.service(source, 'Job is running.');
    expect(lost).toEqual([expect.objectContaining({ code: 'ENOSPC' })]);
    expect((await full.list(query)).entries).toEqual([]);
    full.close();
  });

  it('passes over what is older than the filter allows', async () => {
    for (let index = 0; index < 40; index += 1) store.append(source, [{ textPayload: 'x'.repeat(10_000) }]);
    await systemClock.sleep(5);
    store.append(source, [{ textPayload: 'new' }]);
    const { entries } = await store.list({ ...query, descending: true, pageSize: 1 });
    const found = await store.list({ ...query, filter: `timestamp>="${entries[0]?.timestamp}"` });
    expect(found.entries.map((entry) => entry.textPayload)).toEqual(['new']);
  });

  it('keeps projects apart', async () => {
    store.append(source, lines(1));
    expect((await store.list({ ...query, projects: ['1'] })).entries).toEqual([]);
  });

  it('refuses a page token of another request', async () => {
    store.append(source, lines(3));
    const { nextPageToken: pageToken } = await store.list({ ...query, pageSize: 1 });
    await expect(store.list({ ...query, filter: 'severity=ERROR', pageToken })).rejects.toThrow(/page token/);
  });

  it.each([false, true])('is in the order of the times that programs give (descending: %s)', async (descending) => {
    const now = systemClock.now();
    const content = fc.record({ aheadMs: fc.integer({ min: -5_000, max: 5_000 }), long: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(content, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (all, pageSize) => {
          const file = new LogStore(join(folder, 'ordered'), systemClock);
          const told = all.map(({ aheadMs, long }, index) => ({
            textPayload: `${index} ${'x'.repeat(long ? 40_000 : 1)}`,
            timestamp: new Date(now + aheadMs).toISOString(),
          }));
          for (const one of told) file.append(source, [one]);
          const found: LogEntry[] = [];
          for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
            const page = await file.list({ ...query, descending, pageSize, pageToken });
            expect(page.entries.length).toBeLessThanOrEqual(pageSize);
            found.push(...page.entries);
            pageToken = page.nextPageToken;
          }
          file.close();
          // Sorting keeps the order of those of one time, which is that of their ids.
          const expected = told.toSorted((left, right) =>
            left.timestamp < right.timestamp ? -1 : left.timestamp > right.timestamp ? 1 : 0,
          );
          const texts = found.map(({ textPayload }) => textPayload);
          expect(texts).toEqual((descending ? expected.reverse() : expected).map(({ textPayload }) => textPayload));
        },
      ),
      { numRuns: 25 },
    );
  });

  it('finds late entries by their time, and tells when they came', async () => {
    const late = new Date(systemClock.now() - 60_000).toISOString();
    store.append(source, [{ textPayload: 'first' }]);
    store.append(source, [{ textPayload: 'late', timestamp: late }]);
    const { entries } = await store.list(query);
    expect(entries.map(({ textPayload }) => textPayload)).toEqual(['late', 'first']);
    const [{ timestamp, receiveTimestamp } = {}, first] = entries;
    expect(timestamp).toBe(late);
    expect(Date.parse(receiveTimestamp ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.timestamp ?? ''));
    const before = await store.list({ ...query, filter: `timestamp<="${late}"` });
    expect(before.entries.map(({ textPayload }) => textPayload)).toEqual(['late']);
  });

  it.each([
    ['more than a day ahead', 25 * 3_600_000],
    ['older than any that is kept', -31 * 24 * 3_600_000],
  ])('does not believe a time that is %s', async (_name, aheadMs) => {
    store.append(source, [{ textPayload: 'x', timestamp: new Date(systemClock.now() + aheadMs).toISOString() }]);
    const { entries } = await store.list(query);
    expect(entries[0]?.timestamp).toBe(entries[0]?.receiveTimestamp);
  });
});
