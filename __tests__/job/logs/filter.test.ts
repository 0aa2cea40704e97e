import { describe, expect, test } from '@jest/globals';
import { entriesFilters } from '../../../src/job/logs/filter.ts';
import { logFilter } from '../../../src/local/logging/filter.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';
import { entry, START, stamp } from './entries.ts';

const ids = (count: number) => Array.from({ length: count }, (_, index) => `${10n ** 18n + BigInt(index)}`);

describe('the filter', () => {
  test('of one job asks for everything at first', () => {
    expect(entriesFilters(['77'], undefined)).toEqual(['resource.type="ml_job" AND resource.labels.job_id="77"']);
  });

  test('of several jobs names them in one restriction, with both bounds', () => {
    expect(entriesFilters(['77', '5'], { receivedMs: START, datedMs: START - 1_000 })).toEqual([
      'resource.type="ml_job" AND resource.labels.job_id=("77" OR "5")' +
        ' AND timestamp>="2026-10-31T23:59:59.000Z" AND receiveTimestamp>="2026-11-01T00:00:00.000Z"',
    ]);
  });

  test('asks for any date, where none is given', () => {
    expect(entriesFilters(['77'], { receivedMs: START, datedMs: undefined })[0]).not.toContain(' timestamp>=');
  });

  test('never reaches before the epoch', () => {
    expect(entriesFilters(['77'], { receivedMs: 5, datedMs: -5 })[0]).toContain(
      'timestamp>="1970-01-01T00:00:00.000Z"',
    );
  });

  test('of nobody is none', () => {
    expect(entriesFilters([], undefined)).toEqual([]);
  });

  test('of a thousand trials are several, each below 20,000 characters, and name everyone once', () => {
    const all = ids(1_001);
    const filters = entriesFilters(all, { receivedMs: START, datedMs: START });
    expect(filters).toHaveLength(2);
    expect(filters.every(({ length }) => length < 20_000)).toBe(true);
    expect(filters.flatMap((filter) => [...filter.matchAll(/"(\d{19})"/g)].map(([, id]) => id))).toEqual(all);
  });
});

describe('as the local service reads it', () => {
  const of = (jobId: string, more: Partial<LogEntry> = {}) =>
    entry(10, 'a', { resource: { type: 'ml_job', labels: { job_id: jobId } }, ...more });
  const [filter = ''] = entriesFilters(['77', '5'], { receivedMs: START + 10_000, datedMs: START });

  test.each([
    { name: 'an entry of the job', found: of('77'), matches: true },
    { name: 'an entry of a trial', found: of('5'), matches: true },
    { name: "another job's", found: of('6'), matches: false },
    { name: 'one received before', found: of('77', { receiveTimestamp: stamp(9.999) }), matches: false },
    { name: 'one dated before', found: of('77', { timestamp: stamp(-0.001) }), matches: false },
    { name: 'one dated later', found: of('77', { timestamp: stamp(1e6) }), matches: true },
  ])('$name: $matches', ({ found, matches }) => {
    expect(logFilter(filter).matches(found)).toBe(matches);
  });
});
