import type { Goal, MetricSpec } from '../../../vertex/types.ts';
import { code, cut, folded, tableOf } from '../../markdown.ts';
import { bestOf, median, shortNumber } from '../numbers.ts';
import type { WithValue } from './measured.ts';

/** A parameter with the trials that have it. */
export interface ByParameter {
  readonly name: string;
  readonly having: readonly WithValue[];
  /** How many trials have a value of the metric. */
  readonly all: number;
  readonly metric: MetricSpec;
}

/** What trials with the same value of a parameter, or values in the same range, measured. */
export interface Group {
  readonly value: string;
  readonly trials: number;
  readonly best: number;
  readonly middle: number;
}

const NAME_LENGTH = 100;

/** The group of trials, at least one. */
export function groupOf(value: string, trials: readonly WithValue[], goal: Goal): Group {
  const measured = trials.map((trial) => trial.value);
  const best = bestOf(measured, goal);
  return { value, trials: trials.length, best, middle: median(measured) ?? best };
}

/** What the chart shows, for where no chart is drawn. */
export function groupsTable(name: string, groups: readonly Group[]): string {
  const rows = groups.map(({ value, trials, best, middle }) => [
    code(cut(value, NAME_LENGTH)),
    String(trials),
    shortNumber(best),
    shortNumber(middle),
  ]);
  return folded('As a table', tableOf([code(cut(name, NAME_LENGTH)), 'Trials', 'Best', 'Median'], rows));
}

/** A conditional parameter is not in every trial. */
export const havingText = (having: number, all: number): string =>
  having === all ? '' : ` ${having} of ${all} trials have it.`;
