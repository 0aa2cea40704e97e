import type { Goal, MetricSpec, ParameterValue, Trial } from '../vertex/types.ts';
import type { TrialResult } from './types.ts';

/** Ids are decimal numbers in texts, in no particular order in the API's answer. */
export function byId(a: Pick<Trial, 'id'>, b: Pick<Trial, 'id'>): number {
  return Number(a.id) - Number(b.id) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** The trial's parameters by name, each in its own type. */
export function parametersOf(trial: Pick<Trial, 'parameters'>): Readonly<Record<string, ParameterValue>> {
  return Object.fromEntries(trial.parameters.map(({ parameterId, value }) => [parameterId, value]));
}

/** Whether a value is better by the goal; an unspecified one maximises (study.proto). */
export const isBetter = (value: number, than: number, goal: Goal) =>
  goal === 'MINIMIZE' ? value < than : value > than;

/**
 * What the study goes by: the metric's value in the final measurement of a trial that succeeded. Where that lacks the metric,
 * the study's selection of what the trial measured on its way: BEST_MEASUREMENT is the best finite value by the goal, else
 * the last one that came. Undefined for a trial that did not succeed, and where the value is no finite number: a trial that
 * ended in NaN has no value, whatever it measured before.
 */
export function finalValue(trial: Trial, metric: MetricSpec, selection?: string): number | undefined {
  if (trial.state !== 'SUCCEEDED') return undefined;
  const [final] = valuesOf(trial.finalMeasurement, metric.metricId);
  const value = final ?? selected(trial, metric, selection);
  return Number.isFinite(value) ? value : undefined;
}

function selected(trial: Trial, { metricId, goal }: MetricSpec, selection: string | undefined): number | undefined {
  const values = (trial.measurements ?? []).flatMap((measurement) => valuesOf(measurement, metricId));
  if (selection !== 'BEST_MEASUREMENT') return values.at(-1);
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.reduce<number | undefined>(
    (best, value) => (best === undefined || isBetter(value, best, goal) ? value : best),
    undefined,
  );
}

const valuesOf = (measurement: Trial['finalMeasurement'], metricId: string): readonly number[] =>
  (measurement?.metrics ?? []).filter((metric) => metric.metricId === metricId).map(({ value }) => value);

/** How the study's metrics are read where a trial has no final measurement of them. */
export interface Selecting {
  readonly metrics: readonly MetricSpec[];
  readonly selection?: string | undefined;
}

/**
 * A trial as the next steps read it. Its metrics are the finite ones of its final measurement, and the study's as finalValue
 * has them.
 */
export function toResult(trial: Trial, { metrics, selection }: Selecting = { metrics: [] }): TrialResult {
  const measured = (trial.finalMeasurement?.metrics ?? []).map(({ metricId, value }) => [metricId, value] as const);
  const counted = metrics.map((metric) => [metric.metricId, finalValue(trial, metric, selection)] as const);
  const finite = [...measured, ...counted].filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return {
    id: trial.id,
    parameters: parametersOf(trial),
    metrics: Object.fromEntries(finite),
    job: trial.customJob,
  };
}
