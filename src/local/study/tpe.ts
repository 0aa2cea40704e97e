import type { ParameterSpec, StudySpec, Trial } from '../../vertex/types.ts';
import { ranked } from './objective.ts';
import { normal, normalShare, type Random } from './random.ts';
import { flattened, type Point, pointFrom, type Shares, sharesOf, valueCount } from './space.ts';

/**
 * The tree-structured Parzen estimator (Bergstra and others, "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011),
 * with one density over all parameters together: the trials are parted into a few good ones and the rest, a density is
 * laid over each part, and of some points drawn from the good density the one is tried where it exceeds the other most.
 * A parameter that is not active in a trial spreads that trial's density evenly over its space.
 */

/** Points drawn for one suggestion. */
const CANDIDATES = 24;
/** The good trials are this part of all, and never more than the other number. */
const GOOD_PART = 0.15;
const MOST_GOOD = 25;
/** Of the others the latest so many count, so that a suggestion in a long study takes no longer. */
const MOST_BAD = 200;
/** Width of a kernel in a set of one trial; it shrinks as the set grows (Scott's rule). */
const WIDTH = 0.2;

/** The density that one trial lays over a parameter; the even distribution is 1 everywhere. */
interface Kernel {
  readonly centre: number;
  /** Standard deviation, in shares; of a category, the part that lies on the category itself. */
  readonly width: number;
  /** Logarithm of the density at a share. */
  readonly log: (share: number) => number;
}

/** By the parameters that were active in the trial. */
type TrialKernels = ReadonlyMap<ParameterSpec, Kernel>;

function categoryKernel(count: number, centre: number, size: number): Kernel {
  const width = (1 + 1 / size) / (1 + count / size);
  const own = Math.floor(centre * count);
  const [same, other] = [Math.log(width * count), Math.log(((1 - width) / (count - 1)) * count)];
  return { centre, width, log: (share) => (Math.floor(share * count) === own ? same : other) };
}

/** A normal distribution, cut off at the ends. */
function numberKernel(centre: number, width: number): Kernel {
  const inside = normalShare((1 - centre) / width) - normalShare(-centre / width);
  const top = -Math.log(Math.sqrt(2 * Math.PI) * width * inside);
  return { centre, width, log: (share) => top - ((share - centre) / width) ** 2 / 2 };
}

function kernelsOf(centres: readonly Shares[], dimensions: number): TrialKernels[] {
  const size = centres.length;
  const scott = WIDTH * Math.max(1, size) ** (-1 / (dimensions + 4));
  const width = Math.max(scott, 1 / Math.min(100, 1 + size));
  const kernel = (parameter: ParameterSpec, centre: number) => {
    const count = valueCount(parameter);
    if (parameter.categoricalValueSpec !== undefined) return categoryKernel(count, centre, size);
    // Of a parameter with few values it reaches at least to the next one.
    return numberKernel(centre, Math.max(width, 0.5 / count));
  };
  return centres.map((shares) => new Map([...shares].map(([parameter, at]) => [parameter, kernel(parameter, at)])));
}

/** The logarithm of the density of a set of trials at a point; an even distribution counts as one trial more. */
function logDensity(point: Shares, set: readonly TrialKernels[]): number {
  const logs = set.map((kernels) => {
    let sum = 0;
    for (const [parameter, share] of point) sum += kernels.get(parameter)?.log(share) ?? 0;
    return sum;
  });
  logs.push(0);
  const top = Math.max(...logs);
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / logs.length);
}

function drawn(parameter: ParameterSpec, kernel: Kernel | undefined, random: Random): number {
  if (kernel === undefined) return random();
  const { centre, width } = kernel;
  if (parameter.categoricalValueSpec !== undefined) {
    const count = valueCount(parameter);
    if (random() < width) return centre;
    const other = Math.floor(random() * (count - 1));
    return ((other < Math.floor(centre * count) ? other : other + 1) + 0.5) / count;
  }
  for (;;) {
    const share = centre + width * normal(random);
    if (share >= 0 && share < 1) return share;
  }
}

/** A point drawn from the density of a set. */
function drawPoint(parameters: readonly ParameterSpec[], set: readonly TrialKernels[], random: Random): Point {
  // One past the last is the even distribution.
  const kernels = set[Math.floor(random() * (set.length + 1))];
  return pointFrom(parameters, (parameter) => drawn(parameter, kernels?.get(parameter), random));
}

const keyOf = (point: Point) => JSON.stringify(point.map(({ value }) => value));

/**
 * The point to try next, given the trials so far. Those that failed count as bad; so do those that still run, which keeps
 * trials that run side by side apart (Ginsbourger's constant liar). A point that was tried already is not chosen while
 * another was drawn.
 */
export function tpePoint(study: StudySpec, trials: readonly Trial[], random: Random): Point {
  const { parameters } = study;
  const best = ranked(study, trials);
  const good = new Set(best.slice(0, Math.min(MOST_GOOD, Math.ceil(GOOD_PART * best.length))));
  const dimensions = flattened(parameters).length;
  const setOf = (part: readonly Trial[]) =>
    kernelsOf(
      part.map((trial) => sharesOf(parameters, trial.parameters)),
      dimensions,
    );
  const goodSet = setOf([...good]);
  const badSet = setOf(trials.filter((trial) => !good.has(trial)).slice(-MOST_BAD));
  const candidates = Array.from({ length: CANDIDATES }, () => drawPoint(parameters, goodSet, random));
  const tried = new Set(trials.map((trial) => keyOf(trial.parameters)));
  const fresh = candidates.filter((point) => !tried.has(keyOf(point)));
  const scored = (fresh.length > 0 ? fresh : candidates).map((point) => {
    const shares = sharesOf(parameters, point);
    return { point, score: logDensity(shares, goodSet) - logDensity(shares, badSet) };
  });
  return scored.reduce((top, each) => (each.score > top.score ? each : top)).point;
}
