import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { CustomJob } from '../../../src/vertex/types.ts';
import { findMachine, IMAGE } from '../machine.ts';
import { next } from './client.ts';
import { type FaultyProcess, startProcess } from './process.ts';
import { customJob, ENDS, Opened, PARENT, reached, texts, tuningJob } from './service.ts';

jest.setTimeout(60_000);

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: faults of jobs in containers (${machine})\n`);

let data: string;
let running: FaultyProcess | undefined;
let service: Opened;

async function start(): Promise<void> {
  running = await startProcess({ data, port: running?.port });
  service = new Opened(running.port);
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'faults-containers-'));
  await start();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await rm(data, { recursive: true, force: true });
});
afterAll(async () => {
  if (isThere) await machine.stop();
});

const pool = (script: string) => ({ containerSpec: { imageUri: IMAGE, command: ['sh', '-c', script] } });
const containerJob = (script: string): CustomJob => ({
  displayName: 'container',
  jobSpec: { workerPoolSpecs: [pool(script)] },
});

async function jobs(label: string): Promise<string[]> {
  if (!isThere) return [];
  const format = ['--format', '{{.ID}}', '--filter', `label=${label}`];
  return (await machine.docker('ps', '--all', ...format)).split('\n').filter((line) => line !== '');
}
const containersOf = (name: string) => jobs(`train-on-vertex.job=${name.split('/').at(-1)}`);

async function said(name: string, count: number): Promise<string[]> {
  for (;;) {
    const found = texts(await service.entries(name));
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

suite('a service that fails on demand', () => {
  it('runs jobs in containers beside those of scripts, and asks no engine for these', async () => {
    await service.faults.order({
      scripts: { s: {} },
      rules: [next('get', { kind: 'refuse', reason: 'unavailable' })],
    });
    const real = await service.vertex.create(PARENT, 'customJobs', containerJob('echo out'));
    const simulated = await service.vertex.create(PARENT, 'customJobs', customJob('s'));
    await expect(service.vertex.get(real.name)).rejects.toThrow('HTTP 503');
    for (const { name } of [real, simulated]) expect((await reached(service, name, ...ENDS)).state).toBe('SUCCEEDED');
    expect(texts(await service.entries(real.name))).toEqual(['out']);
  });

  it('takes the machine of a container, and starts another', async () => {
    const { name } = await service.vertex.create(PARENT, 'customJobs', containerJob('hostname; sleep 600'));
    await said(name, 1);
    const [first] = await containersOf(name);
    await service.faults.order({ jobs: [{ name, preempt: 'job' }] });
    const [one, two] = await said(name, 2);
    // The same host name (the page on restarts of workers), another container.
    expect(two).toBe(one);
    const [second, ...others] = await containersOf(name);
    expect([second === first, others]).toEqual([false, []]);
    await reached(service, name, 'RUNNING');
    await service.faults.order({ jobs: [{ name, preempt: 'fail' }] });
    expect(await reached(service, name, ...ENDS)).toMatchObject({
      state: 'FAILED',
      error: { message: expect.stringContaining('STOCKOUT') },
    });
    expect(await containersOf(name)).toEqual([]);
  });

  it('that was killed goes on with its containers', async () => {
    const script = 'echo on; sleep 600';
    const study = tuningJob('s', { trialJobSpec: { workerPoolSpecs: [pool(script)] } });
    const { name } = await service.vertex.create(PARENT, 'customJobs', containerJob(script));
    const tuning = await service.vertex.create(PARENT, 'hyperparameterTuningJobs', study);
    await said(name, 1);
    await said(tuning.name, 2);
    const [container] = await containersOf(name);
    await running?.kill();
    await start();
    expect(await containersOf(name)).toEqual([container]);
    expect(await reached(service, name, 'RUNNING')).toMatchObject({ state: 'RUNNING' });
    await service.faults.order({ jobs: [{ name, preempt: 'fail' }] });
    expect(await reached(service, name, ...ENDS)).toMatchObject({ state: 'FAILED' });
    await service.vertex.cancel(tuning.name);
    const after = await reached(service, tuning.name, ...ENDS);
    expect(after.trials.map(({ state }) => state)).toEqual(['INFEASIBLE', 'INFEASIBLE']);
    expect(texts(await service.entries(name))).toEqual(['on']);
    expect(texts(await service.entries(tuning.name))).toEqual(['on', 'on']);
    for (const each of [name, ...after.trials.map((trial) => trial.customJob ?? '')]) {
      expect(await containersOf(each)).toEqual([]);
    }
  });
});
