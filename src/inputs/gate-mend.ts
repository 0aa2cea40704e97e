import { shown } from '../faults.ts';
import { type Repair, repairBound } from './gate-bound.ts';
import { readRule } from './gate-rule.ts';

/** Signs of comparison as they are written elsewhere, by what they are here; the empty text is one that no gate has. */
const SIGNS: Readonly<Record<string, string>> = {
  '>=': '>=',
  '=>': '>=',
  '≥': '>=',
  '⩾': '>=',
  '<=': '<=',
  '=<': '<=',
  '≤': '<=',
  '⩽': '<=',
  '>': '>',
  '<': '<',
  '==': '',
  '=': '',
  '!=': '',
  '<>': '',
  '≠': '',
};
const SIGN = '>=|<=|=>|=<|==|!=|<>|[=<>≥⩾≤⩽≠]';
const TURNED: Readonly<Record<string, string>> = { '>=': '<=', '>': '<', '<=': '>=', '<': '>' };

/** A longer line is no slip of the pen, and would be long to look through. */
const LONG = 300;

/** What is wrong with a line that is no rule of a gate, and how to write it, where that can be told; whole sentences. */
export function mendRule(line: string): readonly string[] {
  return line.length > LONG ? [] : mended(line);
}

function mended(line: string): readonly string[] {
  return notOne(line) ?? quotedOrNoted(line) ?? mendParts(line);
}

const write = (line: string) => `Write ${shown(line)}.`;

/** Several rules on one line, each of which may need a mend of its own. */
function notOne(line: string): string[] | undefined {
  const parts = line.split(/ ?(?:&&|\|\||;) ?|,? (?:and|or) |, /i).filter((part) => new RegExp(SIGN).test(part));
  if (parts.length > 1) {
    const either = /\|\|| or /i.test(line) ? ['Alternatives are not accepted: every rule has to hold.'] : [];
    return [...either, `One rule a line: ${parts.map((part) => shown(writtenOf(part) ?? part)).join(', then ')}.`];
  }
  if ([...line.matchAll(new RegExp(SIGN, 'g'))].length < 2) return undefined;
  const [, low = '', first = '', name = '', second = '', high = ''] =
    new RegExp(`^(\\S+) ?(${SIGN}) ?(\\S+) ?(${SIGN}) ?(\\S+)$`).exec(line) ?? [];
  const pair = [writtenOf(`${name} ${TURNED[first] ?? ''} ${low}`), writtenOf(`${name} ${second} ${high}`)];
  const each = pair.every((rule) => rule !== undefined) ? `: ${pair.map(shown).join(', then ')}` : '';
  return [`One rule a line${each}.`];
}

function quotedOrNoted(line: string): string[] | undefined {
  const [, quoted] = /^(["'`])(.*)\1,?$/.exec(line)?.slice(1) ?? [];
  if (quoted !== undefined && writtenOf(quoted) !== undefined) {
    return ['Quotes belong to the items of a YAML sequence.', write(writtenOf(quoted) ?? '')];
  }
  const bare = line.replace(/ (?:#|\/\/).*$/, '');
  if (bare === line || writtenOf(bare) === undefined) return undefined;
  return ['A comment is not accepted.', write(writtenOf(bare) ?? '')];
}

/** The rule as it was probably meant; undefined where that cannot be told. */
function writtenOf(line: string): string | undefined {
  if (readRule(line) !== undefined) return line;
  const { text } = repairRule(line);
  return text !== undefined && readRule(text) !== undefined ? text : undefined;
}

function mendParts(line: string): string[] {
  const { why } = repairRule(line);
  const written = writtenOf(line);
  if (written === undefined) return [...why];
  const spaces = why.length === 0 && written.replaceAll(' ', '') === line.replaceAll(' ', '');
  return [...(spaces ? ['The spaces are needed, as a name may hold any sign.'] : why), write(written)];
}

function repairRule(line: string): Repair {
  const [, metric = '', sign = '', bound = ''] = new RegExp(`^(.*?) ?(${SIGN}) ?(.*)$`).exec(line) ?? [];
  if (sign === '') return { text: undefined, why: ['It has no operator.'] };
  if (metric === '') return { text: undefined, why: [`The metric's name is missing before ${sign}.`] };
  if (bound === '') return { text: undefined, why: [`What ${metric} is held against is missing after ${sign}.`] };
  if (metric.includes(' '))
    return { text: undefined, why: [`A metric's name has no spaces: ${shown(metric)} is none.`] };
  const operator = SIGNS[sign] ?? '';
  if (operator === '') return equality(metric, bound);
  return turned(metric, operator, bound) ?? withSign(sign, operator, metric, repairBound(bound));
}

function withSign(sign: string, operator: string, metric: string, { text, why }: Repair): Repair {
  return {
    text: text && `${metric} ${operator} ${text}`,
    why: sign === operator ? why : [`${sign} is written ${operator}.`, ...why],
  };
}

function equality(metric: string, bound: string): Repair {
  const to = repairBound(bound).text ?? bound;
  return {
    text: undefined,
    why: [`Equality is no bound: write ${shown(`${metric} >= ${to}`)} or ${shown(`${metric} <= ${to}`)}.`],
  };
}

/** `0.9 <= accuracy`. */
function turned(first: string, operator: string, second: string): Repair | undefined {
  const bound = repairBound(first).text;
  if (bound === undefined || repairBound(second).text !== undefined || second.includes(' ')) return undefined;
  if (readRule(`m > ${bound}`) === undefined || !/^[^\d\W]/.test(second)) return undefined;
  return { text: `${second} ${TURNED[operator]} ${bound}`, why: ['The metric comes first.'] };
}
