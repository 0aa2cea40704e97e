import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/machine/places.ts';
import { must } from '../../scripts/machine/run.ts';
import { type Service, startService } from '../../src/local/service.ts';
import { Client } from './client.ts';
import { findMachine, IMAGE } from './machine.ts';

const gcloud = await findProgram('gcloud');
const machine = gcloud === undefined ? 'gcloud is not on this machine' : await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: gcloud against the local region (${machine})\n`);

let service: Service;
let folder = '';

beforeAll(async () => {
  if (!isThere) return;
  folder = await mkdtemp(join(tmpdir(), 'gcloud-local-'));
  // Room for the two trials that are to run side by side.
  const room = { maxCpus: 8, maxMemoryGiB: 30 };
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1, ...room });
  await writeFile(join(folder, 'token'), 'any-word');
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
  await rm(folder, { recursive: true });
});

/** Runs an unmodified `gcloud ai …` pointed at the service; gives its stdout. */
async function ai(...args: readonly string[]): Promise<string> {
  const base = `http://127.0.0.1:${service.port}/`;
  const env = {
    ...process.env,
    CLOUDSDK_CONFIG: join(folder, 'config'),
    CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: base,
    CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: base,
    CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(folder, 'token'),
    CLOUDSDK_CORE_PROJECT: 'my-project',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
  };
  return must(gcloud ?? 'gcloud', ['ai', ...args, '--region=us-central1'], { env, timeoutMs: 60_000 });
}

async function config(name: string, value: object): Promise<string> {
  const path = join(folder, name);
  // JSON is YAML.
  await writeFile(path, JSON.stringify(value));
  return `--config=${path}`;
}

const idOf = (name: string) => name.split('/').at(-1) ?? '';
const pool = (script: string) => ({
  machineSpec: { machineType: 'n1-standard-4' },
  replicaCount: 1,
  containerSpec: { imageUri: IMAGE, command: ['sh', '-c'], args: [script, 'sh'] },
});

suite('gcloud ai custom-jobs', () => {
  it('creates, lists, describes and cancels', async () => {
    const spec = await config('custom.yaml', { workerPoolSpecs: [pool('echo started; sleep 60')] });
    await ai('custom-jobs', 'create', '--display-name=from-gcloud', spec, '--labels=team=vision');
    const filter = '--filter=labels.team=vision';
    const [name = ''] = (await ai('custom-jobs', 'list', filter, '--format=value(name)')).trim().split('\n');
    expect(name).toMatch(/^projects\/\d+\/locations\/us-central1\/customJobs\/\d+$/);
    await new Client(service.port).until(name, (job) => job.state === 'JOB_STATE_RUNNING');
    const described = JSON.parse(await ai('custom-jobs', 'describe', idOf(name), '--format=json'));
    expect(described).toMatchObject({
      name,
      displayName: 'from-gcloud',
      state: 'JOB_STATE_RUNNING',
      labels: { team: 'vision' },
      jobSpec: { workerPoolSpecs: [{ replicaCount: '1' }] },
    });
    await ai('custom-jobs', 'cancel', idOf(name));
    const job = await new Client(service.port).ended(name);
    expect(job.state).toBe('JOB_STATE_CANCELLED');
  }, 120_000);

  it('streams the log of a job that has ended', async () => {
    const client = new Client(service.port);
    const name = await client.createCustomJob({ command: ['sh', '-c', 'echo to-stdout; echo to-stderr >&2'] });
    await client.ended(name);
    const text = await ai('custom-jobs', 'stream-logs', idOf(name), '--polling-interval=1');
    expect(text).toMatch(/INFO\t[^\t]+\tworkerpool0-0\tto-stdout/);
    expect(text).toMatch(/ERROR\t[^\t]+\tworkerpool0-0\tto-stderr/);
    expect(text).toMatch(/INFO\t[^\t]+\tservice\tJob completed successfully\./);
  }, 120_000);
});

suite('gcloud ai hp-tuning-jobs', () => {
  it('creates, lists, describes and cancels', async () => {
    const script =
      'echo "{\\"acc\\": \\"0.5\\", \\"global_step\\": \\"1\\", \\"timestamp\\": 1}" > $CLOUD_ML_HP_METRIC_FILE; sleep 60';
    const spec = await config('tuning.yaml', {
      studySpec: {
        metrics: [{ metricId: 'acc', goal: 'MAXIMIZE' }],
        parameters: [
          { parameterId: 'rate', scaleType: 'UNIT_LOG_SCALE', doubleValueSpec: { minValue: 0.001, maxValue: 0.1 } },
          { parameterId: 'layers', integerValueSpec: { minValue: 1, maxValue: 4 } },
        ],
      },
      trialJobSpec: { workerPoolSpecs: [pool(script)] },
    });
    const counts = ['--max-trial-count=3', '--parallel-trial-count=2'];
    await ai('hp-tuning-jobs', 'create', '--display-name=tuned', spec, ...counts);
    const [name = ''] = (await ai('hp-tuning-jobs', 'list', '--format=value(name)')).trim().split('\n');
    const client = new Client(service.port);
    await client.until(name, (job) => (job.trials ?? []).filter((trial) => trial.measurements).length === 2);
    const described = JSON.parse(await ai('hp-tuning-jobs', 'describe', idOf(name), '--format=json'));
    expect(described).toMatchObject({ maxTrialCount: 3, state: 'JOB_STATE_RUNNING' });
    expect(described.trials[0]).toMatchObject({
      id: '1',
      state: 'ACTIVE',
      measurements: [{ stepCount: '1', metrics: [{ metricId: 'acc', value: 0.5 }] }],
    });
    await ai('hp-tuning-jobs', 'cancel', idOf(name));
    expect((await client.ended(name)).state).toBe('JOB_STATE_CANCELLED');
  }, 120_000);
});
