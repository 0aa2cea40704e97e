import { isBetter } from '../../../results/trials.ts';
import type { Goal } from '../../../vertex/types.ts';
import { differ } from '../../charts/scale.ts';
import { bestOf, median, shortNumber } from '../numbers.ts';

/** How far beyond the middle value, as a multiple of its distance to the best, a bad value is still drawn. */
const OUTLIER = 8;

/**
 * The values that an axis is made for. A trial that diverged would press all others to the edge: so bad a value is drawn at
 * the end of the axis. What is usual is judged by `among`, the values that these were taken from.
 */
export function withoutOutliers(
  values: readonly number[],
  goal: Goal,
  among: readonly number[] = values,
): { readonly shown: readonly number[]; readonly beyond: number } {
  const best = bestOf(among, goal);
  const middle = median(among) ?? best;
  const end = middle + (middle - best) * OUTLIER;
  const shown = values.filter((value) => !isBetter(end, value, goal));
  return differ(shown) ? { shown, beyond: values.length - shown.length } : { shown: values, beyond: 0 };
}

/** What is said of values that are drawn at the end of the axis. */
export function beyondText(beyond: number, shown: readonly number[], goal: Goal): string {
  if (beyond === 0) return '';
  const worst = bestOf(shown, goal === 'MINIMIZE' ? 'MAXIMIZE' : 'MINIMIZE');
  const where = `${goal === 'MINIMIZE' ? 'above' : 'below'} ${shortNumber(worst)}`;
  return beyond === 1
    ? ` One value ${where} is drawn at the edge.`
    : ` ${beyond} values ${where} are drawn at the edge.`;
}
