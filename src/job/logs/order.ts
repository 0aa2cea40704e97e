import type { LogEntry } from '../../vertex/types.ts';
import type { EntryLines } from './lines.ts';

/** An entry that waits for those before it. */
interface Waiting {
  readonly entry: EntryLines;
  readonly chars: number;
  /** When it was written as far as that can be believed, in milliseconds since the epoch. */
  readonly atMs: number;
  /** Its timestamp and insertId, which order entries of one `atMs`. */
  readonly timestampMs: number;
  readonly nanos: number;
  readonly insertId: string;
  /** When it was read, by the follower's own clock. */
  readonly readMs: number;
}

/** Holds entries for a while, so that those which become readable a little late are told in their place. */
interface Order {
  add(entry: LogEntry, lines: EntryLines, receivedMs: number, readMs: number): void;
  /**
   * The entries that are to be told now, in order: those written by `coveredMs`, as all that was readable then has been
   * read; and what else has waited too long, or is too much.
   */
  due(coveredMs: number, now: number): EntryLines[];
  /** Everything, in order. */
  all(): EntryLines[];
  /** What is held, in order, and goes on being held. */
  held(): EntryLines[];
}

interface OrderLimits {
  /** How long an entry waits for others at the most, in milliseconds. */
  readonly waitMs: number;
  /** Entries and characters that wait at most; beyond, the oldest are told. */
  readonly entries: number;
  readonly chars: number;
}

/** A minute's worth of a busy job; together with the largest page (8 MB) a bound of its memory. */
export const ORDER_LIMITS: OrderLimits = { waitMs: 30_000, entries: 5_000, chars: 4 * 1024 * 1024 };

/** The fraction of a timestamp beyond its milliseconds, in nanoseconds. */
const nanosOf = (timestamp: string) => Number((/\.\d{3}(\d{1,6})/.exec(timestamp)?.[1] ?? '').padEnd(6, '0'));

function compare(a: Waiting, b: Waiting): number {
  return (
    a.atMs - b.atMs ||
    a.timestampMs - b.timestampMs ||
    a.nanos - b.nanos ||
    (a.insertId < b.insertId ? -1 : a.insertId > b.insertId ? 1 : 0)
  );
}

const charsOf = ({ lines }: EntryLines) => lines.reduce((sum, line) => sum + line.length, 0);

/** Holds nothing at first, and never more than `limits` allow. */
export function entryOrder(limits: OrderLimits = ORDER_LIMITS): Order {
  let waiting: Waiting[] = [];
  let chars = 0;
  let isSorted = true;

  const sort = () => {
    if (!isSorted) waiting.sort(compare);
    isSorted = true;
  };
  const take = (count: number): EntryLines[] => {
    const taken = waiting.slice(0, count);
    waiting = waiting.slice(count);
    for (const each of taken) chars -= each.chars;
    return taken.map(({ entry }) => entry);
  };

  return {
    add: ({ timestamp = '', insertId = '' }, lines, receivedMs, readMs) => {
      const timestampMs = Date.parse(timestamp) || receivedMs;
      // An entry that its program dates in the future was written when it was received, at the latest.
      const atMs = Math.min(timestampMs, receivedMs);
      const size = charsOf(lines);
      const added = { entry: lines, chars: size, atMs, timestampMs, nanos: nanosOf(timestamp), insertId, readMs };
      const last = waiting.at(-1);
      if (last !== undefined && compare(last, added) > 0) isSorted = false;
      waiting.push(added);
      chars += size;
    },
    due: (coveredMs, now) => {
      sort();
      const isDue = ({ atMs, readMs }: Waiting) => atMs <= coveredMs || readMs <= now - limits.waitMs;
      // Up to the last one that is due: none is told before an older one.
      let count = waiting.findLastIndex(isDue) + 1;
      let rest = chars;
      for (const [index, each] of waiting.entries()) {
        if (index >= count && rest <= limits.chars && waiting.length - index <= limits.entries) break;
        rest -= each.chars;
        count = Math.max(count, index + 1);
      }
      return take(count);
    },
    all: () => {
      sort();
      return take(waiting.length);
    },
    held: () => {
      sort();
      return waiting.map(({ entry }) => entry);
    },
  };
}
