import { describe, expect, test } from '@jest/globals';
import { explainPlan } from '../../src/plan/explain.ts';
import type { Given } from '../inputs/given.ts';
import { planned, told, yaml } from './request/judge.ts';

describe('failover_after', () => {
  const ONE =
    'failover_after is given, but there is one region and one kind of hardware, and nothing to make way for. Name further regions in region or further hardware in fallback_hardware, or remove it. [failover-idle]';
  const UNSEEN =
    'failover_after is given, but wait is false: the step ends with the submission, and nobody sees how long the job waits. Remove one. [failover-idle]';

  test.each<{ name: string; given: Given; warnings: string[] }>([
    { name: 'with one choice', given: {}, warnings: [ONE] },
    { name: 'with one region that stands twice', given: { region: 'us-central1\nus-central1' }, warnings: [ONE] },
    { name: 'with another region', given: { region: 'us-central1\nus-east1' }, warnings: [] },
    { name: 'with other hardware', given: { fallback_hardware: '- { machine_type: n1-standard-8 }' }, warnings: [] },
    { name: 'that nobody watches', given: { region: 'us-central1\nus-east1', wait: 'false' }, warnings: [UNSEEN] },
  ])('$name', ({ given, warnings }) => {
    expect(told({ failover_after: '20m', ...given }).warnings).toEqual(warnings);
  });

  test('is not called idle because of hardware that was refused', () => {
    const { errors, warnings } = told({ failover_after: '20m', fallback_hardware: '- { machine: x }' });
    expect(errors).toHaveLength(1);
    expect(warnings).toEqual([]);
  });
});

describe('a config with several pools', () => {
  const pools = (first: string, second: string) => yaml`
    workerPoolSpecs:
    - machineSpec: ${first}
      replicaCount: 1
    - machineSpec: ${second}
      replicaCount: 2
  `;
  const CPU = '{ machineType: n1-standard-4 }';
  const A100 = '{ machineType: a2-highgpu-1g }';
  const T4 = '{ machineType: n1-standard-4, acceleratorType: NVIDIA_TESLA_T4, acceleratorCount: 1 }';
  const L4: Given = { fallback_hardware: '- { accelerator_type: l4 }' };

  test.each<{ name: string; given: Given; config: string; errors?: string[]; warnings?: string[] }>([
    { name: 'of the same machine', given: L4, config: pools(A100, A100) },
    { name: 'one of them without accelerators', given: L4, config: pools(A100, CPU) },
    {
      name: 'of other accelerators, which are waited for with every item',
      given: L4,
      config: pools(A100, T4),
      warnings: [
        'fallback_hardware: takes the place of 1 x NVIDIA_TESLA_A100 on a2-highgpu-1g in the first worker pool, and worker pool 1 keeps 1 x NVIDIA_TESLA_T4 on n1-standard-4, which is waited for with every item. [fallback-pools]',
      ],
    },
    {
      name: 'whose accelerators no item replaces',
      given: L4,
      config: pools(CPU, T4),
      errors: [
        'fallback_hardware: would take the place of n1-standard-4 in the first worker pool, and worker pool 1 keeps 1 x NVIDIA_TESLA_T4 on n1-standard-4: the accelerators stay those that are not to be had. Name further regions in region instead, or leave it out. [fallback-pools]',
      ],
    },
    {
      name: 'and another strategy for all',
      given: { fallback_hardware: '- { strategy: spot }' },
      config: pools(CPU, T4),
    },
    { name: 'in several regions', given: { region: 'us-central1\nus-east1' }, config: pools(CPU, T4) },
  ])('$name', ({ given, config, errors = [], warnings = [] }) => {
    expect(told(given, config)).toMatchObject({ errors, warnings });
  });
});

describe('the plan', () => {
  const GIVEN: Given = {
    accelerator_type: 'l4',
    timeout: '1h',
    fallback_hardware: '- { accelerator_type: a100, accelerator_count: 2, strategy: spot }',
  };

  test('is bounded by the most that any choice can use up', () => {
    expect(planned(GIVEN).bounds).toMatchObject({
      machineHours: 1,
      acceleratorHours: 2,
      accelerators: 2,
      platformRetries: 6,
    });
    expect(planned({ ...GIVEN, hourly_price: '3' }).bounds.cost).toBe(3);
  });

  test('lists what is tried in turn, where there is a choice', () => {
    const choices = (given: Given) => explainPlan(planned(given)).filter((line) => line.startsWith('Choice'));
    expect(choices({ ...GIVEN, region: 'us-central1\nus-east1' })).toEqual([
      'Choice 1 of 4: 1 x NVIDIA_L4 on g2-standard-4 in us-central1',
      'Choice 2 of 4: 2 x NVIDIA_TESLA_A100 on a2-highgpu-2g, SPOT in us-central1',
      'Choice 3 of 4: 1 x NVIDIA_L4 on g2-standard-4 in us-east1',
      'Choice 4 of 4: 2 x NVIDIA_TESLA_A100 on a2-highgpu-2g, SPOT in us-east1',
    ]);
    expect(choices({ accelerator_type: 'l4' })).toEqual([]);
  });

  test('asks about each region once', () => {
    const given = { ...GIVEN, region: 'us-central1\nus-east1', output_uri: 'gs://my-bucket/runs' };
    const questions = planned(given)
      .checks.filter(({ kind }) => kind === 'data-location')
      .map(({ question }) => question);
    expect(questions).toEqual([
      'Is gs://my-bucket in us-central1 and in project my-project, as the job is?',
      'Is gs://my-bucket in us-east1 and in project my-project, as the job is?',
    ]);
  });
});
