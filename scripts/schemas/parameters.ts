import { NUMBER, SCALES } from '../../src/inputs/parameter-space.ts';
import { PARENT_VALUES, VALUE_SPECS } from '../../src/inputs/parameter-spec.ts';
import { type KEYS, TYPES } from '../../src/inputs/parameters.ts';
import { DRAFT, excludes, fields, pattern, requires, type Schema, spellings } from './json-schema.ts';

const number: Schema = { anyOf: [{ type: 'number' }, pattern(NUMBER)] };
const scalar: Schema = { type: ['string', 'number', 'boolean'] };
const list = (items: Schema): Schema => ({ type: 'array', items, minItems: 1 });
const scale: Schema = { enum: [...SCALES.keys()] };

/** `when: { PARENT: [values] }`. */
const condition: Schema = {
  type: 'object',
  additionalProperties: { anyOf: [scalar, list(scalar)] },
  minProperties: 1,
  maxProperties: 1,
};

const SHORT: Readonly<Record<(typeof KEYS)[number], Schema>> = {
  min: number,
  max: number,
  values: list(scalar),
  scale,
  type: { enum: TYPES },
  when: condition,
};

const short: Schema = {
  anyOf: [
    list(scalar),
    {
      type: 'object',
      properties: SHORT,
      additionalProperties: false,
      oneOf: [{ required: ['min', 'max'] }, { required: ['values'] }],
    },
  ],
};

const valueSpec = (name: string): Schema =>
  name.startsWith('double') || name.startsWith('integer')
    ? fields({ minValue: number, maxValue: number }, [requires('minValue'), requires('maxValue')])
    : fields({ values: list(scalar) }, [requires('values')]);

/** Exactly one of the fields, in either spelling. */
const exactlyOne = (names: readonly string[]): Schema[] => [
  { anyOf: names.map(requires) },
  ...excludes(names.flatMap(spellings)),
];

const apiForm = fields(
  {
    parameterId: scalar,
    scaleType: scale,
    conditionalParameterSpecs: { type: 'array', items: { $ref: '#/definitions/conditional' } },
    ...Object.fromEntries([...VALUE_SPECS.keys()].map((name) => [name, valueSpec(name)])),
  },
  [requires('parameterId'), ...exactlyOne([...VALUE_SPECS.keys()])],
);

const values = fields({ values: list(scalar) }, [requires('values')]);
const conditional = fields(
  {
    parameterSpec: { $ref: '#/definitions/parameter' },
    ...Object.fromEntries(PARENT_VALUES.map((name) => [name, values])),
  },
  [requires('parameterSpec'), ...exactlyOne(PARENT_VALUES)],
);

/** The schema of `parameters`: each by its name in the short form, or the API's list of ParameterSpec. */
export function parametersSchema(): Schema {
  return {
    $schema: DRAFT,
    title: 'parameters of Train on Vertex AI',
    description: "The parameters of a study by their names, or the API's list of StudySpec.ParameterSpec.",
    anyOf: [
      { type: 'object', additionalProperties: short },
      { type: 'array', items: { $ref: '#/definitions/parameter' } },
    ],
    definitions: { parameter: apiForm, conditional },
  };
}
