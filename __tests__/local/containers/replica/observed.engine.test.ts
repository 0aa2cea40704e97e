import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../../src/local/service.ts';
import type { LogEntry } from '../../../../src/vertex/types.ts';
import { Client } from '../../client.ts';
import { findMachine, IMAGE } from '../../machine.ts';
import { type Setting, variablesOf } from './reference.ts';
import { ENTRY_FIELDS, JOB_FIELDS, PLATFORM_LINES, TASK_COMPLETED } from './reference-log.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: what a job of the local region observes (${machine})\n`);

/** Tells its environment, then waits until every replica of the job has. */
const PROGRAM = `
import glob, json, os, pathlib, sys, time
print(json.dumps({'environment': dict(os.environ), 'arguments': sys.argv[1:]}), flush=True)
told = '/gcs/observed/' + os.environ.get('CLOUD_ML_JOB_ID', '')
pathlib.Path(told + '-' + os.environ.get('RANK', '0')).touch()
while len(glob.glob(told + '-*')) < int(os.environ.get('WORLD_SIZE', '1')): time.sleep(0.05)
print('plain')
print('plain error', file=sys.stderr)
print(json.dumps({'severity': 'NOTICE', 'message': 'structured', 'step': 1}))
if 'CLOUD_ML_HP_METRIC_FILE' in os.environ:
    report = {'checkpoint_path': '', 'global_step': '1', 'm': '0.5', 'timestamp': time.time(), 'trial': os.environ['CLOUD_ML_TRIAL_ID']}
    pathlib.Path(os.environ['CLOUD_ML_HP_METRIC_FILE']).write_text(json.dumps(report) + chr(10))
time.sleep(0.2)
`;
const BASE = { baseOutputDirectory: { outputUriPrefix: 'gs://results/out' } };
const TENSORBOARD = 'projects/123/locations/us-central1/tensorboards/7';
const OWN = { name: 'OWN', value: '$(CLOUD_ML_REGION) $(NOT_THERE) $$(CLOUD_ML_REGION)' };

const pool = (replicaCount: number) => ({
  replicaCount,
  containerSpec: {
    imageUri: IMAGE,
    command: ['python3', '-c', PROGRAM],
    args: ['--out=$(AIP_MODEL_DIR)', '/gcs/observed/'],
    env: [OWN],
  },
});

type Environment = Readonly<Record<string, string>>;
interface Observed {
  readonly environment: Environment;
  readonly arguments: readonly string[];
}

let service: Service;
let client: Client;
/** The variables of any container of the image, whoever runs it. */
let ofImage: readonly string[] = [];

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 0 });
  client = new Client(service.port);
  const show = 'import json,os; print(json.dumps(dict(os.environ)))';
  const plain = JSON.parse(await machine.docker('run', '--rm', IMAGE, 'python3', '-c', show)) as Environment;
  ofImage = Object.keys(plain).filter((name) => name !== 'HOSTNAME');
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

const idOf = (name: string) => name.split('/').at(-1) ?? '';

/** What a replica told of itself, by the log that its lines are in. */
async function observed(logOf: string, replica: string, trial?: string): Promise<Observed> {
  const entries = await client.entries(logOf, replica);
  const own = entries.filter((entry) => entry.labels?.['ml.googleapis.com/trial_id'] === trial);
  const found = own.find(({ jsonPayload }) => jsonPayload?.['environment'] !== undefined);
  if (found === undefined) throw new Error(`${replica} told nothing: ${JSON.stringify(own)}`);
  return found.jsonPayload as unknown as Observed;
}

/** The cluster's digits, as CLUSTER_SPEC tells them. */
const digitsOf = ({ CLUSTER_SPEC = '' }: Environment) =>
  /workerpool0-([0-9a-f]{10})-0:2222/.exec(CLUSTER_SPEC)?.[1] ?? '';

/** Compares an environment with the table, key by key. */
function compare(environment: Environment, setting: Setting): void {
  const rows = variablesOf(setting);
  const expected = rows.map(({ name }) => name).concat('OWN');
  const names = Object.keys(environment).filter((name) => !ofImage.includes(name));
  expect(names.sort()).toEqual(expected.sort());
  for (const { name, value } of rows) {
    const text = environment[name] ?? '';
    const form = value(setting);
    if (typeof form === 'string') expect([name, text]).toEqual([name, form]);
    else if (form instanceof RegExp) expect([name, text]).toEqual([name, expect.stringMatching(form)]);
    else expect([name, JSON.parse(text)]).toEqual([name, form.json]);
  }
  expect(environment['OWN']).toBe('us-central1 $(NOT_THERE) $(CLOUD_ML_REGION)');
}

/** Compares every replica of a job with the table. */
async function compareAll(
  { name, logOf = name, trial }: { name: string; logOf?: string; trial?: string },
  setting: Pick<Setting, 'replicas' | 'base' | 'tensorboard'>,
): Promise<void> {
  const [, projectNumber = ''] = name.split('/');
  for (const [index, count] of setting.replicas.entries()) {
    for (let replica = 0; replica < count; replica += 1) {
      const { environment } = await observed(logOf, `workerpool${index}-${replica}`, trial);
      const cluster = digitsOf(environment);
      const place = { projectNumber, region: 'us-central1', jobId: idOf(name), pool: index, index: replica, cluster };
      compare(environment, { ...setting, ...place, ...(trial === undefined ? {} : { trial }) });
    }
  }
}

/** Compares the entries of a job with the table, key by key. */
function compareEntries(entries: readonly LogEntry[], jobId: string, labels?: readonly string[]): void {
  for (const entry of entries) {
    const { textPayload, jsonPayload, labels: found, ...fields } = entry;
    expect(Object.keys(fields).sort()).toEqual(Object.keys(ENTRY_FIELDS).sort());
    for (const [name, form] of Object.entries(ENTRY_FIELDS)) {
      const value = (fields as Readonly<Record<string, unknown>>)[name];
      if (form === 'object') expect([name, typeof value]).toEqual([name, form]);
      else expect([name, value]).toEqual([name, expect.stringMatching(form)]);
    }
    expect([textPayload, jsonPayload].filter((payload) => payload !== undefined)).toHaveLength(1);
    expect(entry.resource).toEqual({
      type: 'ml_job',
      labels: {
        job_id: jobId,
        task_name: expect.stringMatching(/^(service|workerpool\d+-\d+)$/),
        project_id: 'my-project',
      },
    });
    expect(Object.keys(found ?? {})).toEqual(labels ?? []);
    expect(Date.parse(entry.receiveTimestamp ?? '')).toBeGreaterThanOrEqual(Date.parse(entry.timestamp ?? ''));
  }
  const keys = entries.map(({ timestamp = '', insertId = '' }) => `${timestamp} ${insertId}`);
  expect(keys).toEqual([...new Set(keys)].sort());
}

suite('a job of four pools', () => {
  const replicas = [1, 2, 1, 1];
  let name: string;
  beforeAll(async () => {
    const jobSpec = { workerPoolSpecs: replicas.map(pool), ...BASE, tensorboard: TENSORBOARD, serviceAccount: 'a@b.c' };
    name = await client.create('customJobs', { displayName: 'observed', jobSpec });
  });

  it('has the fields of a CustomJob', async () => {
    const job = await client.ended(name);
    expect([job.error, job.state]).toEqual([undefined, 'JOB_STATE_SUCCEEDED']);
    expect(Object.keys(job).sort()).toEqual([...JOB_FIELDS].sort());
    const times = [job.createTime, job.startTime, job.endTime].map((time) => Date.parse(time ?? ''));
    expect(times).toEqual([...times].sort((left, right) => left - right));
  });

  it('observes the environment of the tables in every replica', async () => {
    await compareAll({ name }, { replicas, base: 'gs://results/out', tensorboard: TENSORBOARD });
    const { arguments: found } = await observed(name, 'workerpool0-0');
    expect(found).toEqual(['--out=gs://results/out/model/', '/gcs/observed/']);
  });

  it('has the log of the tables', async () => {
    const entries = await client.entries(name);
    compareEntries(entries, idOf(name));
    const of = (task: string) => entries.filter(({ resource }) => resource?.labels?.['task_name'] === task);
    expect(of('service').map(({ severity, textPayload }) => [severity, textPayload])).toEqual(
      PLATFORM_LINES.map((line) => ['INFO', line]),
    );
    const lines = of('workerpool0-0').filter(({ jsonPayload }) => jsonPayload?.['environment'] === undefined);
    const told = lines.map(({ severity, textPayload, jsonPayload }) => [severity, textPayload ?? jsonPayload]);
    // Two streams keep their own order only.
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        ['INFO', 'plain'],
        ['ERROR', 'plain error'],
        ['NOTICE', { message: 'structured', step: 1 }],
        ['INFO', TASK_COMPLETED],
      ]),
    );
    expect(told.at(-1)).toEqual(['INFO', TASK_COMPLETED]);
  });
});

suite('a job of one replica', () => {
  it('observes the environment of the tables, and nothing distributed', async () => {
    const jobSpec = { workerPoolSpecs: [pool(1)] };
    const name = await client.create('customJobs', { displayName: 'observed', jobSpec });
    expect((await client.ended(name)).error).toBeUndefined();
    await compareAll({ name }, { replicas: [1] });
    // Without an output folder the variable is unknown, and stays as it was written.
    expect((await observed(name, 'workerpool0-0')).arguments[0]).toBe('--out=$(AIP_MODEL_DIR)');
  });
});

suite('the trials of a tuning job', () => {
  it('observe the environment of the tables, and their log is the tuning job’s', async () => {
    const name = await client.create('hyperparameterTuningJobs', {
      displayName: 'observed',
      maxTrialCount: 2,
      parallelTrialCount: 2,
      studySpec: {
        metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
        parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 1, maxValue: 2 } }],
      },
      trialJobSpec: { workerPoolSpecs: [pool(1), pool(1)], ...BASE },
    });
    const job = await client.ended(name);
    expect([job.error, job.state]).toEqual([undefined, 'JOB_STATE_SUCCEEDED']);
    for (const { id, customJob = '', parameters } of job.trials ?? []) {
      await compareAll({ name: customJob, logOf: name, trial: id }, { replicas: [1, 1], base: 'gs://results/out' });
      const { arguments: found } = await observed(name, 'workerpool1-0', id);
      expect(found).toEqual([`--out=gs://results/out/${id}/model/`, '/gcs/observed/', `--x=${parameters[0]?.value}`]);
    }
    const entries = await client.entries(name);
    const isTrials = ({ resource }: LogEntry) => resource?.labels?.['task_name'] !== 'service';
    compareEntries(entries.filter(isTrials), idOf(name), ['ml.googleapis.com/trial_id']);
  });
});
