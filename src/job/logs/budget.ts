/** How the follower shares Cloud Logging's quota: 60 reads a minute for a whole project, which cannot be raised. */
export interface ReadPace {
  /** Reads a minute that one job allows itself, at first and at most. */
  readonly firstReads: number;
  readonly mostReads: number;
  /** The shortest and the longest wait between two passes that nothing hinders, in milliseconds. */
  readonly leastMs: number;
  readonly mostMs: number;
  /** How long an entry is held for older ones that are not readable yet, in milliseconds. */
  readonly holdMs: number;
  /** How long nothing new must have come for the log of an ended job to count as complete, in milliseconds. */
  readonly quietMs: number;
}

/** Half of the project's reads at most, however much there is to read: other jobs, and people, read too. */
export const CLOUD_READ_PACE: ReadPace = {
  firstReads: 30,
  mostReads: 30,
  leastMs: 5_000,
  mostMs: 30_000,
  holdMs: 5_000,
  quietMs: 20_000,
};

/** A service on this machine shares its quota with nobody, and shows every entry at once and in order. */
export const LOCAL_READ_PACE: ReadPace = {
  firstReads: 6_000,
  mostReads: 6_000,
  leastMs: 0,
  mostMs: 1_000,
  holdMs: 0,
  quietMs: 1_000,
};

/** What was seen of late. */
export interface Recent {
  /** Since the job was created, in milliseconds. */
  readonly ageMs: number;
  /** Since an entry was last new, in milliseconds. */
  readonly idleMs: number;
  /** Pages that the last pass took, and how long it took, in milliseconds. */
  readonly pages: number;
  readonly passMs: number;
  /** Reads a minute that may be made now. */
  readonly share: number;
  /** Answers 429, and other failures, in a row. */
  readonly throttled: number;
  readonly failed: number;
  /** Mean size of an entry, in characters. */
  readonly entryChars: number;
}

interface Budget {
  /** The wait before the next pass, in milliseconds. */
  readonly waitMs: number;
  /** Entries to ask for in one answer. */
  readonly pageSize: number;
}

const MINUTE = 60_000;
/** The most that entries.list gives in one answer. */
const MOST_ENTRIES = 1_000;
/** An entry may be as large as 256 KiB; an answer is meant to be no larger than this, in characters. */
const PAGE_CHARS = 8 * 1024 * 1024;

/** When to read next, and how much at once; `random` in [0, 1) spreads the jobs of one project. */
export function readBudget(recent: Recent, pace: ReadPace, random: number): Budget {
  const pageSize = Math.max(20, Math.min(MOST_ENTRIES, Math.floor(PAGE_CHARS / Math.max(1, recent.entryChars))));
  const { throttled, failed } = recent;
  // The quota is counted by the minute: there is no use in asking again at once.
  if (throttled > 0) return { waitMs: backoff(15_000, 120_000, throttled, random), pageSize };
  if (failed > 0) return { waitMs: backoff(2_000, 60_000, failed, random), pageSize };
  // A longer pass reads less again for each new entry: as long as its reads take to come together.
  const paid = (recent.pages * MINUTE) / recent.share - recent.passMs;
  return { waitMs: Math.round(Math.max(restMs(recent, pace), paid) * (0.9 + random / 5)), pageSize };
}

/** Beginnings are watched; what has been silent for long is likely to stay so; and a job of days is read less often. */
function restMs({ ageMs, idleMs }: Recent, { leastMs, mostMs }: ReadPace): number {
  const byAge = ageMs < 10 * MINUTE ? leastMs : ageMs < 120 * MINUTE ? 2 * leastMs : 3 * leastMs;
  return Math.min(mostMs, Math.max(byAge, idleMs / 10));
}

const backoff = (firstMs: number, capMs: number, times: number, random: number) =>
  Math.round(Math.min(capMs, firstMs * 2 ** (times - 1)) * (0.75 + random / 2));

/** The reads that may be made: so many a minute, which are saved up for half a minute. */
interface Allowance {
  readonly share: number;
  /** Reads that may be made at once. */
  readonly saved: number;
  /** When that was counted, in milliseconds. */
  readonly atMs: number;
}

const FEWEST_SAVED = 10;
const FEWEST_READS = 2;

/** The allowance of a job whose log was not read yet; `now` in milliseconds. */
export function firstAllowance({ firstReads }: ReadPace, now: number): Allowance {
  return { share: firstReads, saved: Math.min(FEWEST_SAVED, firstReads), atMs: now };
}

/** What has come together by `now`. */
export function saved(allowance: Allowance, now: number): Allowance {
  const passed = Math.max(0, now - allowance.atMs);
  const { share } = allowance;
  const most = Math.max(FEWEST_SAVED, share / 2);
  return { share, saved: Math.min(most, allowance.saved + (passed * share) / MINUTE), atMs: now };
}

/** After a read: one less, and a share that grows by one a minute of reads, or is halved by an answer 429. */
export function spent(allowance: Allowance, outcome: 'read' | 'throttled' | 'failed', pace: ReadPace): Allowance {
  const { share, saved: left } = allowance;
  if (outcome === 'throttled') return { ...allowance, share: Math.max(FEWEST_READS, share / 2), saved: 0 };
  const grown = outcome === 'read' ? Math.min(pace.mostReads, share + 1 / share) : share;
  return { ...allowance, share: grown, saved: Math.max(0, left - 1) };
}

/** How long until a read may be made, in milliseconds. */
export const waitForRead = ({ saved: left, share }: Allowance): number =>
  left >= 1 ? 0 : Math.ceil(((1 - left) * MINUTE) / share);
