import { epochOf } from '../../vertex/times.ts';
import type { JobIds } from './job-ids.ts';
import { fullPass, lastPass, MOST_AGAIN, nearPass, type Pass } from './passes.ts';
import type { LogWindow } from './window.ts';

/** `due`: whatever is due; `near` or `full`: the job has ended, another pass of that kind is wanted. */
export type Want = 'due' | 'near' | 'full';

/** Which pass is read when: what is new goes before what is read again. */
interface Schedule {
  /** The pass to read on in; undefined where none is due. */
  choose(want: Want, now: number): Pass | undefined;
  /** The pass has read its last page; `rests` says how long to wait before another while the job runs, and at its end. */
  end(pass: Pass, now: number, rests: Rests): void;
  /** Gives up every pass; only what was received from `fromMs` on is read. */
  skipTo(fromMs: number, now: number): void;
  /** Some pass has read entries, the newest of them received `newestMs`. */
  read(pass: Pass, newestMs: number): void;
  /** The pass that is under way. */
  readonly pass: Pass | undefined;
  /** The pass that reads what is new, if one is under way. */
  readonly front: Pass | undefined;
  /** When the last pass that ended had begun, and the last over the whole window. */
  readonly beganMs: number | undefined;
  readonly fullBeganMs: number | undefined;
  /** When another pass is due, in milliseconds since the epoch. */
  dueAt(want: Want): number;
}

interface Rests {
  readonly dueMs: number;
  readonly endingMs: number;
}

/** The whole window is read this often, in milliseconds. */
const FULL_EVERY_MS = 600_000;
/** A window shorter than this, of a job that writes more than may be read twice, is not read again before the end. */
const SHORTEST_MS = 60_000;
/** Where the window is shorter than that, what is dated long ago is asked for this often at the most, in milliseconds. */
const ODD_EVERY_MS = 30_000;

/** The schedule of a log that was not read yet: it begins with a pass over everything. */
export function passSchedule(window: LogWindow, ids: JobIds): Schedule {
  let near: Pass | undefined;
  let full: Pass | undefined;
  let ended: { readonly beganMs: number; readonly endedMs: number; readonly rests: Rests } | undefined;
  let lastFull: { readonly beganMs: number; readonly endedMs: number } | undefined;

  let oddMs = 0;

  const dueAt = (want: Want) =>
    ended === undefined ? 0 : ended.endedMs + (want === 'due' ? ended.rests.dueMs : ended.rests.endingMs);
  const isFullWanted = (want: Want, now: number, lastMs: number) =>
    want === 'full' || (want === 'due' && now - lastMs >= FULL_EVERY_MS && window.reachMs >= SHORTEST_MS);
  /** A pass over the window that has been overtaken by its start finds nothing new. */
  const isOvertaken = ({ position, pageToken }: Pass) =>
    pageToken !== undefined && (epochOf(position) ?? 0) < window.startMs;
  const isOddDue = (now: number) => {
    const isDue = window.reachMs < FULL_EVERY_MS && now - oddMs >= Math.max(ODD_EVERY_MS, window.reachMs / 2);
    if (isDue) oddMs = now;
    return isDue;
  };
  const begin = (want: Want, now: number, lastFullMs: number): Pass => {
    if (full !== undefined && isOvertaken(full)) full = undefined;
    if (full === undefined && isFullWanted(want, now, lastFullMs)) {
      full = fullPass(window, ids, want === 'full' ? ids.all : ids.current, now);
      if (want === 'full' || window.size <= MOST_AGAIN) return full;
    }
    near = nearPass(window, ids, now, isOddDue(now));
    return near;
  };
  /** What was received `lateMs` before the pass over the window began is read for good. */
  const settle = ({ newestMs, beganMs }: Pass, now: number) => {
    if (window.newestMs === undefined) return;
    // Where nothing was known when it began: the newest entry was received at its end at the latest.
    window.settle(newestMs ?? window.newestMs - (now - beganMs));
    ids.settle(window.startMs);
  };

  return {
    choose: (want, now) => {
      if (near !== undefined) return near;
      if (lastFull === undefined) {
        full ??= fullPass(window, ids, ids.current, now);
        return full;
      }
      // After the job's end what is new can wait until the window was read: it is asked for after that in any case.
      const isBusy = want !== 'due' && full !== undefined;
      return isBusy || now < dueAt(want) ? full : begin(want, now, lastFull.endedMs);
    },
    end: (pass, now, rests) => {
      ids.read(pass.fresh);
      ended = { beganMs: pass.beganMs, endedMs: now, rests };
      if (pass === near) near = undefined;
      if (pass !== full) return;
      full = undefined;
      lastFull = ended;
      settle(pass, now);
    },
    skipTo: (fromMs, now) => {
      full = undefined;
      near = lastPass(window, ids, fromMs, now);
    },
    read: (pass, newestMs) => {
      for (const other of [near, full]) {
        if (other !== undefined && other !== pass) other.knownMs = Math.max(other.knownMs, newestMs);
      }
    },
    get pass() {
      return near ?? full;
    },
    get front() {
      return near ?? (lastFull === undefined ? full : undefined);
    },
    get beganMs() {
      return ended?.beganMs;
    },
    get fullBeganMs() {
      return lastFull?.beganMs;
    },
    dueAt,
  };
}
