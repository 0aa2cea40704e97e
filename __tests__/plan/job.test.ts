import { describe, expect, test } from '@jest/globals';
import { planJob, withImage, withLabels } from '../../src/plan/job.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { TUNING } from './run.ts';

const MACHINE = { machineType: 'n1-standard-4' };
const plan = (given: Given) =>
  planJob({ inputs: inputsOf(given), machine: MACHINE, imageUri: 'IMAGE', displayName: 'NAME' });

test('the least custom job', () => {
  expect(plan({})).toEqual({
    collection: 'customJobs',
    parent: 'projects/my-project/locations/us-central1',
    resource: {
      displayName: 'NAME',
      jobSpec: {
        workerPoolSpecs: [{ machineSpec: MACHINE, containerSpec: { imageUri: 'IMAGE' }, replicaCount: '1' }],
        scheduling: { timeout: '86400s' },
      },
    },
  });
});

test('a custom job with everything', () => {
  const { resource } = plan({
    command: '- python\n- -u',
    args: '--list=1,2\n--text=a "b" c',
    env_vars: 'A: 1\nB: "x y"',
    timeout: '90m',
    job_service_account: 'trainer@my-project.iam.gserviceaccount.com',
    output_uri: 'gs://bucket/out',
  });
  expect(resource).toEqual({
    displayName: 'NAME',
    jobSpec: {
      workerPoolSpecs: [
        {
          machineSpec: MACHINE,
          containerSpec: {
            imageUri: 'IMAGE',
            command: ['python', '-u'],
            args: ['--list=1,2', '--text=a "b" c'],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: 'x y' },
            ],
          },
          replicaCount: '1',
        },
      ],
      scheduling: { timeout: '5400s' },
      serviceAccount: 'trainer@my-project.iam.gserviceaccount.com',
      baseOutputDirectory: { outputUriPrefix: 'gs://bucket/out' },
    },
  });
});

test('the account to sign in as is not the account of the job', () => {
  const given = {
    workload_identity_provider: 'projects/123/locations/global/workloadIdentityPools/github/providers/repo',
    service_account: 'deployer@my-project.iam.gserviceaccount.com',
  };
  expect(JSON.stringify(plan(given))).not.toContain('deployer');
});

describe('replicas', () => {
  test.each([
    { count: '1', pools: ['1'] },
    { count: '2', pools: ['1', '1'] },
    { count: '4', pools: ['1', '3'] },
  ])('$count make pools of $pools', ({ count, pools }) => {
    const job = plan({ replica_count: count, args: '--x' });
    const specs = job.collection === 'customJobs' ? job.resource.jobSpec.workerPoolSpecs : [];
    expect(specs.map(({ replicaCount }) => replicaCount)).toEqual(pools);
    for (const spec of specs) {
      expect(spec).toMatchObject({ machineSpec: MACHINE, containerSpec: { imageUri: 'IMAGE', args: ['--x'] } });
    }
  });
});

test('a tuning job', () => {
  expect(plan({ ...TUNING, algorithm: 'RANDOM_SEARCH' })).toEqual({
    collection: 'hyperparameterTuningJobs',
    parent: 'projects/my-project/locations/us-central1',
    resource: {
      displayName: 'NAME',
      studySpec: {
        metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }],
        parameters: [
          { parameterId: 'rate', doubleValueSpec: { minValue: 0.001, maxValue: 0.1 }, scaleType: 'UNIT_LOG_SCALE' },
          { parameterId: 'optimizer', categoricalValueSpec: { values: ['sgd', 'adam'] } },
        ],
        algorithm: 'RANDOM_SEARCH',
      },
      maxTrialCount: 20,
      parallelTrialCount: 4,
      trialJobSpec: {
        workerPoolSpecs: [{ machineSpec: MACHINE, containerSpec: { imageUri: 'IMAGE' }, replicaCount: '1' }],
        scheduling: { timeout: '86400s' },
      },
    },
  });
});

test('the default algorithm is left to the service', () => {
  expect(plan({ ...TUNING }).resource).not.toHaveProperty('studySpec.algorithm');
});

describe.each([
  { kind: 'a custom job', given: { replica_count: '3' } as Given },
  { kind: 'a tuning job', given: { ...TUNING, replica_count: '3' } as Given },
])('$kind', ({ given }) => {
  test('gets the built image in every pool, and keeps the rest', () => {
    const before = plan(given);
    const after = withImage(before, 'IMAGE@sha256:1');
    expect(JSON.stringify(after)).toBe(JSON.stringify(before).replaceAll('"IMAGE"', '"IMAGE@sha256:1"'));
    expect(JSON.stringify(before)).not.toContain('sha256');
  });

  test('gets labels', () => {
    expect(withLabels(plan(given), { a: 'b' }).resource).toEqual({ ...plan(given).resource, labels: { a: 'b' } });
  });
});
