import type { Goal } from '../../../vertex/types.ts';
import { differ } from '../../charts/scale.ts';
import { scatterChart } from '../../charts/scatter.ts';
import { spanOf } from '../../charts/span.ts';
import { nameText } from '../../markdown.ts';
import { bestOf, shortNumber } from '../numbers.ts';
import { type ByParameter, groupOf, groupsTable, havingText } from './groups.ts';
import type { WithValue } from './measured.ts';
import { beyondText, withoutOutliers } from './outliers.ts';
import { pointsOf } from './points.ts';

/** So many ranges of values are told in the table, with as many trials in each. */
const RANGES = 4;

/** Each trial as a point over a parameter of numbers: chart, caption, table. Undefined where the numbers are all the same. */
export function numberChart({ name, having, all, metric }: ByParameter): string[] | undefined {
  const at = ({ parameters }: WithValue) => Number(parameters[name]);
  if (!differ(having.map(at))) return undefined;
  const values = having.map(({ value }) => value);
  const { shown, beyond } = withoutOutliers(values, metric.goal);
  const best = bestTrial(having, metric.goal);
  const { points, said } = pointsOf(having, {
    x: at,
    y: ({ value }) => value,
    look: (each) => (each === best ? 'strong' : 'plain'),
  });
  const chart = scatterChart({ x: spanOf(name, having.map(at)), y: spanOf(metric.metricId, shown, 'upright'), points });
  if (chart === undefined) return undefined;
  const which = best === undefined ? '' : `, the large one is the best, trial ${nameText(best.trial.id, 20)}`;
  const caption = `*Each point is a trial${which}.${havingText(having.length, all)}${said}${beyondText(beyond, shown, metric.goal)}*`;
  return [chart, caption, rangesTable(name, having, metric.goal)];
}

function bestTrial(trials: readonly WithValue[], goal: Goal): WithValue | undefined {
  const best = bestOf(
    trials.map(({ value }) => value),
    goal,
  );
  return trials.find(({ value }) => value === best);
}

function rangesTable(name: string, having: readonly WithValue[], goal: Goal): string {
  const sorted = [...having].sort((a, b) => Number(a.parameters[name]) - Number(b.parameters[name]));
  const groups = Array.from({ length: RANGES }, (_, index) => {
    const part = sorted.slice((index * sorted.length) / RANGES, ((index + 1) * sorted.length) / RANGES);
    const ends = [part[0], part.at(-1)].map((each) => shortNumber(Number(each?.parameters[name]), 4));
    return part.length === 0 ? undefined : groupOf([...new Set(ends)].join(' to '), part, goal);
  });
  return groupsTable(
    name,
    groups.filter((group) => group !== undefined),
  );
}
