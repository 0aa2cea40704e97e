import { phaseOf } from '../watch/states.ts';
import type { Until } from '../watch/until.ts';

/** A job waited longer for its machines than it may. */
export interface WaitedTooLong {
  readonly kind: 'waited-too-long';
  readonly waitedMs: number;
}

/**
 * Ends the watching of a job that is still QUEUED or PENDING `afterMs` milliseconds after `since`, by the clock of whoever
 * watches: the service's may be another. Only an answer of that moment counts, so that a job that just started is not given up.
 */
export function waitedTooLong(since: number, afterMs: number): Until<WaitedTooLong> {
  return {
    at: ({ state }) => (phaseOf(state) === 'waiting' ? since + afterMs : undefined),
    due: ({ job, now, fresh }) => {
      const waitedMs = now - since;
      if (!fresh || phaseOf(job.state) !== 'waiting' || waitedMs < afterMs) return undefined;
      return { kind: 'waited-too-long', waitedMs };
    },
  };
}
