import { label } from './label.ts';

/** An axis without ticks, from 0 to 1. */
export interface Span {
  /** The name, and how it is drawn; escaped. */
  readonly title: string;
  /** The values that each half of the axis spans, in words. */
  readonly halves: readonly [string, string];
  /** Where a value is on the axis; one beyond its ends is drawn at the end. */
  readonly at: (value: number) => string;
}

/** Values that span as much are drawn by their logarithms. */
const LOG_FROM = 100;
/** So far from the frame the outermost points are drawn, as a share of the axis. */
const INSET = 0.04;
/** The axes have room for so much of a name. */
const NAME_LENGTH = { across: 24, upright: 14 };

/** An axis over finite values, of which some differ. */
export function spanOf(name: string, values: readonly number[], way: 'across' | 'upright' = 'across'): Span {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const log = least > 0 && most / least >= LOG_FROM;
  const onto = log ? Math.log : (value: number) => value;
  const [from, to] = [onto(least), onto(most)];
  const within = (value: number) => Math.min(most, Math.max(least, value));
  // Halved first: the difference of two finite numbers may be none.
  const share = (value: number) => (onto(within(value)) / 2 - from / 2) / (to / 2 - from / 2);
  const middle = log ? Math.exp((from + to) / 2) : least / 2 + most / 2;
  const ends = [least, middle, most].map((value) => label(short(value)));
  return {
    title: label(name, NAME_LENGTH[way]) + (log ? ' (log)' : ''),
    halves: [`${ends[0]} to ${ends[1]}`, `${ends[1]} to ${ends[2]}`],
    at: (value) => (INSET + (1 - 2 * INSET) * share(value)).toFixed(4),
  };
}

const short = (value: number) => String(Number(value.toPrecision(3)));
