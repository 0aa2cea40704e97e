import type { Measurement, MetricSpec, StudySpec, Trial } from '../../vertex/types.ts';

/** 1 where more is better, which an unspecified goal means too, else -1. */
export function signOf(metric: MetricSpec | undefined): 1 | -1 {
  return metric?.goal === 'MINIMIZE' ? -1 : 1;
}

/** The metrics that are to be made better: those for safety are not among them (the proto's comment). */
export function objectivesOf({ metrics }: StudySpec): readonly MetricSpec[] {
  return metrics.filter(({ safetyConfig }) => safetyConfig === undefined);
}

/** The study's objective where it has one only: of several no value is the best. */
export function onlyObjective(study: StudySpec): MetricSpec | undefined {
  const [first, ...others] = objectivesOf(study);
  return others.length === 0 ? first : undefined;
}

function measured({ metricId }: MetricSpec, measurement: Measurement | undefined): number | undefined {
  return measurement?.metrics?.find((metric) => metric.metricId === metricId)?.value;
}

/** The value of the study's first objective, made so that more is better; undefined where the measurement has none. */
export function scoreOf(study: StudySpec, measurement: Measurement | undefined): number | undefined {
  const [metric] = objectivesOf(study);
  const value = metric && measured(metric, measurement);
  return value === undefined ? undefined : signOf(metric) * value;
}

/** Whether every safety metric of the trial is as good as its threshold, or better. */
export function isSafe({ metrics }: StudySpec, { finalMeasurement }: Trial): boolean {
  return metrics.every((metric) => {
    if (metric.safetyConfig === undefined) return true;
    const { safetyThreshold = 0 } = metric.safetyConfig;
    const value = measured(metric, finalMeasurement) ?? Number.NaN;
    return signOf(metric) * value >= signOf(metric) * safetyThreshold;
  });
}

/** All objectives of a trial, each made so that more is better; undefined while one is missing. */
function scoresOf(study: StudySpec, { state, finalMeasurement }: Trial): readonly number[] | undefined {
  if (state !== 'SUCCEEDED') return undefined;
  const scores = objectivesOf(study).map(
    (metric) => signOf(metric) * (measured(metric, finalMeasurement) ?? Number.NaN),
  );
  return scores.some(Number.isNaN) ? undefined : scores;
}

function dominates(left: readonly number[], right: readonly number[]): boolean {
  return (
    left.every((score, index) => score >= (right[index] ?? 0)) &&
    left.some((score, index) => score > (right[index] ?? 0))
  );
}

/**
 * The trials that succeeded, best first: the safe ones before the others, and among those by how many others are better in
 * no metric worse and in one better. With one objective that is the order of its values; with several, those that none
 * surpasses come first. Equals keep their order.
 */
export function ranked(study: StudySpec, trials: readonly Trial[]): Trial[] {
  const scored = trials.flatMap((trial) => {
    const scores = scoresOf(study, trial);
    return scores === undefined ? [] : [{ trial, scores, unsafe: isSafe(study, trial) ? 0 : 1 }];
  });
  if (onlyObjective(study) !== undefined) {
    return scored
      .sort((left, right) => left.unsafe - right.unsafe || (right.scores[0] ?? 0) - (left.scores[0] ?? 0))
      .map(({ trial }) => trial);
  }
  return scored
    .map((each) => ({ ...each, better: scored.filter((other) => dominates(other.scores, each.scores)).length }))
    .sort((left, right) => left.unsafe - right.unsafe || left.better - right.better)
    .map(({ trial }) => trial);
}
