import { label } from './label.ts';

/** An axis whose numbers Mermaid can read: decimal digits with a point, no exponent. */
export interface Scale {
  /** The name, with the power of ten that its numbers are to be multiplied by. */
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** A value on the axis; one beyond its ends is drawn at the end. */
  readonly at: (value: number) => string;
}

/** Powers of ten whose inverse is a finite number too. */
const GREATEST_POWER = 300;
/** An upright axis has room for so much of a name. */
const NAME_LENGTH = 20;
/** Share of the span that is left free beyond the outermost values. */
const MARGIN = 0.05;
/** A span of less than this part of the values is the noise of their last digits. */
const NOISE = 1e-9;

/** Whether the values, all finite, differ by more than the noise of their last digits. */
export function differ(values: readonly number[]): boolean {
  if (values.length < 2) return false;
  const { least, most, unit } = boundsOf(values);
  return most * unit - least * unit > NOISE;
}

/**
 * An axis for bars over finite values, of which some differ. It begins at 0 where that leaves the values half of it or more; where
 * it does not, bars look more different than they are, and their caption says so: see beginText.
 */
export function scaleOf(name: string, values: readonly number[]): Scale {
  const { least, most, power, unit } = boundsOf(values);
  const [low, high] = [least * unit, most * unit];
  const margin = (high - low) * MARGIN;
  const decimals = Math.min(15, Math.max(0, 3 - Math.floor(Math.log10(high - low))));
  const written = (value: number) => plain(value, decimals);
  const fromZero = low >= 0 && low <= high / 2;
  const [from, to] = [fromZero ? 0 : low - margin, high + margin];
  return {
    title: label(name, NAME_LENGTH) + (power === 0 ? '' : ` (×10${superscript(power)})`),
    from: written(from),
    to: written(to),
    at: (value) => written(Math.min(to, Math.max(from, value * unit))),
  };
}

/** What a caption says of an axis that does not begin at 0. */
export const beginText = ({ from }: Pick<Scale, 'from'>): string =>
  from === '0' ? '' : ' The axis does not begin at 0.';

/** The power of ten is 0 where the numbers are of a size that people read without one. */
function boundsOf(values: readonly number[]) {
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const size = Math.floor(Math.log10(Math.max(Math.abs(least), Math.abs(most))));
  const power = size >= -3 && size <= 4 ? 0 : Math.max(-GREATEST_POWER, Math.min(GREATEST_POWER, size));
  return { least, most, power: Number.isFinite(size) ? power : 0, unit: Number.isFinite(size) ? 10 ** -power : 1 };
}

/** No minus before zero, and no zeros at the end. */
function plain(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
}

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  '-': '⁻',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

const superscript = (power: number) => [...`${power}`].map((sign) => SUPERSCRIPT[sign] ?? '').join('');
