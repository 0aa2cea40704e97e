import type { Trial } from '../vertex/types.ts';
import { byId, finalValue, type Selecting } from './trials.ts';

/** A trial that succeeded with a finite value of every metric of its study. */
export interface Point {
  readonly trial: Trial;
  /** In the order of the metrics, turned so that higher is better. */
  readonly values: readonly number[];
}

/** The trials that can be held against each other in every metric, by id. */
export function pointsOf(trials: readonly Trial[], { metrics, selection }: Selecting): readonly Point[] {
  return [...trials].sort(byId).flatMap((trial) => {
    const values: number[] = [];
    for (const metric of metrics) {
      const value = finalValue(trial, metric, selection);
      if (value === undefined) return [];
      // 0 is added, or taken from, so that no negative zero is left.
      values.push(metric.goal === 'MINIMIZE' ? 0 - value : value + 0);
    }
    return [{ trial, values }];
  });
}

/** The lowest and highest value of a metric. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The range of each metric among points, of which there is one at least. */
export function rangesOf(points: readonly Pick<Point, 'values'>[]): readonly Range[] {
  const [first] = points;
  return (first?.values ?? []).map((_, index) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const { values } of points) {
      low = Math.min(low, values[index] ?? Number.NaN);
      high = Math.max(high, values[index] ?? Number.NaN);
    }
    return { low, high };
  });
}

/** Each value from 0, the lowest of its range, to 1, the highest; 1 where the range is a single value. */
export function scaled({ values }: Pick<Point, 'values'>, ranges: readonly Range[]): readonly number[] {
  return values.map((value, index) => {
    const { low, high } = ranges[index] ?? { low: value, high: value };
    if (low === high) return 1;
    const width = high - low;
    // Two doubles can lie further apart than the largest double.
    return Number.isFinite(width) ? (value - low) / width : (value / 2 - low / 2) / (high / 2 - low / 2);
  });
}
