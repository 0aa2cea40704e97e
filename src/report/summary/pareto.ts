import type { ParetoSet } from '../../results/types.ts';
import type { Job } from '../../vertex/jobs.ts';
import type { MetricSpec } from '../../vertex/types.ts';
import { differ } from '../charts/scale.ts';
import { scatterChart } from '../charts/scatter.ts';
import { spanOf } from '../charts/span.ts';
import { code, cut, escaped, folded, tableOf } from '../markdown.ts';
import type { Section } from './fit.ts';
import { hasValue, measuredOf } from './measured.ts';
import { shortNumber } from './numbers.ts';
import { beyondText, withoutOutliers } from './outliers.ts';
import { own } from './own.ts';
import { pointsOf } from './points.ts';

const NAME_LENGTH = 100;
const MOST_ROWS = 50;

/** The trials over their first two metrics, those that no other is better than drawn large, and these in a table. */
export function paretoSection(
  job: Job,
  metrics: readonly MetricSpec[],
  pareto: ParetoSet | undefined,
): Section | undefined {
  if (pareto === undefined || pareto.trials.length === 0) return undefined;
  const volume = pareto.hypervolume === undefined ? '' : `, hypervolume ${shortNumber(pareto.hypervolume, 4)}`;
  const head = `#### Pareto set: ${pareto.trials.length} ${pareto.trials.length === 1 ? 'trial' : 'trials'}${volume}`;
  const drawn = paretoChart(job, metrics, pareto);
  const rows = paretoTable(metrics, pareto);
  return {
    name: 'Pareto set',
    forms: [[head, ...drawn, rows].join('\n\n'), [head, ...drawn].join('\n\n')],
    worth: 7,
  };
}

function paretoChart(job: Job, [first, second]: readonly MetricSpec[], pareto: ParetoSet): string[] {
  if (first === undefined || second === undefined) return [];
  const other = measuredOf(job, second);
  const both = measuredOf(job, first).flatMap((each, index) => {
    const across = other[index]?.value;
    return hasValue(each) && across !== undefined ? [{ ...each, across }] : [];
  });
  if (both.length < 2) return [];
  const xs = withoutOutliers(
    both.map(({ value }) => value),
    first.goal,
  );
  const ys = withoutOutliers(
    both.map(({ across }) => across),
    second.goal,
  );
  if (!differ(xs.shown) || !differ(ys.shown)) return [];
  const ids = new Set(pareto.trials.map(({ id }) => id));
  const { points, said } = pointsOf(both, {
    x: ({ value }) => value,
    y: ({ across }) => across,
    strong: ({ trial }) => ids.has(trial.id),
  });
  const chart = scatterChart({ x: spanOf(first.metricId, xs.shown), y: spanOf(second.metricId, ys.shown), points });
  if (chart === undefined) return [];
  const corner = `${second.goal === 'MINIMIZE' ? 'bottom' : 'top'} ${first.goal === 'MINIMIZE' ? 'left' : 'right'}`;
  const edges = beyondText(xs.beyond, xs.shown, first.goal) + beyondText(ys.beyond, ys.shown, second.goal);
  return [
    chart,
    `*Each point is a trial; no other trial is better in every metric than the large ones. Best is the ${corner}.${said}${edges}*`,
  ];
}

function paretoTable(metrics: readonly MetricSpec[], { trials }: ParetoSet): string {
  const header = [
    'Trial',
    ...metrics.map(({ metricId, goal }) => `${code(cut(metricId, NAME_LENGTH))} ${goal === 'MINIMIZE' ? '↓' : '↑'}`),
  ];
  const rows = trials.slice(0, MOST_ROWS).map(({ id, metrics: values }) => [
    escaped(cut(id, 50)),
    ...metrics.map(({ metricId }) => {
      const value = own(values, metricId);
      return value === undefined ? '' : shortNumber(value);
    }),
  ]);
  const left = trials.length - rows.length;
  return folded(
    'The Pareto set as a table',
    tableOf(header, rows) + (left > 0 ? `\n\n${left} more are in the outputs.` : ''),
  );
}
