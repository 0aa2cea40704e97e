import { GATE_OPERATORS, type GateRule } from '../results/types.ts';

/** A decimal number with an optional exponent. */
const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** The number that a text writes in decimal, with a sign where `signed`; undefined where it is none or too large to be one. */
export function decimalOf(text: string, signed: boolean): number | undefined {
  const digits = signed ? text.replace(/^[+-]/, '') : text;
  const value = Number(text);
  return DECIMAL.test(digits) && Number.isFinite(value) ? value : undefined;
}

/** The text with its white space made single. */
export const singleSpaced = (text: string) => text.trim().split(/\s+/u).join(' ');

/** Reads METRIC OP NUMBER, or METRIC OP baseline [± NUMBER[%]], with a space between its parts; undefined for anything else. */
export function readRule(text: string): GateRule | undefined {
  const [metric = '', word, ...rest] = text.split(' ');
  const operator = GATE_OPERATORS.find((each) => each === word);
  const bound = boundOf(rest);
  return operator === undefined || bound === undefined || metric === '' ? undefined : { metric, operator, bound, text };
}

function boundOf([first = '', sign, amount, ...more]: readonly string[]): GateRule['bound'] | undefined {
  if (sign === undefined) {
    if (first === 'baseline') return { kind: 'baseline', offset: 0, percent: false };
    const value = decimalOf(first, true);
    return value === undefined ? undefined : { kind: 'number', value };
  }
  if (first !== 'baseline' || (sign !== '+' && sign !== '-') || more.length > 0) return undefined;
  const percent = amount?.endsWith('%') ?? false;
  const size = decimalOf(percent ? (amount?.slice(0, -1) ?? '') : (amount ?? ''), false);
  if (size === undefined) return undefined;
  return { kind: 'baseline', offset: sign === '-' ? 0 - size : size, percent };
}
