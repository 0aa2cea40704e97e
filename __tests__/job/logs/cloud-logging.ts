import { ApiError } from '../../../src/google/api-error.ts';
import type { EntriesPage, LoggingApi } from '../../../src/google/logging.ts';
import type { Clock } from '../../../src/retry.ts';
import type { LogEntry } from '../../../src/vertex/types.ts';
import type { Dice } from './random.ts';

/** An entry, and when entries.list begins to answer it. */
export interface Stored {
  readonly entry: LogEntry;
  readonly visibleMs: number;
}

export interface Behaviour {
  /** Entries of one answer at most. */
  readonly page: number;
  /** The time that an answer takes, in milliseconds. */
  readonly answerMs: number;
  /** Reads of a minute; more are refused with 429. */
  readonly quota: number;
  /** How often an answer repeats entries of the page before, and holds nothing but a token. */
  readonly repeats: number;
  readonly empties: number;
  /** How often a request fails, and how. */
  readonly faults: number;
  readonly fault: (pageToken: string | undefined) => Error;
  readonly dice: Dice;
}

interface Token {
  readonly filter: string;
  readonly timestamp: string;
  readonly insertId: string;
  readonly number: number;
}

const MINUTE = 60_000;

/** entries.list over a growing store, with its habits: pages of what is readable at that moment, in order of time. */
export function simulatedLogging(clock: Clock, behaviour: Behaviour) {
  const { dice } = behaviour;
  const store: Stored[] = [];
  const reads: number[] = [];
  let sorted: (Stored & Times)[] = [];
  let tokens = 0;

  const guard = (filter: string, pageToken: string | undefined) => {
    if (filter.length > 20_000) throw new ApiError('list log entries: HTTP 400: the filter is too long', 400);
    const now = clock.now();
    reads.push(now);
    let lately = 0;
    for (let at = reads.length - 1; at >= 0 && (reads[at] ?? 0) > now - MINUTE; at -= 1) lately += 1;
    if (lately > behaviour.quota) throw new ApiError('list log entries: HTTP 429: quota exceeded', 429);
    if (dice.chance(behaviour.faults)) throw behaviour.fault(pageToken);
  };

  /** What matches and is readable, in order. */
  const search = (filter: string): LogEntry[] => {
    if (sorted.length !== store.length) {
      sorted = store
        .map((stored) => ({ ...stored, ...timesOf(stored.entry) }))
        .sort((a, b) => inOrder(a.entry, b.entry));
    }
    const matches = matcher(filter);
    const now = clock.now();
    const found = sorted.filter((each) => each.visibleMs <= now && matches(each));
    return found.map(({ entry }) => entry);
  };
  const tokenBehind = (filter: string, placed: Placed): string => {
    tokens += 1;
    const { timestamp = '', insertId = '' } = placed;
    return JSON.stringify({ filter, timestamp, insertId, number: tokens } satisfies Token);
  };

  const pageOf = (filter: string, token: Token | undefined, size: number): EntriesPage => {
    const found = search(filter);
    const first = token === undefined ? 0 : found.findIndex((entry) => inOrder(entry, token) > 0);
    const from = first === -1 ? found.length : first;
    const left = found.length - from;
    if (left > 0 && dice.chance(behaviour.empties)) {
      return { entries: [], nextPageToken: tokenBehind(filter, token ?? {}) };
    }
    const again = token !== undefined && dice.chance(behaviour.repeats) ? dice.between(1, 3) : 0;
    const entries = found.slice(Math.max(0, from - again), from + size);
    const last = entries.at(-1);
    return { entries, nextPageToken: last === undefined || left <= size ? undefined : tokenBehind(filter, last) };
  };
  const list: LoggingApi['list'] = async ({ filter, pageToken, pageSize = 1_000 }) => {
    await clock.sleep(behaviour.answerMs);
    guard(filter, pageToken);
    const token: Token | undefined = pageToken === undefined ? undefined : JSON.parse(pageToken);
    if (token !== undefined && token.filter !== filter) throw new Error('a page token with another filter');
    return pageOf(filter, token, Math.min(behaviour.page, pageSize));
  };
  return { api: { list }, store, reads };
}

interface Times {
  readonly timestampMs: number;
  readonly receivedMs: number;
}

const timesOf = ({ timestamp = '', receiveTimestamp = '' }: LogEntry): Times => ({
  timestampMs: Date.parse(timestamp) || 0,
  receivedMs: Date.parse(receiveTimestamp) || 0,
});

/** The part of the query language that the follower uses; another test holds its filters against a whole parser. */
function matcher(filter: string): (each: Stored & Times) => boolean {
  const [, type, ids = '', rest = ''] =
    /^resource\.type="(ml_job)" AND resource\.labels\.job_id=(\(.*?\)|"\d+")((?: AND \w+(?:>=|<)"[\w:.-]+")*)$/.exec(
      filter,
    ) ?? [];
  if (type === undefined) throw new ApiError(`list log entries: HTTP 400: unparseable filter: ${filter}`, 400);
  const jobIds = new Set([...ids.matchAll(/"(\d+)"/g)].map(([, id]) => id));
  let [timestamp, before, receipt] = [0, Number.POSITIVE_INFINITY, 0];
  for (const [, field, sign, time = ''] of rest.matchAll(/(\w+)(>=|<)"([^"]+)"/g)) {
    if (field === 'timestamp' && sign === '<') before = Date.parse(time);
    else if (field === 'timestamp') timestamp = Math.max(timestamp, Date.parse(time));
    else if (field === 'receiveTimestamp') receipt = Math.max(receipt, Date.parse(time));
    else throw new ApiError(`list log entries: HTTP 400: unknown field ${field}`, 400);
  }
  return ({ entry, timestampMs, receivedMs }) =>
    timestampMs >= timestamp &&
    timestampMs < before &&
    receivedMs >= receipt &&
    jobIds.has(entry.resource?.labels?.['job_id'] ?? '');
}

type Placed = Pick<LogEntry, 'timestamp' | 'insertId'>;

/** By timestamp, then by insertId, as Cloud Logging answers them. */
function inOrder(a: Placed, b: Placed): number {
  const [early = '', late = ''] = [a.timestamp, b.timestamp];
  const times = (Date.parse(early) || 0) - (Date.parse(late) || 0);
  if (times !== 0) return times;
  return (a.insertId ?? '') < (b.insertId ?? '') ? -1 : a.insertId === b.insertId ? 0 : 1;
}
