import { isBetter } from '../../results/trials.ts';
import type { GateVerdict } from '../../results/types.ts';
import type { Goal, MetricSpec } from '../../vertex/types.ts';

/** Six significant digits are enough for a reader; the outputs hold them all. */
export const shortNumber = (value: number, digits = 6): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits)) + 0) : String(value);

/** A sum in the currency of hourly_price. */
export const moneyText = (sum: number): string => (Math.abs(sum) >= 1 ? sum.toFixed(2) : shortNumber(sum, 2));

/** The middle value, or the lower one of two; undefined of none. */
export function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** The best of values by the goal. */
export const bestOf = (values: readonly number[], goal: Goal): number =>
  values.reduce((best, value) => (isBetter(value, best, goal) ? value : best));

/**
 * Which way a metric is to go: as the study optimises it, else as the gate's rules ask of it; undefined where neither
 * tells, or two rules ask for opposite ways.
 */
export function goalOf(metric: string, metrics: readonly MetricSpec[], gate: readonly GateVerdict[]): Goal | undefined {
  const spec = metrics.find(({ metricId }) => metricId === metric);
  if (spec !== undefined) return spec.goal === 'MINIMIZE' ? 'MINIMIZE' : 'MAXIMIZE';
  const asked = new Set(
    gate.flatMap(({ rule }) =>
      rule.metric === metric ? [rule.operator.startsWith('>') ? ('MAXIMIZE' as const) : ('MINIMIZE' as const)] : [],
    ),
  );
  const [goal] = asked;
  return asked.size === 1 ? goal : undefined;
}

/** A value against the baseline's, for a table that has both: `▲ 0.003, better`. The arrow tells the direction, the word what it means. */
export function deltaText(value: number, baseline: number, goal: Goal | undefined): string {
  const delta = value - baseline;
  if (delta === 0) return 'the same';
  const size = `${delta > 0 ? '▲' : '▼'} ${shortNumber(Math.abs(delta), 3)}`;
  if (goal === undefined) return size;
  return `${size}, ${isBetter(value, baseline, goal) ? 'better' : 'worse'}`;
}

/** The same in a sentence: `▲ 0.003, better than the baseline`. */
export function againstBaseline(value: number, baseline: number, goal: Goal | undefined): string {
  if (value === baseline) return 'as the baseline';
  return `${deltaText(value, baseline, goal)} ${goal === undefined ? 'against' : 'than'} the baseline`;
}
