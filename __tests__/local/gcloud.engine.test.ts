import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../src/local/service.ts';
import { Client } from './client.ts';
import { findGcloud, Gcloud } from './gcloud.ts';
import { findMachine, IMAGE } from './machine.ts';

const program = await findGcloud();
const machine = program === undefined ? 'gcloud is not on this machine' : await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: gcloud against the local region (${machine})\n`);

let service: Service;
let client: Client;
let gcloud: Gcloud;
let folder = '';

beforeAll(async () => {
  if (!isThere) return;
  folder = await mkdtemp(join(tmpdir(), 'gcloud-local-'));
  // Room for what is to run side by side.
  const room = { maxCpus: 12, maxMemoryGiB: 45 };
  const data = join(folder, 'data');
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1, data, ...room });
  client = new Client(service.port);
  gcloud = await Gcloud.at(program ?? '', service.port, folder);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
  await rm(folder, { recursive: true });
});

const idOf = (name: string) => name.split('/').at(-1) ?? '';
const nameIn = (collection: string) =>
  expect.stringMatching(`^projects/\\d+/locations/us-central1/${collection}/\\d{19}$`);
const pool = (script: string) => ({
  machineSpec: { machineType: 'n1-standard-4' },
  replicaCount: 1,
  containerSpec: { imageUri: IMAGE, command: ['sh', '-c'], args: [script, 'sh'] },
});

suite('gcloud ai custom-jobs', () => {
  it('create makes a job of a file or of flags, and tells how it is looked at', async () => {
    const spec = await gcloud.config('custom.yaml', { workerPoolSpecs: [pool('echo started; sleep 60')] });
    const ofFile = ['--display-name=of-file', spec, '--labels=team=vision'];
    const machineSpec = `machine-type=n1-standard-4,replica-count=1,container-image-uri=${IMAGE}`;
    const program = ['--command=sh,-c', '--args=echo of-flags'];
    const ofFlags = ['--display-name=of-flags', `--worker-pool-spec=${machineSpec}`, ...program];
    const made = await gcloud.json('ai', 'custom-jobs', 'create', ...ofFile);
    const told = await gcloud.run('ai', 'custom-jobs', 'create', ...ofFlags);
    expect(made).toMatchObject({
      name: nameIn('customJobs'),
      displayName: 'of-file',
      labels: { team: 'vision' },
      state: expect.stringMatching(/^JOB_STATE_(?:QUEUED|PENDING)$/),
      jobSpec: { workerPoolSpecs: [{ replicaCount: '1', machineSpec: { machineType: 'n1-standard-4' } }] },
    });
    const [, name = ''] = /CustomJob \[(.*)\] is submitted successfully/.exec(told.stderr) ?? [];
    const job = await client.ended(name);
    expect(job).toMatchObject({ displayName: 'of-flags', state: 'JOB_STATE_SUCCEEDED' });
    expect(await client.output(name)).toEqual(['of-flags']);
    await client.until((made as { readonly name: string }).name, ({ state }) => state === 'JOB_STATE_RUNNING');
  }, 120_000);

  it.each([
    ['by a label', ['--filter=labels.team=vision'], ['of-file']],
    ['by a state', ['--filter=state=JOB_STATE_SUCCEEDED'], ['of-flags']],
    ['by a name and a time', ['--filter=displayName:of-* AND createTime<2020-01-01'], []],
    ['all, latest first, page by page', ['--page-size=1'], ['of-flags', 'of-file']],
    ['in an order, no more than asked for', ['--sort-by=createTime', '--limit=1'], ['of-file']],
  ])(
    'list: %s',
    async (_name, flags, expected) => {
      expect(await gcloud.lines('ai', 'custom-jobs', 'list', '--format=value(displayName)', ...flags)).toEqual(
        expected,
      );
    },
    60_000,
  );

  it('list gives addresses, and describe whole jobs, as YAML where nothing else is asked', async () => {
    const [address = ''] = await gcloud.lines('ai', 'custom-jobs', 'list', '--uri', '--filter=displayName=of-file');
    expect(address).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${service.port}/v1/projects/\\d+/.*/customJobs/\\d+$`));
    const [json, yaml, beta] = await Promise.all([
      gcloud.json('ai', 'custom-jobs', 'describe', idOf(address)),
      gcloud.out('ai', 'custom-jobs', 'describe', idOf(address)),
      gcloud.json('beta', 'ai', 'custom-jobs', 'describe', idOf(address)),
    ]);
    expect(json).toMatchObject({
      name: nameIn('customJobs'),
      displayName: 'of-file',
      state: 'JOB_STATE_RUNNING',
      labels: { team: 'vision' },
      startTime: expect.any(String),
      jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: IMAGE, command: ['sh', '-c'] } }] },
    });
    expect(beta).toEqual(json);
    expect(yaml).toMatch(/^state: JOB_STATE_RUNNING$/m);
  }, 60_000);

  it('cancel ends a job', async () => {
    const [name = ''] = await gcloud.lines(
      'ai',
      'custom-jobs',
      'list',
      '--filter=displayName=of-file',
      '--format=value(name)',
    );
    const { code, stderr } = await gcloud.run('ai', 'custom-jobs', 'cancel', idOf(name));
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(`Request to cancel CustomJob \\[.*${idOf(name)}\\] has been sent`),
    ]);
    expect(await client.ended(name)).toMatchObject({ state: 'JOB_STATE_CANCELLED', error: { code: 1 } });
  }, 60_000);

  it('stream-logs tells the log of a job that has ended, and follows one that runs to its end', async () => {
    const signals = join(folder, 'data/gcs/signals');
    await mkdir(signals, { recursive: true });
    const ended = await client.createCustomJob({ command: ['sh', '-c', 'echo to-stdout; echo to-stderr >&2'] });
    const wait = 'echo before; while [ ! -e /gcs/signals/go ]; do sleep 0.1; done; echo after';
    const running = await client.createCustomJob({ command: ['sh', '-c', wait] });
    await client.ended(ended);
    await client.until(running, ({ state }) => state === 'JOB_STATE_RUNNING');
    const stream = ['ai', 'custom-jobs', 'stream-logs', '--polling-interval=1'];
    // The job ends only once its first line has been seen.
    const go = (printed: string) => {
      if (printed.includes('before')) writeFileSync(join(signals, 'go'), '');
    };
    const [past, live] = await Promise.all([
      gcloud.out(...stream, idOf(ended)),
      // gcloud reads the state once, at the start: it goes on after the end of a job that ran then, and is ended here.
      gcloud.until('Job completed successfully.', [...stream, idOf(running)], go),
    ]);
    expect(past).toMatch(/^INFO\t[^\t]+\tworkerpool0-0\tto-stdout$/m);
    expect(past).toMatch(/^ERROR\t[^\t]+\tworkerpool0-0\tto-stderr$/m);
    expect(past).toMatch(/^INFO\t[^\t]+\tservice\tJob completed successfully\.$/m);
    expect(live.match(/workerpool0-0\t(before|after)$/gm)).toHaveLength(2);
  }, 120_000);

  it('tells what is refused, in the service’s words', async () => {
    const spec = await gcloud.config('empty.yaml', { workerPoolSpecs: [] });
    const [unknown, empty] = await Promise.all([
      gcloud.run('ai', 'custom-jobs', 'describe', '99'),
      gcloud.run('ai', 'custom-jobs', 'create', '--display-name=none', spec),
    ]);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('NOT_FOUND: The CustomJob does not exist'),
    });
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringMatching(/worker/i) });
  }, 60_000);
});

suite('gcloud ai hp-tuning-jobs', () => {
  const report =
    'echo "{\\"acc\\": \\"0.5\\", \\"global_step\\": \\"1\\", \\"timestamp\\": 1}" > $CLOUD_ML_HP_METRIC_FILE; ' +
    'echo trial-$CLOUD_ML_TRIAL_ID; sleep 60';
  let name = '';

  it('create makes a job of a file and flags, list finds it', async () => {
    const spec = await gcloud.config('tuning.yaml', {
      studySpec: {
        metrics: [{ metricId: 'acc', goal: 'MAXIMIZE' }],
        parameters: [
          { parameterId: 'rate', scaleType: 'UNIT_LOG_SCALE', doubleValueSpec: { minValue: 0.001, maxValue: 0.1 } },
          { parameterId: 'layers', integerValueSpec: { minValue: 1, maxValue: 4 } },
        ],
      },
      trialJobSpec: { workerPoolSpecs: [pool(report)] },
    });
    const counts = ['--max-trial-count=3', '--parallel-trial-count=2', '--algorithm=random-search'];
    const told = await gcloud.run('ai', 'hp-tuning-jobs', 'create', '--display-name=tuned', spec, ...counts);
    const [, id = ''] = /yperparameter tuning job \[(.*)\] submitted successfully/.exec(told.stderr) ?? [];
    name = (await client.get(`${client.parent}/hyperparameterTuningJobs/${id}`)).name;
    expect(name).toEqual(nameIn('hyperparameterTuningJobs'));
    await client.until(name, (job) => (job.trials ?? []).filter((trial) => trial.measurements).length === 2);
    const list = ['ai', 'hp-tuning-jobs', 'list', '--format=value(name)', '--limit=1'];
    const [found, none] = await Promise.all([
      gcloud.lines(...list, '--filter=state=JOB_STATE_RUNNING AND displayName=tuned'),
      gcloud.lines(...list, '--filter=state=JOB_STATE_FAILED'),
    ]);
    expect([found, none]).toEqual([[name], []]);
  }, 120_000);

  it('describe tells of trials while they run, stream-logs what they write', async () => {
    const stream = ['ai', 'hp-tuning-jobs', 'stream-logs', '--polling-interval=1', idOf(name)];
    const [described, log] = await Promise.all([
      gcloud.json('ai', 'hp-tuning-jobs', 'describe', idOf(name)),
      gcloud.until('\ttrial-1\n', stream),
    ]);
    const trial = (id: string) => ({
      id,
      state: 'ACTIVE',
      customJob: nameIn('customJobs'),
      parameters: [
        { parameterId: 'rate', value: expect.any(Number) },
        { parameterId: 'layers', value: expect.any(Number) },
      ],
      measurements: [{ stepCount: '1', metrics: [{ metricId: 'acc', value: 0.5 }] }],
    });
    expect(described).toMatchObject({
      name,
      maxTrialCount: 3,
      state: 'JOB_STATE_RUNNING',
      studySpec: { algorithm: 'RANDOM_SEARCH' },
      trials: [trial('1'), trial('2')],
    });
    expect(log).toMatch(/^INFO\t[^\t]+\t\S*workerpool0-0\ttrial-1$/m);
  }, 120_000);

  it('cancel ends it with its trials', async () => {
    const { code, stderr } = await gcloud.run('ai', 'hp-tuning-jobs', 'cancel', idOf(name));
    expect([code, stderr]).toEqual([0, expect.stringMatching(/cancel/)]);
    expect(await client.ended(name)).toMatchObject({ state: 'JOB_STATE_CANCELLED', error: { code: 1 } });
  }, 60_000);
});

suite('gcloud on what a job leaves behind', () => {
  let id = '';
  beforeAll(async () => {
    const script = 'mkdir -p /gcs/output/run/model; echo weights > /gcs/output/run/model/model.bin; echo so it is >&2';
    const more = { baseOutputDirectory: { outputUriPrefix: 'gs://output/run' } };
    const name = await client.createCustomJob({ command: ['sh', '-c', script] }, more);
    expect((await client.ended(name)).state).toBe('JOB_STATE_SUCCEEDED');
    id = idOf(name);
  });

  it('logging read finds its entries', async () => {
    const job = `resource.type=ml_job AND resource.labels.job_id=${id}`;
    const read = (filter: string, ...flags: string[]) =>
      gcloud.lines('logging', 'read', filter, '--format=value(severity,textPayload)', ...flags);
    const [last, errors, none] = await Promise.all([
      read(job, '--limit=1'),
      read(`${job} AND severity>=ERROR AND timestamp>"2020-01-01T00:00:00Z"`, '--order=asc', '--freshness=1h'),
      read(`${job} textPayload:"another text"`),
    ]);
    expect([last, errors, none]).toEqual([['INFO\tJob completed successfully.'], ['ERROR\tso it is'], []]);
  }, 60_000);

  it('ai models upload makes versions of its files, which are listed, described and deleted', async () => {
    const image = '--container-image-uri=serving/image:1';
    const files = '--artifact-uri=gs://output/run/model';
    expect(await gcloud.lines('storage', 'ls', 'gs://output/run/model')).toEqual(['gs://output/run/model/model.bin']);
    const upload = ['ai', 'models', 'upload', '--display-name=digits', image, files];
    const first = await gcloud.run(...upload, '--model-id=digits', '--labels=team=vision', '--format=json');
    expect(JSON.parse(first.stdout)).toMatchObject({
      model: expect.stringMatching(/\/models\/digits$/),
      modelVersionId: '1',
    });
    const [, operation = ''] = /Waiting for operation \[(\d+)\]/.exec(first.stderr) ?? [];
    const parent = '--parent-model=projects/my-project/locations/us-central1/models/digits';
    await gcloud.out(...upload, parent, '--version-aliases=best,default');
    const [models, versions, old, best, done] = await Promise.all([
      gcloud.json('ai', 'models', 'list', '--filter=displayName=digits'),
      gcloud.json('ai', 'models', 'list-version', 'digits'),
      gcloud.json('ai', 'models', 'describe', 'digits@1'),
      gcloud.json('ai', 'models', 'describe', 'digits@best'),
      gcloud.json('ai', 'operations', 'describe', operation),
    ]);
    expect(models).toMatchObject([{ versionId: '2', versionAliases: ['best', 'default'] }]);
    expect(versions).toMatchObject([{ versionId: '2' }, { versionId: '1' }]);
    expect(old).toMatchObject({ versionId: '1', artifactUri: 'gs://output/run/model', labels: { team: 'vision' } });
    expect(best).toMatchObject({ versionId: '2', containerSpec: { imageUri: 'serving/image:1' } });
    expect(done).toMatchObject({ done: true, response: { modelVersionId: '1' } });
    await gcloud.out('ai', 'models', 'delete-version', 'digits@1');
    expect(await gcloud.json('ai', 'models', 'list-version', 'digits')).toMatchObject([{ versionId: '2' }]);
    await gcloud.out('ai', 'models', 'delete', 'digits');
    expect(await gcloud.json('ai', 'models', 'list')).toEqual([]);
  }, 120_000);
});
