/** How far behind the truth the service's answers may be, in milliseconds. */
export interface Lag {
  /** A list shows a job, and its state, at most this late. Nowhere stated for Vertex AI: an assumption. */
  readonly listMs: number;
  /**
   * A request takes effect at most this long after it was sent, even if no answer to it ever arrives: the time limit of a
   * call in src/google/vertex.ts, after which a client asks nothing any more.
   */
  readonly effectMs: number;
}

/** Google's regions. */
export const CLOUD_LAG: Lag = { listMs: 30_000, effectMs: 60_000 };
/** A service on this machine lists what it has, and does at once what it does at all. */
export const LOCAL_LAG: Lag = { listMs: 0, effectMs: 0 };

/** When lists show every job that a request sent at `sentAt` can have made. */
export const lastSight = (sentAt: number, lag: Lag) => sentAt + lag.effectMs + lag.listMs;

/** One more look, should lists be further behind than assumed, in milliseconds. */
const LATE_LOOK_MS = 10 * 60_000;

/**
 * When to look for doubles again after a look at `now`: once lists show what was there then, once they show what was on its
 * way, and once more. Never where lists are not behind.
 */
export function looksAfter(now: number, lag: Lag): readonly number[] {
  const times = [now + lag.listMs, lastSight(now, lag)].filter((time) => time > now);
  return times.length === 0 ? [] : [...new Set([...times, now + LATE_LOOK_MS])];
}
