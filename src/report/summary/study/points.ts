import type { Point } from '../../charts/scatter.ts';

/** More points hide each other, and make the page slow. */
const MOST_POINTS = 400;

interface Reading<T> {
  readonly x: (each: T) => number;
  readonly y: (each: T) => number;
  readonly look: (each: T) => Point['look'];
}

/**
 * Points for a scatter chart: all of them, or the strong ones and, of the others, as many at even distances by id as are
 * readable. What was left out is said.
 */
export function pointsOf<T>(
  all: readonly T[],
  { x, y, look }: Reading<T>,
): { readonly points: readonly Point[]; readonly said: string } {
  const marked = thinned(
    all.filter((each) => look(each) !== 'plain'),
    MOST_POINTS / 2,
  );
  const others = all.filter((each) => look(each) === 'plain');
  const drawn = [...thinned(others, MOST_POINTS - marked.length), ...marked];
  return {
    points: drawn.map((each) => ({ x: x(each), y: y(each), look: look(each) })),
    said:
      drawn.length === all.length ? '' : ` ${drawn.length} of ${all.length} trials are drawn, at even distances by id.`,
  };
}

const thinned = <T>(all: readonly T[], most: number): readonly T[] =>
  all.length <= most
    ? all
    : all.filter(
        (_, index) => Math.floor((index * most) / all.length) !== Math.floor(((index - 1) * most) / all.length),
      );
