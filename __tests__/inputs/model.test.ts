import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shown } from '../../src/faults.ts';
import { faultsOf, type Given, inputsOf, parsed } from './given.ts';

const IMAGE = 'us-docker.pkg.dev/p/serve/digits:1';
const MODEL: Given = { model: 'digits', serving_image: IMAGE };

test('without a model there is no pipeline', () => {
  expect(inputsOf({}).model).toBeUndefined();
});

test('the least', () => {
  expect(inputsOf(MODEL).model).toEqual({
    modelId: 'digits',
    servingImage: IMAGE,
    predictRoute: undefined,
    healthRoute: undefined,
    ports: [],
    register: undefined,
    aliases: [],
  });
});

test('everything', () => {
  const given = { serving_predict_route: '/v1/predict', serving_health_route: '/', serving_ports: '8080\n65535' };
  const registered = { register: 'best', model_aliases: 'champion\ndefault' };
  expect(inputsOf({ ...MODEL, ...given, ...registered }).model).toEqual({
    modelId: 'digits',
    servingImage: IMAGE,
    predictRoute: '/v1/predict',
    healthRoute: '/',
    ports: [8080, 65_535],
    register: 'best',
    aliases: ['champion', 'default'],
  });
});

test.each(['a', '_', 'a-b_c9', `m${'x'.repeat(62)}`])('the model id %s', (model) => {
  expect(inputsOf({ ...MODEL, model }).model?.modelId).toBe(model);
});

test('ports in a YAML sequence', () => {
  expect(inputsOf({ ...MODEL, serving_ports: '[1, "8081"]' }).model?.ports).toEqual([1, 8081]);
});

test.each(['ab', 'a1', 'default', 'aB-Cd9', `a${'-'.repeat(126)}z`, `a${'Z'.repeat(126)}9`])(
  'the alias %s',
  (alias) => {
    expect(inputsOf({ ...MODEL, model_aliases: alias }).model?.aliases).toEqual([alias]);
  },
);

test('every alias that is accepted is one by the rule of model.proto, and no version', () => {
  const character = fc.constantFrom(...'abzABZ019-_.@ é');
  fc.assert(
    fc.property(fc.array(character, { minLength: 1, maxLength: 130 }), (characters) => {
      const text = characters.join('').trim();
      fc.pre(text !== '' && !/^[[-]/.test(text));
      const { inputs, faults } = parsed({ ...MODEL, model_aliases: text });
      const isOne = /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]$/.test(text);
      expect(faults.map(({ rule }) => rule)).toEqual(isOne ? [] : ['alias-name']);
      expect(inputs.model?.aliases).toEqual([text]);
      if (isOne) expect(text).not.toMatch(/^\d/);
    }),
  );
});

const ID_FORM = 'Write a model id: up to 63 of a-z, 0-9, _ and -, first no digit or hyphen. [model-id]';

const ALIAS_FORM =
  'Write 2 to 128 of a-z, A-Z, 0-9 and -, first a-z, last a-z or 0-9; a version has its number anyway. [alias-name]';

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    ...['Digits', '9a', '-a', 'a b', 'a.b', 'projects/1/locations/l/models/a', `m${'x'.repeat(63)}`].map((model) => ({
      name: `the model id ${model}`,
      given: { ...MODEL, model },
      faults: [`model: "${model}" is not accepted. ${ID_FORM}`],
    })),
    {
      name: 'a model that nothing serves',
      given: { model: 'digits' },
      faults: ['serving_image is missing: a model is uploaded with the image that serves it. Name one. [required]'],
    },
    {
      name: 'what serves no model',
      given: {
        serving_image: IMAGE,
        serving_predict_route: '/p',
        serving_health_route: '/h',
        serving_ports: '8080',
        register: 'best',
        model_aliases: 'champion',
      },
      faults: [
        'model is missing, and serving_image, serving_predict_route, serving_health_route, serving_ports, register and model_aliases go with it. Give the id of the model to upload, or remove them. [model-only]',
      ],
    },
    ...['true', 'Best', 'latest', 'best,last'].map((register) => ({
      name: `to register ${register}`,
      given: { ...MODEL, register },
      faults: [`register: "${register}" is not accepted. Accepted: best. [register]`],
    })),
    {
      name: 'to register what nothing serves',
      given: { model: 'digits', register: 'best' },
      faults: ['serving_image is missing: a model is uploaded with the image that serves it. Name one. [required]'],
    },
    ...['1', '12', 'Champion', 'x', 'a-', 'a_b', '-champion-', 'v1.0', `a${'b'.repeat(127)}c`].map((alias) => ({
      name: `the alias ${alias}`,
      given: { ...MODEL, model_aliases: `ok\n${alias}` },
      faults: [`model_aliases: ${shown(alias)} is not accepted. ${ALIAS_FORM}`],
    })),
    {
      name: 'aliases on one line',
      given: { ...MODEL, model_aliases: 'champion, best-one' },
      faults: [
        'model_aliases: "champion, best-one" is not accepted. Write one alias a line, or a YAML sequence: [champion, best-one]. [alias-name]',
      ],
    },
    {
      name: 'one alias that is part of none',
      given: { ...MODEL, model_aliases: 'a,b' },
      faults: [`model_aliases: "a,b" is not accepted. ${ALIAS_FORM}`],
    },
    {
      name: 'an alias twice',
      given: { ...MODEL, model_aliases: '[champion, best-one, champion]' },
      faults: ['model_aliases holds "champion" twice. Remove one of them. [alias-unique]'],
    },
    {
      name: 'routes that are none',
      given: { ...MODEL, serving_predict_route: 'predict', serving_health_route: 'http://x/health' },
      faults: [
        'serving_predict_route: "predict" is not accepted. Write a path that begins with /, such as /predict. [route]',
        'serving_health_route: "http://x/health" is not accepted. Write a path that begins with /, such as /predict. [route]',
      ],
    },
    {
      name: 'ports that are none',
      given: { ...MODEL, serving_ports: '0\n65536\nhttp\n8080/tcp\n1e3\n8080' },
      faults: ['0', '65536', 'http', '8080/tcp', '1e3'].map(
        (port) => `serving_ports: "${port}" is not accepted. Write a port from 1 to 65535. [port]`,
      ),
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});
