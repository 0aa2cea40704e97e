import { entriesFilters } from './filter.ts';
import type { JobIds } from './job-ids.ts';
import type { LogWindow } from './window.ts';

/** One reading of all pages that some filters ask for, over as many polls as it takes. */
export interface Pass {
  /** `full` reads the whole window; `near` its newest part, of entries dated about then. */
  readonly kind: 'near' | 'full';
  readonly parts: readonly Part[];
  /** Jobs whose entries are read for the first time. */
  readonly fresh: readonly string[];
  /** When it began, by the follower's clock, and the newest receipt that was known then. */
  readonly beganMs: number;
  readonly newestMs: number | undefined;
  /** The newest receipt of what was read before it began, or by another pass since. */
  knownMs: number;
  /** Keys of the entries on the last page: the next may begin with some of them. */
  lastKeys: ReadonlySet<string>;
  /** The part that is being read, and where in it. */
  part: number;
  pageToken: string | undefined;
  /** Timestamp of the last entry that was read of this part. */
  position: string | undefined;
  /** From where the part is read anew, after its page token was refused. */
  resumedAt: string | undefined;
  pages: number;
  /** Entries to ask for in one answer: with a page token nothing else may differ. */
  pageSize: number | undefined;
}

interface Part {
  readonly filter: string;
  /** Whether earlier passes read there. */
  readonly again: boolean;
}

/** A near pass reads no entry again that is dated so long before the earliest receipt that it asks for, in milliseconds. */
const DATED_BEFORE_MS = 600_000;
/** Seen entries that a near pass may read again: a page. */
export const MOST_AGAIN = 1_000;

/** `withOdd`: what was received since the window's start but dated long before is asked for too. */
export function nearPass(window: LogWindow, ids: JobIds, now: number, withOdd: boolean): Pass {
  const fromMs = window.nearMs(MOST_AGAIN);
  const datedMs = fromMs - DATED_BEFORE_MS;
  const near = pass('near', { window, ids: ids.current, fresh: ids.fresh, fromMs, datedMs, now });
  if (!withOdd) return near;
  const odd = { receivedMs: window.startMs, datedMs: undefined, datedBeforeMs: datedMs };
  const parts = entriesFilters(ids.current, odd).map((filter) => ({ filter, again: true }));
  return { ...near, parts: [...near.parts, ...parts] };
}

/** `jobIds` says whose entries are read again. */
export function fullPass(window: LogWindow, ids: JobIds, jobIds: readonly string[], now: number): Pass {
  return pass('full', { window, ids: jobIds, fresh: ids.fresh, fromMs: window.startMs, datedMs: undefined, now });
}

/** Reads but what was received from `fromMs` on. */
export function lastPass(window: LogWindow, ids: JobIds, fromMs: number, now: number): Pass {
  return pass('near', { window, ids: [...ids.all, ...ids.fresh], fresh: [], fromMs, datedMs: fromMs, now });
}

interface Wanted {
  readonly window: LogWindow;
  readonly ids: readonly string[];
  readonly fresh: readonly string[];
  readonly fromMs: number;
  readonly datedMs: number | undefined;
  readonly now: number;
}

function pass(kind: Pass['kind'], { window, ids, fresh, fromMs, datedMs, now }: Wanted): Pass {
  const since = fromMs <= 0 ? undefined : { receivedMs: fromMs, datedMs };
  return {
    kind,
    parts: [
      ...entriesFilters(ids, since).map((filter) => ({ filter, again: true })),
      ...entriesFilters(fresh, undefined).map((filter) => ({ filter, again: false })),
    ],
    fresh,
    beganMs: now,
    newestMs: window.newestMs,
    knownMs: window.newestMs ?? 0,
    lastKeys: new Set(),
    part: 0,
    pageToken: undefined,
    position: undefined,
    resumedAt: undefined,
    pages: 0,
    pageSize: undefined,
  };
}

/** The part to read on in; undefined at the end of the pass. */
export function partOf({ parts, part, resumedAt }: Pass): Part | undefined {
  const found = parts[part];
  if (found === undefined || resumedAt === undefined) return found;
  return { ...found, filter: `${found.filter} AND timestamp>="${resumedAt}"` };
}

/** Goes on behind a page. */
export function advance(pass: Pass, nextPageToken: string | undefined, lastTimestamp: string | undefined): void {
  pass.pages += 1;
  if (nextPageToken !== undefined) {
    pass.pageToken = nextPageToken;
    pass.position = lastTimestamp ?? pass.position;
    return;
  }
  pass.part += 1;
  pass.pageToken = undefined;
  pass.position = undefined;
  pass.resumedAt = undefined;
}

/** A page token that is refused (it lives for a day) costs no pages that were read: they came in order. */
export function resume(pass: Pass): void {
  pass.resumedAt = pass.position;
  pass.pageToken = undefined;
}
