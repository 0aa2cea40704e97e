import type { MetricSpec, ParameterValue, Trial } from '../vertex/types.ts';
import { chanceLimit, curveShare, type Explained, groupShare, ranksOf, spreadOf } from './ranks.ts';
import { finalValue, parametersOf } from './trials.ts';
import type { Importance } from './types.ts';

/** Fewer trials than these tell nothing of parameters. */
const FEWEST_TRIALS = 8;
/** With fewer than these only the clearest parameters show. */
const FEW_TRIALS = 30;

interface Scored {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly value: number;
}

/**
 * How much of the order of the trials by a metric each parameter explains by itself, the most first: Kelley's ε² (1935) on ranks,
 * which for categories is the effect size of the Kruskal-Wallis test (Tomczak and Tomczak 2014, there η²_H). As ranks are
 * compared, neither scales nor outliers matter. Categories, and numbers of up to three values, are groups; other numbers get a
 * curve of the second degree, which takes a best value in the middle as well as at an end. ε² is corrected for the number of
 * groups, so that noise comes to 0 on average; a share that chance would reach in more than one of twenty studies (chi-squared
 * test of Kruskal and Wallis 1952) is 0.
 *
 * A parameter that is not active in every trial is judged among those in which it is, and its share is that of their part in the
 * whole; what switching it on and off does belongs to the parameter that does so. One that was active in too few trials is left
 * out. Parameters that only matter together are not seen. Undefined with fewer than FEWEST_TRIALS trials that have the metric,
 * and where all of them have the same value.
 */
export function importanceOf(
  trials: readonly Trial[],
  metric: MetricSpec,
  selection?: string,
): readonly Importance[] | undefined {
  const scored = trials.flatMap((trial) => {
    const value = finalValue(trial, metric, selection);
    return value === undefined ? [] : [{ parameters: parametersOf(trial), value }];
  });
  if (scored.length < FEWEST_TRIALS) return undefined;
  const ranks = ranksOf(scored.map(({ value }) => value));
  const whole = spreadOf(ranks);
  if (whole === 0) return undefined;
  const names = new Set(scored.flatMap(({ parameters }) => Object.keys(parameters)));
  const importance = [...names].flatMap((parameter) => {
    const active = scored.map(({ parameters }) => Object.hasOwn(parameters, parameter));
    const among = scored.filter((_, index) => active[index]);
    if (among.length < FEWEST_TRIALS) return [];
    const part = spreadOf(ranks.filter((_, index) => active[index])) / whole;
    return [{ parameter, share: shareOf(among, parameter) * Math.min(1, part) }];
  });
  return importance.sort((a, b) => b.share - a.share || (a.parameter < b.parameter ? -1 : 1));
}

/** What a reader has to know of the shares, in whole sentences; `trials` is the number of trials that have the metric. */
export function importanceText(metric: string, trials: number): string {
  const text = `How much of the order of ${trials} trials by ${metric} each parameter explains by itself (ε² on ranks); the shares need not add up to 100 %, and parameters that only matter together are not seen.`;
  return trials < FEW_TRIALS ? `${text} With so few trials only the clearest show.` : text;
}

/** Among trials that all have the parameter. */
function shareOf(among: readonly Scored[], parameter: string): number {
  const ranks = ranksOf(among.map(({ value }) => value));
  const explained = explainedBy(
    among.map(({ parameters }) => parameters[parameter] ?? ''),
    ranks,
  );
  if (explained === undefined) return 0;
  const { share, freedom } = explained;
  const count = ranks.length;
  if (count - 1 <= freedom || share * (count - 1) <= chanceLimit(freedom)) return 0;
  return Math.max(0, 1 - ((1 - share) * (count - 1)) / (count - 1 - freedom));
}

/** Numbers of no more values than these are groups: a curve would go through all of them too. */
const MOST_GROUPS_OF_NUMBERS = 3;

/** Undefined where there is nothing to explain, or nothing to explain it with. */
function explainedBy(values: readonly ParameterValue[], ranks: readonly number[]): Explained | undefined {
  const distinct = new Set(values).size;
  if (distinct < 2 || spreadOf(ranks) === 0) return undefined;
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length || distinct <= MOST_GROUPS_OF_NUMBERS) return groupShare(values, ranks);
  return curveShare(ranksOf(numbers), ranks);
}
