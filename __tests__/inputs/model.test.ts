import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Given, inputsOf } from './given.ts';

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
  });
});

test('everything', () => {
  const given = { serving_predict_route: '/v1/predict', serving_health_route: '/', serving_ports: '8080\n65535' };
  expect(inputsOf({ ...MODEL, ...given }).model).toEqual({
    modelId: 'digits',
    servingImage: IMAGE,
    predictRoute: '/v1/predict',
    healthRoute: '/',
    ports: [8080, 65_535],
  });
});

test.each(['a', '_', 'a-b_c9', `m${'x'.repeat(62)}`])('the model id %s', (model) => {
  expect(inputsOf({ ...MODEL, model }).model?.modelId).toBe(model);
});

test('ports in a YAML sequence', () => {
  expect(inputsOf({ ...MODEL, serving_ports: '[1, "8081"]' }).model?.ports).toEqual([1, 8081]);
});

const ID_FORM = 'Write a model id: up to 63 of a-z, 0-9, _ and -, first no digit or hyphen. [model-id]';

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
      },
      faults: ['serving_image', 'serving_predict_route', 'serving_health_route', 'serving_ports'].map(
        (input) => `${input} belongs to model, which is missing. Give that too, or remove it. [model-only]`,
      ),
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
