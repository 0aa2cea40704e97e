import { type Curve, type CurvePoint, reach } from './curve.ts';
import type { Completed } from './decay-curve.ts';

/** StudySpec.ConvexAutomatedStoppingSpec as far as it counts here; steps are seconds where the study goes by time. */
export interface ConvexRule {
  /** Where the final value is predicted; learnt from the completed trials where it is not given. */
  readonly maxStep: number | undefined;
  /** A trial is not stopped before it has come further; a tenth of `maxStep` where it is not given. */
  readonly minStep: number | undefined;
  readonly minMeasurements: number;
}

/** The proto's default. */
const MIN_MEASUREMENTS = 5;

function numberAt(spec: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = Number(spec[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** The rule that a spec in the form of answers asks for, with the proto's defaults. */
export function convexRule(spec: Readonly<Record<string, unknown>>): ConvexRule {
  return {
    // 0 is what proto3 has for a number that is not given; a largest step of 0 would mean nothing.
    maxStep: numberAt(spec, 'maxStepCount') || undefined,
    minStep: numberAt(spec, 'minStepCount'),
    minMeasurements: numberAt(spec, 'minMeasurementCount') || MIN_MEASUREMENTS,
  };
}

/** The slope of the line that comes closest to the points. */
function slopeOf(points: Curve): number {
  const mean = (of: (point: CurvePoint) => number) => points.reduce((sum, each) => sum + of(each), 0) / points.length;
  const [midX, midY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const square = points.reduce((sum, { x }) => sum + (x - midX) ** 2, 0);
  return square === 0 ? 0 : points.reduce((sum, { x, y }) => sum + (x - midX) * (y - midY), 0) / square;
}

/** By how much of itself a gain comes again at the next measurement, over all the curves: the autoregression. */
function persistence(curves: readonly Curve[]): number {
  let [product, square] = [0, 0];
  for (const curve of curves) {
    const gains = curve.slice(1).map(({ y }, index) => y - (curve[index]?.y ?? y));
    for (const [index, next] of gains.slice(1).entries()) {
      const gain = gains[index] ?? 0;
      product += gain * next;
      square += gain * gain;
    }
  }
  return square === 0 ? 0 : Math.min(1, Math.max(0, product / square));
}

/** The sum of so many gains, each `ratio` times the one before; the first follows on `gain`. */
function sumOfGains(gain: number, ratio: number, count: number): number {
  return ratio === 1 ? gain * count : (gain * ratio * (1 - ratio ** count)) / (1 - ratio);
}

/**
 * The convex rule (the proto's comments): where enough trials are complete and this one has reported enough, its slope of
 * late gives an overestimate of its final value, since a curve that flattens gains no more than that. If even the
 * overestimate is worse than `best`, the best final value so far, the trial is to stop, and the final value that an
 * autoregression of the curves' gains predicts is given. A flat curve predicts nothing. The service's own model is not
 * documented.
 */
export function convexPrediction(
  curve: Curve,
  completed: readonly Completed[],
  best: number,
  rule: ConvexRule,
): CurvePoint | undefined {
  const { minMeasurements, maxStep = Math.max(...completed.map((other) => reach(other.curve))) } = rule;
  const { minStep = maxStep / 10 } = rule;
  const here = reach(curve);
  if (completed.length <= minMeasurements || curve.length < minMeasurements) return undefined;
  if (here <= minStep || here >= maxStep) return undefined;
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || curve.every(({ y }) => y === first.y)) return undefined;
  const slope = Math.max(0, slopeOf(curve.slice(-minMeasurements)));
  const overestimate = Math.max(...curve.map(({ y }) => y)) + slope * (maxStep - here);
  if (overestimate >= best) return undefined;
  const spacing = (here - first.x) / (curve.length - 1);
  const ratio = persistence([curve, ...completed.map((other) => other.curve)]);
  const gain = sumOfGains(slope * spacing, ratio, spacing > 0 ? (maxStep - here) / spacing : 0);
  return { x: maxStep, y: Math.min(overestimate, last.y + gain) };
}
