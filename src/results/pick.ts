import { exclusives } from './hypervolume.ts';
import { type Point, rangesOf, scaled } from './points.ts';
import { byId } from './trials.ts';
import type { PickRule } from './types.ts';

const TEXTS: Readonly<Record<PickRule, string>> = {
  nearest_to_ideal:
    'Picked as the trial nearest to the best value of every metric, with each metric scaled to its range in the Pareto set.',
  first_metric: 'Picked as the trial with the best value of the first metric.',
  largest_hypervolume:
    'Picked as the trial that alone dominates the largest part of the box between the worst and the best value of each metric.',
};

/** What a rule goes by, in one sentence. */
export const pickText = (rule: PickRule): string => TEXTS[rule];

/** The trial that stands for the others, and by which rule. */
export interface Picked {
  readonly point: Point;
  /** The rule that was followed: nearest_to_ideal where the set is too large for its hypervolumes to be computed. */
  readonly rule: PickRule;
}

/**
 * One of a front, by a rule; `all` are the points that it is the front of. Ties go to the lower id. Undefined where the front is
 * empty. `most` bounds the work of hypervolumes, as `exclusives` has it.
 */
export function pickFrom(
  front: readonly Point[],
  all: readonly Point[],
  rule: PickRule,
  most?: number,
): Picked | undefined {
  const scores = scoresOf(front, all, rule, most);
  if (scores === undefined) return pickFrom(front, all, 'nearest_to_ideal');
  const point = foremost(front, scores);
  return point && { point, rule };
}

function scoresOf(
  front: readonly Point[],
  all: readonly Point[],
  rule: PickRule,
  most: number | undefined,
): readonly number[] | undefined {
  if (rule === 'first_metric') return ranked(front.map(({ values: [first = 0] }) => first));
  return rule === 'nearest_to_ideal' ? nearness(front) : contributions(front, all, most);
}

/** The values as 1 for the highest and 0 for any other: they are compared as they are, without the tolerance of scores. */
function ranked(values: readonly number[]): readonly number[] {
  const highest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  return values.map((value) => (value === highest ? 1 : 0));
}

function nearness(front: readonly Point[]): readonly number[] {
  const ranges = rangesOf(front);
  return front.map((point) => 0 - Math.hypot(...scaled(point, ranges).map((value) => 1 - value)));
}

/** Equal points count as one: each of them would add nothing to the other. */
function contributions(
  front: readonly Point[],
  all: readonly Point[],
  most: number | undefined,
): readonly number[] | undefined {
  const ranges = rangesOf(all);
  const keys = front.map(({ values }) => values.join(' '));
  const distinct = new Map(front.map((point, index) => [keys[index], scaled(point, ranges)] as const));
  const volumes = exclusives([...distinct.values()], most);
  if (volumes === undefined) return undefined;
  const byKey = new Map([...distinct.keys()].map((key, index) => [key, volumes[index] ?? 0] as const));
  return keys.map((key) => byKey.get(key) ?? 0);
}

/** Scores that differ by no more than their rounding are the same. */
const ROUNDING = 1e-12;

function foremost(points: readonly Point[], scores: readonly number[]): Point | undefined {
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const tied = points.filter((_, index) => (scores[index] ?? Number.NaN) >= highest - ROUNDING);
  return tied.sort((a, b) => byId(a.trial, b.trial))[0];
}
