import type { StudySpec, Trial } from '../../vertex/types.ts';
import { isSafe, scoreOf } from './objective.ts';

/**
 * The trial whose model a pipeline takes: of those that succeeded, the best final value of the first objective, by its
 * goal (an unspecified one maximises), of a safe trial where there is one; ties go to the lower id. Which one the service takes with several metrics, and in ties,
 * is not documented.
 */
export function bestTrial(study: StudySpec, trials: readonly Trial[]): Trial | undefined {
  const scored = trials.flatMap((trial) => {
    const score = trial.state === 'SUCCEEDED' ? scoreOf(study, trial.finalMeasurement) : undefined;
    return score === undefined ? [] : [{ trial, score, unsafe: isSafe(study, trial) ? 0 : 1 }];
  });
  const [best] = scored.sort(
    (left, right) =>
      left.unsafe - right.unsafe || right.score - left.score || Number(left.trial.id) - Number(right.trial.id),
  );
  return best?.trial;
}
