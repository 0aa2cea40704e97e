import type { Goal } from '../../../vertex/types.ts';
import { barChart } from '../../charts/bars.ts';
import { COLOURS } from '../../charts/diagram.ts';
import { label } from '../../charts/label.ts';
import { beginText, differ, scaleOf } from '../../charts/scale.ts';
import { type ByParameter, type Group, groupOf, groupsTable, havingText } from './groups.ts';
import type { WithValue } from './measured.ts';
import { beyondText, withoutOutliers } from './outliers.ts';

const MOST_CATEGORIES = 20;
/** So many categories have room for long names. */
const FEW = 6;

/** The best and the middle value of the metric for each value of a parameter: chart, caption, table. */
export function valuesChart({ name, having, all, metric }: ByParameter): string[] | undefined {
  const groups = groupsOf(name, having, metric.goal);
  if (groups.length > MOST_CATEGORIES) return undefined;
  const values = groups.flatMap(({ best, middle }) => [best, middle]);
  const { shown, beyond } = withoutOutliers(
    values,
    metric.goal,
    having.map(({ value }) => value),
  );
  if (!differ(shown)) return undefined;
  const best = { kind: 'bar', values: groups.map((group) => group.best), colour: COLOURS.value } as const;
  const middle = { kind: 'bar', values: groups.map((group) => group.middle), colour: COLOURS.strong } as const;
  const scale = scaleOf(metric.metricId, shown);
  const chart = barChart({
    title: label(name),
    categories: categoriesOf(groups),
    named: true,
    scale,
    // The shorter bar is drawn over the longer one.
    series: metric.goal === 'MINIMIZE' ? [middle, best] : [best, middle],
    width: Math.max(400, 90 * groups.length),
  });
  if (chart === undefined) return undefined;
  const caption = `*Light: the best of the trials with each value; dark: their median.${havingText(having.length, all)}${beginText(scale)}${beyondText(beyond, shown, metric.goal)}*`;
  return [chart, caption, groupsTable(name, groups)];
}

function groupsOf(name: string, having: readonly WithValue[], goal: Goal): Group[] {
  const byValue = Map.groupBy(having, ({ parameters }) => parameters[name]);
  return [...byValue]
    .sort(([a], [b]) => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1))
    .map(([value, trials]) => groupOf(String(value), trials, goal));
}

/** Their values; their numbers where two look alike. */
function categoriesOf(groups: readonly Group[]): string[] {
  const labels = groups.map(({ value }) => label(value, groups.length > FEW ? 10 : 20));
  return new Set(labels).size === labels.length ? labels : labels.map((_, index) => `${index + 1}`);
}
