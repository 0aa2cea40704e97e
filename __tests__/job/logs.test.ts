import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EntriesPage, LoggingApi } from '../../src/google/logging.ts';
import { entriesFilter, followLogs } from '../../src/job/logs.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { LogEntry } from '../../src/vertex/types.ts';
import { job, TUNING, trial } from './jobs.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
const stamp = (seconds: number) => new Date(START + seconds * 1_000).toISOString();

function entry(seconds: number, insertId: string, text = insertId, task = 'workerpool0-0'): LogEntry {
  return {
    timestamp: stamp(seconds),
    insertId,
    textPayload: text,
    resource: { labels: { job_id: '77', task_name: task } },
  };
}

/** Cloud Logging over a growing list: keeps to the lower bound of the filter, and gives pages of two. */
function logging(store: LogEntry[]) {
  const requests: { filter: string; pageToken: string | undefined }[] = [];
  const list: LoggingApi['list'] = async ({ filter, pageToken }) => {
    requests.push({ filter, pageToken });
    const since = /timestamp>="([^"]+)"/.exec(filter)?.[1] ?? '';
    const found = store
      .filter(({ timestamp }) => Date.parse(timestamp ?? '') >= Date.parse(since))
      .sort((a, b) => Date.parse(a.timestamp ?? '') - Date.parse(b.timestamp ?? ''));
    const from = Number(pageToken ?? 0);
    return { entries: found.slice(from, from + 2), nextPageToken: from + 2 < found.length ? `${from + 2}` : undefined };
  };
  return { requests, api: { list } };
}

function follower(api: LoggingApi, first: Job = job('RUNNING')) {
  const told: string[] = [];
  const follow = followLogs({
    api,
    project: 'my-project',
    job: first,
    now: () => START + 10_000_000,
    tell: (source, text) => told.push(`${source}| ${text}`),
  });
  return { told, ...follow };
}

describe('entries', () => {
  test('are told once each, however often they are answered', async () => {
    const store = [entry(1, 'a'), entry(2, 'b'), entry(2, 'c'), entry(3, 'd')];
    const { told, poll } = follower(logging(store).api);
    expect(await poll(job('RUNNING'))).toBe(4);
    expect(await poll(job('RUNNING'))).toBe(0);
    store.push(entry(4, 'e'));
    expect(await poll(job('RUNNING'))).toBe(1);
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e'].map((each) => `workerpool0-0| ${each}`));
  });

  test('of one text or one time are still two', async () => {
    const { told, poll } = follower(logging([entry(1, 'a', 'x'), entry(1, 'b', 'x'), entry(2, 'a', 'x')]).api);
    await poll(job('RUNNING'));
    expect(told).toHaveLength(3);
  });

  test('on pages behind an empty page are read', async () => {
    const pages: EntriesPage[] = [
      { entries: [], nextPageToken: 'p1' },
      { entries: [entry(1, 'a')], nextPageToken: 'p2' },
      { entries: [], nextPageToken: 'p3' },
      { entries: [entry(2, 'b')], nextPageToken: undefined },
    ];
    const tokens: unknown[] = [];
    const { told, poll } = follower({
      list: async ({ pageToken }) => {
        tokens.push(pageToken);
        return pages[tokens.length - 1] ?? { entries: [], nextPageToken: undefined };
      },
    });
    expect(await poll(job('RUNNING'))).toBe(2);
    expect(tokens).toEqual([undefined, 'p1', 'p2', 'p3']);
    expect(told).toEqual(['workerpool0-0| a', 'workerpool0-0| b']);
  });

  test('that come late are told, as far back as is looked', async () => {
    const store = [entry(100, 'new')];
    const { told, poll } = follower(logging(store).api);
    await poll(job('RUNNING'));
    store.push(entry(71, 'late'), entry(60, 'too late'));
    await poll(job('RUNNING'));
    expect(told).toEqual(['workerpool0-0| new', 'workerpool0-0| late']);
  });

  test('of one filter on all pages of a poll', async () => {
    const store = Array.from({ length: 7 }, (_, index) => entry(index * 100, `${index}`));
    const { api, requests } = logging(store);
    await follower(api).poll(job('RUNNING'));
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ filter }) => filter)).size).toBe(1);
  });

  test('of trials are told as theirs, with the jobs that are known by then', async () => {
    const { api, requests } = logging([
      { ...entry(1, 'a'), resource: { labels: { job_id: '5', task_name: 'workerpool0-0' } } },
    ]);
    const first = job('RUNNING', { name: TUNING });
    const { told, poll } = follower(api, first);
    const trials = [trial('3', 'ACTIVE', undefined, { customJob: 'projects/1/locations/l/customJobs/5' })];
    await poll({ ...first, trials });
    expect(told).toEqual(['trial 3| a']);
    expect(requests[0]?.filter).toContain('(resource.labels.job_id="88" OR resource.labels.job_id="5")');
  });

  test('whatever the polls see of them, each is told once', async () => {
    const polls = fc.array(fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 12 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(polls, async (arrivals) => {
        const store: LogEntry[] = [];
        const known = new Set<number>();
        const { told, poll } = follower(logging(store).api);
        for (const arrival of arrivals) {
          for (const second of arrival.filter((each) => !known.has(each))) {
            if (known.has(second)) continue;
            known.add(second);
            store.push(entry(second, `${second}`));
          }
          await poll(job('RUNNING'));
        }
        expect(told.map((line) => Number(line.split('| ')[1])).sort((a, b) => a - b)).toEqual(
          [...known].sort((a, b) => a - b),
        );
      }),
      { numRuns: 200 },
    );
  });

  // Whoever writes an entry may set its time (timestampSeconds in its JSON): one line from tomorrow must not move
  // the lower bound there: nothing more would be told of the job.
  test('after one with a time in the future are told', async () => {
    const store = [{ ...entry(86_400, 'tomorrow'), receiveTimestamp: stamp(1) }];
    const { told, poll } = follower(logging(store).api);
    await poll(job('RUNNING'));
    store.push({ ...entry(2, 'today'), receiveTimestamp: stamp(2) });
    await poll(job('RUNNING'));
    expect(told).toContain('workerpool0-0| today');
  });
});

describe('the filter', () => {
  test('of a custom job', () => {
    expect(entriesFilter(['77'], START)).toBe(
      'resource.type="ml_job" AND (resource.labels.job_id="77") AND timestamp>="2026-11-01T00:00:00.000Z"',
    );
  });

  test('never reaches before the epoch', () => {
    expect(entriesFilter(['77'], -5)).toContain('timestamp>="1970-01-01T00:00:00.000Z"');
  });

  test('stays within 20,000 characters for any number of trials, and keeps the job and the newest', () => {
    const ids = Array.from({ length: 1_500 }, (_, index) => `${1_000_000_000_000_000_000n + BigInt(index)}`);
    const filter = entriesFilter(ids, START);
    expect(filter.length).toBeLessThan(20_000);
    expect(filter).toContain(`"${ids[0]}"`);
    expect(filter).toContain(`"${ids.at(-1)}"`);
  });

  test('begins at the creation of the job, and moves on with what is read', async () => {
    const { api, requests } = logging([entry(300, 'a')]);
    const { poll } = follower(api);
    await poll(job('RUNNING'));
    await poll(job('RUNNING'));
    expect(requests.map(({ filter }) => /timestamp>="([^"]+)"/.exec(filter)?.[1])).toEqual([stamp(-30), stamp(270)]);
  });
});

describe('the last lines', () => {
  test('are kept by source, line by line, and no more than are shown', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    const { poll, tail } = follower(
      logging([entry(1, 'a', many), entry(2, 'b', 'end'), entry(2, 'c', 'x', 'service')]).api,
    );
    await poll(job('RUNNING'));
    expect(tail('workerpool0-0')).toHaveLength(30);
    expect(tail('workerpool0-0').slice(-2)).toEqual(['line 39', 'end']);
    expect(tail('service')).toEqual(['x']);
    expect(tail('nobody')).toEqual([]);
  });

  test('are kept of the sources that spoke last', async () => {
    const store = Array.from({ length: 70 }, (_, index) =>
      entry(index, `${index}`, `${index}`, `workerpool1-${index}`),
    );
    const { poll, tail } = follower(logging(store).api);
    await poll(job('RUNNING'));
    expect([tail('workerpool1-5'), tail('workerpool1-6'), tail('workerpool1-69')]).toEqual([[], ['6'], ['69']]);
  });
});
