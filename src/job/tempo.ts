import { CLOUD_READ_PACE, LOCAL_READ_PACE, type ReadPace } from './logs/budget.ts';
import { CLOUD_LAG, type Lag, LOCAL_LAG } from './submit/lag.ts';
import { CLOUD_LOG_PACE, CLOUD_PACE, LOCAL_LOG_PACE, LOCAL_PACE, type LogPace, type Pace } from './watch/interval.ts';

/** How often a service is asked, and how far behind the truth its answers may be. */
export interface Tempo {
  /** Looks at a job. */
  readonly looks: Pace;
  /** Readings of its log, and how many requests each may take. */
  readonly logs: LogPace;
  readonly reads: ReadPace;
  readonly lag: Lag;
}

/** Google's regions. */
export const CLOUD_TEMPO: Tempo = { looks: CLOUD_PACE, logs: CLOUD_LOG_PACE, reads: CLOUD_READ_PACE, lag: CLOUD_LAG };
/** A service on this machine. */
export const LOCAL_TEMPO: Tempo = { looks: LOCAL_PACE, logs: LOCAL_LOG_PACE, reads: LOCAL_READ_PACE, lag: LOCAL_LAG };
