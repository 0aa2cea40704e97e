import { ApiError, isTransient } from '../../google/api-error.ts';
import type { EntriesPage, LoggingApi } from '../../google/logging.ts';
import type { Clock } from '../../retry.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf } from '../../vertex/times.ts';
import type { LogEntry } from '../../vertex/types.ts';
import type { ReadPace } from './budget.ts';
import { watchedJobs } from './job-ids.ts';
import { advance, MOST_AGAIN, type Pass, partOf, resume } from './passes.ts';
import { type Failing, readQuota } from './quota.ts';
import { passSchedule, type Want } from './schedule.ts';
import { keyOf, logWindow, type WindowLimits } from './window.ts';

interface ReaderOptions {
  readonly api: LoggingApi;
  readonly project: string;
  /** When the job was created, in milliseconds since the epoch. */
  readonly createdMs: number;
  readonly clock: Clock;
  readonly pace: ReadPace;
  readonly limits: WindowLimits;
  readonly random: () => number;
}

/** An entry that was not seen before. */
export interface NewEntry {
  readonly entry: LogEntry;
  /** When Cloud Logging received it, in milliseconds since the epoch. */
  readonly receivedMs: number;
}

/** Reads page after page, as far as the quota lets it, and gives each entry once. */
export interface EntryReader {
  see(job: Job): void;
  /**
   * What the next page holds that is new; undefined where nothing was due `asOfMs`, or the read failed in a way that may
   * pass. Throws ApiError on other failures; once the job has ended, only on several in a row.
   */
  next(want: Want, asOfMs: number): Promise<readonly NewEntry[] | undefined>;
  /** Gives up what lies between: only what was received from `fromMs` on is read from here on. */
  skipTo(fromMs: number): void;
  /**
   * All that was readable then has been read; by Cloud Logging's clock as far as receipts tell, in milliseconds since
   * the epoch.
   */
  readonly coveredMs: number;
  /** How long until `next` can do something, in milliseconds. */
  waitMs(want: Want): number;
  state(): ReaderState;
}

/** How far the reading has come. Moments are milliseconds since the epoch; undefined before there is one. */
export interface ReaderState {
  /** When the last pass that ended had begun, and the last one over the whole window. */
  readonly passBeganMs: number | undefined;
  readonly fullBeganMs: number | undefined;
  /** Whether a pass is under way, the timestamp of the last entry that it read, and its filter. */
  readonly isReading: boolean;
  readonly position: string | undefined;
  /** The timestamp of the last new entry that was read, while there are more. */
  readonly front: string | undefined;
  readonly filter: string | undefined;
  /** Whether the whole window fits a page or two. */
  readonly isCheap: boolean;
  /** How long after their receipt entries became readable of late, at the most, in milliseconds. */
  readonly lateMs: number;
  /** How late an entry may become readable and still be told, in milliseconds. */
  readonly reachMs: number;
  readonly failing: Failing | undefined;
}

/** For so long an entry that came late says that others will, in milliseconds. */
const LATE_FOR_MS = 300_000;
/** Clocks that are set by the network differ by less, in milliseconds; of one that does not, lines are ordered less well. */
const AHEAD_MS = 2_000;
const BAD_REQUEST = 400;
/** What an ended job is not waited with for: nothing in its last minutes will change them. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([BAD_REQUEST, 403, 404]);
/** Other failures in a row that may pass: an answer that was cut short, a token that has just run out. */
const MOST_FAULTS = 5;

/** A reader that has read nothing yet. */
export function entryReader({ api, project, createdMs, clock, pace, limits, random }: ReaderOptions): EntryReader {
  const window = logWindow(limits);
  const ids = watchedJobs();
  const schedule = passSchedule(window, ids);
  const quota = readQuota(clock, pace, random);
  let newAt = createdMs;
  let faults = 0;
  let late = { ms: 0, atMs: 0 };
  let coveredMs = 0;
  /** How far this clock may be ahead of Cloud Logging's: no entry was read before it was received. */
  let aheadMs = AHEAD_MS;

  /** The pass before did not see an entry that was received `earliestMs`. */
  const noticeLate = (earliestMs: number) => {
    newAt = clock.now();
    const ms = Math.max(0, (schedule.beganMs ?? earliestMs) - earliestMs);
    if (ms >= late.ms || newAt - late.atMs > LATE_FOR_MS) late = { ms, atMs: newAt };
  };
  const take = (entries: readonly LogEntry[], pass: Pass, again: boolean): NewEntry[] => {
    const now = clock.now();
    // Nothing of a job that is read for the first time was told before, whenever it was received.
    const knownMs = again ? pass.knownMs : 0;
    const keys = new Set<string>();
    const found: NewEntry[] = [];
    for (const entry of entries) {
      const receivedMs = receiptOf(entry, now);
      const key = keyOf(entry);
      keys.add(key);
      if (pass.lastKeys.has(key) || !window.take(key, receivedMs, knownMs)) continue;
      found.push({ entry, receivedMs });
    }
    pass.lastKeys = keys;
    if (found.length > 0) notice(found, pass, again, now);
    return found;
  };
  const notice = (found: readonly NewEntry[], pass: Pass, again: boolean, now: number) => {
    let earliestMs = Number.POSITIVE_INFINITY;
    let newestMs = 0;
    for (const { receivedMs } of found) {
      earliestMs = Math.min(earliestMs, receivedMs);
      newestMs = Math.max(newestMs, receivedMs);
    }
    aheadMs = Math.min(aheadMs, now - newestMs);
    schedule.read(pass, newestMs);
    noticeLate(again ? earliestMs : now);
  };
  const goOn = (pass: Pass, { entries, nextPageToken }: EntriesPage) => {
    // The same place again with nothing there would be asked for for ever.
    const isStuck = entries.length === 0 && nextPageToken === pass.pageToken;
    advance(pass, isStuck ? undefined : nextPageToken, entries.at(-1)?.timestamp);
    if (partOf(pass) !== undefined) return;
    const now = clock.now();
    coveredMs = Math.max(coveredMs, pass.beganMs - aheadMs);
    const took = { pages: pass.pages, passMs: now - pass.beganMs };
    schedule.end(pass, now, {
      dueMs: quota.restMs({ ...took, ageMs: now - createdMs, idleMs: now - newAt }),
      endingMs: quota.restMs({ ...took, ageMs: 0, idleMs: 0 }),
    });
  };
  const fail = (error: unknown, pass: Pass, want: Want) => {
    quota.failed(error);
    const status = error instanceof ApiError ? error.httpStatus : undefined;
    if (status === BAD_REQUEST && pass.pageToken !== undefined) return resume(pass);
    if (isTransient(error)) return;
    faults += 1;
    if (want === 'due' || REFUSALS.has(status) || faults >= MOST_FAULTS) throw error;
  };

  return {
    see: (job) => ids.see(job, window.newestMs),
    next: async (want, asOfMs) => {
      const pass = quota.waitMs > 0 ? undefined : schedule.choose(want, asOfMs);
      const part = pass && partOf(pass);
      if (pass === undefined || part === undefined) return undefined;
      const { filter, again } = part;
      pass.pageSize ??= quota.pageSize;
      let page: EntriesPage;
      try {
        page = await api.list({ project, filter, pageToken: pass.pageToken, pageSize: pass.pageSize });
      } catch (error) {
        fail(error, pass, want);
        return undefined;
      }
      faults = 0;
      quota.succeeded(meanChars(page.entries));
      const found = take(page.entries, pass, again);
      goOn(pass, page);
      return found;
    },
    get coveredMs() {
      return coveredMs;
    },
    skipTo: (fromMs) => schedule.skipTo(fromMs, clock.now()),
    waitMs: (want) => {
      const restMs = schedule.pass === undefined ? schedule.dueAt(want) - clock.now() : 0;
      return Math.max(0, restMs, quota.waitMs);
    },
    state: () => ({
      passBeganMs: schedule.beganMs,
      fullBeganMs: schedule.fullBeganMs,
      isReading: schedule.pass !== undefined,
      position: schedule.pass?.position,
      front: schedule.front?.position,
      filter: schedule.pass && partOf(schedule.pass)?.filter,
      isCheap: window.size <= 2 * MOST_AGAIN,
      lateMs: clock.now() - late.atMs > LATE_FOR_MS ? 0 : late.ms,
      reachMs: window.reachMs,
      failing: quota.failing,
    }),
  };
}

/** When Cloud Logging received an entry; where it does not say, no later than now. */
function receiptOf({ receiveTimestamp, timestamp }: LogEntry, now: number): number {
  return epochOf(receiveTimestamp) ?? Math.min(now, epochOf(timestamp) ?? now);
}

/** The size of an entry in JSON, as far as ten of a page tell. */
function meanChars(entries: readonly LogEntry[]): number | undefined {
  if (entries.length === 0) return undefined;
  const step = Math.ceil(entries.length / 10);
  const sample = entries.filter((_, index) => index % step === 0);
  return sample.reduce((sum, entry) => sum + JSON.stringify(entry).length, 0) / sample.length;
}
