/** What is expected of a value, and how far it may be off (the standard deviation). */
export interface Prediction {
  readonly mean: number;
  readonly deviation: number;
}

type Rows = readonly (readonly number[])[];

/** The sum of the products of the first so many numbers. */
function dot(left: readonly number[], right: readonly number[], count = left.length): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
}

/** The lower triangle of the Cholesky factor; undefined where the matrix is not positive definite. */
function cholesky(matrix: Rows): number[][] | undefined {
  const factor: number[][] = [];
  for (const [row, values] of matrix.entries()) {
    const line: number[] = [];
    for (const [column, other] of factor.entries()) {
      line.push(((values[column] ?? 0) - dot(line, other, column)) / (other[column] ?? 1));
    }
    const rest = (values[row] ?? 0) - dot(line, line, row);
    if (!(rest > 0)) return undefined;
    factor.push([...line, Math.sqrt(rest)]);
  }
  return factor;
}

/** The vector that the factor turns into `right`. */
function solved(factor: Rows, right: readonly number[]): number[] {
  const found: number[] = [];
  for (const [row, line] of factor.entries()) {
    found.push(((right[row] ?? 0) - dot(line, found, row)) / (line[row] ?? 1));
  }
  return found;
}

interface Fit extends Prediction {
  readonly likelihood: number;
}

/** Of the kernel's length, in median distances, and of the noise, as a part of the values' variance. */
const LENGTHS = [0.25, 0.5, 1, 2, 4];
const NOISES = [0.001, 0.03, 0.3];

function fitted(distances: Rows, values: readonly number[], query: readonly number[], length: number, noise: number) {
  const kernel = (distance: number) => Math.exp(-((distance / length) ** 2) / 2);
  const matrix = distances.map((row, index) =>
    row.map((distance, other) => kernel(distance) + (other === index ? noise : 0)),
  );
  const factor = cholesky(matrix);
  if (factor === undefined) return undefined;
  const weighed = solved(factor, values);
  const near = solved(factor, query.map(kernel));
  // The variance that is most likely with this kernel.
  const variance = dot(weighed, weighed) / values.length;
  const spread = factor.reduce((sum, line) => sum + Math.log(line.at(-1) ?? 1), 0);
  const likelihood = -(values.length / 2) * Math.log(Math.max(variance, Number.MIN_VALUE)) - spread;
  const deviation = Math.sqrt(variance * Math.max(0, 1 + noise - dot(near, near)));
  return { mean: dot(near, weighed), deviation, likelihood };
}

/**
 * A Gaussian process regression: what value is expected at a place whose distances to the known places are `query`, given
 * the `values` there and the `distances` among them. The kernel is a squared exponential with noise, of the length and
 * noise that make the values most likely; before the first value is known nothing is expected.
 */
export function regress(distances: Rows, values: readonly number[], query: readonly number[]): Prediction | undefined {
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sorted = distances
    .flat()
    .filter((distance) => distance > 0)
    .sort((left, right) => left - right);
  const unit = sorted[sorted.length >> 1] ?? 1;
  const centred = values.map((value) => value - mean);
  const fits = LENGTHS.flatMap((length) =>
    NOISES.flatMap((noise): Fit[] => {
      const found = fitted(distances, centred, query, length * unit, noise);
      return found === undefined ? [] : [found];
    }),
  );
  const [first, ...others] = fits;
  if (first === undefined) return undefined;
  const best = others.reduce((top, each) => (each.likelihood > top.likelihood ? each : top), first);
  return { mean: mean + best.mean, deviation: best.deviation };
}
