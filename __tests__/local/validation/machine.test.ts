import { describe, expect, it } from '@jest/globals';
import { readCustomJob, readTuningJob } from '../../../src/local/validation/job.ts';
import { type Fields, pool, tuning, violations, withMachine, withSpec } from './requests.ts';

const PATH = 'job_spec.worker_pool_specs[0].machine_spec';
const n1 = 'n1-standard-4';

describe('machines', () => {
  it.each<[string, Fields]>([
    ['a machine without accelerators', { machineType: n1 }],
    ['a count that the machine takes', { machineType: n1, acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 }],
    ['a fixed pair', { machineType: 'a2-highgpu-2g', acceleratorType: 'NVIDIA_TESLA_A100', acceleratorCount: 2 }],
    ['a family that the catalog does not know', { machineType: 'c9-standard-8' }],
    ['and its accelerators', { machineType: 'c9-standard-8', acceleratorType: 'NVIDIA_L4', acceleratorCount: 3 }],
    ['a custom size', { machineType: 'n9-custom-4-8192' }],
    ['nothing at all', {}],
    ['a slice of TPUs', { machineType: 'ct5lp-hightpu-4t', tpuTopology: '2x4' }],
    ['a slice that is not listed', { machineType: 'ct5lp-hightpu-4t', tpuTopology: '32x32' }],
    ['TPUs by their count', { machineType: 'cloud-tpu', acceleratorType: 'TPU_V2', acceleratorCount: 8 }],
    ['a pod of them', { machineType: 'cloud-tpu', acceleratorType: 'TPU_V3', acceleratorCount: 32 }],
    ['a type unspecified, as clients fill it in', { machineType: n1, acceleratorType: 0, acceleratorCount: 0 }],
  ])('takes %s', (_name, machine) => {
    expect(violations(() => readCustomJob(withMachine(machine)))).toEqual([]);
  });

  it.each<[string, Fields, string[]]>([
    [
      'accelerators without a machine type',
      { acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
      [`${PATH}.machine_type: Required field is not set.`],
    ],
    [
      'a type without a count',
      { machineType: n1, acceleratorType: 5 },
      [`${PATH}.accelerator_type: Both \`accelerator_type\` and \`accelerator_count\` should be specified or none.`],
    ],
    [
      'a count without a type',
      { machineType: n1, acceleratorCount: 1 },
      [`${PATH}.accelerator_type: Both \`accelerator_type\` and \`accelerator_count\` should be specified or none.`],
    ],
    [
      'a negative count',
      { machineType: n1, acceleratorType: 5, acceleratorCount: -1 },
      [`${PATH}.accelerator_count: Must be at least 1.`],
    ],
    [
      'a count that the machine does not take',
      { machineType: n1, acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 3 },
      [
        `${PATH}.accelerator_count: Machine type "n1-standard-4" supports 1, 2, 4 of accelerator "NVIDIA_TESLA_T4", not 3.`,
      ],
    ],
    [
      'half of what a machine has',
      { machineType: 'a2-highgpu-2g', acceleratorType: 'NVIDIA_TESLA_A100', acceleratorCount: 1 },
      [`${PATH}.accelerator_count: Machine type "a2-highgpu-2g" supports 2 of accelerator "NVIDIA_TESLA_A100", not 1.`],
    ],
    [
      'a GPU machine that does not say so',
      { machineType: 'g2-standard-24' },
      [
        `${PATH}.accelerator_type: Machine type "g2-standard-24" always has accelerators, which must be specified: 2 of NVIDIA_L4.`,
      ],
    ],
    [
      'a topology without TPUs',
      { machineType: n1, tpuTopology: '2x2' },
      [`${PATH}.tpu_topology: Machine type "n1-standard-4" has no TPU topology.`],
    ],
    [
      'TPUs without a topology',
      { machineType: 'ct5lp-hightpu-1t' },
      [`${PATH}.tpu_topology: Machine type "ct5lp-hightpu-1t" needs a TPU topology: 1x1.`],
    ],
    [
      'a topology beside a count',
      { machineType: 'ct5lp-hightpu-1t', tpuTopology: '1x1', acceleratorType: 'TPU_V5_LITEPOD', acceleratorCount: 1 },
      [
        `${PATH}.accelerator_type: Machine type "ct5lp-hightpu-1t" has its TPUs by \`tpu_topology\`, without an accelerator type and count.`,
      ],
    ],
    [
      'a size that is not offered',
      { machineType: 'n1-standard-1' },
      ['Machine type "n1-standard-1" is not supported.'],
    ],
    ['what is no machine type', { machineType: 'large' }, ['Machine type "large" is not supported.']],
    [
      'a machine type in capitals',
      { machineType: 'N1-STANDARD-4' },
      ['Machine type "N1-STANDARD-4" is not supported.'],
    ],
    ['a property of all objects', { machineType: 'constructor' }, ['Machine type "constructor" is not supported.']],
    [
      'an accelerator that the machine cannot carry',
      { machineType: n1, acceleratorType: 'NVIDIA_TESLA_K80', acceleratorCount: 1 },
      ['Accelerator "NVIDIA_TESLA_K80" is not supported for machine type "n1-standard-4"'],
    ],
    [
      'an accelerator on a machine without any',
      { machineType: 'e2-standard-4', acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 },
      ['Accelerator "NVIDIA_L4" is not supported for machine type "e2-standard-4"'],
    ],
  ])('refuses %s', (_name, machine, expected) => {
    expect(violations(() => readCustomJob(withMachine(machine)))).toEqual(expected);
  });

  it('speaks of a machine that there is not only when all fields are well', () => {
    const machines = { ...withMachine({ machineType: 'large' }), displayName: '' };
    expect(violations(() => readCustomJob(machines))).toEqual(['display_name: Required field is not set.']);
  });

  it.each<[string, object]>([
    [
      'two pools',
      { workerPoolSpecs: [{ ...pool, machineSpec: { machineType: 'ct6e-standard-1t', tpuTopology: '1x1' } }, pool] },
    ],
  ])('refuses TPUs in %s', (_name, change) => {
    expect(violations(() => readCustomJob(withSpec({ ...change })))).toEqual([
      'job_spec.worker_pool_specs: A job on TPUs has one worker pool.',
    ]);
  });

  it('takes empty pools beside one of TPUs', () => {
    const tpu = { ...pool, machineSpec: { machineType: 'ct6e-standard-1t', tpuTopology: '1x1' } };
    expect(violations(() => readCustomJob(withSpec({ workerPoolSpecs: [tpu, {}, { replicaCount: 0 }] })))).toEqual([]);
  });

  it('refuses TPUs for tuning', () => {
    const tpu = { ...pool, machineSpec: { machineType: 'ct6e-standard-1t', tpuTopology: '1x1' } };
    expect(violations(() => readTuningJob({ ...tuning, trialJobSpec: { workerPoolSpecs: [tpu] } }))).toEqual([
      'trial_job_spec.worker_pool_specs[0].machine_spec: TPUs are not supported for hyperparameter tuning.',
    ]);
  });

  it('refuses the machine of a tuning job in the same words', () => {
    const trialJobSpec = { workerPoolSpecs: [{ ...pool, machineSpec: { machineType: 'n1-standard-2' } }] };
    expect(violations(() => readTuningJob({ ...tuning, trialJobSpec }))).toEqual([
      'Machine type "n1-standard-2" is not supported.',
    ]);
  });
});
