import type { Point } from '../charts/scatter.ts';

/** More points hide each other, and make the page slow. */
const MOST_POINTS = 400;

interface Reading<T> {
  readonly x: (each: T) => number;
  readonly y: (each: T) => number;
  /** Always drawn. */
  readonly strong: (each: T) => boolean;
  /** Of the strong ones, the one that is named by its id. */
  readonly named?: ((each: T) => boolean) | undefined;
}

/**
 * Points for a scatter chart: all of them, or the strong ones and, of the others, as many at even distances by id as are
 * readable. What was left out is said.
 */
export function pointsOf<T extends { readonly trial: { readonly id: string } }>(
  all: readonly T[],
  { x, y, strong, named }: Reading<T>,
): { readonly points: readonly Point[]; readonly said: string } {
  const marked = thinned(all.filter(strong), MOST_POINTS / 2);
  const others = all.filter((each) => !strong(each));
  const kept = thinned(others, MOST_POINTS - marked.length);
  const drawn = kept.length + marked.length;
  return {
    points: [
      ...kept.map((each) => ({ x: x(each), y: y(each) })),
      ...marked.map((each) => ({
        x: x(each),
        y: y(each),
        strong: true,
        ...(named?.(each) ? { name: `trial ${each.trial.id}` } : {}),
      })),
    ],
    said: drawn === all.length ? '' : ` ${drawn} of ${all.length} trials are drawn, at even distances by id.`,
  };
}

const thinned = <T>(all: readonly T[], most: number): readonly T[] =>
  all.length <= most
    ? all
    : Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)] as T);
