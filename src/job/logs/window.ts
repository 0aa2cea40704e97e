import type { LogEntry } from '../../vertex/types.ts';

/**
 * Which entries were seen, and from where on Cloud Logging must be read again.
 *
 * The window slides along the times at which Cloud Logging received the entries, never along their timestamps: a program
 * may date its lines as it likes, and one from tomorrow must not hide today's, nor one from last year be out of reach.
 * What was received before the window's start is settled: it was read by a pass that began more than `lateMs` after. An
 * entry is known by its timestamp and insertId, by which Cloud Logging itself tells duplicates (LogEntry.insertId).
 */
export interface LogWindow {
  /**
   * Whether the entry with this key is to be told, which it is once. Of what was received by `knownMs` others may have
   * been told before: an entry that the seen-set does not reach back to counts as one of them.
   */
  take(key: string, receivedMs: number, knownMs: number): boolean;
  /** When the newest entry so far was received, in milliseconds since the epoch; undefined without any. */
  readonly newestMs: number | undefined;
  /** Everything that was received before is settled; 0 at first. */
  readonly startMs: number;
  /** A later start that leaves about `most` seen entries to be read again, and those of some seconds at least. */
  nearMs(most: number): number;
  /** The number of entries that a pass from the window's start reads again. */
  readonly size: number;
  /** A pass over the whole window has ended that began when entries received up to `beganMs` were known. */
  settle(beganMs: number): void;
  /** How late an entry may become readable and still be told, in milliseconds, now that the seen-set was cut short. */
  readonly reachMs: number;
}

/** How far back Cloud Logging is read again. */
export interface WindowLimits {
  /** How long after its receipt an entry may become readable and still be told, in milliseconds. */
  readonly lateMs: number;
  /** Entries that are remembered at most. */
  readonly most: number;
}

/**
 * Entries are readable within seconds as a rule, within minutes in a bad hour (Cloud Logging promises nothing): ten
 * minutes are looked back. To read 60,000 entries again takes 60 reads, which every ten minutes is a fifth of what a job
 * allows itself; they are ten minutes of 100 lines a second. A job that writes more is looked back on for less.
 */
export const CLOUD_WINDOW: WindowLimits = { lateMs: 600_000, most: 60_000 };

/** However busy the job, entries as old as this are read again by every pass, in milliseconds: longer than lines wait. */
const NEAREST_MS = 6_000;
const SECOND = 1_000;

/** What an entry is known by: two of one key are one. */
export const keyOf = ({ timestamp, insertId, textPayload, jsonPayload }: LogEntry) =>
  `${timestamp} ${insertId ?? textPayload ?? JSON.stringify(jsonPayload)}`;

/** A window that has seen no entry. */
export function logWindow({ lateMs, most }: WindowLimits): LogWindow {
  const seen = new Set<string>();
  /** The keys by the second of their receipt, and those seconds in rising order. */
  const bySecond = new Map<number, string[]>();
  const seconds = sortedNumbers();
  let newestMs: number | undefined;
  let settledMs = 0;
  /** Keys of entries received before may be gone. */
  let forgottenMs = 0;

  const remember = (key: string, receivedMs: number) => {
    seen.add(key);
    const second = Math.floor(receivedMs / SECOND);
    const keys = bySecond.get(second);
    if (keys !== undefined) {
      keys.push(key);
      return;
    }
    bySecond.set(second, [key]);
    seconds.insert(second);
  };
  const forgetFirst = () => {
    const second = seconds.removeFirst();
    if (second === undefined) return;
    for (const key of bySecond.get(second) ?? []) seen.delete(key);
    bySecond.delete(second);
    forgottenMs = Math.max(forgottenMs, (second + 1) * SECOND);
  };
  const startMs = () => Math.max(settledMs, forgottenMs);

  return {
    get newestMs() {
      return newestMs;
    },
    get startMs() {
      return startMs();
    },
    get size() {
      return seen.size;
    },
    get reachMs() {
      return forgottenMs <= settledMs || newestMs === undefined ? lateMs : Math.max(0, newestMs - forgottenMs);
    },
    take: (key, receivedMs, knownMs) => {
      if (seen.has(key) || (receivedMs < forgottenMs && receivedMs <= knownMs)) return false;
      newestMs = Math.max(newestMs ?? receivedMs, receivedMs);
      remember(key, receivedMs);
      while (seen.size > most) forgetFirst();
      return true;
    },
    nearMs: (wanted) => {
      if (newestMs === undefined) return startMs();
      let count = 0;
      let from = Math.floor(newestMs / SECOND);
      for (const second of seconds.downward()) {
        from = second;
        count += bySecond.get(second)?.length ?? 0;
        if (count > wanted) break;
      }
      // With room to spare the whole window is read again.
      if (count <= wanted) return startMs();
      return Math.max(startMs(), Math.min(from * SECOND, newestMs - NEAREST_MS));
    },
    settle: (beganMs) => {
      settledMs = Math.max(settledMs, beganMs - lateMs);
      while (((seconds.first ?? Number.POSITIVE_INFINITY) + 1) * SECOND <= settledMs) forgetFirst();
    },
  };
}

/** Numbers in rising order that are added at the end as a rule, and removed at the beginning. */
function sortedNumbers() {
  let numbers: number[] = [];
  let begin = 0;
  return {
    get first() {
      return numbers[begin];
    },
    insert: (value: number) => {
      let at = numbers.length;
      while (at > begin && (numbers[at - 1] ?? value) > value) at -= 1;
      numbers.splice(at, 0, value);
    },
    removeFirst: () => {
      const first = numbers[begin];
      if (first !== undefined) begin += 1;
      if (2 * begin > numbers.length) {
        numbers = numbers.slice(begin);
        begin = 0;
      }
      return first;
    },
    *downward() {
      for (let at = numbers.length - 1; at >= begin; at -= 1) yield numbers[at] ?? 0;
    },
  };
}
