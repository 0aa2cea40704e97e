import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CUSTOM_TASK, readPipeline, TUNING_TASK } from '../../../src/local/validation/pipeline.ts';
import { refusal } from './requests.ts';

const pool = { containerSpec: { imageUri: 'image' } };
const spec = { workerPoolSpecs: [pool] };
const custom = { displayName: 'p', trainingTaskDefinition: CUSTOM_TASK, trainingTaskInputs: spec };
const withInputs = (change: object) => ({ ...custom, trainingTaskInputs: { ...spec, ...change } });
const model = { displayName: 'm', containerSpec: { imageUri: 'serving' } };
const artifact = { ...model, artifactUri: 'gs://bucket/model' };
const withModel = (change: object) => ({ ...custom, modelToUpload: { ...artifact, ...change } });

const inputs = {
  studySpec: {
    metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
    parameters: [{ parameterId: 'p', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
  },
  trialJobSpec: spec,
  maxTrialCount: 4,
  parallelTrialCount: 2,
};
const tuning = { displayName: 'p', trainingTaskDefinition: TUNING_TASK, trainingTaskInputs: inputs };

describe('readPipeline', () => {
  it('reads the custom task in any spelling, and keeps its inputs as they came', () => {
    const given = {
      worker_pool_specs: [
        {
          replica_count: 1,
          machine_spec: { machine_type: 'n1-standard-4', accelerator_type: 5, accelerator_count: '1' },
        },
      ],
      scheduling: { strategy: 'SPOT', timeout: '60s' },
    };
    const [pool] = given.worker_pool_specs;
    const trainingTaskInputs = { ...given, worker_pool_specs: [{ ...pool, container_spec: { image_uri: 'i' } }] };
    const { pipeline, task } = readPipeline({ ...custom, state: 4, name: 'x', trainingTaskInputs });
    expect(pipeline).toEqual({ displayName: 'p', trainingTaskDefinition: CUSTOM_TASK, trainingTaskInputs });
    expect(task).toEqual({
      collection: 'customJobs',
      job: {
        jobSpec: {
          workerPoolSpecs: [
            {
              replicaCount: '1',
              machineSpec: { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
              containerSpec: { imageUri: 'i' },
            },
          ],
          scheduling: { strategy: 'SPOT', timeout: '60s' },
        },
      },
    });
  });

  it('reads the tuning task, with the labels that its job is to have', () => {
    const { task } = readPipeline({
      ...tuning,
      training_task_inputs: undefined,
      trainingTaskInputs: { ...inputs, maxTrialCount: '4', max_failed_trial_count: 1, labels: { a: 'b' } },
    });
    expect(task).toMatchObject({
      collection: 'hyperparameterTuningJobs',
      job: { maxTrialCount: 4, parallelTrialCount: 2, maxFailedTrialCount: 1, labels: { a: 'b' } },
    });
  });

  it.each([
    ['no definition', { ...custom, trainingTaskDefinition: '' }, 'training_task_definition; Message: Required'],
    ['no inputs', { ...custom, trainingTaskInputs: undefined }, 'training_task_inputs; Message: Required'],
    [
      'AutoML',
      { ...custom, trainingTaskDefinition: 'gs://x/automl_tables_1.0.0.yaml' },
      `"gs://x/automl_tables_1.0.0.yaml" is not known to this service: ${CUSTOM_TASK} and ${TUNING_TASK} are accepted.`,
    ],
    [
      'inputs of another form',
      { ...custom, trainingTaskInputs: [] },
      "at 'training_pipeline.training_task_inputs' (type.googleapis",
    ],
    [
      'an unknown input',
      withInputs({ jobSpec: spec }),
      `Unknown name "jobSpec" at 'training_pipeline.training_task_inputs': Cannot find field.`,
    ],
    [
      'an enum that is none',
      withInputs({ scheduling: { strategy: 'CHEAP' } }),
      "'training_pipeline.training_task_inputs.scheduling.strategy'",
    ],
    [
      'a faulty pool',
      withInputs({ workerPoolSpecs: [{ containerSpec: {} }] }),
      'Field: training_task_inputs.worker_pool_specs[0].container_spec.image_uri; Message:',
    ],
    [
      'a Python package',
      withInputs({ workerPoolSpecs: [{ pythonPackageSpec: { pythonModule: 'm' } }] }),
      'training_task_inputs.worker_pool_specs[0].python_package_spec.executor_image_uri; Message: Required',
    ],
    [
      'a display name in the inputs',
      { ...tuning, trainingTaskInputs: { ...inputs, displayName: 'x' } },
      `Unknown name "displayName" at 'training_pipeline.training_task_inputs'`,
    ],
    [
      'no study',
      { ...tuning, trainingTaskInputs: { ...inputs, studySpec: undefined } },
      'training_task_inputs.study_spec; Message: Required',
    ],
    [
      'no trials',
      { ...tuning, trainingTaskInputs: { ...inputs, maxTrialCount: 0 } },
      'training_task_inputs.max_trial_count; Message: Must be at least 1.',
    ],
    [
      'a faulty label of the job',
      { ...tuning, trainingTaskInputs: { ...inputs, labels: { A: 'x' } } },
      'training_task_inputs.labels; Message: Label keys',
    ],
    [
      'a dataset',
      { ...custom, inputDataConfig: { datasetId: '1' } },
      'input_data_config; Message: This service has no',
    ],
    ['no display name', { ...custom, displayName: '' }, '1.Field: display_name; Message: Required field is not set.'],
    ['a faulty label', { ...custom, labels: { A: 'x' } }, 'Field: labels; Message: Label keys'],
    ['an unknown field', { ...custom, model: {} }, `Unknown name "model" at 'training_pipeline': Cannot find field.`],
    ['a model without name', withModel({ displayName: '' }), 'model_to_upload.display_name; Message: Required'],
    [
      'a model without image',
      withModel({ containerSpec: {} }),
      'model_to_upload.container_spec.image_uri; Message: Req',
    ],
    ['a model with a faulty label', withModel({ labels: { A: 'x' } }), 'model_to_upload.labels; Message: Label keys'],
    [
      'a faulty alias',
      withModel({ versionAliases: ['ok', '2'] }),
      'model_to_upload.version_aliases[1]; Message: A ver',
    ],
    [
      'an image of a model that is none',
      withModel({ containerSpec: { imageUri: 'a b' } }),
      'model_to_upload.container_spec.image_uri; Message: A valid image URI',
    ],
    [
      'a port beyond all ports',
      withModel({
        containerSpec: { imageUri: 'serving', ports: [{ containerPort: 8080 }, { containerPort: 65_536 }] },
      }),
      'model_to_upload.container_spec.ports[1].container_port; Message: Must be between 1 and 65535.',
    ],
    [
      'a faulty variable of a model',
      withModel({ containerSpec: { imageUri: 'serving', env: [{ name: 'A-B', value: '' }] } }),
      'model_to_upload.container_spec.env[0].name; Message: EnvVar name',
    ],
    [
      'a faulty key of a model',
      withModel({ encryptionSpec: { kmsKeyName: 'k' } }),
      'model_to_upload.encryption_spec.kms_key_name; Message: A key of the form',
    ],
    ['a faulty key', { ...custom, encryptionSpec: { kmsKeyName: 'k' } }, '1.Field: encryption_spec.kms_key_name; Mess'],
    [
      'a machine that there is not',
      withInputs({ workerPoolSpecs: [{ ...pool, machineSpec: { machineType: 'n1-standard-2' } }] }),
      'Machine type "n1-standard-2" is not supported.',
    ],
    [
      'a machine that there is not, of its trials',
      {
        ...tuning,
        trainingTaskInputs: {
          ...inputs,
          trialJobSpec: { workerPoolSpecs: [{ ...pool, machineSpec: { machineType: 'n1-standard-2' } }] },
        },
      },
      'Machine type "n1-standard-2" is not supported.',
    ],
    ['a dataset that is none', { ...custom, inputDataConfig: {} }, 'input_data_config.dataset_id; Message: Required'],
    [
      'a dataset split in two ways',
      { ...custom, inputDataConfig: { datasetId: '1', fractionSplit: {}, filterSplit: {} } },
      "at 'training_pipeline.input_data_config' (oneof), oneof field 'split' is already set.",
    ],
    [
      'a local model folder',
      withModel({ artifactUri: '/tmp/x' }),
      'model_to_upload.artifact_uri; Message: A Cloud Stor',
    ],
    [
      'a model id that begins with a number',
      { ...withModel({}), modelId: '1a' },
      'Field: model_id; Message: The model',
    ],
    ['a model id in capitals', { ...withModel({}), modelId: 'Model' }, 'Field: model_id'],
    ['a long model id', { ...withModel({}), modelId: 'a'.repeat(64) }, 'Field: model_id'],
    ['a short parent', { ...withModel({}), parentModel: 'model' }, 'Field: parent_model; Message: A model of the form'],
  ])('refuses %s', (_name, body, message) => {
    const found = refusal(() => readPipeline(body));
    expect(found).toMatch(/^INVALID_ARGUMENT: /);
    expect(found).toContain(message);
  });

  it.each([
    ['the longest id', { ...withModel({}), modelId: `_${'a-0'.repeat(20)}bc` }],
    ['a model that is in its image alone', { ...custom, modelToUpload: model }],
    [
      'a model whose folder is AIP_MODEL_DIR',
      { ...withInputs({ baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' } }), modelToUpload: model },
    ],
    [
      'the same of a tuning job',
      {
        ...tuning,
        trainingTaskInputs: {
          ...inputs,
          trialJobSpec: { ...spec, baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' } },
        },
        modelToUpload: model,
      },
    ],
  ])('takes %s', (_name, body) => {
    expect(refusal(() => readPipeline(body))).toBe('accepted');
  });

  it('refuses or accepts any JSON, and never breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(CUSTOM_TASK, TUNING_TASK), (value, trainingTaskDefinition) => {
        const bodies = [
          value,
          { ...custom, trainingTaskDefinition, trainingTaskInputs: value },
          withModel({ labels: value }),
        ];
        for (const body of bodies) expect(refusal(() => readPipeline(body))).toMatch(/^INVALID_ARGUMENT|^accepted/);
      }),
    );
  });
});
