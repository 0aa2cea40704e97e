import { isBetter } from '../../../results/trials.ts';
import type { Goal, MetricSpec } from '../../../vertex/types.ts';
import { barChart } from '../../charts/bars.ts';
import { COLOURS } from '../../charts/diagram.ts';
import { label } from '../../charts/label.ts';
import { beginText, differ, type Scale, scaleOf } from '../../charts/scale.ts';
import { code, cut, escaped, folded, nameText, tableOf } from '../../markdown.ts';
import type { Section } from '../fit.ts';
import { bestOf, shortNumber } from '../numbers.ts';
import { hasValue, type Measured, type WithValue } from './measured.ts';
import { beyondText, withoutOutliers } from './outliers.ts';

/** So many bars can be told apart; more trials share one. */
const MOST_BARS = 200;
/** So many bars leave room for the id of each. */
const MOST_NAMED = 40;
const NAME_LENGTH = 100;
const MOST_STEPS = 50;

/** One metric by trial, with the best so far. Undefined for fewer than two values, and for values that are all the same. */
export function objectiveSection(trials: readonly Measured[], metric: MetricSpec): Section | undefined {
  const known = trials.filter(hasValue);
  const size = Math.ceil(known.length / MOST_BARS);
  const bars = inBars(known, size, metric.goal);
  const values = bars.map(({ value }) => value);
  if (!differ(values)) return undefined;
  const { shown, beyond } = withoutOutliers(values, metric.goal);
  const scale = scaleOf(metric.metricId, shown);
  const chart = objectiveChart(bars, scale, metric.goal, known.length);
  if (chart === undefined) return undefined;
  const name = nameText(metric.metricId);
  const head = `#### ${name} by trial`;
  const edge = beginText(scale) + beyondText(beyond, shown, metric.goal);
  const caption = captionOf({ size, without: trials.length - known.length, goal: metric.goal, edge });
  const steps = stepsTable(known, metric);
  return {
    name: `chart of ${name}`,
    forms: [[head, chart, caption, steps].join('\n\n'), [head, chart, caption].join('\n\n')],
    worth: 6,
  };
}

interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Consecutive trials share a bar, which shows the best of them. */
function inBars(trials: readonly WithValue[], size: number, goal: Goal): Bar[] {
  return Array.from({ length: trials.length === 0 ? 0 : Math.ceil(trials.length / size) }, (_, index) => {
    const part = trials.slice(index * size, (index + 1) * size);
    const values = part.map(({ value }) => value);
    return { name: part[0]?.trial.id ?? '', value: bestOf(values, goal) };
  });
}

function objectiveChart(bars: readonly Bar[], scale: Scale, goal: Goal, trials: number): string | undefined {
  const ids = bars.map(({ name }) => label(name, 8));
  // Mermaid draws two categories of one name as one.
  const unique = new Set(ids).size === ids.length;
  const named = unique && bars.length <= MOST_NAMED && bars.length === trials;
  return barChart({
    title: named ? 'trial' : `${trials} trials in the order of their ids`,
    categories: unique ? ids : bars.map((_, index) => `${index + 1}`),
    named,
    scale,
    series: [
      { kind: 'bar', values: bars.map(({ value }) => value), colour: COLOURS.value },
      { kind: 'line', values: runningBest(bars, goal), colour: COLOURS.best },
    ],
    width: 900,
  });
}

function runningBest(bars: readonly Bar[], goal: Goal): number[] {
  let best: number | undefined;
  return bars.map(({ value }) => {
    best = best === undefined ? value : bestOf([best, value], goal);
    return best;
  });
}

interface Caption {
  /** How many trials share a bar. */
  readonly size: number;
  /** How many trials have no value. */
  readonly without: number;
  readonly goal: Goal;
  /** What is said of the axis: where it begins, and of values at its edge. */
  readonly edge: string;
}

/** Trials without a value have no bar: where the least is the best, one of no height would look like a very good one. */
function captionOf({ size, without, goal, edge }: Caption): string {
  const bar = size === 1 ? 'a trial' : `the best of ${size} trials in a row`;
  const better = goal === 'MINIMIZE' ? 'lower' : 'higher';
  const left = without === 0 ? '' : ` ${without} without a value ${without === 1 ? 'is' : 'are'} left out.`;
  return `*Each bar is ${bar}; the line is the best so far, and ${better} is better.${left}${edge}*`;
}

/** The trials that were the best so far, for where no chart is drawn. */
function stepsTable(trials: readonly WithValue[], { metricId, goal }: MetricSpec): string {
  const steps: string[][] = [];
  let best: number | undefined;
  for (const { trial, value } of trials) {
    if (best !== undefined && !isBetter(value, best, goal)) continue;
    best = value;
    steps.push([escaped(cut(trial.id, 50)), shortNumber(value)]);
  }
  const header = ['Trial', code(cut(metricId, NAME_LENGTH))];
  return folded('The best so far, as a table', tableOf(header, steps.slice(-MOST_STEPS)));
}
