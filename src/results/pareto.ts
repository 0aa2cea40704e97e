import type { Point } from './points.ts';

/** Values of several metrics, higher being better. */
export type Vector = readonly number[];

/**
 * The points that no other is better than: none is at least as good in every metric and better in one (Vizier's optimal
 * trials, vizier_service.proto, ListOptimalTrials). Equal points all stay. Best by the first metric first; equals of it by the
 * following metrics, then in the order given.
 */
export function paretoFront(points: readonly Point[]): readonly Point[] {
  return frontOf(points, ({ values }) => values);
}

/**
 * The front of anything that has a vector. In descending order only an earlier item can be better than a later one, and one
 * that is not on the front is worse than one that is: each is held against the front so far.
 */
export function frontOf<T>(items: readonly T[], vectorOf: (item: T) => Vector): T[] {
  const sorted = items.map((item) => ({ item, vector: vectorOf(item) })).sort((a, b) => descending(a.vector, b.vector));
  const front: (typeof sorted)[number][] = [];
  for (const each of sorted) {
    const last = front.at(-1);
    if (last !== undefined && descending(last.vector, each.vector) === 0) front.push(each);
    else if (!front.some(({ vector }) => covers(vector, each.vector))) front.push(each);
  }
  return front.map(({ item }) => item);
}

function descending(a: Vector, b: Vector): number {
  for (let index = 0; index < a.length; index += 1) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `a`, which comes before `b`, is at least as good in every metric; in the first it is, by that order. */
function covers(a: Vector, b: Vector): boolean {
  for (let index = 1; index < a.length; index += 1) {
    if ((a[index] ?? 0) < (b[index] ?? 0)) return false;
  }
  return true;
}
