import type { Job } from '../../vertex/jobs.ts';
import type { Trial } from '../../vertex/types.ts';

/** How the program of a trial ended; unknown while nothing tells. */
export type ProgramEnd = 'well' | 'crashed' | 'unknown';

/** Texts of trials whose program did not come to a good end: exits, lost machines, time limits, cancels. */
const CRASHED =
  /non-zero status|ran out of memory|internal error|insufficient in region|stockout|preempt|cancell?ed|deadline_exceeded|\bwas stopped\b|failed to (?:create|start|pull)|permission/i;
/** The local service's words; the texts of Google's are unknown. */
const NO_MEASUREMENT =
  /ended without a value for every metric|no (?:final )?measurement|did not report|metric was not found/i;

/**
 * How a trial's program ended, as far as the trial itself tells: SUCCEEDED did well. INFEASIBLE is one that is done without a
 * final measurement (study.proto), crashed or not, and only a reason in known words tells which.
 */
export function endByTrial({ state, infeasibleReason = '' }: Trial): ProgramEnd {
  if (state === 'SUCCEEDED') return 'well';
  if (state !== 'INFEASIBLE') return 'unknown';
  if (NO_MEASUREMENT.test(infeasibleReason)) return 'well';
  return CRASHED.test(infeasibleReason) ? 'crashed' : 'unknown';
}

/** How a trial's program ended by the custom job that ran it, which says it for sure once it has ended. */
export function endByJob({ state }: Pick<Job, 'state'>): ProgramEnd {
  if (state === 'SUCCEEDED') return 'well';
  return state === 'FAILED' || state === 'CANCELLED' || state === 'EXPIRED' ? 'crashed' : 'unknown';
}
