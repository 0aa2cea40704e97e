import { type Curve, reach } from './curve.ts';

/** Of fewer trials the median says little; the service's number is not documented. */
const FEWEST = 3;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (low + high) / 2;
}

/**
 * The median rule (the proto's comment): whether the trial's best value so far is strictly below the median of the others'
 * performance up to its last measurement, which is the average of what each had reported by then.
 */
export function isBelowMedian(curve: Curve, completed: readonly Curve[]): boolean {
  const averages = completed.flatMap((other) => {
    const values = other.filter(({ x }) => x <= reach(curve)).map(({ y }) => y);
    return values.length === 0 ? [] : [values.reduce((sum, y) => sum + y, 0) / values.length];
  });
  return averages.length >= FEWEST && Math.max(...curve.map(({ y }) => y)) < median(averages);
}
