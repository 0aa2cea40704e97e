import type { StudyStoppingConfig } from '../../../vertex/types.ts';
import { type Finding, findingUnless } from '../findings.ts';
import { durationMs } from '../scalars.ts';

/** What of ConvexAutomatedStoppingSpec has rules; counts are int64. */
export interface ConvexStopping {
  readonly maxStepCount?: string;
  readonly minStepCount?: string;
  readonly minMeasurementCount?: string;
}

const NEGATIVE = 'Must not be negative.';

/** No count of convex stopping is below 0: steps, seconds and measurements are counted (study.proto). */
export function convexFindings(stopping: ConvexStopping, field: string): Finding[] {
  const notNegative = (count: string | undefined) => BigInt(count ?? 0) >= 0n;
  return [
    ...findingUnless(notNegative(stopping.maxStepCount), `${field}.max_step_count`, NEGATIVE),
    ...findingUnless(notNegative(stopping.minStepCount), `${field}.min_step_count`, NEGATIVE),
    ...findingUnless(notNegative(stopping.minMeasurementCount), `${field}.min_measurement_count`, NEGATIVE),
  ];
}

/** No count and no duration after which a study stops is below 0 (study.proto). */
export function stoppingConfigFindings(config: StudyStoppingConfig, field: string): Finding[] {
  const lasts = (duration: string | undefined) => (durationMs(duration ?? '0s') ?? 0) >= 0;
  return [
    ...findingUnless(
      lasts(config.minimumRuntimeConstraint?.maxDuration),
      `${field}.minimum_runtime_constraint.max_duration`,
      NEGATIVE,
    ),
    ...findingUnless(
      lasts(config.maximumRuntimeConstraint?.maxDuration),
      `${field}.maximum_runtime_constraint.max_duration`,
      NEGATIVE,
    ),
    ...findingUnless((config.minNumTrials ?? 0) >= 0, `${field}.min_num_trials`, NEGATIVE),
    ...findingUnless((config.maxNumTrials ?? 0) >= 0, `${field}.max_num_trials`, NEGATIVE),
    ...findingUnless((config.maxNumTrialsNoProgress ?? 0) >= 0, `${field}.max_num_trials_no_progress`, NEGATIVE),
    ...findingUnless(lasts(config.maxDurationNoProgress), `${field}.max_duration_no_progress`, NEGATIVE),
  ];
}
