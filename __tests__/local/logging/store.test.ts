import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeOf, projectNumber } from '../../../src/local/api/ids.ts';
import { LogStore } from '../../../src/local/logging/store.ts';
import { systemClock } from '../../../src/retry.ts';

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
});
