import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ParameterSpec } from '../../src/vertex/types.ts';
import { faultsOf, inputsOf } from './given.ts';

const METRICS = 'accuracy: maximize';
const specsOf = (parameters: string) => inputsOf({ metrics: METRICS, parameters }).study?.parameters;
const refusals = (parameters: string) => faultsOf({ metrics: METRICS, parameters });
const FORM = 'Write a list of values, or { min: …, max: … } with scale and type where wanted.';

describe('the short form', () => {
  test.each<{ name: string; x: string; spec: Omit<ParameterSpec, 'parameterId'> }>([
    { name: 'whole bounds', x: '{ min: 1, max: 9 }', spec: { integerValueSpec: { minValue: '1', maxValue: '9' } } },
    { name: 'a point', x: '{ min: 1.0, max: 9 }', spec: { doubleValueSpec: { minValue: 1, maxValue: 9 } } },
    { name: 'a point and no digit', x: '{ min: 1, max: 9. }', spec: { doubleValueSpec: { minValue: 1, maxValue: 9 } } },
    { name: 'an exponent', x: '{ min: 1, max: 1e3 }', spec: { doubleValueSpec: { minValue: 1, maxValue: 1000 } } },
    {
      name: 'small bounds',
      x: '{ min: .0001, max: 1E-1 }',
      spec: { doubleValueSpec: { minValue: 0.0001, maxValue: 0.1 } },
    },
    {
      name: 'signs and zeros',
      x: '{ min: -010, max: +2 }',
      spec: { integerValueSpec: { minValue: '-10', maxValue: '2' } },
    },
    {
      name: 'quoted bounds',
      x: '{ min: "1", max: "2" }',
      spec: { integerValueSpec: { minValue: '1', maxValue: '2' } },
    },
    { name: 'one point', x: '{ min: 3, max: 3 }', spec: { integerValueSpec: { minValue: '3', maxValue: '3' } } },
    {
      name: 'the whole of int64, digit for digit',
      x: '{ min: -9223372036854775808, max: 9223372036854775807 }',
      spec: { integerValueSpec: { minValue: '-9223372036854775808', maxValue: '9223372036854775807' } },
    },
    {
      name: 'type: double over whole bounds',
      x: '{ min: 0, max: 1, type: double }',
      spec: { doubleValueSpec: { minValue: 0, maxValue: 1 } },
    },
    {
      name: 'type: integer over 0 to 1',
      x: '{ min: 0, max: 1, type: integer }',
      spec: { integerValueSpec: { minValue: '0', maxValue: '1' } },
    },
    {
      name: '0.0 to 1 needs no type',
      x: '{ min: 0.0, max: 1 }',
      spec: { doubleValueSpec: { minValue: 0, maxValue: 1 } },
    },
    {
      name: 'a log scale',
      x: '{ min: 1e-4, max: 0.1, scale: log }',
      spec: { doubleValueSpec: { minValue: 0.0001, maxValue: 0.1 }, scaleType: 'UNIT_LOG_SCALE' },
    },
    {
      name: 'a reverse log scale',
      x: '{ min: 1, max: 9, scale: reverse_log }',
      spec: { integerValueSpec: { minValue: '1', maxValue: '9' }, scaleType: 'UNIT_REVERSE_LOG_SCALE' },
    },
    {
      name: "a scale by the API's name",
      x: '{ min: -1, max: 9, scale: UNIT_LINEAR_SCALE }',
      spec: { integerValueSpec: { minValue: '-1', maxValue: '9' }, scaleType: 'UNIT_LINEAR_SCALE' },
    },
    { name: 'texts', x: '[sgd, adam]', spec: { categoricalValueSpec: { values: ['sgd', 'adam'] } } },
    {
      name: 'words that YAML might take for more',
      x: '[yes, null, ~]',
      spec: { categoricalValueSpec: { values: ['yes', 'null', '~'] } },
    },
    {
      name: 'quoted numbers are texts',
      x: '["010", "1e3"]',
      spec: { categoricalValueSpec: { values: ['010', '1e3'] } },
    },
    { name: 'quoted numbers among texts', x: '["1", b]', spec: { categoricalValueSpec: { values: ['1', 'b'] } } },
    { name: 'numbers, which are sorted', x: '[32, 8, 16]', spec: { discreteValueSpec: { values: [8, 16, 32] } } },
    { name: 'numbers of every form', x: '[1e3, .5, -2]', spec: { discreteValueSpec: { values: [-2, 0.5, 1000] } } },
    { name: 'values under a key', x: '{ values: [2, 1] }', spec: { discreteValueSpec: { values: [1, 2] } } },
    {
      name: 'numbers as categories keep their text',
      x: '{ values: [010, 1.10, 1e3], type: categorical }',
      spec: { categoricalValueSpec: { values: ['010', '1.10', '1e3'] } },
    },
    {
      name: 'mixed values as categories',
      x: '{ values: [1, a], type: categorical }',
      spec: { categoricalValueSpec: { values: ['1', 'a'] } },
    },
    {
      name: 'quoted numbers as discrete values',
      x: '{ values: ["2", 1], type: discrete, scale: log }',
      spec: { discreteValueSpec: { values: [1, 2] }, scaleType: 'UNIT_LOG_SCALE' },
    },
    { name: 'an empty text is a category', x: "['', a]", spec: { categoricalValueSpec: { values: ['', 'a'] } } },
  ])('$name', ({ x, spec }) => {
    expect(specsOf(`x: ${x}`)).toEqual([{ parameterId: 'x', ...spec }]);
  });

  test('parameters keep their order and their names', () => {
    expect(specsOf('learning-rate: [1]\n"a.b": [2]\n__proto__: [3]')?.map(({ parameterId }) => parameterId)).toEqual([
      'learning-rate',
      'a.b',
      '__proto__',
    ]);
  });
});

describe('the short form, refused', () => {
  test.each<{ name: string; x: string; fault: string }>([
    {
      name: '0 to 1 in integers',
      x: '{ min: 0, max: 1 }',
      fault: 'has the range 0 to 1: only 0 and 1, or all between? Say type: integer or type: double. [parameter-type]',
    },
    {
      name: '-0 to 01 in integers',
      x: '{ min: -0, max: 01 }',
      fault: 'has the range 0 to 1: only 0 and 1, or all between? Say type: integer or type: double. [parameter-type]',
    },
    {
      name: 'bounds the wrong way round',
      x: '{ min: 2, max: 1 }',
      fault: 'has min 2 above max 1. Swap them. [parameter-range]',
    },
    {
      name: 'a bound that is no number',
      x: '{ min: 1, max: many }',
      fault: 'has the bound "many", which is no number. [parameter-range]',
    },
    {
      name: 'a hexadecimal bound',
      x: '{ min: 0x1, max: 2 }',
      fault: 'has the bound "0x1", which is no number. [parameter-range]',
    },
    {
      name: 'infinity',
      x: '{ min: 1, max: 1e999 }',
      fault: 'has the bound "1e999", which is no number. [parameter-range]',
    },
    { name: 'NaN', x: '{ min: .nan, max: 1 }', fault: 'has the bound ".nan", which is no number. [parameter-range]' },
    { name: 'no max', x: '{ min: 1 }', fault: `has no range. ${FORM} [parameter-range]` },
    { name: 'nothing', x: '', fault: `is "", which is no range. ${FORM} [parameter-form]` },
    { name: 'one value', x: '5', fault: `is "5", which is no range. ${FORM} [parameter-form]` },
    { name: 'an empty mapping', x: '{}', fault: `has no range. ${FORM} [parameter-range]` },
    { name: 'an empty list', x: '[]', fault: 'has an empty list of values. [parameter-range]' },
    { name: 'an empty value', x: '\n  - a\n  -', fault: 'has an empty value. [parameter-form]' },
    { name: 'a list in a list', x: '[[1]]', fault: 'has a value that is a list or mapping itself. [parameter-form]' },
    {
      name: 'numbers and texts',
      x: '[1, a]',
      fault: 'mixes numbers and texts. Quote the numbers, or say type: categorical. [parameter-mixed]',
    },
    { name: 'a category twice', x: '[a, b, a]', fault: 'has a value twice. [parameter-values]' },
    {
      name: 'a number twice',
      x: '[1, 1.0]',
      fault: 'has 1 twice, or two values less than 1e-10 apart. [parameter-values]',
    },
    {
      name: 'numbers too close',
      x: '[0.5, 0.50000000001]',
      fault: 'has 0.50000000001 twice, or two values less than 1e-10 apart. [parameter-values]',
    },
    {
      name: 'more numbers than the API takes',
      x: `[${Array.from({ length: 1_001 }, (_, index) => index).join(', ')}]`,
      fault: 'has 1001 values; at most 1000 are accepted. [parameter-values]',
    },
    {
      name: 'texts as discrete values',
      x: '{ values: [a, 1], type: discrete }',
      fault: 'has the value "a", which is no number. [parameter-values]',
    },
    {
      name: 'a list of integers',
      x: '{ values: [1, 2], type: integer }',
      fault: 'has a list of values, but its type is integer. Give it min and max. [parameter-type]',
    },
    {
      name: 'a range of categories',
      x: '{ min: 1, max: 2, type: categorical }',
      fault: 'has a range, but its type is categorical. Give it values: [ … ]. [parameter-type]',
    },
    {
      name: 'values and a range',
      x: '{ values: [1], min: 1 }',
      fault: 'has values and a range. Keep one of them. [parameter-form]',
    },
    {
      name: 'an unknown type',
      x: '{ min: 1, max: 2, type: float }',
      fault: 'has a type that is none of double, integer, categorical, discrete. [parameter-type]',
    },
    {
      name: 'fractions of type integer',
      x: '{ min: 0.5, max: 2, type: integer }',
      fault: 'is of type integer, but its range is 0.5 to 2. Write whole 64-bit bounds. [parameter-range]',
    },
    {
      name: 'one beyond int64',
      x: '{ min: 0, max: 9223372036854775808 }',
      fault:
        'is of type integer, but its range is 0 to 9223372036854775808. Write whole 64-bit bounds. [parameter-range]',
    },
    {
      name: 'one below int64',
      x: '{ min: -9223372036854775809, max: 0 }',
      fault:
        'is of type integer, but its range is -9223372036854775809 to 0. Write whole 64-bit bounds. [parameter-range]',
    },
    {
      name: 'a log scale from 0',
      x: '{ min: 0.0, max: 1, scale: log }',
      fault: 'has a log scale, but its least value is 0. It has to be above 0. [parameter-scale]',
    },
    {
      name: 'a reverse log scale below 0',
      x: '{ min: -1, max: 1, scale: reverse_log }',
      fault: 'has a log scale, but its least value is -1. It has to be above 0. [parameter-scale]',
    },
    {
      name: 'a log scale over numbers from 0',
      x: '{ values: [4, 0], scale: log }',
      fault: 'has a log scale, but its least value is 0. It has to be above 0. [parameter-scale]',
    },
    {
      name: 'a scale of categories',
      x: '{ values: [a], scale: linear }',
      fault: 'is categorical and has no scale. Remove it. [parameter-scale]',
    },
    {
      name: 'an unknown scale',
      x: '{ min: 1, max: 2, scale: logarithmic }',
      fault: 'has a scale that is none of linear, log, reverse_log. [parameter-scale]',
    },
    {
      name: 'an unknown key',
      x: '{ min: 1, maximum: 2 }',
      fault: 'has the key "maximum". Accepted: min, max, values, scale, type, when. [parameter-form]',
    },
    {
      name: 'a key twice',
      x: '{ min: 1, min: 2, max: 3 }',
      fault: 'has a key that stands there twice. [duplicate-key]',
    },
  ])('$name', ({ x, fault }) => {
    expect(refusals(`ok: [1]\nx: ${x}`)).toEqual([`parameters: line 2: "x" ${fault}`]);
  });

  test('reversed bounds that differ only beyond the precision of a double', () => {
    expect(refusals('x: { min: 9007199254740993, max: 9007199254740992 }')).toEqual([
      'parameters: line 1: "x" has min 9007199254740993 above max 9007199254740992. Swap them. [parameter-range]',
    ]);
  });
});

describe('parameters as a whole, refused', () => {
  test.each<{ name: string; parameters: string; faults: string[] }>([
    {
      name: 'one name twice',
      parameters: 'x: [1]\ny: [2]\nx: [3]',
      faults: ['parameters: "x" is named more than once. Keep one of them. [unique-name]'],
    },
    {
      name: 'one name twice, though one of them is wrong',
      parameters: 'x: [1, a]\nx: [3]',
      faults: [
        'parameters: line 1: "x" mixes numbers and texts. Quote the numbers, or say type: categorical. [parameter-mixed]',
        'parameters: "x" is named more than once. Keep one of them. [unique-name]',
      ],
    },
    {
      name: 'a name with a space',
      parameters: 'learning rate: [1]',
      faults: [
        'parameters: "learning rate" is not accepted. A name is not empty and holds no white space. [name-without-space]',
      ],
    },
    {
      name: 'an empty name',
      parameters: '"": [1]',
      faults: ['parameters: "" is not accepted. A name is not empty and holds no white space. [name-without-space]'],
    },
    {
      name: 'a text',
      parameters: 'learning_rate=0.1',
      faults: [`parameters is neither a mapping of parameters nor a list of ParameterSpec. ${FORM} [parameter-form]`],
    },
    {
      name: 'every fault at once',
      parameters: 'a: {min: 0, max: 1}\nb: []\nc: [1, x]',
      faults: [
        'parameters: line 1: "a" has the range 0 to 1: only 0 and 1, or all between? Say type: integer or type: double. [parameter-type]',
        'parameters: line 2: "b" has an empty list of values. [parameter-range]',
        'parameters: line 3: "c" mixes numbers and texts. Quote the numbers, or say type: categorical. [parameter-mixed]',
      ],
    },
  ])('$name', ({ parameters, faults }) => {
    expect(refusals(parameters)).toEqual(faults);
  });
});

describe("the API's own form", () => {
  test.each<{ name: string; item: string; spec: ParameterSpec }>([
    {
      name: 'camelCase',
      item: '{ parameterId: x, doubleValueSpec: { minValue: 0, maxValue: 1 }, scaleType: UNIT_LINEAR_SCALE }',
      spec: { parameterId: 'x', doubleValueSpec: { minValue: 0, maxValue: 1 }, scaleType: 'UNIT_LINEAR_SCALE' },
    },
    {
      name: 'snake_case',
      item: '{ parameter_id: x, integer_value_spec: { min_value: "0", max_value: 1 }, scale_type: UNIT_LINEAR_SCALE }',
      spec: { parameterId: 'x', integerValueSpec: { minValue: '0', maxValue: '1' }, scaleType: 'UNIT_LINEAR_SCALE' },
    },
    {
      name: 'categories that look like numbers',
      item: '{ parameterId: x, categoricalValueSpec: { values: [1, 010, a] } }',
      spec: { parameterId: 'x', categoricalValueSpec: { values: ['1', '010', 'a'] } },
    },
    {
      name: 'discrete values',
      item: '{ parameterId: x, discreteValueSpec: { values: [2, 1] } }',
      spec: { parameterId: 'x', discreteValueSpec: { values: [1, 2] } },
    },
    {
      name: 'JSON',
      item: '{"parameterId":"x","categoricalValueSpec":{"values":["a"]}}',
      spec: { parameterId: 'x', categoricalValueSpec: { values: ['a'] } },
    },
  ])('$name', ({ item, spec }) => {
    expect(specsOf(`- ${item}`)).toEqual([spec]);
  });

  const KEYS =
    'parameterId, scaleType, conditionalParameterSpecs, doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec';

  test.each<{ name: string; item: string; fault: string }>([
    { name: 'no name', item: '{ discreteValueSpec: { values: [1] } }', fault: 'has no parameterId. [parameter-form]' },
    {
      name: 'no space',
      item: '{ parameterId: x }',
      fault:
        'needs exactly one of doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec. [parameter-range]',
    },
    {
      name: 'two spaces',
      item: '{ parameterId: x, discreteValueSpec: { values: [1] }, categoricalValueSpec: { values: [a] } }',
      fault:
        'needs exactly one of doubleValueSpec, integerValueSpec, categoricalValueSpec, discreteValueSpec. [parameter-range]',
    },
    {
      name: 'an unknown key',
      item: '{ parameterId: x, min: 1 }',
      fault: `has the key "min". Accepted: ${KEYS}. [parameter-form]`,
    },
    {
      name: 'an unknown key of a space',
      item: '{ parameterId: x, doubleValueSpec: { minValue: 0, maxValue: 1, defaultValue: 0 } }',
      fault: 'has the key "defaultValue". Accepted: minValue, maxValue, values. [parameter-form]',
    },
    {
      name: 'one key in both spellings',
      item: '{ parameterId: x, parameter_id: y, discreteValueSpec: { values: [1] } }',
      fault: 'has a key that stands there twice. [duplicate-key]',
    },
    {
      name: 'a space without bounds',
      item: '{ parameterId: x, doubleValueSpec: { minValue: 1 } }',
      fault: 'has no range: minValue and maxValue are needed. [parameter-range]',
    },
    {
      name: 'a space without values',
      item: '{ parameterId: x, discreteValueSpec: { values: [] } }',
      fault: 'has no list of values. [parameter-range]',
    },
    {
      name: 'bounds the wrong way round',
      item: '{ parameterId: x, doubleValueSpec: { minValue: 2, maxValue: 1 } }',
      fault: 'has min 2 above max 1. Swap them. [parameter-range]',
    },
    { name: 'a text', item: 'x', fault: `has to be a mapping of ${KEYS}. [parameter-form]` },
  ])('refused: $name', ({ item, fault }) => {
    expect(refusals(`- ${item}`)).toEqual([`parameters: line 1: "number 1" ${fault}`]);
  });

  test('refused: one name twice, and a name with a space', () => {
    const item = (name: string) => `- { parameterId: ${name}, discreteValueSpec: { values: [1] } }`;
    expect(refusals([item('x'), item('x'), item('"a b"')].join('\n'))).toEqual([
      'parameters: "a b" is not accepted. A name is not empty and holds no white space. [name-without-space]',
      'parameters: "x" is named more than once. Keep one of them. [unique-name]',
    ]);
  });
});

describe('properties', () => {
  test('integer bounds within int64 come back digit for digit', () => {
    const bound = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        fc.pre(Math.abs(Number(a) - Number(b)) > 4_096);
        const [min, max] = a < b ? [a, b] : [b, a];
        expect(specsOf(`x: { min: ${min}, max: ${max} }`)).toEqual([
          { parameterId: 'x', integerValueSpec: { minValue: `${min}`, maxValue: `${max}` } },
        ]);
      }),
    );
  });

  test('double bounds come back exactly', () => {
    const bound = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const [minValue, maxValue] = a < b ? [a, b] : [b, a];
        expect(specsOf(`x: { min: ${minValue}, max: ${maxValue}, type: double }`)?.[0]?.doubleValueSpec).toEqual({
          minValue: minValue + 0,
          maxValue: maxValue + 0,
        });
      }),
    );
  });

  test('categories come back in their order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values) => {
        const specs = specsOf(`x: ${JSON.stringify(values)}`);
        expect(specs).toEqual([{ parameterId: 'x', categoricalValueSpec: { values } }]);
      }),
    );
  });
});
