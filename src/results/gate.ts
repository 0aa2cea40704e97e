import { closestMatch } from 'leven';
import { type Fault, shown } from '../faults.ts';
import { agreeing } from './digits.ts';
import type { Baseline, BaselineBound, GateOperator, GateRule, GateVerdict, Metrics } from './types.ts';

/**
 * Holds the metrics against the rules, one verdict for each. A metric without a value fails. A rule that names the baseline
 * passes where there is none yet, and where it lacks the metric: the first run of a series has nothing to fall behind.
 * Numbers are compared as they are computed, without tolerance.
 */
export function judgeGate(
  rules: readonly GateRule[],
  metrics: Metrics,
  baseline: Baseline | undefined,
): readonly GateVerdict[] {
  return rules.map((rule) => verdictOn(rule, metrics, baseline));
}

/** Rules that the study has no metric for, as faults of the input; `known` are the metrics it measures, undefined where nobody can tell before the job ran. */
export function metricFaults(rules: readonly GateRule[], known: readonly string[] | undefined): readonly Fault[] {
  if (known === undefined) return [];
  return rules.flatMap(({ metric, text }) => {
    if (known.includes(metric)) return [];
    const message = `names ${shown(metric)} in ${shown(text)}, a metric that the study does not measure. ${measuredText(metric, known)}`;
    return [{ rule: 'gate-metric', input: 'gate', message }];
  });
}

function verdictOn(rule: GateRule, metrics: Metrics, baseline: Baseline | undefined): GateVerdict {
  const value = measuredValue(metrics, rule.metric);
  const against = baseline && measuredValue(baseline.metrics, rule.metric);
  const bound = boundOf(rule.bound, against);
  if (value === undefined) {
    const message = `${named(rule)} was not measured, and has to be ${rule.operator} ${requiredText(rule)}. ${measuredText(rule.metric, Object.keys(metrics))}`;
    return { rule, passed: false, value, bound, message };
  }
  if (bound === undefined) {
    const why =
      baseline === undefined ? 'there is no baseline yet' : `the baseline, run ${baseline.runId}, has no value of it`;
    return { rule, passed: true, value, bound, message: `${named(rule)} is ${value}; ${why}, so it passes.` };
  }
  const holds = (left: number, right: number) => compares(left, rule.operator, right);
  const told = agreeing(value, bound, holds);
  const message = `${named(rule)} is ${told(value)}; it has to be ${rule.operator} ${told(bound)}${originText(rule.bound, baseline, against, told)}.`;
  return { rule, passed: holds(value, bound), value, bound, message };
}

const LONG_NAME = 200;

/** The rule's metric, cut where it is long. */
const named = ({ metric }: GateRule) => (metric.length > LONG_NAME ? `${metric.slice(0, LONG_NAME)}…` : metric);

/** A finite value of that name; names are outside text, such as `constructor`. */
function measuredValue(metrics: Metrics, name: string): number | undefined {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  return Number.isFinite(value) ? value : undefined;
}

function boundOf(bound: GateRule['bound'], baseline: number | undefined): number | undefined {
  if (bound.kind === 'number') return bound.value;
  if (baseline === undefined) return undefined;
  return baseline + (bound.percent ? (Math.abs(baseline) * bound.offset) / 100 : bound.offset);
}

const COMPARISONS: Readonly<Record<GateOperator, (value: number, bound: number) => boolean>> = {
  '>=': (value, bound) => value >= bound,
  '>': (value, bound) => value > bound,
  '<=': (value, bound) => value <= bound,
  '<': (value, bound) => value < bound,
};

const compares = (value: number, operator: GateOperator, bound: number) => COMPARISONS[operator](value, bound);

/** What the rule asks for, as it is written. */
const requiredText = ({ text, metric, operator }: GateRule) => text.slice(`${metric} ${operator} `.length);

/** Where the bound comes from: ` (baseline 0.9 of run 123, less 0.01)`. */
function originText(
  bound: GateRule['bound'],
  baseline: Baseline | undefined,
  value: number | undefined,
  told: (value: number) => string,
): string {
  if (bound.kind === 'number' || baseline === undefined || value === undefined) return '';
  return ` (baseline ${told(value)} of run ${baseline.runId}${offsetText(bound, value)})`;
}

function offsetText({ offset, percent }: BaselineBound, baseline: number): string {
  if (offset === 0) return '';
  const of = percent && baseline < 0 ? ' of its absolute value' : '';
  return `, ${offset < 0 ? 'less' : 'plus'} ${Math.abs(offset)}${percent ? '%' : ''}${of}`;
}

const MOST_NAMES = 10;

/** What is measured instead, and which of it may have been meant. */
function measuredText(metric: string, names: readonly string[]): string {
  if (names.length === 0) return 'Nothing was measured.';
  const nearest = closestMatch(metric, [...names]);
  const listed = names.slice(0, MOST_NAMES).map(shown).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const hint = nearest === undefined || names.length === 1 ? '' : ` The nearest is ${shown(nearest)}.`;
  return `Measured: ${listed}${more}.${hint}`;
}
