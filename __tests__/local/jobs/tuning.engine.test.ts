import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { CUSTOM_TASK } from '../../../src/local/validation/pipeline.ts';
import type { Trial } from '../../../src/vertex/types.ts';
import { type AnyJob, Client } from '../client.ts';
import { findMachine, IMAGE } from '../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: trials and their places on an engine (${machine})\n`);

let service: Service;
let client: Client;

beforeAll(async () => {
  if (!isThere) return;
  // Room for one n1-standard-4.
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1, maxCpus: 4, maxMemoryGiB: 16 });
  client = new Client(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

/** The names of the containers of a job that the engine has, running or not. */
async function containersOf(name = ''): Promise<string> {
  if (!isThere) return '';
  return machine.docker('ps', '-a', '-q', '--filter', `label=train-on-vertex.job=${name.split('/').at(-1)}`);
}

const containerSpec = (script: string) => ({ imageUri: IMAGE, command: ['sh', '-c'], args: [script, 'sh'] });
const pool = (script: string, machineType?: string) => ({
  containerSpec: containerSpec(script),
  ...(machineType && { machineSpec: { machineType } }),
});
const custom = (script: string, machineType: string) => ({
  displayName: 'custom',
  jobSpec: { workerPoolSpecs: [pool(script, machineType)] },
});

/** Reports the parameter `x` as metric `m` at so many steps, half a second apart, and runs `each` after every one. */
const reporting = (steps: number, each = '') =>
  `x=\${1#--x=}; for step in $(seq ${steps}); do
     echo "{\\"global_step\\": \\"$step\\", \\"m\\": \\"$x\\", \\"timestamp\\": $(date +%s.%N)}" >> $CLOUD_ML_HP_METRIC_FILE
     ${each}
     sleep 0.5
   done`;

/** Trials of `x` from 1 upward, one after the other, where less is better. */
const tuning = (script: string, trials: number, more: object = {}, machineType?: string) => ({
  displayName: 'tuning',
  maxTrialCount: trials,
  parallelTrialCount: 1,
  studySpec: {
    metrics: [{ metricId: 'm', goal: 'MINIMIZE' }],
    parameters: [{ parameterId: 'x', integerValueSpec: { minValue: '1', maxValue: String(trials) } }],
    algorithm: 'GRID_SEARCH',
    ...more,
  },
  trialJobSpec: { workerPoolSpecs: [pool(script, machineType)] },
});

const finalOf = ({ finalMeasurement }: Trial) => finalMeasurement?.metrics?.[0]?.value;

suite('early stopping', () => {
  it.each([
    ['median', { medianAutomatedStoppingSpec: {} }, 3],
    ['decay curve', { decayCurveStoppingSpec: {} }, 5],
  ])(
    'by the %s rule ends the container of a trial in vain, and keeps what it reported',
    async (rule, spec, others) => {
      // The last one is the worst, and would never end by itself after its first step.
      const script = reporting(2, `if [ $x = ${others + 1} ]; then trap "" TERM; sleep 300; fi`);
      const name = await client.create('hyperparameterTuningJobs', tuning(script, others + 1, spec));
      const last = (job: AnyJob) => job.trials?.[others];
      const stopping = await client.until(name, (job) => last(job)?.state === 'STOPPING');
      expect(last(stopping)).not.toHaveProperty('endTime');
      const job = await client.ended(name);
      expect([job.state, job.error]).toEqual(['JOB_STATE_SUCCEEDED', undefined]);
      expect(job.trials?.map((trial) => [trial.state, finalOf(trial)])).toEqual(
        Array.from({ length: others + 1 }, (_unused, index) => ['SUCCEEDED', index + 1]),
      );
      expect(last(job)).not.toHaveProperty('infeasibleReason');
      const own = await client.get(last(job)?.customJob ?? '');
      expect(own).toMatchObject({
        state: 'JOB_STATE_CANCELLED',
        error: {
          code: 1,
          message: expect.stringMatching(`^CANCELED: The trial was stopped early by the ${rule} rule`),
        },
      });
      expect(await containersOf(own.name)).toBe('');
      const said = (await client.entries(name, 'service')).map(({ textPayload }) => textPayload);
      expect(said).toContainEqual(
        expect.stringMatching(`^Trial ${others + 1} is stopped early by the ${rule} rule, step`),
      );
    },
    60_000,
  );
});

suite('a study whose time is up', () => {
  it('ends the containers of its trials, and succeeds with what they reported', async () => {
    const more = { studyStoppingConfig: { shouldStopAsap: true, maximumRuntimeConstraint: { maxDuration: '8s' } } };
    const name = await client.create('hyperparameterTuningJobs', tuning(reporting(2, 'sleep 300'), 4, more));
    const job = await client.ended(name);
    expect([job.state, job.error]).toEqual(['JOB_STATE_SUCCEEDED', undefined]);
    expect(job.trials?.map((trial) => [trial.state, finalOf(trial)])).toEqual([['SUCCEEDED', 1]]);
    expect(await containersOf(job.trials?.[0]?.customJob)).toBe('');
  });
});

suite('the machine’s room', () => {
  it('is had by one job after the other; a job that waits is QUEUED, has no container, and can be cancelled', async () => {
    const first = await client.create('customJobs', custom('sleep 60', 'n1-standard-4'));
    await client.until(first, ({ state }) => state === 'JOB_STATE_RUNNING');
    const second = await client.create('customJobs', custom('true', 'n1-standard-4'));
    const third = await client.create('customJobs', custom('true', 'e2-standard-4'));
    const free = await client.createCustomJob(containerSpec('true'));
    expect((await client.ended(free)).state).toBe('JOB_STATE_SUCCEEDED');
    const waiting = await client.get(second);
    expect(waiting.state).toBe('JOB_STATE_QUEUED');
    expect(waiting).not.toHaveProperty('startTime');
    expect(await containersOf(second)).toBe('');
    await client.call('POST', `/v1/${second}:cancel`);
    const cancelled = await client.ended(second);
    expect(cancelled).toMatchObject({ state: 'JOB_STATE_CANCELLED', error: { code: 1 } });
    expect(cancelled).not.toHaveProperty('startTime');
    expect((await client.get(third)).state).toBe('JOB_STATE_QUEUED');
    await client.call('POST', `/v1/${first}:cancel`);
    expect((await client.ended(third)).state).toBe('JOB_STATE_SUCCEEDED');
    expect((await client.entries(third, 'service')).map(({ textPayload }) => textPayload)).toContain(
      "This job needs 4 CPUs and 16 GiB of memory and waits until running jobs leave it that much of this region's 4 CPUs and 16 GiB of memory.",
    );
  }, 60_000);

  it('holds as many trials at a time as fit; the others are REQUESTED', async () => {
    const body = { ...tuning(reporting(1), 3, {}, 'n1-standard-4'), parallelTrialCount: 3 };
    const name = await client.create('hyperparameterTuningJobs', body);
    const seen = new Set<string>();
    const job = await client.until(name, ({ trials = [], state }) => {
      seen.add(trials.map((trial) => (trial.state === 'REQUESTED' ? 'waits' : 'had its turn')).join(', '));
      return state === 'JOB_STATE_SUCCEEDED';
    });
    expect([...seen]).toEqual(
      expect.arrayContaining(['had its turn, waits, waits', 'had its turn, had its turn, waits']),
    );
    const said = (await client.entries(name, 'service')).filter(({ textPayload = '' }) =>
      textPayload.includes('waits'),
    );
    expect(said.map(({ textPayload }) => textPayload)).toEqual([expect.stringMatching(/^Each trial needs 4 CPUs/)]);
    const jobs = await Promise.all((job.trials ?? []).map(({ customJob = '' }) => client.get(customJob)));
    const turns = jobs.map((each) => [Date.parse(each.startTime ?? ''), Date.parse(each.endTime ?? '')]);
    const times = turns.sort(([left = 0], [right = 0]) => left - right).flat();
    expect(times).toEqual([...times].sort((left, right) => left - right));
  }, 60_000);

  const message =
    'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_cpus';
  it.each([
    ['customJobs', custom('true', 'n1-highcpu-16')],
    ['hyperparameterTuningJobs', tuning('true', 2, {}, 'n1-highcpu-16')],
  ])('refuses at once one of the %s that exceeds the quota by itself', async (collection, body) => {
    expect(await client.call('POST', `/v1/${client.parent}/${collection}`, body)).toEqual({
      error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' },
    });
    expect(JSON.stringify(await client.call('GET', `/v1/${client.parent}/${collection}`))).not.toContain('highcpu-16');
  });

  it('lets a pipeline fail by it', async () => {
    const name = await client.create('trainingPipelines', {
      displayName: 'pipeline',
      trainingTaskDefinition: CUSTOM_TASK,
      trainingTaskInputs: custom('true', 'n1-highcpu-16').jobSpec,
    });
    const pipeline = await client.until(name, ({ endTime }) => endTime !== undefined);
    expect(pipeline).toMatchObject({
      state: 'PIPELINE_STATE_FAILED',
      error: { code: 8, message: `Training pipeline failed with error message: ${message}` },
    });
  });
});
