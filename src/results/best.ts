import type { MetricSpec, Trial } from '../vertex/types.ts';
import { byId, finalValue, isBetter, toResult } from './trials.ts';
import type { TrialResult } from './types.ts';

/**
 * The best of the trials that succeeded with a value of the metric, by its goal; an unspecified goal maximises (study.proto).
 * Ties go to the lower id. With several metrics no single trial is best: undefined.
 */
export function bestTrial(
  trials: readonly Trial[],
  metrics: readonly MetricSpec[],
  selection?: string,
): TrialResult | undefined {
  const [metric] = metrics;
  if (metric === undefined || metrics.length > 1) return undefined;
  let best: { readonly trial: Trial; readonly value: number } | undefined;
  for (const trial of [...trials].sort(byId)) {
    const value = finalValue(trial, metric, selection);
    if (value === undefined) continue;
    if (best === undefined || isBetter(value, best.value, metric.goal)) best = { trial, value };
  }
  return best && toResult(best.trial, { metrics, selection });
}
