import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  containerVariables,
  escapeReferences,
  expand,
  type JobContext,
  seatsOf,
  serviceVariables,
} from '../../../../src/local/containers/replica/environment.ts';
import { containerBody, replicaPlan } from '../../../../src/local/containers/replica/replica-plan.ts';
import { trialSpec } from '../../../../src/local/jobs/trial-spec.ts';
import type { ContainerSpec, CustomJobSpec } from '../../../../src/vertex/types.ts';

const pool = (replicaCount: string, more: Partial<ContainerSpec> = {}) => ({
  replicaCount,
  containerSpec: { imageUri: 'image', ...more },
});
const context = (spec: CustomJobSpec, trialId?: string): JobContext => ({
  spec,
  projectNumber: '123',
  region: 'us-central1',
  jobId: '456',
  clusterId: '0123456789',
  trialId,
});
const variables = (job: JobContext, seat = { pool: 0, index: 0 }) =>
  Object.fromEntries(serviceVariables(job, seat).map(({ name, value }) => [name, value]));

describe('serviceVariables', () => {
  it('gives a single replica its cluster and nothing distributed', () => {
    const found = variables(context({ workerPoolSpecs: [pool('1')] }));
    expect(Object.keys(found)).toEqual(['CLOUD_ML_PROJECT_ID', 'CLOUD_ML_JOB_ID', 'CLOUD_ML_REGION', 'CLUSTER_SPEC']);
    expect(JSON.parse(found['CLUSTER_SPEC'] ?? '')).toEqual({
      cluster: { workerpool0: ['cmle-training-workerpool0-0123456789-0:2222'] },
      environment: 'cloud',
      task: { type: 'workerpool0', index: 0 },
      job: '{"python_module":"","package_uris":[],"job_args":[]}',
    });
  });

  it('gives each of several replicas its place', () => {
    const spec = { workerPoolSpecs: [pool('1'), pool('2'), {}, pool('1')] };
    const found = variables(context(spec), { pool: 1, index: 1 });
    expect(JSON.parse(found['TF_CONFIG'] ?? '')).toMatchObject({
      cluster: {
        chief: ['training-workerpool0-0123456789-0:2222'],
        worker: ['training-workerpool1-0123456789-0:2222', 'training-workerpool1-0123456789-1:2222'],
      },
      task: { type: 'worker', index: 1 },
      environment: 'cloud',
    });
    expect(Object.keys(JSON.parse(found['TF_CONFIG'] ?? '').cluster)).not.toContain('evaluator');
    expect(found).toMatchObject({ RANK: '2', WORLD_SIZE: '4', MASTER_ADDR: 'cmle-training-workerpool0-0123456789-0' });
  });

  it('counts no Reduction Server among the ranks', () => {
    const server = pool('2', { imageUri: 'host/training/reductionserver:latest' });
    const spec = { workerPoolSpecs: [pool('1'), pool('1'), server] };
    expect(variables(context(spec), { pool: 1, index: 0 })).toMatchObject({ RANK: '1', WORLD_SIZE: '2' });
    expect(variables(context(spec), { pool: 2, index: 0 })['RANK']).toBeUndefined();
  });

  it('gives a trial its id, its file and its own folders', () => {
    const base = { workerPoolSpecs: [pool('1')], baseOutputDirectory: { outputUriPrefix: 'gs://b/out' } };
    const found = variables(context(trialSpec(base, '3', []), '3'));
    expect(found).toMatchObject({
      CLOUD_ML_TRIAL_ID: '3',
      CLOUD_ML_HP_METRIC_FILE: '/var/hypertune/output.metrics',
      AIP_MODEL_DIR: 'gs://b/out/3/model/',
      AIP_CHECKPOINT_DIR: 'gs://b/out/3/checkpoints/',
      AIP_TENSORBOARD_LOG_DIR: 'gs://b/out/3/logs/',
    });
    expect(JSON.parse(found['CLUSTER_SPEC'] ?? '').task.trial).toBe('3');
  });

  it('names the TensorBoard of a job to its program', () => {
    const tensorboard = 'projects/123/locations/us-central1/tensorboards/7';
    const found = variables(context({ workerPoolSpecs: [pool('1')], tensorboard }));
    expect(found).toMatchObject({
      AIP_TENSORBOARD_RESOURCE_NAME: tensorboard,
      AIP_TENSORBOARD_API_URI: 'us-central1-aiplatform.googleapis.com',
      AIP_TF_PROFILER_PORT: expect.stringMatching(/^\d+$/),
      AIP_HTTP_HANDLER_PORT: expect.stringMatching(/^\d+$/),
    });
    const dashboard = variables(context({ workerPoolSpecs: [pool('1')], enableDashboardAccess: true }));
    expect(Object.keys(dashboard).filter((name) => name.startsWith('AIP_'))).toEqual(['AIP_HTTP_HANDLER_PORT']);
  });

  it('gives every replica a rank of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }), (counts) => {
        const job = context({ workerPoolSpecs: [pool('1'), ...counts.map((count) => pool(String(count)))] });
        const seats = seatsOf(job.spec);
        fc.pre(seats.length > 1);
        const ranks = seats.map((seat) => Number(variables(job, seat)['RANK']));
        expect(ranks).toEqual(seats.map((_seat, index) => index));
      }),
    );
  });
});

describe('expand', () => {
  const known = new Map([
    ['A', 'x'],
    ['B', '$(A)'],
  ]);
  it.each([
    ['a known name', '$(A)/y', 'x/y'],
    ['an unknown name stays', '$(C)', '$(C)'],
    ['a doubled sign is literal', '$$(A)', '$(A)'],
    ['the value is not expanded again', '$(B)', '$(A)'],
    ['a shell’s own forms stay', '$A $(ls -l) $$', '$A $(ls -l) $$'],
  ])('%s', (_name, text, expected) => {
    expect(expand(text, known)).toBe(expected);
  });

  it('gives back what was escaped', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[$()AB a]*$/), (text) => {
        fc.pre(!text.includes('$$'));
        expect(expand(escapeReferences(text), known)).toBe(text);
      }),
    );
  });

  it('lets a variable see those before it only', () => {
    const found = containerVariables(
      [{ name: 'S', value: '1' }],
      [
        { name: 'A', value: '$(S)$(Z)' },
        { name: 'Z', value: '$(A)' },
      ],
    );
    expect(Object.fromEntries(found)).toEqual({ S: '1', A: '1$(Z)', Z: '1$(Z)' });
  });
});

describe('containerBody', () => {
  const machine = {
    cpus: 2,
    memoryBytes: 2 ** 33,
    limitsCpus: true,
    limitsMemory: true,
    limitsSwap: true,
    limitsDisks: false,
  };
  const around = {
    labels: {},
    network: 'net',
    address: undefined,
    names: [],
    buckets: '/data/gcs',
    metrics: undefined,
    withGpus: false,
    machine,
  };
  const body = (more: Partial<ContainerSpec>) =>
    containerBody(replicaPlan(context({ workerPoolSpecs: [pool('1', more)] }), { pool: 0, index: 0 }), around);

  it.each([
    ['neither: the image’s own', {}, undefined, undefined],
    ['command only', { command: ['a'] }, ['a'], undefined],
    ['args only', { args: ['b', 'c d'] }, undefined, ['b', 'c d']],
    ['both', { command: ['a'], args: ['b'] }, ['a'], ['b']],
    ['args with variables', { args: ['--p=$(CLOUD_ML_JOB_ID)'] }, undefined, ['--p=456']],
  ])('%s', (_name, more, entrypoint, cmd) => {
    expect([body(more)['Entrypoint'], body(more)['Cmd']]).toEqual([entrypoint, cmd]);
  });

  it('gives a container a host name of its own, and the others the two that they know', () => {
    const aliases = ['cmle-training-workerpool0-0123456789-0', 'training-workerpool0-0123456789-0'];
    expect(body({})).toMatchObject({
      Hostname: expect.stringMatching(/^cmle-training-workerpool0-0123456789-0-[a-z]{5}$/),
      NetworkingConfig: { EndpointsConfig: { net: { Aliases: aliases } } },
    });
    expect(body({})['Hostname']).toBe(body({})['Hostname']);
  });

  it('asks for no GPU in the place of a TPU', () => {
    const workerPoolSpecs = [
      { ...pool('1'), machineSpec: { acceleratorType: 'TPU_V3' as const, acceleratorCount: 8 } },
    ];
    const plan = replicaPlan(context({ workerPoolSpecs }), { pool: 0, index: 0 });
    expect(containerBody(plan, { ...around, withGpus: true })['HostConfig']).not.toHaveProperty('DeviceRequests');
  });

  it('asks for GPUs only where the engine has them', () => {
    const plan = { ...replicaPlan(context({ workerPoolSpecs: [pool('1')] }), { pool: 0, index: 0 }), gpus: 2 };
    expect(containerBody(plan, around)['HostConfig']).not.toHaveProperty('DeviceRequests');
    expect(containerBody(plan, { ...around, withGpus: true })['HostConfig']).toMatchObject({
      DeviceRequests: [{ Count: 2, Capabilities: [['gpu']] }],
    });
  });

  it('never mounts the engine’s socket and is never privileged', () => {
    const text = JSON.stringify(body({ env: [{ name: 'A', value: '/gcs/bucket/x' }] }));
    expect(text).not.toMatch(/docker\.sock|Privileged/);
  });
});

describe('trialSpec', () => {
  it('puts the values after the given arguments, as they are', () => {
    const point = [
      { parameterId: 'lr', value: 0.5 },
      { parameterId: 'k', value: 'a $(HOME) b' },
    ];
    const spec = trialSpec({ workerPoolSpecs: [pool('1', { args: ['--x'] })] }, '1', point);
    expect(replicaPlan(context(spec, '1'), { pool: 0, index: 0 }).args).toEqual(['--x', '--lr=0.5', '--k=a $(HOME) b']);
  });
});
