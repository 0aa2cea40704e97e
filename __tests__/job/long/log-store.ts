import { ApiError } from '../../../src/google/api-error.ts';
import type { EntriesPage, LoggingApi } from '../../../src/google/logging.ts';
import type { Clock } from '../../../src/retry.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';
import type { Dice } from '../logs/random.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Cloud Logging's own: reads a minute of a whole project. */
const QUOTA = 60;
const LONGEST_RECEIPT_MS = 3 * SECOND;
/** What was received before the end is readable so long after it, at the latest. */
const AT_END_MS = 15 * SECOND;

/** A line before it is numbered. */
export interface Planned {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly jobId: string;
  readonly task: string;
}

/**
 * What a job writes till it ends, one numbered line an entry, and entries.list over it with the quota of a project. Entries are
 * made when they are asked for, so that what grows in memory is the follower's.
 */
export function logStore(planned: readonly Planned[], endMs: number, clock: Clock, dice: Dice) {
  const lines = [...planned].sort((a, b) => a.at - b.at);
  const at = Float64Array.from(lines, (line) => line.at);
  const received = at.map((ms) => ms + dice.between(0, LONGEST_RECEIPT_MS));
  const visible = received.map((ms) => Math.min(ms + delay(dice), Math.max(ms, endMs + AT_END_MS)));
  const reads: number[] = [];
  const counts = { reads: 0, mostInAMinute: 0, throttled: 0 };

  const entryOf = (number: number): LogEntry => ({
    timestamp: new Date(at[number] ?? 0).toISOString(),
    insertId: `i${String(number).padStart(8, '0')}`,
    receiveTimestamp: new Date(received[number] ?? 0).toISOString(),
    severity: number % 3 === 0 ? 'ERROR' : 'INFO',
    resource: { type: 'ml_job', labels: { job_id: lines[number]?.jobId ?? '', task_name: lines[number]?.task ?? '' } },
    textPayload: `line ${number}`,
  });
  const spend = () => {
    const now = clock.now();
    while ((reads[0] ?? now) <= now - MINUTE) reads.shift();
    reads.push(now);
    counts.reads += 1;
    counts.mostInAMinute = Math.max(counts.mostInAMinute, reads.length);
    if (reads.length <= QUOTA) return;
    counts.throttled += 1;
    throw new ApiError('list log entries: HTTP 429: quota exceeded', 429);
  };
  const list = (filter: string, pageToken: string | undefined, pageSize: number): EntriesPage => {
    spend();
    const { ids, fromMs, beforeMs, receivedMs } = wanted(filter);
    const now = clock.now();
    const end = indexAt(at, Math.min(beforeMs, now + 1));
    const begin = indexAt(at, Math.max(fromMs, receivedMs - LONGEST_RECEIPT_MS));
    const isFound = (number: number) =>
      (visible[number] ?? 0) <= now && (received[number] ?? 0) >= receivedMs && ids.has(lines[number]?.jobId ?? '');
    const entries: LogEntry[] = [];
    for (let number = Math.max(begin, Number(pageToken ?? 0)); number < end; number += 1) {
      if (!isFound(number)) continue;
      if (entries.length === pageSize) return { entries, nextPageToken: String(number) };
      entries.push(entryOf(number));
    }
    return { entries, nextPageToken: undefined };
  };
  return {
    counts,
    lines,
    list: async ({ filter, pageToken, pageSize = 1_000 }: Parameters<LoggingApi['list']>[0]) =>
      list(filter, pageToken, pageSize),
  };
}

/** Mostly seconds, now and then minutes. */
function delay(dice: Dice): number {
  if (dice.chance(0.8)) return dice.between(0, 3 * SECOND);
  return dice.chance(0.7) ? dice.between(3 * SECOND, MINUTE) : dice.between(MINUTE, 9 * MINUTE);
}

/** The first number whose line is not before a moment. */
function indexAt(at: Float64Array, ms: number): number {
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The part of the query language that the follower uses. */
function wanted(filter: string) {
  const [, jobs = '', rest = ''] =
    /^resource\.type="ml_job" AND resource\.labels\.job_id=(\(.*?\)|"\d+")(.*)$/.exec(filter) ?? [];
  if (jobs === '' || filter.length > 20_000) throw new ApiError('list log entries: HTTP 400: unparseable filter', 400);
  const bound = (pattern: RegExp, otherwise: number) => Date.parse(pattern.exec(rest)?.[1] ?? '') || otherwise;
  return {
    ids: new Set([...jobs.matchAll(/"(\d+)"/g)].map(([, id]) => id)),
    fromMs: bound(/ timestamp>="([^"]+)"/, 0),
    beforeMs: bound(/ timestamp<"([^"]+)"/, Number.POSITIVE_INFINITY),
    receivedMs: bound(/ receiveTimestamp>="([^"]+)"/, 0),
  };
}

/** Counts how often each line was told, and whether by its own source. */
export function toldLines(lines: readonly Planned[], sourceOf: (line: Planned) => string) {
  const times = new Uint8Array(lines.length);
  const wrong: string[] = [];
  return {
    tell: (source: string, text: string): void => {
      for (const each of text.split('\n')) {
        const number = Number(/^line (\d+)$/.exec(each)?.[1]);
        const line = lines[number];
        if (line === undefined || sourceOf(line) !== source) wrong.push(`${source}: ${each}`);
        else times[number] = (times[number] ?? 0) + 1;
      }
    },
    /** Lines that were told so often. */
    count: (often: number) => times.reduce((sum, each) => sum + (each === often ? 1 : 0), 0),
    /** Lines that are no lines of the job, or were told under another's name. */
    wrong,
  };
}
