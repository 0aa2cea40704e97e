import type { Goal, MetricSpec, ParameterValue, Trial } from '../vertex/types.ts';

export interface BestTrial {
  readonly id: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** Name of the CustomJob that ran the trial. */
  readonly job: string | undefined;
}

/**
 * The best of the trials that succeeded with a final measurement of the metric, by its goal; an unspecified goal
 * maximises (study.proto). Ties go to the lower id. With several metrics no single trial is best: undefined.
 */
export function bestTrial(trials: readonly Trial[], metrics: readonly MetricSpec[]): BestTrial | undefined {
  const [metric] = metrics;
  if (metric === undefined || metrics.length > 1) return undefined;
  let best: { readonly trial: Trial; readonly value: number } | undefined;
  for (const trial of [...trials].sort(byId)) {
    const value = finalValue(trial, metric.metricId);
    if (value === undefined) continue;
    if (best === undefined || isBetter(value, best.value, metric.goal)) best = { trial, value };
  }
  return best && toBest(best.trial);
}

/** The final value of a metric; undefined for a trial that has none or did not succeed, and for one that is no finite number. */
export function finalValue(trial: Trial, metricId: string): number | undefined {
  if (trial.state !== 'SUCCEEDED') return undefined;
  const value = trial.finalMeasurement?.metrics?.find((metric) => metric.metricId === metricId)?.value;
  return Number.isFinite(value) ? value : undefined;
}

const isBetter = (value: number, than: number, goal: Goal) => (goal === 'MINIMIZE' ? value < than : value > than);

/** Ids are decimal numbers in texts, in no particular order in the API's answer. */
export function byId(a: Trial, b: Trial): number {
  return Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function toBest(trial: Trial): BestTrial {
  return {
    id: trial.id,
    parameters: parametersOf(trial),
    metrics: Object.fromEntries(
      (trial.finalMeasurement?.metrics ?? []).map(({ metricId, value }) => [metricId, value]),
    ),
    job: trial.customJob,
  };
}

/** The trial's parameters by name, each in its own type. */
export function parametersOf(trial: Trial): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(trial.parameters.map(({ parameterId, value }) => [parameterId, value]));
}
