import { pickText } from '../../results/pick.ts';
import type { Results, TrialResult } from '../../results/types.ts';
import { code, cut, strong, tableOf } from '../markdown.ts';
import type { Section } from './fit.ts';
import { deltaText, goalOf, shortNumber } from './numbers.ts';
import { own } from './own.ts';
import type { SummaryParts } from './parts.ts';

type Told = Pick<SummaryParts, 'results' | 'metrics'>;

/** How many rows are shown, and how much of a name and of a value. */
interface Length {
  readonly rows: number;
  readonly name: number;
  readonly value: number;
}
const LONG: Length = { rows: 100, name: 200, value: 1_000 };
const SHORT: Length = { rows: 20, name: 50, value: 50 };

/** The best trial with its parameters, or what a job without trials measured. */
export function bestSection(told: Told): Section | undefined {
  const { trial, metrics } = told.results.best;
  if (trial === undefined && Object.keys(metrics).length === 0) return undefined;
  return {
    name: 'parameters and metrics of the best trial',
    forms: [bestText(told, LONG), bestText(told, SHORT)],
    worth: 8,
  };
}

function bestText({ results, metrics }: Told, length: Length): string {
  const { trial } = results.best;
  const head = trial === undefined ? [] : [headline(trial, results)];
  const measured = metricsTable({ results, metrics }, length);
  const parameters = trial === undefined ? [] : parametersTable(trial, length);
  return [...head, ...measured, ...parameters].join('\n\n');
}

function headline({ id }: TrialResult, { best: { pareto } }: Results): string {
  const best = `Best trial: ${strong(cut(id, 50))}`;
  if (pareto === undefined || pareto.trials.length < 2) return best;
  return `${best}, of ${pareto.trials.length} in the Pareto set. ${pickText(pareto.rule)}`;
}

function metricsTable({ results: { best, baseline, gate }, metrics }: Told, length: Length): string[] {
  const names = [...new Set([...metrics.map(({ metricId }) => metricId), ...Object.keys(best.metrics)])];
  const known = names.filter((name) => own(best.metrics, name) !== undefined);
  if (known.length === 0) return [];
  const rows = known.slice(0, length.rows).map((name) => {
    const value = own(best.metrics, name) ?? 0;
    const before = baseline && own(baseline.metrics, name);
    const against =
      before === undefined ? ['', ''] : [shortNumber(before), deltaText(value, before, goalOf(name, metrics, gate))];
    return [code(cut(name, length.name)), `**${shortNumber(value)}**`, ...(baseline === undefined ? [] : against)];
  });
  const header = ['Metric', 'Value', ...(baseline === undefined ? [] : ['Baseline', 'Change'])];
  return [tableOf(header, rows), ...restText(known.length - rows.length)];
}

function parametersTable({ parameters }: TrialResult, length: Length): string[] {
  const all = Object.entries(parameters);
  if (all.length === 0) return [];
  const rows = all
    .slice(0, length.rows)
    .map(([name, value]) => [code(cut(name, length.name)), code(cut(String(value), length.value))]);
  return [tableOf(['Parameter', 'Value'], rows), ...restText(all.length - rows.length)];
}

const restText = (left: number) => (left > 0 ? [`${left} more are in the outputs.`] : []);
