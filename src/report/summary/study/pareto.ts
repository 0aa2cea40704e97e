import type { Best, ParetoSet } from '../../../results/types.ts';
import type { Job } from '../../../vertex/jobs.ts';
import type { Goal, MetricSpec, Trial } from '../../../vertex/types.ts';
import { differ } from '../../charts/scale.ts';
import { scatterChart } from '../../charts/scatter.ts';
import { spanOf } from '../../charts/span.ts';
import { code, cut, escaped, folded, nameText, tableOf } from '../../markdown.ts';
import type { Section } from '../fit.ts';
import { shortNumber } from '../numbers.ts';
import { own } from '../own.ts';
import { measuredOf } from './measured.ts';
import { beyondText, withoutOutliers } from './outliers.ts';
import { pointsOf } from './points.ts';

const NAME_LENGTH = 100;
const MOST_ROWS = 50;

/** The trials over their first two metrics, those that no other is better than drawn large, and these in a table. */
export function paretoSection(job: Job, metrics: readonly MetricSpec[], { pareto, trial }: Best): Section | undefined {
  if (pareto === undefined || pareto.trials.length === 0) return undefined;
  const { share } = pareto.hypervolume;
  const volume = share === undefined ? '' : `, hypervolume ${shortNumber(share, 4)}`;
  const head = `#### Pareto set: ${pareto.trials.length} ${pareto.trials.length === 1 ? 'trial' : 'trials'}${volume}`;
  const drawn = paretoChart(withBoth(job, metrics, pareto), metrics, trial?.id);
  const rows = paretoTable(metrics, pareto);
  return {
    name: 'Pareto set',
    forms: [[head, ...drawn, volumeText(pareto), rows].join('\n\n'), [head, ...drawn].join('\n\n')],
    worth: 7,
  };
}

const volumeText = ({ hypervolume: { why } }: ParetoSet): string =>
  why === undefined
    ? '*The hypervolume is the part that the set dominates of the box between the worst and the best value of each metric: 1 would be a trial that is best in all.*'
    : `*There is no hypervolume. ${escaped(why)}*`;

/** A trial with its values of the first two metrics. */
interface Pair {
  readonly trial: Trial;
  readonly x: number;
  readonly y: number;
  readonly inSet: boolean;
}

function withBoth(job: Job, [first, second]: readonly MetricSpec[], pareto: ParetoSet): Pair[] {
  if (first === undefined || second === undefined) return [];
  const ids = new Set(pareto.trials.map(({ id }) => id));
  const across = measuredOf(job, second);
  return measuredOf(job, first).flatMap(({ trial, value: x }, index) => {
    const y = across[index]?.value;
    return x === undefined || y === undefined ? [] : [{ trial, x, y, inSet: ids.has(trial.id) }];
  });
}

function paretoChart(both: readonly Pair[], metrics: readonly MetricSpec[], picked: string | undefined): string[] {
  const [first, second] = metrics;
  if (first === undefined || second === undefined || both.length < 2) return [];
  const xs = shownOf(both, ({ x }) => x, first.goal);
  const ys = shownOf(both, ({ y }) => y, second.goal);
  if (!differ(xs.shown) || !differ(ys.shown)) return [];
  const { points, said } = pointsOf(both, {
    x: ({ x }) => x,
    y: ({ y }) => y,
    look: ({ trial, inSet }) => (trial.id === picked ? 'strongest' : inSet ? 'strong' : 'plain'),
  });
  const chart = scatterChart({
    x: spanOf(first.metricId, xs.shown),
    y: spanOf(second.metricId, ys.shown, 'upright'),
    points,
  });
  if (chart === undefined) return [];
  const corner = `${second.goal === 'MINIMIZE' ? 'bottom' : 'top'} ${first.goal === 'MINIMIZE' ? 'left' : 'right'}`;
  const edges = beyondText(xs.beyond, xs.shown, first.goal) + beyondText(ys.beyond, ys.shown, second.goal);
  const caption = `Each point is a trial; no other trial is better in every metric than the large ones. The best corner is the ${corner}.${pickedText(picked)}`;
  return [chart, `*${caption}${said}${edges}*`];
}

const pickedText = (id: string | undefined) =>
  id === undefined ? '' : ` The largest is trial ${nameText(id, 20)}, the one picked.`;

/** The values that an axis is made for: outliers are left out, but for those of the set. */
function shownOf(both: readonly Pair[], at: (each: Pair) => number, goal: Goal) {
  const usual = new Set(withoutOutliers(both.map(at), goal).shown);
  const shown = both.filter((each) => each.inSet || usual.has(at(each))).map(at);
  return { shown, beyond: both.length - shown.length };
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
