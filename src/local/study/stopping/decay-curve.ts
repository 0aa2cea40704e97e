import { normalShare } from '../random.ts';
import { type Curve, heightAt, reach } from './curve.ts';
import { regress } from './gaussian-process.ts';

/** A trial that ran to its end. */
export interface Completed {
  readonly curve: Curve;
  /** Its final value, made so that more is better. */
  readonly final: number;
}

/** Not documented of the service: how many trials it learns from at least, and which probability is very low to it. */
const FEWEST = 5;
const VERY_LOW = 0.05;
/** The latest; the cost grows with the third power. */
const MOST = 100;

function distance(left: readonly number[], right: readonly number[]): number {
  const squares = left.reduce((sum, value, index) => sum + (value - (right[index] ?? 0)) ** 2, 0);
  return Math.sqrt(squares / left.length);
}

/** How likely a normally distributed value is to exceed a limit. */
function chanceAbove(limit: number, mean: number, deviation: number): number {
  if (deviation > 0) return 1 - normalShare((limit - mean) / deviation);
  return mean < limit ? 0 : 1;
}

/**
 * The decay-curve rule (the proto's comment): a Gaussian process regression over the completed trials' curves, as far as
 * this one has come, predicts what it still gains until its end; it is to stop when the chance that it exceeds `best`, the
 * best final value so far, is very low. What the service takes for the curves' likeness is not documented; here it is
 * their mean square distance at the places where this trial has reported.
 */
export function isHopeless(curve: Curve, completed: readonly Completed[], best: number): boolean {
  const here = reach(curve);
  const longer = completed.filter((other) => reach(other.curve) > here).slice(-MOST);
  if (curve.length === 0 || longer.length < FEWEST) return false;
  const places = curve.map(({ x }) => x);
  const heights = longer.map((other) => places.map((x) => heightAt(other.curve, x)));
  const gains = longer.map(({ final, curve: other }) => final - heightAt(other, here));
  const own = curve.map(({ y }) => y);
  const prediction = regress(
    heights.map((left) => heights.map((right) => distance(left, right))),
    gains,
    heights.map((other) => distance(own, other)),
  );
  if (prediction === undefined) return false;
  return chanceAbove(best, heightAt(curve, here) + prediction.mean, prediction.deviation) < VERY_LOW;
}
