import { describe, expect, test } from '@jest/globals';
import type { ParameterSpec } from '../../src/vertex/types.ts';
import { errorsOf } from '../plan/run.ts';
import { faultsOf, inputsOf } from './given.ts';

const METRICS = 'accuracy: maximize';
const specsOf = (parameters: string) => inputsOf({ metrics: METRICS, parameters }).study?.parameters;
const refusals = (parameters: string) => faultsOf({ metrics: METRICS, parameters });

const MOMENTUM: ParameterSpec = { parameterId: 'momentum', doubleValueSpec: { minValue: 0.5, maxValue: 0.9 } };
const momentum = (when: string) => `momentum: { min: 0.5, max: 0.9, when: ${when} }`;

describe('a parameter hangs under its parent', () => {
  test.each<{ name: string; parent: string; when: string; condition: object }>([
    {
      name: 'of categories',
      parent: 'parent: [sgd, adam]',
      when: '{ parent: [sgd] }',
      condition: { parentCategoricalValues: { values: ['sgd'] } },
    },
    {
      name: 'by one value, written without a list',
      parent: 'parent: [sgd, adam]',
      when: '{ parent: sgd }',
      condition: { parentCategoricalValues: { values: ['sgd'] } },
    },
    {
      name: 'of discrete values',
      parent: 'parent: [1, 2.5, 4]',
      when: '{ parent: [2.50, 4] }',
      condition: { parentDiscreteValues: { values: [2.5, 4] } },
    },
    {
      name: 'of integers',
      parent: 'parent: { min: 1, max: 4 }',
      when: '{ parent: [1, 2] }',
      condition: { parentIntValues: { values: ['1', '2'] } },
    },
    {
      name: 'of integers, in any of their forms',
      parent: 'parent: { min: -4, max: 4 }',
      when: '{ parent: [+1, -02] }',
      condition: { parentIntValues: { values: ['1', '-2'] } },
    },
  ])('$name', ({ parent, when, condition }) => {
    const [first, ...others] = specsOf(`${momentum(when)}\n${parent}`) ?? [];
    expect(others).toEqual([]);
    expect(first?.parameterId).toBe('parent');
    expect(first?.conditionalParameterSpecs).toEqual([{ ...condition, parameterSpec: MOMENTUM }]);
    expect(errorsOf({ metrics: METRICS, parameters: `${momentum(when)}\n${parent}` })).toEqual([]);
  });

  test('to any depth, wherever it stands, and beside others', () => {
    const specs = specsOf(
      ['c: { values: [1, 2], when: { b: x } }', 'b: { values: [x, y], when: { a: [1] } }', 'a: [1, 2]', 'd: [3]'].join(
        '\n',
      ),
    );
    expect(specs).toEqual([
      {
        parameterId: 'a',
        discreteValueSpec: { values: [1, 2] },
        conditionalParameterSpecs: [
          {
            parentDiscreteValues: { values: [1] },
            parameterSpec: {
              parameterId: 'b',
              categoricalValueSpec: { values: ['x', 'y'] },
              conditionalParameterSpecs: [
                {
                  parentCategoricalValues: { values: ['x'] },
                  parameterSpec: { parameterId: 'c', discreteValueSpec: { values: [1, 2] } },
                },
              ],
            },
          },
        ],
      },
      { parameterId: 'd', discreteValueSpec: { values: [3] } },
    ]);
  });
});

const FORM = 'has a when that is not { PARENT: [values] }. [parameter-condition]';

describe('refused', () => {
  test.each<{ name: string; parameters: string; faults: string[] }>([
    ...[
      'sgd',
      '[sgd]',
      '{}',
      '{ parent: [] }',
      '{ parent: [[a]] }',
      '{ parent: { a: b } }',
      '{ parent: a, other: b }',
    ].map((when) => ({
      name: `when: ${when}`,
      parameters: `parent: [a]\nother: [b]\n${momentum(when)}`,
      faults: [`parameters: line 3: "momentum" ${FORM}`],
    })),
    {
      name: 'a parent that is none',
      parameters: `optimizer: [sgd]\n${momentum('{ optimiser: sgd }')}`,
      faults: [
        'parameters: line 2: "momentum" depends on "optimiser", which is no parameter; the nearest is optimizer. [parameter-condition]',
      ],
    },
    {
      name: 'a parent of doubles',
      parameters: `parent: { min: 0.5, max: 1.5 }\n${momentum('{ parent: [1] }')}`,
      faults: [
        'parameters: line 2: "momentum" depends on "parent", which is double. Only a list or an integer can be a parent. [parameter-condition]',
      ],
    },
    ...['x', '1.5', '1e0', '0x1', "''", '99999999999999999999'].map((value) => ({
      name: `the value ${value} of an integer`,
      parameters: `parent: { min: 1, max: 4 }\n${momentum(`{ parent: [${value}] }`)}`,
      faults: [expect.stringMatching(/^parameters: line 2: "momentum" depends on the value /) as unknown as string],
    })),
    ...['x', '0x1', '.inf', "''"].map((value) => ({
      name: `the value ${value} of numbers`,
      parameters: `parent: [1, 2]\n${momentum(`{ parent: [${value}] }`)}`,
      faults: [
        `parameters: line 2: "momentum" depends on the value ${JSON.stringify(value.replace(/'/g, ''))} of "parent", which is a number. [parameter-condition]`,
      ],
    })),
    {
      name: 'itself as its parent',
      parameters: 'a: { values: [x], when: { a: x } }',
      faults: [
        'parameters: line 1: "a" depends on itself by way of its parents. Break the circle. [parameter-condition]',
      ],
    },
    {
      name: 'a circle',
      parameters: 'a: { values: [x], when: { b: x } }\nb: { values: [x], when: { a: x } }\nc: [1]',
      faults: ['a', 'b'].map(
        (name, index) =>
          `parameters: line ${index + 1}: "${name}" depends on itself by way of its parents. Break the circle. [parameter-condition]`,
      ),
    },
    {
      name: 'only the parent that is none, and not who depends on its child',
      parameters: 'a: { values: [x], when: { none: x } }\nb: { values: [x], when: { a: x } }\nc: [1]',
      faults: [
        expect.stringMatching(/^parameters: line 1: "a" depends on "none", which is no parameter/) as unknown as string,
      ],
    },
    {
      name: 'only the parent that is wrong, and not who depends on it',
      parameters: 'a: [1, x]\nb: { values: [x], when: { a: x } }\nc: { values: [x], when: { b: x } }',
      faults: [
        'parameters: line 1: "a" mixes numbers and texts. Quote the numbers, or say type: categorical. [parameter-mixed]',
      ],
    },
    {
      name: 'one name twice, of which one depends on the other',
      parameters: 'a: [x]\na: { values: [x], when: { a: x } }',
      faults: ['parameters: "a" is named more than once. Keep one of them. [unique-name]'],
    },
  ])('$name', ({ parameters, faults }) => {
    expect(refusals(parameters)).toEqual(faults);
  });

  test('a value that the parent never has, by the plan', () => {
    expect(errorsOf({ metrics: METRICS, parameters: `parent: [a, b]\n${momentum('{ parent: [c] }')}` })).toEqual([
      'parameters: "parent" never has the value "c". [parameter-condition]',
    ]);
  });
});
