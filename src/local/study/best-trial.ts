import type { StudySpec, Trial } from '../../vertex/types.ts';

/**
 * The trial whose model a pipeline takes: of those that succeeded, the best final value of the first metric, by its goal
 * (an unspecified one maximises); ties go to the lower id. Which one the service takes with several metrics, and in ties,
 * is not documented.
 */
export function bestTrial({ metrics }: StudySpec, trials: readonly Trial[]): Trial | undefined {
  const [metric] = metrics;
  const sign = metric?.goal === 'MINIMIZE' ? -1 : 1;
  const scored = trials.flatMap((trial) => {
    const final = trial.state === 'SUCCEEDED' ? trial.finalMeasurement?.metrics : undefined;
    const value = final?.find((each) => each.metricId === metric?.metricId)?.value;
    return value === undefined ? [] : [{ trial, score: sign * value }];
  });
  const [best] = scored.sort(
    (left, right) => right.score - left.score || Number(left.trial.id) - Number(right.trial.id),
  );
  return best?.trial;
}
