import { frontOf, type Vector } from './pareto.ts';
import { type Point, rangesOf, scaled } from './points.ts';
import { Staircase } from './staircase.ts';
import type { Hypervolume } from './types.ts';

/**
 * The work that a volume may take, about in looks at a point: one or two seconds. It is enough for the volume of tens of
 * thousands of points in two or three metrics and of about a thousand in four or five, and for what each point alone dominates
 * of any number in two metrics and of about a thousand in three or four.
 */
const MOST_STEPS = 30_000_000;

/**
 * The part, from 0 to 1, that the front dominates of the box between the worst and the best value of each metric among `all`
 * points (Zitzler and Thiele 1998, with the worst values as reference point). Exact but for rounding.
 */
export function hypervolumeOf(front: readonly Point[], all: readonly Point[], most = MOST_STEPS): Hypervolume {
  const ranges = rangesOf(all);
  if (ranges.length === 0) return { why: 'No trial has a value of every metric.' };
  if (ranges.some(({ low, high }) => low === high)) {
    return { why: 'A metric has the same value in every trial, so that there is no box to measure.' };
  }
  const volume = dominated(
    front.map((point) => scaled(point, ranges)),
    most,
  );
  if (volume === undefined) return { why: TOO_MUCH };
  return { share: Math.min(1, Math.max(0, volume)) };
}

const TOO_MUCH = 'The Pareto set has too many trials and metrics for its hypervolume to be computed.';

/** The volume between 0 and the points, whose values are 0 or more; undefined where it takes more than `most` steps. */
export function dominated(points: readonly Vector[], most = MOST_STEPS): number | undefined {
  const volume = volumeOf(points, { left: most });
  return Number.isNaN(volume) ? undefined : volume;
}

/**
 * What each point alone dominates; undefined where that takes more than `most` steps. The points are distinct and none is
 * better than another.
 */
export function exclusives(points: readonly Vector[], most = MOST_STEPS): readonly number[] | undefined {
  if (points[0]?.length === 2) return gaps(points);
  const work = { left: most };
  const volumes: number[] = [];
  for (const point of points) {
    const others = points.filter((other) => other !== point);
    const volume = product(point) - volumeOf(within(others, point, point.length, work), work);
    if (Number.isNaN(volume)) return undefined;
    volumes.push(Math.max(0, volume));
  }
  return volumes;
}

/** In two metrics: the rectangle between a point's neighbours. */
function gaps(points: readonly Vector[]): number[] {
  const order = points.map((point, index) => ({ x: point[0] ?? 0, y: point[1] ?? 0, index }));
  order.sort((a, b) => a.x - b.x);
  const volumes: number[] = [];
  for (const [place, { x, y, index }] of order.entries()) {
    volumes[index] = (x - (order[place - 1]?.x ?? 0)) * (y - (order[place + 1]?.y ?? 0));
  }
  return volumes;
}

interface Work {
  left: number;
}

/** NaN once the work is used up. */
function volumeOf(points: readonly Vector[], work: Work): number {
  const dimensions = points[0]?.length ?? 0;
  work.left -= sorting(points.length);
  if (work.left < 0) return Number.NaN;
  if (points.length === 0) return 0;
  if (dimensions === 1) return Math.max(...points.map(([value = 0]) => value));
  if (dimensions === 2) return areaOf(points);
  return dimensions === 3 ? sweptVolume(points) : slicedVolume(points, dimensions - 1, work);
}

function areaOf(points: readonly Vector[]): number {
  const stairs = new Staircase();
  for (const [x = 0, y = 0] of points) stairs.add(x, y);
  return stairs.area;
}

/** Three metrics: an area that grows as the third value falls (Beume, Fonseca et al. 2009, without their balanced tree). */
function sweptVolume(points: readonly Vector[]): number {
  const sorted = [...points].sort((a, b) => (b[2] ?? 0) - (a[2] ?? 0));
  const stairs = new Staircase();
  let volume = 0;
  for (const [index, [x = 0, y = 0, z = 0]] of sorted.entries()) {
    stairs.add(x, y);
    volume += stairs.area * (z - (sorted[index + 1]?.[2] ?? 0));
  }
  return volume;
}

/**
 * More metrics: what each point dominates that none with a higher last value does (WFG: While, Bradstreet and Barone 2012).
 * Their boxes all reach above its last value, so that a metric less is left to look at.
 */
function slicedVolume(points: readonly Vector[], last: number, work: Work): number {
  const sorted = [...points].sort((a, b) => (a[last] ?? 0) - (b[last] ?? 0));
  let volume = 0;
  for (const [index, point] of sorted.entries()) {
    const above = within(sorted.slice(index + 1), point, last, work);
    volume += (point[last] ?? 0) * (product(point.slice(0, last)) - volumeOf(above, work));
    if (Number.isNaN(volume)) break;
  }
  return volume;
}

/** The first values of the points, cut to what lies within the box of one; those that others cover are left out. */
function within(points: readonly Vector[], box: Vector, dimensions: number, work: Work): readonly Vector[] {
  work.left -= points.length * dimensions + sorting(points.length);
  if (work.left < 0) return [];
  const edges = box.slice(0, dimensions);
  const cut = points.map((point) => edges.map((edge, index) => Math.min(edge, point[index] ?? 0)));
  const front = frontOf(cut, (vector) => vector);
  work.left -= Math.ceil((cut.length * front.length) / 4);
  return front;
}

const sorting = (count: number) => count * Math.ceil(Math.log2(count + 2));

const product = (values: Vector) => values.reduce((volume, value) => volume * value, 1);
