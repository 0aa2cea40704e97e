import { isBetter } from '../../results/trials.ts';
import type { Goal, MetricSpec } from '../../vertex/types.ts';
import { barChart } from '../charts/bars.ts';
import { COLOURS } from '../charts/diagram.ts';
import { label } from '../charts/label.ts';
import { differ, type Scale, scaleOf } from '../charts/scale.ts';
import { code, cut, escaped, folded, nameText, tableOf } from '../markdown.ts';
import type { Section } from './fit.ts';
import { hasValue, type Measured } from './measured.ts';
import { bestOf, shortNumber } from './numbers.ts';
import { beyondText, withoutOutliers } from './outliers.ts';

/** So many bars can be told apart; more trials share one. */
const MOST_BARS = 200;
/** So many bars leave room for the id of each. */
const MOST_NAMED = 40;
const NAME_LENGTH = 100;
const MOST_STEPS = 50;

/** One metric by trial, with the best so far. Undefined for fewer than two values, and for values that are all the same. */
export function objectiveSection(trials: readonly Measured[], metric: MetricSpec): Section | undefined {
  const size = Math.ceil(trials.length / MOST_BARS);
  const bars = inBars(trials, size, metric.goal);
  const values = bars.flatMap(({ value }) => value ?? []);
  if (!differ(values)) return undefined;
  const { shown, beyond } = withoutOutliers(values, metric.goal);
  const chart = objectiveChart(bars, scaleOf(metric.metricId, shown), metric.goal, trials.length);
  if (chart === undefined) return undefined;
  const name = nameText(metric.metricId);
  const head = `#### ${name} by trial`;
  const caption = captionOf({
    size,
    empty: bars.filter(({ value }) => value === undefined).length,
    beyond,
    metric,
    shown,
  });
  const steps = stepsTable(trials, metric);
  return {
    name: `chart of ${name}`,
    forms: [[head, chart, caption, steps].join('\n\n'), [head, chart, caption].join('\n\n')],
    worth: 6,
  };
}

interface Bar {
  readonly name: string;
  readonly value: number | undefined;
}

/** Consecutive trials share a bar, which shows the best of them. */
function inBars(trials: readonly Measured[], size: number, goal: Goal): Bar[] {
  return Array.from({ length: Math.ceil(trials.length / size) }, (_, index) => {
    const part = trials.slice(index * size, (index + 1) * size);
    const values = part.filter(hasValue).map(({ value }) => value);
    return { name: part[0]?.trial.id ?? '', value: values.length === 0 ? undefined : bestOf(values, goal) };
  });
}

function objectiveChart(bars: readonly Bar[], scale: Scale, goal: Goal, trials: number): string | undefined {
  const ids = bars.map(({ name }) => label(name, 8));
  // Mermaid draws two categories of one name as one.
  const unique = new Set(ids).size === ids.length;
  const named = unique && bars.length <= MOST_NAMED && bars.length === trials;
  const categories = unique ? ids : bars.map((_, index) => `${index + 1}`);
  return barChart({
    title: named ? 'trial' : `trials 1 to ${trials}`,
    categories,
    named,
    scale,
    series: [
      { kind: 'bar', values: bars.map(({ value }) => value), colour: COLOURS.value },
      { kind: 'line', values: runningBest(bars, goal), colour: COLOURS.best },
    ],
    width: 900,
  });
}

/** Before the first value the line lies at the worse end of the axis. */
function runningBest(bars: readonly Bar[], goal: Goal): (number | undefined)[] {
  let best: number | undefined;
  return bars.map(({ value }) => {
    if (value !== undefined) best = best === undefined ? value : bestOf([best, value], goal);
    return best ?? (goal === 'MINIMIZE' ? Number.MAX_VALUE : undefined);
  });
}

interface Caption {
  readonly size: number;
  /** How many bars have no value. */
  readonly empty: number;
  readonly beyond: number;
  readonly metric: MetricSpec;
  readonly shown: readonly number[];
}

function captionOf({ size, empty, beyond, metric: { goal }, shown }: Caption): string {
  const bar = size === 1 ? 'a trial' : `the best of ${size} trials in a row`;
  const stubs = empty === 0 ? '' : ', a stub without a value';
  const better = goal === 'MINIMIZE' ? 'lower' : 'higher';
  return `*Each bar is ${bar}${stubs}. The line is the best so far; ${better} is better.${beyondText(beyond, shown, goal)}*`;
}

/** The trials that were the best so far, for where no chart is drawn. */
function stepsTable(trials: readonly Measured[], { metricId, goal }: MetricSpec): string {
  const steps: string[][] = [];
  let best: number | undefined;
  for (const { trial, value } of trials) {
    if (value === undefined || (best !== undefined && !isBetter(value, best, goal))) continue;
    best = value;
    steps.push([escaped(cut(trial.id, 50)), shortNumber(value)]);
  }
  const header = ['Trial', code(cut(metricId, NAME_LENGTH))];
  return folded('The best so far, as a table', tableOf(header, steps.slice(-MOST_STEPS)));
}
