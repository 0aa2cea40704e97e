import type { HyperparameterTuningJob, Trial } from '../../vertex/types.ts';

/**
 * Why the job fails now, or undefined while it may go on. `finished` holds its trials in the order in which they ended.
 * With `maxFailedTrialCount` the job ends when that many failed. Without it the service decides: at once when the first
 * trial fails (documented); for the later ones its numbers are unknown, and ours are that the job fails at its end when
 * more than half of its trials failed.
 */
export function tuningFailure(
  job: Pick<HyperparameterTuningJob, 'maxFailedTrialCount'>,
  finished: readonly Trial[],
  isEnd: boolean,
): string | undefined {
  const failed = finished.filter((trial) => trial.state === 'INFEASIBLE');
  const [worst] = failed;
  if (worst === undefined) return undefined;
  const reason = `Trial ${worst.id}: ${worst.infeasibleReason ?? 'it is infeasible.'}`;
  const { maxFailedTrialCount: limit = 0 } = job;
  if (limit > 0) {
    if (failed.length < limit) return undefined;
    return `The job has ${failed.length} failed trials, and \`max_failed_trial_count\` is ${limit}. ${reason}`;
  }
  if (finished[0] === worst) return `The first trial of the job failed. ${reason}`;
  if (!isEnd || failed.length * 2 <= finished.length) return undefined;
  return `More than half of the job's trials failed (${failed.length} of ${finished.length}). ${reason}`;
}
