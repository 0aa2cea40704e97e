import { describe, expect, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { draftPathOf, fieldErrors, refusalFaults } from '../../src/plan/vertex-errors.ts';
import type { Given } from '../inputs/given.ts';
import { planOf, TUNING, verdictOf } from './run.ts';

/** The API's own form: errors are numbered, and tabs separate them. */
const listOf = (...errors: readonly (readonly [string, string])[]) =>
  `List of found errors:\t${errors.map(([field, message], index) => `${index + 1}.Field: ${field}; Message: ${message}\t`).join('')}`;

describe('the errors of a message', () => {
  test.each<{ name: string; message: string; errors: readonly { field: string; message: string }[] }>([
    {
      name: 'one',
      message: listOf(['job_spec.worker_pool_specs[0].machine_spec', 'Invalid machine.']),
      errors: [{ field: 'job_spec.worker_pool_specs[0].machine_spec', message: 'Invalid machine.' }],
    },
    {
      name: 'several, behind what was asked and its status',
      message: `create a job in p/customJobs: HTTP 400: ${listOf(['a', 'One.'], ['b.c', 'Two; with 3. Fields: none.'])}`,
      errors: [
        { field: 'a', message: 'One.' },
        { field: 'b.c', message: 'Two; with 3. Fields: none.' },
      ],
    },
    {
      name: 'a text of several lines',
      message: listOf(['a', 'One\nand more.'], ['b', 'Two.']),
      errors: [
        { field: 'a', message: 'One\nand more.' },
        { field: 'b', message: 'Two.' },
      ],
    },
    {
      name: 'more than nine',
      message: listOf(...Array.from({ length: 12 }, (_, index) => [`f${index}`, `m ${index}.`] as const)),
      errors: Array.from({ length: 12 }, (_, index) => ({ field: `f${index}`, message: `m ${index}.` })),
    },
    { name: 'none in a text of another form', message: 'Machine type "x" is not supported.', errors: [] },
    { name: 'none behind the head', message: 'List of found errors:\t', errors: [] },
    { name: 'none without a message', message: 'List of found errors:\t1.Field: a\t', errors: [] },
    { name: 'none in nothing', message: '', errors: [] },
  ])('$name', ({ message, errors }) => {
    expect(fieldErrors(message)).toEqual(errors);
  });
});

describe('the path in the plan of a field', () => {
  test.each([
    ['job_spec.worker_pool_specs[0].machine_spec.machine_type', 'spec.workerPoolSpecs[0].machineSpec.machineType'],
    ['custom_job.job_spec.scheduling', 'spec.scheduling'],
    ['job_spec', 'spec'],
    ['trial_job_spec.network', 'spec.network'],
    ['hyperparameter_tuning_job.trial_job_spec.worker_pool_specs[1]', 'spec.workerPoolSpecs[1]'],
    ['study_spec.metrics[0].metric_id', 'study.studySpec.metrics[0].metricId'],
    ['max_trial_count', 'study.maxTrialCount'],
    ['parallel_trial_count', 'study.parallelTrialCount'],
    ['hyperparameter_tuning_job.max_failed_trial_count', 'study.maxFailedTrialCount'],
    [
      'training_pipeline.training_task_inputs.worker_pool_specs[0].replica_count',
      'spec.workerPoolSpecs[0].replicaCount',
    ],
    ['training_task_inputs.trial_job_spec.service_account', 'spec.serviceAccount'],
    ['training_task_inputs.study_spec.parameters[2]', 'study.studySpec.parameters[2]'],
    ['display_name', 'displayName'],
    ['labels', 'labels'],
  ])('%s', (field, path) => {
    expect(draftPathOf(field)).toBe(path);
  });
});

describe('a refusal names the inputs', () => {
  const toldOf = (given: Given, ...errors: readonly (readonly [string, string])[]) =>
    refusalFaults(listOf(...errors), planOf(given).origins).map(faultText);

  test('of a custom job', () => {
    expect(
      toldOf(
        { machine_type: 'n1-standard-4', timeout: '1h', env_vars: 'A=1\nB=2' },
        ['job_spec.worker_pool_specs[0].machine_spec.machine_type', 'Not here.'],
        ['job_spec.scheduling.timeout', 'Too short.'],
        ['job_spec.worker_pool_specs[0].container_spec.env[1].name', 'Bad name.'],
      ),
    ).toEqual([
      'machine_type: Not here. [vertex-refused]',
      'timeout: Too short. [vertex-refused]',
      'env_vars: Bad name. [vertex-refused]',
    ]);
  });

  test('of a tuning job', () => {
    expect(
      toldOf(
        TUNING,
        ['study_spec.parameters[0].double_value_spec', 'Bad bounds.'],
        ['parallel_trial_count', 'Too many.'],
        ['study_spec.metrics[0]', 'Bad metric.'],
      ),
    ).toEqual([
      'parameters: Bad bounds. [vertex-refused]',
      'parallel_trials: Too many. [vertex-refused]',
      'metrics: Bad metric. [vertex-refused]',
    ]);
  });

  test('of a training pipeline', () => {
    expect(
      toldOf({ model: 'm', serving_image: 'i', network: 'projects/1/global/networks/n' }, [
        'training_task_inputs.network',
        'No such network.',
      ]),
    ).toEqual(['network: No such network. [vertex-refused]']);
  });

  test('of what stands around the spec, and of the image', () => {
    const given = {
      model: 'm',
      serving_image: 'i',
      serving_ports: '8080',
      kms_key: 'projects/p/locations/l/keyRings/r/cryptoKeys/k',
      labels: 'a=b',
    };
    const fields = [
      'encryption_spec.kms_key_name',
      'labels',
      'model_id',
      'model_to_upload.display_name',
      'model_to_upload.container_spec.image_uri',
      'model_to_upload.container_spec.ports[0]',
      'training_task_inputs.worker_pool_specs[0].container_spec.image_uri',
    ];
    const told = toldOf(given, ...fields.map((field) => [field, 'No.'] as const));
    expect(told).toEqual(
      ['kms_key', 'labels', 'model', 'model', 'serving_image', 'serving_ports', 'image'].map(
        (input) => `${input}: No. [vertex-refused]`,
      ),
    );
  });

  test('or the line of the config', () => {
    const text = 'workerPoolSpecs:\n- machineSpec:\n    machineType: n1-standard-4\n  replicaCount: 1\n';
    const { plan } = verdictOf({ config: 'job.yaml' }, { files: { config: { file: 'job.yaml', text } } });
    const [fault] =
      plan === undefined
        ? []
        : refusalFaults(listOf(['job_spec.worker_pool_specs[0].machine_spec.machine_type', 'No.']), plan.origins);
    expect(fault && faultText(fault)).toMatch(
      /^job\.yaml:3:\d+: workerPoolSpecs\[0\]\.machineSpec\.machineType: No\. \[vertex-refused\]$/,
    );
  });

  test('or the field, where nobody gave it', () => {
    expect(toldOf({}, ['display_name', 'Too long.'])).toEqual(['displayName: Too long. [vertex-refused]']);
  });
});
