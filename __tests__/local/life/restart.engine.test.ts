import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Trial } from '../../../src/vertex/types.ts';
import type { Client } from '../client.ts';
import { findMachine, IMAGE } from '../machine.ts';
import { type Running, startOn } from './service.ts';

jest.setTimeout(60_000);

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: the local region's jobs over a restart (${machine})\n`);

let data = '';
let service: Running | undefined;
let client: Client;

async function start(): Promise<void> {
  service = await startOn(data);
  client = service.client;
}

/** Kills the service as it is, does what is to be done meanwhile, and starts it again. */
async function restart(meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  await service?.end('SIGKILL');
  await meanwhile();
  await start();
}

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-restart-'));
  await start();
});
afterEach(async () => {
  await service?.end('SIGTERM');
  expect(await left()).toBe('');
  await rm(data, { recursive: true, force: true });
});
afterAll(async () => {
  if (isThere) await machine.stop();
});

const docker = async (...args: string[]) => (isThere ? machine.docker(...args) : '');
const shell = (script: string, ...args: string[]) => ({ command: ['sh', '-c'], args: [script, 'sh', ...args] });

/** The mark of the service on this test's folder. */
async function instanceOf(): Promise<string> {
  const journal = await readFile(join(data, 'jobs.ndjson'), 'utf8');
  return (JSON.parse(journal.split('\n')[0] ?? '') as { readonly instance: string }).instance;
}

/** The engine's containers and networks of jobs whose files are in this test's folder. */
async function left(): Promise<string> {
  const filter = `label=train-on-vertex.service=${await instanceOf()}`;
  return (await docker('ps', '-aq', '--filter', filter)) + (await docker('network', 'ls', '-q', '--filter', filter));
}

async function containersOf(name: string): Promise<string[]> {
  const found = await docker('ps', '-aq', '--filter', `label=train-on-vertex.job=${name.split('/').at(-1)}`);
  return found.split('\n').filter((line) => line !== '');
}

/** Looks until the job has written so many lines. */
async function written(name: string, count: number, task?: string): Promise<string[]> {
  for (;;) {
    const found = await client.output(name, task);
    if (found.length >= count) return found;
    await delay(50);
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_unused, at) => `line ${at + 1}`);
/** Prints a numbered line every 0.1 s, on both of its streams in turn. */
const COUNT =
  'i=1; while [ $i -le $1 ]; do if [ $((i % 2)) = 0 ]; then echo "line $i"; else echo "line $i" >&2; fi; i=$((i+1)); sleep 0.1; done';
const byNumber = (lines: readonly string[]) => [...lines].sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));

suite('a service that was killed, started again', () => {
  it('goes on with a job in its containers: each line once, and it began when it did', async () => {
    const name = await client.createCustomJob(shell(COUNT, '40'));
    const [container] = [...(await written(name, 5).then(() => containersOf(name)))];
    const { startTime } = await client.get(name);
    await restart(() => delay(500));
    await written(name, 15);
    expect(await containersOf(name)).toEqual([container]);
    await restart();
    const job = await client.ended(name);
    expect(job).toMatchObject({ state: 'JOB_STATE_SUCCEEDED', startTime });
    expect(byNumber(await client.output(name))).toEqual(numbers(40));
    const said = (await client.entries(name, 'service')).map(({ textPayload }) => textPayload);
    expect(new Set(said).size).toBe(said.length);
    expect(said.slice(-3)).toEqual([
      'Tearing down training program.',
      'Finished tearing down training program.',
      'Job completed successfully.',
    ]);
  });

  it('takes no two lines that are alike for one, and loses no last line without an end', async () => {
    const script = 'for i in $(seq 1 30); do echo alike; sleep 0.1; done; printf "the end"';
    const name = await client.createCustomJob(shell(script));
    await written(name, 3);
    await restart();
    await client.ended(name);
    expect(await client.output(name)).toEqual([...Array(30).fill('alike'), 'the end']);
  });

  it('finds how jobs ended that did so meanwhile, in time whenever that is found, and those whose containers are gone', async () => {
    const waits = 'echo up; while [ ! -e /gcs/bucket-a/go ]; do sleep 0.05; done; echo done; exit $1';
    const base = {
      baseOutputDirectory: { outputUriPrefix: 'gs://bucket-a/' },
      scheduling: { timeout: '3s', disableRetries: true },
    };
    const good = await client.createCustomJob(shell(waits, '0'), base);
    const bad = await client.createCustomJob(shell(waits, '3'), base);
    const gone = await client.createCustomJob(shell(waits, '0'), base);
    for (const name of [good, bad, gone]) await written(name, 1);
    let back = 0;
    await restart(async () => {
      await docker('rm', '-f', ...(await containersOf(gone)));
      await writeFile(join(data, 'gcs/bucket-a/go'), '');
      await delay(3_000);
      back = Date.now();
    });
    expect(await client.ended(good)).toMatchObject({ state: 'JOB_STATE_SUCCEEDED' });
    expect(await client.ended(bad)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 3, message: expect.stringContaining('exited with a non-zero status of 3') },
    });
    expect(await client.ended(gone)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: {
        code: 13,
        message: expect.stringMatching(/^Internal error occurred: containers of the job were removed/),
      },
    });
    for (const name of [good, bad]) {
      expect(await client.output(name)).toEqual(['up', 'done']);
      const { startTime = '', endTime = '' } = await client.get(name);
      expect([startTime < endTime, Date.parse(endTime) < back - 1_000]).toEqual([true, true]);
    }
    // What ended is found by the next start too, as it was.
    const before = await Promise.all([good, bad, gone].map((name) => client.get(name)));
    await restart();
    expect(await Promise.all([good, bad, gone].map((name) => client.get(name)))).toEqual(before);
  });

  it('goes on with all replicas of a job, which still reach each other; what belongs to no job is removed', async () => {
    const serve =
      'echo up; until [ -e /gcs/bucket-b/go ]; do sleep 0.05; done; getent hosts $(echo $MASTER_ADDR) >/dev/null && echo found';
    const pool = (count: number) => ({ replicaCount: count, containerSpec: { imageUri: IMAGE, ...shell(serve) } });
    const jobSpec = { workerPoolSpecs: [pool(1), pool(2)], baseOutputDirectory: { outputUriPrefix: 'gs://bucket-b/' } };
    const name = await client.create('customJobs', { displayName: 'wide', jobSpec });
    for (const task of ['workerpool0-0', 'workerpool1-0', 'workerpool1-1']) await written(name, 1, task);
    const containers = await containersOf(name);
    expect(containers).toHaveLength(3);
    const journal = await import('node:fs/promises').then(({ readFile }) =>
      readFile(join(data, 'jobs.ndjson'), 'utf8'),
    );
    const { instance } = JSON.parse(journal.split('\n')[0] ?? '') as { readonly instance: string };
    const astray = ['--label', `train-on-vertex.service=${instance}`, '--label', 'train-on-vertex.job=1'];
    await restart(async () => {
      await docker('create', ...astray, IMAGE, 'true');
      await docker('network', 'create', ...astray, `astray-${process.pid}`);
    });
    expect(await docker('ps', '-aq', '--filter', 'label=train-on-vertex.job=1')).toBe('');
    expect(await docker('network', 'ls', '-q', '--filter', 'label=train-on-vertex.job=1')).toBe('');
    expect(await containersOf(name)).toEqual(containers);
    await writeFile(join(data, 'gcs/bucket-b/go'), '');
    expect(await client.ended(name)).toMatchObject({ state: 'JOB_STATE_SUCCEEDED' });
    expect(await client.output(name)).toEqual(['up', 'found']);
  });

  it('ends jobs that were being cancelled, and waits for what they still have to say', async () => {
    const script = "trap 'echo ending; exit 0' TERM; echo up; while :; do sleep 0.05; done";
    const name = await client.createCustomJob(shell(script));
    const stubborn = await client.createCustomJob(shell('trap "" TERM; echo up; sleep 600'));
    await written(name, 1);
    await written(stubborn, 1);
    await client.call('POST', `/v1/${stubborn}:cancel`);
    await restart();
    expect(await client.ended(stubborn)).toMatchObject({ state: 'JOB_STATE_CANCELLED', error: { code: 1 } });
    expect((await client.get(name)).state).toBe('JOB_STATE_RUNNING');
    // A service that is asked to end ends its jobs, and the next one finds them.
    await service?.end('SIGTERM');
    expect(await left()).toBe('');
    await start();
    expect((await client.get(name)).state).toBe('JOB_STATE_CANCELLED');
    expect(await client.output(name)).toEqual(['up', 'ending']);
  });

  it('lets those in that waited for room, in the order of their making, and goes on with a pipeline', async () => {
    await service?.end('SIGTERM');
    const small = ['--max-cpus', '4', '--max-memory', '15'];
    service = await startOn(data, ...small);
    client = service.client;
    const waits = 'echo up; until [ -e /gcs/bucket-d/go ]; do sleep 0.05; done; echo done';
    const machineSpec = { machineType: 'n1-standard-4' };
    const pool = { machineSpec, replicaCount: 1, containerSpec: { imageUri: IMAGE, ...shell(waits) } };
    const spec = { workerPoolSpecs: [pool], baseOutputDirectory: { outputUriPrefix: 'gs://bucket-d/' } };
    const pipeline = await client.create('trainingPipelines', {
      displayName: 'first',
      trainingTaskDefinition: 'gs://google-cloud-aiplatform/schema/trainingjob/definition/custom_task_1.0.0.yaml',
      trainingTaskInputs: spec,
    });
    const backing = async () => {
      const { trainingTaskMetadata } = (await client.get(pipeline)) as unknown as {
        readonly trainingTaskMetadata?: { readonly backingCustomJob: string };
      };
      return trainingTaskMetadata?.backingCustomJob ?? '';
    };
    while ((await backing()) === '') await delay(20);
    const first = await backing();
    await written(first, 1);
    const others: string[] = [];
    for (const displayName of ['second', 'third']) {
      others.push(await client.create('customJobs', { displayName, jobSpec: spec }));
    }
    for (const name of others) await client.until(name, ({ state }) => state === 'JOB_STATE_QUEUED');
    await service.end('SIGKILL');
    service = await startOn(data, ...small);
    client = service.client;
    const states = async () => Promise.all([first, ...others].map(async (name) => (await client.get(name)).state));
    expect(await states()).toEqual(['JOB_STATE_RUNNING', 'JOB_STATE_QUEUED', 'JOB_STATE_QUEUED']);
    await writeFile(join(data, 'gcs/bucket-d/go'), '');
    const ended = await Promise.all([first, ...others].map((name) => client.ended(name)));
    expect(ended.map(({ state }) => state)).toEqual(Array(3).fill('JOB_STATE_SUCCEEDED'));
    const times = ended.flatMap(({ startTime = '', endTime = '' }) => [startTime, endTime]);
    expect([...times].sort()).toEqual(times);
    const isOver = ({ state }: { readonly state?: string }) => state === 'PIPELINE_STATE_SUCCEEDED';
    await client.until(pipeline, isOver);
    expect(await backing()).toBe(first);
    for (const name of [first, ...others]) expect(await client.output(name)).toEqual(['up', 'done']);
  });

  it('goes on with a study in its midst: no trial runs twice, and measurements stay', async () => {
    const trial = `
      printf '{"timestamp": 1, "trial": "0", "loss": "%s", "global_step": "1"}\\n' $CLOUD_ML_TRIAL_ID > $CLOUD_ML_HP_METRIC_FILE
      echo trial $CLOUD_ML_TRIAL_ID
      [ $CLOUD_ML_TRIAL_ID -le 2 ] || until [ -e /gcs/bucket-c/go ]; do sleep 0.05; done`;
    const study = {
      displayName: 'study',
      studySpec: {
        metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }],
        parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
      },
      maxTrialCount: 6,
      parallelTrialCount: 2,
      trialJobSpec: {
        workerPoolSpecs: [{ replicaCount: 1, containerSpec: { imageUri: IMAGE, ...shell(trial) } }],
        baseOutputDirectory: { outputUriPrefix: 'gs://bucket-c/' },
      },
    };
    const name = await client.create('hyperparameterTuningJobs', study);
    await written(name, 4);
    const before = (await client.get(name)).trials ?? [];
    await restart(async () => {
      await writeFile(join(data, 'gcs/bucket-c/go'), '');
      await delay(300);
    });
    const job = await client.ended(name);
    expect(job.state).toBe('JOB_STATE_SUCCEEDED');
    const values = (job.trials ?? []).map(({ id, state, finalMeasurement }: Trial) => [
      id,
      state,
      finalMeasurement?.metrics?.[0]?.value,
    ]);
    expect(values).toEqual([1, 2, 3, 4, 5, 6].map((id) => [String(id), 'SUCCEEDED', id]));
    expect(job.trials?.slice(0, 4).map(({ customJob, startTime }) => [customJob, startTime])).toEqual(
      before.map(({ customJob, startTime }) => [customJob, startTime]),
    );
    expect([...(await client.output(name))].sort()).toEqual([1, 2, 3, 4, 5, 6].map((id) => `trial ${id}`));
  });

  it('ends a study that was being cancelled, with its trials', async () => {
    const study = {
      displayName: 'study',
      studySpec: {
        metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }],
        parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
      },
      maxTrialCount: 4,
      parallelTrialCount: 2,
      trialJobSpec: {
        workerPoolSpecs: [{ containerSpec: { imageUri: IMAGE, ...shell('trap "" TERM; echo up; sleep 600') } }],
      },
    };
    const name = await client.create('hyperparameterTuningJobs', study);
    await written(name, 2);
    await client.call('POST', `/v1/${name}:cancel`);
    await restart();
    const job = await client.ended(name);
    expect(job.state).toBe('JOB_STATE_CANCELLED');
    expect((job.trials ?? []).map(({ state }: Trial) => state)).toEqual(['INFEASIBLE', 'INFEASIBLE']);
  });
});
