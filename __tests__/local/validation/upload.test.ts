import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAliases, readUpload } from '../../../src/local/validation/model.ts';
import { type Fields, refusal, violations } from './requests.ts';

const containerSpec = { imageUri: 'us-docker.pkg.dev/p/serve:1' };
const model = { displayName: 'm', containerSpec };
const upload = (change: Fields = {}, request: Fields = {}) => ({ model: { ...model, ...change }, ...request });
const REQUIRED = 'Required field is not set.';
const CONTAINER = 'model.container_spec';

/** A valid model that sets the fields which uploads give. */
const full = {
  displayName: 'everything',
  description: 'd',
  versionDescription: 'v',
  versionAliases: ['golden', 'b-1'],
  artifactUri: 'gs://bucket/model',
  labels: { a: 'b' },
  encryptionSpec: { kmsKeyName: 'projects/p/locations/us-central1/keyRings/r/cryptoKeys/k' },
  metadata: { any: [1, null, { deep: true }] },
  containerSpec: {
    ...containerSpec,
    command: ['serve'],
    args: ['--port=8080'],
    env: [{ name: 'A', value: 'b' }],
    ports: [{ containerPort: 8080 }],
    predictRoute: '/predict',
    healthRoute: '/health',
    deploymentTimeout: '600s',
    sharedMemorySizeMb: '64',
    healthProbe: { exec: { command: ['true'] }, periodSeconds: 10 },
  },
};

describe('readUpload', () => {
  it('takes a model of many fields, and gives it as it came', () => {
    expect(readUpload({ parent: 'x', model: full, modelId: 'digits', serviceAccount: 'a@b.c' })).toMatchObject({
      model: full,
      modelId: 'digits',
    });
  });

  it.each<[string, unknown, string[]]>([
    ['no body', undefined, [`model: ${REQUIRED}`]],
    ['an empty model', { model: {} }, [`model.display_name: ${REQUIRED}`, `${CONTAINER}.image_uri: ${REQUIRED}`]],
    [
      'an unknown field',
      { ...upload(), nope: 1 },
      ['undefined: Invalid JSON payload received. Unknown name "nope": Cannot find field.'],
    ],
    [
      'an unknown field of the model',
      upload({ nope: 1 }),
      [`model: Invalid JSON payload received. Unknown name "nope" at 'model': Cannot find field.`],
    ],
    [
      'an image that is none',
      upload({ containerSpec: { imageUri: 'a b' } }),
      [`${CONTAINER}.image_uri: A valid image`],
    ],
    [
      'a variable twice',
      upload({ containerSpec: { ...containerSpec, env: [{ name: 'A' }, { name: 'A' }] } }),
      [`${CONTAINER}.env: EnvVar names must be unique.`],
    ],
    [
      'a variable without a name',
      upload({ containerSpec: { ...containerSpec, env: [{ value: 'b' }] } }),
      [`${CONTAINER}.env[0].name: ${REQUIRED}`],
    ],
    [
      'no port',
      upload({ containerSpec: { ...containerSpec, ports: [{}] } }),
      [`${CONTAINER}.ports[0].container_port: Must be between 1 and 65535.`],
    ],
    [
      'two kinds of probe',
      upload({ containerSpec: { ...containerSpec, healthProbe: { exec: {}, httpGet: {} } } }),
      [
        `${CONTAINER}.health_probe: Invalid value at '${CONTAINER}.health_probe' (oneof), oneof field 'probe_type' is already set. Cannot set 'httpGet'`,
      ],
    ],
    [
      'an explanation without parameters',
      upload({ explanationSpec: {} }),
      [`model.explanation_spec.parameters: ${REQUIRED}`],
    ],
    ['an id with a capital', upload({}, { modelId: 'M' }), ['model_id: The model ID can have']],
    ['a parent by its id', upload({}, { parentModel: 'm' }), ['parent_model: A model of the form']],
    ['an alias like a version', upload({ versionAliases: ['ok', '3'] }), ['model.version_aliases[1]: A version alias']],
    ['a long alias', upload({ versionAliases: ['a'.repeat(129)] }), ['model.version_aliases[0]: A version alias']],
    ['a folder of this machine', upload({ artifactUri: '/tmp' }), ['model.artifact_uri: A Cloud Storage URI']],
    ['a long name', upload({ displayName: 'x'.repeat(129) }), ['model.display_name: The display name can be']],
    ['a key that is none', upload({ encryptionSpec: {} }), [`model.encryption_spec.kms_key_name: ${REQUIRED}`]],
  ])('refuses %s', (_name, body, expected) => {
    const found = violations(() => readUpload(body));
    expect(found.map((each, index) => each.slice(0, expected[index]?.length))).toEqual(expected);
  });

  it('refuses or accepts any JSON, and never breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const body of [value, { model: value }, upload({ containerSpec: value, labels: value })]) {
          expect(refusal(() => readUpload(body))).toMatch(/^INVALID_ARGUMENT|^accepted/);
        }
        expect(refusal(() => readAliases(value))).toMatch(/^INVALID_ARGUMENT/);
        expect(refusal(() => readAliases({ versionAliases: value }))).toMatch(/^INVALID_ARGUMENT|^accepted/);
      }),
    );
  });
});

describe('readAliases', () => {
  it('tells those that are given from those that are taken', () => {
    expect(readAliases({ version_aliases: ['a1', '-b1', 'c1'] })).toEqual({
      added: new Set(['a1', 'c1']),
      removed: new Set(['b1']),
    });
  });

  it.each<[string, unknown, string[]]>([
    ['nothing', {}, [`version_aliases: ${REQUIRED}`]],
    ['a minus alone', { versionAliases: ['-'] }, ['version_aliases[0]: A version alias']],
    ['two minus', { versionAliases: ['a1', '--a1'] }, ['version_aliases[1]: A version alias']],
    ['a version', { versionAliases: ['1'] }, ['version_aliases[0]: A version alias']],
  ])('refuses %s', (_name, body, expected) => {
    const found = violations(() => readAliases(body));
    expect(found.map((each, index) => each.slice(0, expected[index]?.length))).toEqual(expected);
  });
});
