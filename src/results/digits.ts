/** Enough for a reader, as long as they tell the numbers apart. */
const FEWEST = 6;
/** A double is told whole by so many significant digits (IEEE 754). */
const MOST = 17;

/**
 * A way of writing numbers with as few digits, six at least, as leave `holds` true or false of the two numbers as they are
 * written: 0.9 and 0.9000000001 are not both written 0.9 where one has to be above the other.
 */
export function agreeing(
  left: number,
  right: number,
  holds: (left: number, right: number) => boolean,
): (value: number) => string {
  for (let digits = FEWEST; digits < MOST; digits += 1) {
    const rounded = (value: number) => Number(value.toPrecision(digits));
    if (holds(rounded(left), rounded(right)) === holds(left, right)) return (value) => String(rounded(value));
  }
  return String;
}
