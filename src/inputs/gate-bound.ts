import leven from 'leven';
import { shown } from '../faults.ts';
import { decimalOf } from './gate-rule.ts';

/** How a part of a rule was probably meant, and what was wrong with it. */
export interface Repair {
  /** Undefined where it cannot be guessed. */
  readonly text: string | undefined;
  /** Whole sentences. */
  readonly why: readonly string[];
}

const MINUS = /[−–—]/gu;

/** What a metric is held against, as it was probably meant. */
export function repairBound(found: string): Repair {
  const bound = found.replace(MINUS, '-');
  const { text, why } = repairBaseline(bound) ?? repairTurned(bound) ?? repairNumber(bound, true);
  return { text, why: bound === found ? why : ['The minus is the hyphen of the keyboard.', ...why] };
}

/** `baseline` and what follows it, however it is spelt. */
function repairBaseline(bound: string): Repair | undefined {
  const [, word = '', rest = ''] = /^([a-z_]+)(.*)$/i.exec(bound) ?? [];
  if (leven(word.toLowerCase(), 'baseline') > 2) return undefined;
  const [, signs = '', amount = ''] = /^([^\w.]*)(.*)$/.exec(rest.replaceAll(' ', '')) ?? [];
  const { text, why } = repairRest(signs, amount);
  return { text, why: word === 'baseline' ? why : ['baseline is spelt so, in lower case.', ...why] };
}

function repairRest(signs: string, amount: string): Repair {
  if (amount === '') return { text: 'baseline', why: signs === '' ? [] : ['A number is missing after the sign.'] };
  return /^[*/×x]/.test(signs) ? factor(signs, amount) : shifted(signs, amount);
}

function shifted(signs: string, amount: string): Repair {
  const size = repairNumber(amount.replace(/%$/, ''), false);
  const unit = amount.endsWith('%') ? '%' : '';
  if (!/^[+-]+$/.test(signs)) {
    return {
      text: undefined,
      why: [`Between baseline and ${amount} stands + or -: + for what has to be won, - for what may be lost.`],
    };
  }
  const sign = signs.replaceAll('+', '').length % 2 === 0 ? '+' : '-';
  const why = signs.length > 1 ? ['One sign is accepted.', ...size.why] : size.why;
  return { text: size.text && `baseline ${sign} ${size.text}${unit}`, why };
}

/** A factor of the baseline as the percentage that it adds. */
function factor(sign: string, amount: string): Repair {
  const number = Number(amount);
  const percent = Number(((sign === '/' ? 1 / number - 1 : number - 1) * 100).toPrecision(12));
  const why = ['A baseline is added to, not multiplied; a factor of a baseline above 0 is a percentage.'];
  if (!Number.isFinite(percent)) return { text: undefined, why };
  return { text: `baseline ${percent < 0 ? '-' : '+'} ${Math.abs(percent)}%`, why };
}

/** `0.01 + baseline`, `1.1 * baseline`. */
function repairTurned(bound: string): Repair | undefined {
  const [, amount, sign = ''] = /^([^ +*]+?) ?([+*]) ?baseline$/i.exec(bound) ?? [];
  if (amount === undefined) return undefined;
  const { text, why } = sign === '*' ? factor(sign, amount) : shifted(sign, amount);
  return { text, why: ['baseline comes first.', ...why] };
}

const FINITE = 'A bound is a finite number.';

/** A number as it was probably meant. */
function repairNumber(found: string, signed: boolean): Repair {
  const number = found.trim();
  if (decimalOf(number, signed) !== undefined) return { text: number, why: [] };
  const plain = plainNumber(number);
  const text = plain !== undefined && decimalOf(plain, signed) !== undefined ? plain : undefined;
  const why = KINDS.find(({ form }) => form.test(number))?.why;
  return { text, why: [why ?? `${shown(number)} is ${signed ? 'neither a number nor baseline' : 'not a number'}.`] };
}

/** Each kind of number that is not taken, why, and how it is written instead. */
const KINDS: readonly {
  readonly form: RegExp;
  readonly why: string;
  readonly plain?: (number: string) => string;
}[] = [
  { form: /^[+-]?(?:nan|inf(?:inity)?|∞)$/i, why: `${FINITE} Every number compares with NaN and Infinity in one way.` },
  { form: /^0[xob][\da-f]+$/i, why: 'Numbers are decimal.', plain: (number) => String(Number(number)) },
  {
    form: /^[+-]?\d+,\d+$/,
    why: 'The decimal sign is a point.',
    plain: (number) => number.replace(',', '.'),
  },
  {
    form: /^[+-]?[\d_]+(?:\.[\d_]+)?$/,
    why: 'A number has digits alone.',
    plain: (number) => number.replaceAll('_', ''),
  },
  {
    form: /^[+-]?[\d.]+ ?%$/,
    why: 'A percentage is one of the baseline, as in baseline - 1%; a metric is held against a plain number.',
    plain: (number) => String(Number((Number(number.replace(/ ?%$/, '')) / 100).toPrecision(15))),
  },
  { form: /^[+-]?[\d.]+e[+-]?\d+$/i, why: FINITE },
];

const plainNumber = (number: string) => KINDS.find(({ form }) => form.test(number))?.plain?.(number);
