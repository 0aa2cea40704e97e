// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a config
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { configSchema } from '../../../scripts/schemas/config.ts';
import { parametersSchema } from '../../../scripts/schemas/parameters.ts';
import { schemaFiles } from '../../../scripts/schemas.ts';
import { readConfig } from '../../../src/plan/config/config.ts';
import { faultsOf } from '../../inputs/given.ts';

const root = new URL('../../..', import.meta.url).pathname;
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
const config = ajv.compile(configSchema());
const parameters = ajv.compile(parametersSchema());

const isRight = (check: ValidateFunction, value: unknown): boolean => check(value);
const configFaults = (value: unknown) =>
  readConfig({ file: 'job.yaml', text: JSON.stringify(value) }, new Map([['A', 'b']])).faults;
const parameterFaults = (value: unknown) =>
  faultsOf({ metrics: 'accuracy: maximize', parameters: JSON.stringify(value) });

it.each([...schemaFiles()])('%s is what npm run docs makes', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

describe('the schema of config', () => {
  const folder = join(root, '__tests__/plan/gcloud/configs');
  const samples = readdirSync(folder).map(
    (name) => [name, parse(readFileSync(join(folder, name), 'utf8'), { merge: true })] as const,
  );

  it.each(samples)('takes %s', (_name, value) => {
    expect([configFaults(value), isRight(config, value), config.errors]).toEqual([[], true, null]);
  });

  const pool = (change: object) => ({ workerPoolSpecs: [{ containerSpec: { imageUri: 'a' }, ...change }] });
  it.each<[string, unknown]>([
    ['an unknown key', { workerPoolSpec: [] }],
    ['an unknown key far down', pool({ machineSpec: { machine: 'a' } })],
    ['a text for a number', pool({ diskSpec: { bootDiskSizeGb: 'many' } })],
    ['a number for a text', pool({ machineSpec: { machineType: 4 } })],
    ['a list for a mapping', { scheduling: [] }],
    ['minutes for seconds', { scheduling: { timeout: '60m' } }],
    ['no boolean', { enableWebAccess: 'yes' }],
    ['no word of the enum', pool({ machineSpec: { acceleratorType: 'L4' } })],
    ['two of which one excludes the other', pool({ pythonPackageSpec: {} })],
    ['one field in both spellings', { serviceAccount: 'a', service_account: 'a' }],
    ['what Vertex AI sets', { studySpec: {}, trials: [] }],
    ['a required field that is missing', pool({ machineSpec: { reservationAffinity: { key: 'a' } } })],
  ])('refuses %s, as the step does', (_name, value) => {
    expect(configFaults(value)).not.toEqual([]);
    expect(isRight(config, value)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['snake_case', { worker_pool_specs: [{ container_spec: { image_uri: 'a' } }] }],
    ['one pool without a list', { workerPoolSpecs: { replicaCount: 1 } }],
    ['whole numbers as texts', pool({ replicaCount: '3' })],
    ['variables, in a number and in an enum', pool({ replicaCount: '${A}', machineSpec: { acceleratorType: '${A}' } })],
  ])('takes %s', (_name, value) => {
    expect(isRight(config, value)).toBe(true);
  });

  it('takes whatever the step takes', () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('3600s', '1e-4', '${A}', 'true', 7, [], {}),
    );
    const change = fc.record({ sample: fc.constantFrom(...samples), at: fc.nat(), value: anything });
    fc.assert(
      fc.property(change, ({ sample: [, value], at, value: put }) => {
        const changed = withChange(value, at, put);
        if (configFaults(changed).length === 0) expect([changed, isRight(config, changed)]).toEqual([changed, true]);
      }),
      { numRuns: 400 },
    );
  });
});

/** A copy in which one of its values, counted from the top, is another one. */
function withChange(value: unknown, at: number, put: unknown): unknown {
  const holders: [Record<string, unknown>, string][] = [];
  const copy = structuredClone(value);
  const visit = (each: unknown) => {
    if (typeof each !== 'object' || each === null) return;
    for (const key of Object.keys(each)) {
      holders.push([each as Record<string, unknown>, key]);
      visit((each as Record<string, unknown>)[key]);
    }
  };
  visit(copy);
  const [holder, key] = holders[at % holders.length] ?? [];
  if (holder !== undefined && key !== undefined) holder[key] = put;
  return copy;
}

describe('the schema of parameters', () => {
  it.each<[string, unknown]>([
    ['a range', { x: { min: 0.1, max: 1, scale: 'log' } }],
    ['values', { x: ['sgd', 'adam'], y: { values: [1, 2], type: 'discrete' } }],
    ['a condition', { model: ['a', 'b'], depth: { min: 1, max: 9, when: { model: ['a'] } } }],
    [
      "the API's form, with a condition",
      [
        {
          parameterId: 'model',
          categoricalValueSpec: { values: ['a', 'b'] },
          conditionalParameterSpecs: [
            {
              parentCategoricalValues: { values: ['a'] },
              parameterSpec: { parameter_id: 'x', double_value_spec: { min_value: 0, max_value: '1e-1' } },
            },
          ],
        },
      ],
    ],
  ])('takes %s, as the step does', (_name, value) => {
    expect([parameterFaults(value), isRight(parameters, value), parameters.errors]).toEqual([[], true, null]);
  });

  it.each<[string, unknown]>([
    ['one value', { x: 3 }],
    ['an unknown key', { x: { min: 1, max: 2, step: 1 } }],
    ['half a range', { x: { min: 1 } }],
    ['a range and values', { x: { min: 1, max: 2, values: [1] } }],
    ['no value at all', { x: [] }],
    ['an unknown scale', { x: { min: 1, max: 2, scale: 'ln' } }],
    ['an unknown type', { x: { min: 1, max: 2, type: 'float' } }],
    ['a bound that is no number', { x: { min: 'low', max: 2 } }],
    ['a condition on two', { x: [1, 2], y: [1, 2], z: { min: 1, max: 2, when: { x: [1], y: [1] } } }],
    ["the API's form without its id", [{ doubleValueSpec: { minValue: 0, maxValue: 1 } }]],
    ["the API's form with two kinds", [{ parameterId: 'x', doubleValueSpec: {}, integerValueSpec: {} }]],
  ])('refuses %s, as the step does', (_name, value) => {
    expect(parameterFaults(value)).not.toEqual([]);
    expect(isRight(parameters, value)).toBe(false);
  });
});
