import type { Measurement, StudySpec, Trial } from '../../vertex/types.ts';

/** 1 where more is better, which an unspecified goal means too, else -1. */
export function signOf(metric: StudySpec['metrics'][number] | undefined): 1 | -1 {
  return metric?.goal === 'MINIMIZE' ? -1 : 1;
}

/** The value of the study's first metric, made so that more is better; undefined where the measurement has none. */
export function scoreOf({ metrics: [metric] }: StudySpec, measurement: Measurement | undefined): number | undefined {
  const value = measurement?.metrics?.find(({ metricId }) => metricId === metric?.metricId)?.value;
  return value === undefined ? undefined : signOf(metric) * value;
}

/** All metrics of a trial's final measurement, each made so that more is better; undefined while one is missing. */
function scoresOf({ metrics }: StudySpec, { state, finalMeasurement }: Trial): readonly number[] | undefined {
  if (state !== 'SUCCEEDED') return undefined;
  const values = new Map(finalMeasurement?.metrics?.map(({ metricId, value }) => [metricId, value]));
  const scores = metrics.map((metric) => signOf(metric) * (values.get(metric.metricId) ?? Number.NaN));
  return scores.some(Number.isNaN) ? undefined : scores;
}

function dominates(left: readonly number[], right: readonly number[]): boolean {
  return (
    left.every((score, index) => score >= (right[index] ?? 0)) &&
    left.some((score, index) => score > (right[index] ?? 0))
  );
}

/**
 * The trials that succeeded, best first: by how many others are better in no metric worse and in one better. With one
 * metric that is the order of its values; with several, those that none surpasses come first. Equals keep their order.
 */
export function ranked(study: StudySpec, trials: readonly Trial[]): Trial[] {
  const scored = trials.flatMap((trial) => {
    const scores = scoresOf(study, trial);
    return scores === undefined ? [] : [{ trial, scores }];
  });
  if (study.metrics.length === 1) {
    return scored.sort((left, right) => (right.scores[0] ?? 0) - (left.scores[0] ?? 0)).map(({ trial }) => trial);
  }
  return scored
    .map(({ trial, scores }) => ({ trial, better: scored.filter((other) => dominates(other.scores, scores)).length }))
    .sort((left, right) => left.better - right.better)
    .map(({ trial }) => trial);
}
