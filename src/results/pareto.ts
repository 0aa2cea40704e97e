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
  const covered = new Covered(sorted.length, sorted[0]?.vector.length ?? 0);
  const front: (typeof sorted)[number][] = [];
  for (const each of sorted) {
    const last = front.at(-1);
    const equal = last !== undefined && descending(last.vector, each.vector) === 0;
    if (!equal && covered.has(each.vector)) continue;
    if (!equal) covered.add(each.vector);
    front.push(each);
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

/** What lies below some vectors: their values are kept in one array, as ten thousand of them are gone through for each of ten thousand. */
class Covered {
  readonly #values: Float64Array;
  readonly #dimensions: number;
  #end = 0;

  constructor(capacity: number, dimensions: number) {
    this.#values = new Float64Array(capacity * dimensions);
    this.#dimensions = dimensions;
  }

  add(vector: Vector): void {
    this.#values.set(vector, this.#end);
    this.#end += this.#dimensions;
  }

  /** Whether one of the vectors, which all come before this one, is at least as good in every metric; in the first it is, by that order. */
  has(vector: Vector): boolean {
    const values = this.#values;
    const dimensions = this.#dimensions;
    for (let start = 0; start < this.#end; start += dimensions) {
      let index = 1;
      while (index < dimensions && (values[start + index] ?? 0) >= (vector[index] ?? 0)) index += 1;
      if (index === dimensions) return true;
    }
    return false;
  }
}
