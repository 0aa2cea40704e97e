import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import { Faults } from '../../src/inputs/collect.ts';
import { parseGate } from '../../src/inputs/gate.ts';
import type { GateRule } from '../../src/results/types.ts';

function gateOf(text: string): { readonly rules: readonly GateRule[]; readonly faults: readonly string[] } {
  const faults = new Faults();
  const rules = parseGate(faults, text);
  return { rules, faults: faults.list.map(faultText) };
}

const number = (value: number) => ({ kind: 'number', value }) as const;
const baseline = (offset = 0, percent = false) => ({ kind: 'baseline', offset, percent }) as const;

describe('a gate', () => {
  test.each<{ name: string; text: string; rule: GateRule }>([
    {
      name: 'a number',
      text: 'accuracy >= 0.9',
      rule: { metric: 'accuracy', operator: '>=', bound: number(0.9), text: 'accuracy >= 0.9' },
    },
    {
      name: 'white space made single',
      text: '  val-loss \t<   5 ',
      rule: { metric: 'val-loss', operator: '<', bound: number(5), text: 'val-loss < 5' },
    },
    {
      name: 'a number with sign and exponent',
      text: 'score > -1.5e-3',
      rule: { metric: 'score', operator: '>', bound: number(-0.0015), text: 'score > -1.5e-3' },
    },
    {
      name: 'a number without digits before the point',
      text: 'loss <= .5',
      rule: { metric: 'loss', operator: '<=', bound: number(0.5), text: 'loss <= .5' },
    },
    {
      name: 'the baseline',
      text: 'accuracy > baseline',
      rule: { metric: 'accuracy', operator: '>', bound: baseline(), text: 'accuracy > baseline' },
    },
    {
      name: 'less than the baseline',
      text: 'accuracy >= baseline - 0.01',
      rule: { metric: 'accuracy', operator: '>=', bound: baseline(-0.01), text: 'accuracy >= baseline - 0.01' },
    },
    {
      name: 'a part more than the baseline',
      text: 'loss <= baseline + 5%',
      rule: { metric: 'loss', operator: '<=', bound: baseline(5, true), text: 'loss <= baseline + 5%' },
    },
    {
      name: 'nothing less than the baseline, without a negative zero',
      text: 'm >= baseline - 0',
      rule: { metric: 'm', operator: '>=', bound: baseline(0), text: 'm >= baseline - 0' },
    },
    {
      name: 'names of any signs',
      text: 'val/acc>=top-1=x >= 1',
      rule: { metric: 'val/acc>=top-1=x', operator: '>=', bound: number(1), text: 'val/acc>=top-1=x >= 1' },
    },
    {
      name: 'a metric that is called baseline',
      text: 'baseline >= baseline',
      rule: { metric: 'baseline', operator: '>=', bound: baseline(), text: 'baseline >= baseline' },
    },
  ])('$name', ({ text, rule }) => {
    expect(gateOf(text)).toEqual({ rules: [rule], faults: [] });
    expect(Object.is(gateOf(text).rules[0]?.bound, -0)).toBe(false);
  });

  test.each(['', '  \n ', '[]'])('%j is none', (text) => {
    expect(gateOf(text)).toEqual({ rules: [], faults: [] });
  });

  test.each(['a >= 1\n\n  b < baseline\r\n', '- a >= 1\n- b < baseline', '[a >= 1, "b < baseline"]'])(
    'several: %j',
    (text) => {
      const { rules, faults } = gateOf(text);
      expect(faults).toEqual([]);
      expect(rules.map((rule) => rule.text)).toEqual(['a >= 1', 'b < baseline']);
    },
  );
});

const FORM =
  'Accepted: METRIC OP NUMBER, or METRIC OP baseline [+|- NUMBER[%]], with spaces between; OP is one of >= > <= <.';
const SPACES = 'The spaces are needed, as a name may hold any sign.';

describe('refused, with the mend', () => {
  test.each<{ text: string; mend: string }>([
    { text: 'accuracy>=0.9', mend: `${SPACES} Write "accuracy >= 0.9".` },
    { text: 'val-loss<0.5', mend: `${SPACES} Write "val-loss < 0.5".` },
    { text: 'accuracy >=0.9', mend: `${SPACES} Write "accuracy >= 0.9".` },
    { text: 'accuracy >= baseline-0.01', mend: `${SPACES} Write "accuracy >= baseline - 0.01".` },
    { text: 'accuracy >= baseline -0.01', mend: `${SPACES} Write "accuracy >= baseline - 0.01".` },
    { text: 'accuracy >= baseline - 1 %', mend: `${SPACES} Write "accuracy >= baseline - 1%".` },
    { text: 'accuracy => 0.9', mend: '=> is written >=. Write "accuracy >= 0.9".' },
    { text: 'accuracy =< 0.9', mend: '=< is written <=. Write "accuracy <= 0.9".' },
    { text: 'accuracy ≥ 0.9', mend: '≥ is written >=. Write "accuracy >= 0.9".' },
    { text: 'accuracy == 0.9', mend: 'Equality is no bound: write "accuracy >= 0.9" or "accuracy <= 0.9".' },
    {
      text: 'accuracy = baseline-1%',
      mend: 'Equality is no bound: write "accuracy >= baseline - 1%" or "accuracy <= baseline - 1%".',
    },
    { text: 'accuracy != 0', mend: 'Equality is no bound: write "accuracy >= 0" or "accuracy <= 0".' },
    { text: 'accuracy >= 0,9', mend: 'The decimal sign is a point. Write "accuracy >= 0.9".' },
    {
      text: 'accuracy >= 90%',
      mend: 'A percentage is one of the baseline, as in baseline - 1%; a metric is held against a plain number. Write "accuracy >= 0.9".',
    },
    {
      text: 'accuracy >= baseline * 2',
      mend: 'A baseline is added to, not multiplied; a factor of a baseline above 0 is a percentage. Write "accuracy >= baseline + 100%".',
    },
    {
      text: 'accuracy >= 0.95*baseline',
      mend: 'baseline comes first. A baseline is added to, not multiplied; a factor of a baseline above 0 is a percentage. Write "accuracy >= baseline - 5%".',
    },
    { text: 'accuracy >= 0.01 + baseline', mend: 'baseline comes first. Write "accuracy >= baseline + 0.01".' },
    { text: 'accuracy >= baseline - -0.01', mend: 'One sign is accepted. Write "accuracy >= baseline + 0.01".' },
    { text: 'accuracy >= baseline +- 0.01', mend: 'One sign is accepted. Write "accuracy >= baseline - 0.01".' },
    {
      text: 'accuracy >= baseline − 0.01',
      mend: 'The minus is the hyphen of the keyboard. Write "accuracy >= baseline - 0.01".',
    },
    {
      text: 'accuracy >= baseline ± 0.01',
      mend: 'Between baseline and 0.01 stands + or -: + for what has to be won, - for what may be lost.',
    },
    {
      text: 'accuracy >= baseline 0.01',
      mend: 'Between baseline and 0.01 stands + or -: + for what has to be won, - for what may be lost.',
    },
    { text: 'accuracy >= baseline -', mend: 'A number is missing after the sign. Write "accuracy >= baseline".' },
    { text: 'accuracy >= baseline - 0,01', mend: 'The decimal sign is a point. Write "accuracy >= baseline - 0.01".' },
    { text: 'accuracy >= Baseline', mend: 'baseline is spelt so, in lower case. Write "accuracy >= baseline".' },
    {
      text: 'accuracy >= basline - 1%',
      mend: 'baseline is spelt so, in lower case. Write "accuracy >= baseline - 1%".',
    },
    {
      text: 'accuracy >= NaN',
      mend: 'A bound is a finite number. Every number compares with NaN and Infinity in one way.',
    },
    {
      text: 'loss < Infinity',
      mend: 'A bound is a finite number. Every number compares with NaN and Infinity in one way.',
    },
    {
      text: 'loss < -inf',
      mend: 'A bound is a finite number. Every number compares with NaN and Infinity in one way.',
    },
    { text: 'loss < 1e999', mend: 'A bound is a finite number.' },
    { text: 'loss < 0x10', mend: 'Numbers are decimal. Write "loss < 16".' },
    { text: 'loss < 1_000', mend: 'A number has digits alone. Write "loss < 1000".' },
    { text: 'a >= 1 and b < 2', mend: 'One rule a line: "a >= 1", then "b < 2".' },
    { text: 'a>=1 && b<baseline-1%', mend: 'One rule a line: "a >= 1", then "b < baseline - 1%".' },
    { text: 'a >= 1, b < 2', mend: 'One rule a line: "a >= 1", then "b < 2".' },
    { text: 'a >= 1; b < 2', mend: 'One rule a line: "a >= 1", then "b < 2".' },
    {
      text: 'a >= 1 or b < 2',
      mend: 'Alternatives are not accepted: every rule has to hold. One rule a line: "a >= 1", then "b < 2".',
    },
    { text: 'a >= 1 b < 2', mend: 'One rule a line.' },
    { text: '0.8 <= accuracy < 0.9', mend: 'One rule a line: "accuracy >= 0.8", then "accuracy < 0.9".' },
    { text: '0.9 <= accuracy', mend: 'The metric comes first. Write "accuracy >= 0.9".' },
    { text: 'baseline < accuracy', mend: 'The metric comes first. Write "accuracy > baseline".' },
    { text: 'accuracy', mend: 'It has no operator.' },
    { text: 'accuracy 0.9', mend: 'It has no operator.' },
    { text: '>= 0.9', mend: "The metric's name is missing before >=." },
    { text: 'accuracy >=', mend: 'What accuracy is held against is missing after >=.' },
    { text: 'val accuracy >= 0.9', mend: `A metric's name has no spaces: "val accuracy" is none.` },
    { text: 'accuracy >= 0.9 # as before', mend: 'A comment is not accepted. Write "accuracy >= 0.9".' },
    { text: '"accuracy >= 0.9"', mend: 'Quotes belong to the items of a YAML sequence. Write "accuracy >= 0.9".' },
    { text: 'accuracy >= high', mend: '"high" is neither a number nor baseline.' },
    { text: 'accuracy >= 0.9s', mend: '"0.9s" is neither a number nor baseline.' },
    { text: 'accuracy >= baseline - x', mend: '"x" is not a number.' },
    { text: 'accuracy >= baseline - 0.1 - 0.2', mend: '"0.1-0.2" is not a number.' },
  ])('$text', ({ text, mend }) => {
    const { rules, faults } = gateOf(text);
    expect(rules).toEqual([]);
    expect(faults).toEqual([`gate: ${JSON.stringify(text)} is not accepted. ${FORM} ${mend} [gate-form]`]);
  });

  test('an empty item', () => {
    expect(gateOf("- ''").faults).toEqual([`gate: "" is not accepted. ${FORM} It has no operator. [gate-form]`]);
  });

  test('every one of several, and the right ones are kept', () => {
    const { rules, faults } = gateOf('a>=1\nb >= 1\nc == 1');
    expect(rules.map(({ metric }) => metric)).toEqual(['b']);
    expect(faults).toHaveLength(2);
  });

  test('a line of ten thousand characters, shortly', () => {
    for (const part of ['x', '<', '>= ', '- ', 'baseline ', '1,', '" ']) {
      for (const start of ['m ', 'm >= ', 'm >= baseline ', 'n']) {
        const [fault = ''] = gateOf(`${start}${part.repeat(10_000 / part.length)}x y`).faults;
        expect(fault).toContain('Accepted: METRIC OP NUMBER');
        expect(fault.length).toBeLessThan(1_000);
      }
    }
  });
});

const anyNumber = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer())
  .map((value) => (Object.is(value, -0) ? 0 : value));
const anyName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_/-]{0,8}$/).filter((name) => !/^baseline$/i.test(name));
const anyOperator = fc.constantFrom('>=', '>', '<=', '<');

describe('any rule', () => {
  test('is read as it is written', () => {
    fc.assert(
      fc.property(anyName, anyOperator, anyNumber, (metric, operator, value) => {
        expect(gateOf(`${metric} ${operator} ${value}`).rules).toMatchObject([
          { metric, operator, bound: { kind: 'number', value } },
        ]);
      }),
    );
  });

  test('without its spaces is refused and mended to itself', () => {
    const bound = fc.oneof(
      anyNumber.map(String),
      fc.constant('baseline'),
      fc
        .tuple(fc.constantFrom('+', '-'), fc.nat(), fc.constantFrom('', '%'))
        .map(([sign, size, unit]) => `baseline ${sign} ${size}${unit}`),
    );
    fc.assert(
      fc.property(anyName, anyOperator, bound, (metric, operator, against) => {
        const rule = `${metric} ${operator} ${against}`;
        const { rules, faults } = gateOf(rule.replaceAll(' ', ''));
        expect(rules).toEqual([]);
        expect(faults[0]).toContain(`Write ${JSON.stringify(rule)}.`);
      }),
    );
  });

  test('that a message tells to write is one', () => {
    const part = fc.constantFrom(
      'a',
      'b-c',
      '>=',
      '<',
      '=>',
      '==',
      '0.9',
      '0,9',
      '90%',
      'baseline',
      'Baseline',
      '-',
      '+',
      '*',
      '1',
      ' ',
      ' ',
      'and',
      ',',
      'NaN',
      '0x1',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const { faults } = gateOf(parts.join(''));
        for (const [, line = ''] of (faults[0] ?? '').matchAll(/[Ww]rite ("[^"]*")\./g)) {
          expect(gateOf(JSON.parse(line)).faults).toEqual([]);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('and any other text is a rule or a fault, never neither', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const { rules, faults } = gateOf(text);
        if (text.trim() !== '' && !/^[[-]/.test(text.trim())) expect(rules.length + faults.length).toBeGreaterThan(0);
      }),
    );
  });
});
