/** How much of the spread of ranks something explains, from 0 to 1, and with how many degrees of freedom. */
export interface Explained {
  readonly share: number;
  readonly freedom: number;
}

/** Ranks from 1; equal values share the mean of theirs. */
export function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && order[end]?.value === order[start]?.value) end += 1;
    for (const { index } of order.slice(start, end)) ranks[index] = (start + 1 + end) / 2;
    start = end;
  }
  return ranks;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Sum of the squares of the distances from the mean. */
export function spreadOf(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2));
}

/** By groups of equal keys: the spread of their means. */
export function groupShare(keys: readonly unknown[], ranks: readonly number[]): Explained {
  const groups = new Map<unknown, number[]>();
  for (const [index, key] of keys.entries()) {
    const group = groups.get(key) ?? [];
    group.push(ranks[index] ?? Number.NaN);
    groups.set(key, group);
  }
  const within = sum([...groups.values()].map(spreadOf));
  return { share: 1 - within / spreadOf(ranks), freedom: groups.size - 1 };
}

/** By a curve of the second degree, fitted by least squares. */
export function curveShare(at: readonly number[], ranks: readonly number[]): Explained {
  const line = centred(at);
  const curve = without(centred(line.map((value) => (value / line.length) ** 2)), line);
  const shares = [line, curve].map((part) => dot(part, ranks) ** 2 / dot(part, part));
  return { share: Math.min(1, sum(shares) / spreadOf(ranks)), freedom: 2 };
}

const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, index) => value * (b[index] ?? 0)));

function centred(values: readonly number[]): readonly number[] {
  const mean = sum(values) / values.length;
  return values.map((value) => value - mean);
}

/** What is left of `values` once the part along `direction` is taken out. */
function without(values: readonly number[], direction: readonly number[]): readonly number[] {
  const factor = dot(values, direction) / dot(direction, direction);
  return values.map((value, index) => value - factor * (direction[index] ?? 0));
}

/** Upper 5 % points of the standard normal distribution, and of its square, which is chi-squared with one degree of freedom. */
const NORMAL_95 = 1.6448536269514722;
const SQUARE_95 = 3.841458820694124;

/** The upper 5 % point of chi-squared with `freedom` degrees of freedom: by Wilson and Hilferty (1931), right to 1 % from two on. */
export function chanceLimit(freedom: number): number {
  if (freedom === 1) return SQUARE_95;
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + NORMAL_95 * Math.sqrt(part)) ** 3;
}
