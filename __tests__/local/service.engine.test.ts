import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../src/local/service.ts';
import { Client } from './client.ts';
import { findMachine, IMAGE } from './machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: the local region's containers (${machine})\n`);

let service: Service;
let client: Client;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1 });
  client = new Client(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

const python = (program: string) => ({ command: ['python3', '-c', program] });
const shell = (script: string, ...args: string[]) => ({ command: ['sh', '-c'], args: [script, 'sh', ...args] });

/** Containers and networks of one job that the engine still has. */
async function leftOf(name: string): Promise<string> {
  if (!isThere) return '';
  const filter = `label=train-on-vertex.job=${name.split('/').at(-1)}`;
  const containers = await machine.docker('ps', '-a', '-q', '--filter', filter);
  return containers + (await machine.docker('network', 'ls', '-q', '--filter', filter));
}

suite('a custom job', () => {
  it('succeeds, and hands its program arguments and variables as they were given', async () => {
    const args = ['a,b', 'c "d" \'e\'', '', '--dir=$(AIP_MODEL_DIR)', '$$(X)', 'line\nbreak'];
    const env = [{ name: 'A', value: 'x,y "z" $(CLOUD_ML_REGION)' }];
    const base = { baseOutputDirectory: { outputUriPrefix: 'gs://bucket-1/out' } };
    const show = 'import json,os,sys; print(json.dumps([sys.argv[1:], os.environ["A"], os.listdir("/gcs")]))';
    const name = await client.createCustomJob({ ...python(show), args, env }, base);
    const job = await client.ended(name);
    expect(job).toMatchObject({
      state: 'JOB_STATE_SUCCEEDED',
      startTime: expect.any(String),
      endTime: expect.any(String),
    });
    expect(job.error).toBeUndefined();
    const [output] = await client.output(name);
    expect(JSON.parse(output ?? '')).toEqual([
      ['a,b', 'c "d" \'e\'', '', '--dir=gs://bucket-1/out/model/', '$(X)', 'line\nbreak'],
      'x,y "z" us-central1',
      ['bucket-1'],
    ]);
    const service = (await client.entries(name, 'service')).map((entry) => entry.textPayload);
    expect(service.at(0)).toBe('Waiting for job to be provisioned.');
    expect(service.slice(-3)).toEqual([
      'Tearing down training program.',
      'Finished tearing down training program.',
      'Job completed successfully.',
    ]);
    expect(await leftOf(name)).toBe('');
  });

  it('fails with the replica and its exit code; stderr is told as errors, JSON taken apart', async () => {
    const script = 'echo out; echo \'{"severity":"warning","message":"m"}\'; sleep 0.2; printf oops >&2; exit 3';
    const name = await client.createCustomJob(shell(script));
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: {
        code: 3,
        message: expect.stringMatching(/^The replica workerpool0-0 exited with a non-zero status of 3\./),
      },
    });
    const entries = await client.entries(name, 'workerpool0-0');
    expect(entries.slice(0, 3).map((entry) => [entry.severity, entry.textPayload ?? entry.jsonPayload])).toEqual([
      ['INFO', 'out'],
      ['WARNING', { message: 'm' }],
      ['ERROR', 'oops'],
    ]);
  });

  it('tells its lines by the times that its program gives', async () => {
    const line = (message: string, offset: string) =>
      `echo '{"message":"${message}","timestampSeconds":'$((now ${offset}))',"timestampNanos":7}'`;
    const script = `now=$(date +%s); echo first; ${line('late', '- 60')}; ${line('later', '- 30')}`;
    const name = await client.createCustomJob(shell(script));
    await client.ended(name);
    const entries = await client.entries(name, 'workerpool0-0');
    expect(entries.slice(0, 3).map((entry) => entry.textPayload ?? entry.jsonPayload)).toEqual([
      { message: 'late' },
      { message: 'later' },
      'first',
    ]);
    expect(entries[0]?.timestamp).toMatch(/\.000000007Z$/);
    expect(Date.parse(entries[0]?.receiveTimestamp ?? '')).toBeGreaterThan(Date.parse(entries[0]?.timestamp ?? ''));
  });

  it('is cancelled, though its program does not listen', async () => {
    const name = await client.createCustomJob(shell('trap "" TERM; echo up; sleep 60'));
    await client.until(name, (job) => job.state === 'JOB_STATE_RUNNING');
    expect(await client.call('POST', `/v1/${name}:cancel`, {})).toEqual({});
    expect((await client.get(name)).state).toBe('JOB_STATE_CANCELLING');
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_CANCELLED',
      error: { code: 1, message: expect.stringContaining('CANCELED') },
    });
    expect(await leftOf(name)).toBe('');
    expect(await client.call('POST', `/v1/${name}:cancel`)).toEqual({});
    expect((await client.get(name)).state).toBe('JOB_STATE_CANCELLED');
  });

  it('ends at its timeout', async () => {
    const name = await client.createCustomJob(shell('sleep 60'), { scheduling: { timeout: '1s' } });
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { code: 4, message: 'DEADLINE_EXCEEDED: The job ran longer than its timeout of 1s.' },
    });
    expect(await leftOf(name)).toBe('');
  });

  it.each([
    [
      'an image id that the engine does not have',
      { imageUri: `sha256:${'0'.repeat(64)}` },
      5,
      /Failed to read the container uri \[sha256:0+\]/,
    ],
    [
      'a registry that is not there',
      { imageUri: 'localhost:1/nothing:here' },
      5,
      /Failed to read the container uri \[localhost:1\/nothing:here\]/,
    ],
    [
      'a command that the image does not have',
      { command: ['no-such-program'] },
      3,
      /^The replica workerpool0-0 exited with a non-zero status of 128\. Termination reason: StartError\. \n Termination log message: .*no-such-program/,
    ],
  ])(
    'fails for %s',
    async (_name, container, code, message) => {
      const job = await client.ended(await client.createCustomJob(container));
      expect(job).toMatchObject({
        state: 'JOB_STATE_FAILED',
        error: { code, message: expect.stringMatching(message) },
      });
    },
    60_000,
  );

  it('runs without the GPU that this engine does not have, and says so', async () => {
    const machineSpec = { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 };
    const pool = { machineSpec, replicaCount: 1, containerSpec: { imageUri: IMAGE, ...shell('true') } };
    const name = await client.create('customJobs', { displayName: 'gpu', jobSpec: { workerPoolSpecs: [pool] } });
    const job = await client.ended(name);
    const lines = (await client.entries(name, 'service')).map((entry) => entry.textPayload);
    const hasGpus = !lines.some((line) => line?.startsWith('This engine has no GPU: '));
    if (!hasGpus) expect(job.state).toBe('JOB_STATE_SUCCEEDED');
  });

  it('lets a program that is not root write to its bucket', async () => {
    const script =
      'import os; os.setuid(1234); open("/gcs/bucket-2/f","w").write("x"); print(open("/gcs/bucket-2/f").read())';
    const name = await client.createCustomJob({ ...python(script), env: [{ name: 'B', value: '/gcs/bucket-2/f' }] });
    expect((await client.ended(name)).error).toBeUndefined();
    expect(await client.output(name)).toEqual(['x']);
  });
});

suite('a job of several replicas', () => {
  const pools = (primary: object, workers: object) => ({
    displayName: 'many',
    jobSpec: {
      workerPoolSpecs: [
        { replicaCount: 1, containerSpec: { imageUri: IMAGE, ...primary } },
        { replicaCount: 2, containerSpec: { imageUri: IMAGE, ...workers } },
      ],
    },
  });

  it('reaches each by the names of CLUSTER_SPEC and TF_CONFIG, and ends with the primary', async () => {
    const talk = `
import json, os, socket
names = [host.split(':')[0] for text in ('CLUSTER_SPEC', 'TF_CONFIG')
         for hosts in json.loads(os.environ[text])['cluster'].values() for host in hosts]
addresses = {name: socket.gethostbyname(name) for name in names}
listener = socket.create_server(('', int(os.environ['MASTER_PORT'])))
told = []
while len(told) < int(os.environ['WORLD_SIZE']) - 1:
    peer, _ = listener.accept()
    told.append(peer.makefile().readline().strip())
print(json.dumps([len(names), len(set(addresses.values())), sorted(told)]))
`;
    const report = `
import os, socket, time
for _ in range(100):
    try:
        peer = socket.create_connection((os.environ['MASTER_ADDR'], int(os.environ['MASTER_PORT'])))
        peer.sendall(('rank ' + os.environ['RANK'] + chr(10)).encode())
        break
    except OSError:
        time.sleep(0.1)
time.sleep(60)
`;
    const name = await client.create('customJobs', pools(python(talk), python(report)));
    expect((await client.ended(name)).error).toBeUndefined();
    expect((await client.output(name)).map((line) => JSON.parse(line))).toEqual([[6, 3, ['rank 1', 'rank 2']]]);
    expect(await leftOf(name)).toBe('');
  });

  it('fails when another replica fails, and stops the primary', async () => {
    const name = await client.create('customJobs', pools(shell('sleep 60'), shell('test $RANK = 1 || exit 7')));
    expect(await client.ended(name)).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { message: expect.stringMatching(/^The replica workerpool1-1 exited with a non-zero status of 7\./) },
    });
    expect(await leftOf(name)).toBe('');
  });
});

suite('a tuning job', () => {
  /** Reports the parameter `x` as metric `m` at two steps, then runs `then`. */
  const program = (then = '') =>
    shell(
      `x=\${1#--x=}
       line() { echo "{\\"checkpoint_path\\": \\"\\", \\"global_step\\": \\"$1\\", \\"m\\": \\"$2\\", \\"timestamp\\": $(date +%s.%N), \\"trial\\": \\"$CLOUD_ML_TRIAL_ID\\"}"; }
       line 1 0 > $CLOUD_ML_HP_METRIC_FILE; line 2 $x >> $CLOUD_ML_HP_METRIC_FILE
       echo "trial $CLOUD_ML_TRIAL_ID x=$x"
       ${then}`,
    );
  const tuning = (container: object, more: object = {}) => ({
    displayName: 'tuning',
    maxTrialCount: 4,
    parallelTrialCount: 2,
    studySpec: {
      metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
      parameters: [{ parameterId: 'x', doubleValueSpec: { minValue: 1, maxValue: 2 } }],
    },
    trialJobSpec: { workerPoolSpecs: [{ replicaCount: 1, containerSpec: { imageUri: IMAGE, ...container } }] },
    ...more,
  });
  const grid = (values: number[]) => ({
    studySpec: {
      metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
      parameters: [{ parameterId: 'x', discreteValueSpec: { values } }],
      algorithm: 'GRID_SEARCH',
    },
  });
  const run = async (body: object) => client.ended(await client.create('hyperparameterTuningJobs', body));
  const statesOf = (trials: readonly { readonly id: string; readonly state: string }[] = []) =>
    Object.fromEntries(trials.map((trial) => [trial.id, trial.state]));

  it('runs its trials side by side and gives what each reported', async () => {
    const name = await client.create('hyperparameterTuningJobs', tuning(program('sleep 1')));
    const early = await client.until(name, (job) =>
      (job.trials ?? []).some((trial) => trial.measurements?.length === 2),
    );
    expect((early.trials ?? []).filter((trial) => trial.state === 'ACTIVE')).toHaveLength(2);
    const job = await client.ended(name);
    expect([job.state, job.error, statesOf(job.trials)]).toEqual([
      'JOB_STATE_SUCCEEDED',
      undefined,
      { 1: 'SUCCEEDED', 2: 'SUCCEEDED', 3: 'SUCCEEDED', 4: 'SUCCEEDED' },
    ]);
    const output = await client.entries(name, 'workerpool0-0');
    for (const trial of job.trials ?? []) {
      const x = trial.parameters[0]?.value;
      expect(trial.finalMeasurement).toMatchObject({ stepCount: '2', metrics: [{ metricId: 'm', value: x }] });
      const own = output.filter((entry) => entry.labels?.['ml.googleapis.com/trial_id'] === trial.id);
      expect(own[0]?.textPayload).toBe(`trial ${trial.id} x=${x}`);
      expect((await client.get(trial.customJob ?? '')).state).toBe('JOB_STATE_SUCCEEDED');
      expect(await leftOf(trial.customJob ?? '')).toBe('');
    }
    const list = (await client.call('GET', `/v1/${client.parent}/hyperparameterTuningJobs`)) as Record<
      string,
      object[]
    >;
    expect(list['hyperparameterTuningJobs']?.[0]).not.toHaveProperty('trials');
  }, 60_000);

  it('ends with its grid, and takes failed and silent trials for infeasible', async () => {
    const then = 'test $x = 2 && exit 5; if [ $x = 3 ]; then rm $CLOUD_ML_HP_METRIC_FILE; sleep 1; fi; true';
    const silent = program(then).args[0]?.replace('line 1 0 >', 'test $x = 3 && exit 0; line 1 0 >') ?? '';
    const job = await run(
      tuning(shell(silent), { ...grid([1, 2, 3]), maxTrialCount: 9, maxFailedTrialCount: 3, parallelTrialCount: 1 }),
    );
    expect([job.state, statesOf(job.trials)]).toEqual([
      'JOB_STATE_SUCCEEDED',
      { 1: 'SUCCEEDED', 2: 'INFEASIBLE', 3: 'INFEASIBLE' },
    ]);
    expect(job.trials?.[1]?.infeasibleReason).toMatch(/exited with a non-zero status of 5/);
    expect(job.trials?.[2]?.infeasibleReason).toMatch(/without a value for every metric/);
  }, 60_000);

  it('fails at once when its first trial fails', async () => {
    const job = await run(tuning(program('exit 1'), { parallelTrialCount: 1 }));
    expect(job).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { message: expect.stringMatching(/^The first trial of the job failed/) },
    });
    expect(job.trials).toHaveLength(1);
  });

  it('fails when as many trials failed as it allows, and stops the others', async () => {
    const body = tuning(program('test $x = 3 && sleep 60; exit 1'), {
      ...grid([1, 2, 3, 4, 5]),
      maxTrialCount: 5,
      parallelTrialCount: 3,
      maxFailedTrialCount: 2,
    });
    const job = await run(body);
    expect(job).toMatchObject({
      state: 'JOB_STATE_FAILED',
      error: { message: expect.stringMatching(/`max_failed_trial_count` is 2/) },
    });
    expect(Object.values(statesOf(job.trials))).not.toContain('ACTIVE');
    expect((job.trials ?? []).map((trial) => trial.infeasibleReason)).toContain(
      'CANCELED: The trial was stopped because its tuning job failed.',
    );
    for (const trial of job.trials ?? []) expect(await leftOf(trial.customJob ?? '')).toBe('');
  }, 60_000);

  it('is cancelled with all its trials', async () => {
    const name = await client.create('hyperparameterTuningJobs', tuning(program('sleep 60')));
    await client.until(name, (job) => (job.trials ?? []).filter((trial) => trial.measurements).length === 2);
    await client.call('POST', `/v1/${name}:cancel`);
    const job = await client.ended(name);
    expect(job).toMatchObject({
      state: 'JOB_STATE_CANCELLED',
      error: { code: 1, message: expect.stringContaining('CANCELED') },
    });
    expect(statesOf(job.trials)).toEqual({ 1: 'INFEASIBLE', 2: 'INFEASIBLE' });
    for (const trial of job.trials ?? []) expect(await leftOf(trial.customJob ?? '')).toBe('');
  }, 60_000);
});
