/** Dotted numbers, as CUDA, cuDNN, compute capabilities and drivers have them: `12.8`, `9.10.2.21`, `550.54.15`. */

/** Below, at or above zero; what one of them leaves out counts as equal: `12` and `12.8` are. */
export function compareLoosely(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Below, at or above zero; what one of them leaves out counts as 0. */
export function compareNumbers(one: string, other: string): number {
  const [first, second] = [numbersOf(one), numbersOf(other)];
  for (let index = 0; index < Math.max(first.length, second.length); index++) {
    const difference = (first[index] ?? 0) - (second[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The highest; undefined for none. */
export function highestNumber(all: readonly string[]): string | undefined {
  return all.toSorted(compareNumbers).at(-1);
}

/** `12` of `12.8.1`. */
export const majorOf = (version: string): string => version.split('.', 1)[0] ?? '';

/** `12.8` of `12.8.1`; `12` where there is no more. */
export const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

function numbersOf(text: string): number[] {
  return text.split('.').map(Number);
}
