import { describe, expect, test } from '@jest/globals';
import { errorsOf } from '../plan/run.ts';
import { faultsOf, inputsOf } from './given.ts';

const METRICS = 'accuracy: maximize';
const CHILD = 'parameterSpec: { parameterId: c, discreteValueSpec: { values: [1] } }';
const under = (parent: string, children: string) =>
  `- { parameterId: p, ${parent}, conditionalParameterSpecs: ${children} }`;
const CATEGORIES = 'categoricalValueSpec: { values: [a, b] }';

describe("conditions in the API's own form", () => {
  test.each<{ name: string; parameters: string; condition: object }>([
    {
      name: 'categories',
      parameters: under(CATEGORIES, `[{ parentCategoricalValues: { values: [a] }, ${CHILD} }]`),
      condition: { parentCategoricalValues: { values: ['a'] } },
    },
    {
      name: 'integers',
      parameters: under(
        'integerValueSpec: { minValue: 1, maxValue: 3 }',
        `[{ parentIntValues: { values: [1, "2"] }, ${CHILD} }]`,
      ),
      condition: { parentIntValues: { values: ['1', '2'] } },
    },
    {
      name: 'discrete values',
      parameters: under(
        'discreteValueSpec: { values: [1, 2] }',
        `[{ parentDiscreteValues: { values: [2.0] }, ${CHILD} }]`,
      ),
      condition: { parentDiscreteValues: { values: [2] } },
    },
    {
      name: 'snake_case',
      parameters:
        '- { parameter_id: p, categorical_value_spec: { values: [a] }, conditional_parameter_specs: [{ parent_categorical_values: { values: [a] }, parameter_spec: { parameter_id: c, discrete_value_spec: { values: [1] } } }] }',
      condition: { parentCategoricalValues: { values: ['a'] } },
    },
  ])('$name', ({ parameters, condition }) => {
    const [spec, ...others] = inputsOf({ metrics: METRICS, parameters }).study?.parameters ?? [];
    expect(others).toEqual([]);
    expect(spec?.conditionalParameterSpecs).toEqual([
      { ...condition, parameterSpec: { parameterId: 'c', discreteValueSpec: { values: [1] } } },
    ]);
    expect(errorsOf({ metrics: METRICS, parameters })).toEqual([]);
  });

  test('no conditions are none', () => {
    const parameters = under(CATEGORIES, '[]');
    expect(inputsOf({ metrics: METRICS, parameters }).study?.parameters[0]?.conditionalParameterSpecs ?? []).toEqual(
      [],
    );
  });
});

const ONE_OF =
  'has a condition that needs exactly one of parentDiscreteValues, parentIntValues, parentCategoricalValues. [parameter-condition]';

describe('refused', () => {
  test.each<{ name: string; children: string; fault: string }>([
    {
      name: 'a mapping',
      children: '{ a: b }',
      fault: 'has conditionalParameterSpecs that are no list. [parameter-form]',
    },
    {
      name: 'no parameter',
      children: '[{ parentCategoricalValues: { values: [a] } }]',
      fault: 'has a condition without parameterSpec. [parameter-form]',
    },
    { name: 'no values of the parent', children: `[{ ${CHILD} }]`, fault: ONE_OF },
    {
      name: 'values of two kinds',
      children: `[{ parentCategoricalValues: { values: [a] }, parentIntValues: { values: [1] }, ${CHILD} }]`,
      fault: ONE_OF,
    },
    {
      name: 'an empty list of values',
      children: `[{ parentCategoricalValues: { values: [] }, ${CHILD} }]`,
      fault: 'has parentCategoricalValues without values. [parameter-condition]',
    },
    {
      name: 'an unknown key, told once',
      children: `[{ parentValues: { values: [a] }, ${CHILD} }]`,
      fault:
        'has the key "parentValues". Accepted: parameterSpec, parentDiscreteValues, parentIntValues, parentCategoricalValues. [parameter-form]',
    },
    {
      name: 'a parameter that is wrong, told once',
      children:
        '[{ parentCategoricalValues: { values: [a] }, parameterSpec: { parameterId: c, discreteValueSpec: { values: [x] } } }]',
      fault: 'has the value "x", which is no number. [parameter-values]',
    },
  ])('$name', ({ children, fault }) => {
    expect(faultsOf({ metrics: METRICS, parameters: under(CATEGORIES, children) })).toEqual([
      `parameters: line 1: "number 1" ${fault}`,
    ]);
  });

  test.each(['1e0', '0x1', '1.5', 'x'])('the value %s of an integer never reaches the API', (value) => {
    const parameters = under(
      'integerValueSpec: { minValue: 1, maxValue: 3 }',
      `[{ parentIntValues: { values: [${value}] }, ${CHILD} }]`,
    );
    expect(errorsOf({ metrics: METRICS, parameters })).toHaveLength(1);
  });
});
