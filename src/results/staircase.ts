/** The area between 0 and points of a plane, kept as points come. */
export class Staircase {
  area = 0;
  /** From left to right, each lower than the one before. */
  readonly #steps: { readonly x: number; readonly y: number }[] = [];

  add(x: number, y: number): void {
    const steps = this.#steps;
    const right = this.#firstFrom(x);
    const next = steps[right];
    if (next !== undefined && next.y >= y) return;
    const end = next?.x === x ? right + 1 : right;
    let start = right;
    while (start > 0 && (steps[start - 1]?.y ?? 0) <= y) start -= 1;
    this.area += this.#gain(x, y, start, end);
    steps.splice(start, end - start, { x, y });
  }

  /** The first step that reaches as far to the right as x. */
  #firstFrom(x: number): number {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle]?.x ?? 0) < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What a step adds that takes the place of those from `start` to `end`. */
  #gain(x: number, y: number, start: number, end: number): number {
    let gain = 0;
    let from = this.#steps[start - 1]?.x ?? 0;
    for (const step of this.#steps.slice(start, end)) {
      gain += (step.x - from) * (y - step.y);
      from = step.x;
    }
    return gain + (x - from) * (y - (this.#steps[end]?.y ?? 0));
  }
}
