/** How far behind the truth the service's answers may be, in milliseconds. */
export interface Lag {
  /** A job shows up in lists at most this long after it was created. Nowhere stated for Vertex AI: an assumption. */
  readonly listMs: number;
  /** A request takes effect at most this long after it was sent, whether or not an answer to it ever arrives. */
  readonly effectMs: number;
}

/** The second is the time limit of a call in src/google/vertex.ts, with which the service is told how long it may take. */
export const CLOUD_LAG: Lag = { listMs: 30_000, effectMs: 60_000 };
/** A service on this machine lists what it has, and does at once what it does at all. */
export const LOCAL_LAG: Lag = { listMs: 0, effectMs: 0 };

/** When no job of a request sent at `sentAt` can turn up any more, on the same clock. */
export const lastSight = (sentAt: number, lag: Lag) => sentAt + lag.effectMs + lag.listMs;
