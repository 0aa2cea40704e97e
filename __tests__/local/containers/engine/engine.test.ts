import { afterEach, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../../src/local/service.ts';
import type { Clock } from '../../../../src/retry.ts';
import { Client } from '../../client.ts';
import { type StandIn, startEngine } from './engine-stand-in.ts';

/** Never waits, but for a job's own timeout. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    ms < 60_000
      ? Promise.resolve()
      : new Promise((_resolve, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true }),
        ),
};

let engine: StandIn;
let service: Service;
let client: Client;

async function start(options: Parameters<typeof startEngine>[0]): Promise<void> {
  engine = await startEngine(options);
  service = await startService({ port: 0, engine: engine.address, clock });
  client = new Client(service.port);
}
afterEach(async () => {
  await service.close();
  await engine.close();
});

const T4 = { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 2 };
const pool = (more: object = {}) => ({ replicaCount: 1, containerSpec: { imageUri: 'image' }, ...more });
const run = async (pools: object[], more: object = {}) => {
  const jobSpec = { workerPoolSpecs: pools, ...more };
  const name = await client.create('customJobs', { displayName: 'engine', jobSpec });
  return { name, job: await client.ended(name) };
};
const lines = async (name: string) => (await client.entries(name, 'service')).map(({ textPayload }) => textPayload);
const hostConfigs = () => engine.created.map((body) => body['HostConfig']);
const NO_GPU = 'This engine has no GPU: the job asks for 2 NVIDIA_TESLA_T4 and 2 NVIDIA_TESLA_T4 and runs without.';

describe('GPUs', () => {
  it.each([
    ['has their runtime', { Runtimes: { runc: {}, nvidia: {} } }],
    [
      'found them by itself',
      { Runtimes: { runc: {} }, DiscoveredDevices: [{ Source: 'cdi', ID: 'nvidia.com/gpu=0' }] },
    ],
  ])('are asked for each replica where the engine %s', async (_name, info) => {
    await start({ info });
    const { name, job } = await run([pool({ machineSpec: T4 }), pool({ machineSpec: T4 }), pool()]);
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    const requests = { DeviceRequests: [{ Count: 2, Capabilities: [['gpu']] }] };
    expect(hostConfigs()).toMatchObject([requests, requests, {}]);
    expect(hostConfigs()[2]).not.toHaveProperty('DeviceRequests');
    expect(await lines(name)).not.toContain(NO_GPU);
  });

  it('are all given where the engine has fewer, and the job is told so', async () => {
    await start({ info: { Runtimes: { nvidia: {} } }, gpus: 1 });
    const { name, job } = await run([pool({ machineSpec: T4 })]);
    expect([job.state, job.error]).toEqual(['JOB_STATE_SUCCEEDED', undefined]);
    const counts = [2, -1].map((Count) => ({ DeviceRequests: [{ Count, Capabilities: [['gpu']] }] }));
    expect(hostConfigs()).toMatchObject(counts);
    const told = 'This engine has fewer GPUs than the 2 that workerpool0-0 asks for: it gets all that there are.';
    expect((await lines(name)).filter((line) => line === told)).toHaveLength(1);
  });

  it('are done without where it has none, and the job is told so', async () => {
    await start({ info: { Runtimes: { runc: {} }, DiscoveredDevices: [{ Source: 'cdi', ID: 'vendor.com/net=0' }] } });
    const { name, job } = await run([pool({ machineSpec: T4 }), pool({ machineSpec: T4 })]);
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    for (const config of hostConfigs()) expect(config).not.toHaveProperty('DeviceRequests');
    expect((await lines(name)).filter((line) => line === NO_GPU)).toHaveLength(1);
  });
});

describe('what a machine lacks', () => {
  it('is told once for all trials of a job', async () => {
    await start({ info: { Runtimes: { runc: {} } } });
    const name = await client.create('hyperparameterTuningJobs', {
      displayName: 'trials',
      maxTrialCount: 3,
      parallelTrialCount: 3,
      maxFailedTrialCount: 3,
      studySpec: {
        metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
        parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 1, maxValue: 2 } }],
      },
      trialJobSpec: { workerPoolSpecs: [pool({ machineSpec: T4, diskSpec: { bootDiskSizeGb: 200 } })] },
    });
    const job = await client.ended(name);
    expect(job.trials).toHaveLength(3);
    const told = (await lines(name)).filter((line) => line?.startsWith('This engine '));
    expect(told.map((line) => line?.slice(0, 26))).toEqual([
      'This engine has no GPU: th',
      'This engine limits no disk',
    ]);
  });
});

describe('disks', () => {
  it.each([
    ['are limited where the engine can', 'btrfs', { size: '200G' }, false],
    ['are told of where it cannot', 'overlay2', undefined, true],
  ])('%s', async (_name, Driver, StorageOpt, isTold) => {
    await start({ info: { Driver } });
    const { name } = await run([pool({ diskSpec: { bootDiskSizeGb: 200 } })]);
    expect(hostConfigs().map((config) => (config as Record<string, unknown>)['StorageOpt'])).toEqual([StorageOpt]);
    expect((await lines(name)).some((line) => line?.startsWith('This engine limits no disk'))).toBe(isTold);
  });
});

describe('an error of the service itself', () => {
  const twoPools = [pool(), pool()];

  it('has the job tried again twice', async () => {
    await start({ refusedNetworks: 2 });
    const { name, job } = await run(twoPools);
    expect([job.state, engine.networks()]).toEqual(['JOB_STATE_SUCCEEDED', 3]);
    expect((await lines(name)).filter((line) => line?.startsWith('Internal error occurred'))).toHaveLength(2);
  });

  it.each([
    ['fails the job after three attempts', {}, 3],
    ['fails it at once where retries are disabled', { scheduling: { disableRetries: true } }, 1],
  ])('%s', async (_name, more, attempts) => {
    await start({ refusedNetworks: 9 });
    const { job } = await run(twoPools, more);
    expect(engine.networks()).toBe(attempts);
    expect(job).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: {
        code: 13,
        message: 'Internal error occurred for the current attempt: The Docker engine answered: no more addresses',
      },
    });
  });
});
