import type { Clock } from '../../retry.ts';
import type { ReadPace } from './budget.ts';
import type { EntryReader } from './reader.ts';
import type { Want } from './schedule.ts';

interface SweepOptions {
  readonly reader: EntryReader;
  readonly clock: Clock;
  readonly pace: ReadPace;
  /** Reads and tells what the budget allows now; the number of entries that were new. Throws ApiError. */
  readonly readOn: (want: Want, signal: AbortSignal) => Promise<number>;
  /** Says that the rest of the log is not read. */
  readonly leaveRest: () => void;
  /** When the job ended, in milliseconds since the epoch. */
  readonly endMs: number;
}

/** Where entries were late of late, the end is waited for longer, but no longer than this, in milliseconds. */
const MOST_QUIET_MS = 180_000;
/** However much is left: an ended job holds its runner no longer than this for its log, in milliseconds. */
const SWEEP_MS = 900_000;
/** Of a log that is left unread the end is read all the same, for the cause: so much of it, for as long, in milliseconds. */
const END_MS = 120_000;

/**
 * Reads on after the job's end: until a pass that began `quietMs` after the last new entry found nothing new, nor one over
 * the whole window that began half as long after. Throws the signal's reason, and ApiError where the log cannot be read.
 */
export async function sweepLog(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { reader, clock, pace, readOn, leaveRest, endMs } = options;
  const beganMs = clock.now();
  let newMs = beganMs;
  for (;;) {
    signal.throwIfAborted();
    const quietMs = Math.max(pace.quietMs, Math.min(MOST_QUIET_MS, 2 * reader.state().lateMs));
    const { isCheap, fullBeganMs } = reader.state();
    // A window of many pages is read once what is new has ceased to come.
    const fullMs = newMs + quietMs / 2;
    const isFullDue = clock.now() >= fullMs && (fullBeganMs ?? 0) < fullMs;
    const want = isCheap || isFullDue ? 'full' : 'near';
    if ((await readOn(want, signal)) > 0) newMs = clock.now();
    if (isQuiet(reader, newMs, quietMs)) return;
    if (clock.now() - beganMs >= SWEEP_MS) break;
    await clock.sleep(Math.max(reader.waitMs(want), pace.quietMs / 20), signal);
  }
  if (!reader.state().isReading) return;
  leaveRest();
  reader.skipTo(endMs - END_MS);
  for (const until = clock.now() + END_MS; clock.now() < until && reader.state().isReading; ) {
    await readOn('near', signal);
    await clock.sleep(Math.max(reader.waitMs('near'), pace.quietMs / 20), signal);
  }
}

/** Whether the last pass began `quietMs` after the last new entry, and the last over the whole window half as long after. */
function isQuiet(reader: EntryReader, newMs: number, quietMs: number): boolean {
  const { isReading, passBeganMs, fullBeganMs } = reader.state();
  return !isReading && (passBeganMs ?? 0) >= newMs + quietMs && (fullBeganMs ?? 0) >= newMs + quietMs / 2;
}
