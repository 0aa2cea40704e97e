import type { Clock } from '../../retry.ts';
import type { Pace } from './budget.ts';
import type { EntryReader } from './reader.ts';
import type { Want } from './schedule.ts';

export interface SweepOptions {
  readonly reader: EntryReader;
  readonly clock: Clock;
  readonly pace: Pace;
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
 * Reads on after the job's end: until a pass that began `quietMs` after the last new entry found nothing new, and one
 * over the whole window has been made. Throws the signal's reason, and ApiError where the log cannot be read.
 */
export async function sweepLog(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { reader, clock, pace, readOn, leaveRest, endMs } = options;
  const beganMs = clock.now();
  let newMs = beganMs;
  for (;;) {
    signal.throwIfAborted();
    const quietMs = Math.max(pace.quietMs, Math.min(MOST_QUIET_MS, 2 * reader.state().lateMs));
    const { isCheap, fullBeganMs } = reader.state();
    const hasRead = (fullBeganMs ?? 0) >= beganMs;
    const want = isCheap || (!hasRead && clock.now() - newMs >= quietMs / 2) ? 'full' : 'near';
    if ((await readOn(want, signal)) > 0) newMs = clock.now();
    if (isQuiet(reader, beganMs, newMs + quietMs)) return;
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

/** Whether the last pass began at `quietMs` or later, and the whole window was read since `beganMs`. */
function isQuiet(reader: EntryReader, beganMs: number, quietMs: number): boolean {
  const { isReading, passBeganMs, fullBeganMs } = reader.state();
  return !isReading && (passBeganMs ?? 0) >= quietMs && (fullBeganMs ?? 0) >= beganMs;
}
