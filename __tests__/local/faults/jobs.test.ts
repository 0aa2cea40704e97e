import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Program, ProgramEvent, Script, Turn } from '../../../src/local/faults/script.ts';
import type { Collection, Job, JobResource } from '../../../src/vertex/jobs.ts';
import {
  customJob,
  ENDS,
  type Opened,
  openService,
  PARENT,
  pipeline,
  reached,
  standingClock,
  texts,
  tuningJob,
  wideJob,
} from './service.ts';

let service: Opened;
beforeAll(async () => {
  service = await openService({ clock: standingClock });
});
afterAll(() => service.close());
beforeEach(() => service.faults.calm());

const SECOND = 1_000;
const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

/** Time passes, and what became of it has its turn. */
async function advance(advanceMs: number): Promise<void> {
  await service.faults.order({ clock: { advanceMs } });
}

async function start(script: Script, resource: JobResource = customJob('s'), kind: Collection = 'customJobs') {
  await service.faults.order({ scripts: { s: script } });
  return service.vertex.create(PARENT, kind, resource);
}

const program = (events: readonly ProgramEvent[], more: Program = {}): Script => ({ programs: [{ events, ...more }] });
const FOREVER: Script = { programs: [{ exit: 'never' }] };
const ended = (name: string) => reached(service, name, ...ENDS);

describe('the course of a job', () => {
  it('is QUEUED and PENDING for as long as the script says, and then RUNNING', async () => {
    const { name, state } = await start({ ...program([{ stdout: 'a', atMs: HOUR }]), queuedMs: HOUR, pendingMs: HOUR });
    expect(state).toBe('QUEUED');
    await advance(HOUR - 1);
    expect((await service.vertex.get(name)).state).toBe('QUEUED');
    await advance(1);
    await reached(service, name, 'PENDING');
    await advance(HOUR - 1);
    expect((await service.vertex.get(name)).state).toBe('PENDING');
    await advance(1);
    const running = await reached(service, name, 'RUNNING');
    expect(Date.parse(running.startTime ?? '') - Date.parse(running.createTime ?? '')).toBe(2 * HOUR);
    await advance(HOUR);
    const { endTime = '', startTime = '' } = await reached(service, name, 'SUCCEEDED');
    expect(Date.parse(endTime) - Date.parse(startTime)).toBe(HOUR);
  });

  it.each<[string, Collection, JobResource, Script, string]>([
    ['a custom job in QUEUED', 'customJobs', customJob('s'), { queuedMs: 'forever' }, 'QUEUED'],
    ['a custom job in PENDING', 'customJobs', customJob('s'), { pendingMs: 'forever' }, 'PENDING'],
    ['a tuning job in QUEUED', 'hyperparameterTuningJobs', tuningJob('s'), { queuedMs: 'forever' }, 'QUEUED'],
    ['a tuning job in PENDING', 'hyperparameterTuningJobs', tuningJob('s'), { pendingMs: 'forever' }, 'PENDING'],
    ['a pipeline over a job in QUEUED', 'trainingPipelines', pipeline('s'), { queuedMs: 'forever' }, 'RUNNING'],
  ])('%s for ever, until it is cancelled', async (_name, kind, resource, script, state) => {
    const { name } = await start(script, resource, kind);
    await advance(30 * WEEK);
    await reached(service, name, state);
    await service.vertex.cancel(name);
    const job = await ended(name);
    expect(job).toMatchObject({
      state: 'CANCELLED',
      error: { code: 1 },
      startTime: kind === 'trainingPipelines' ? expect.anything() : undefined,
    });
  });

  it('may last a week, and no longer than its timeout', async () => {
    const long = await start(program([{ stdout: 'day {n}', times: 7, everyMs: WEEK / 7 }]));
    const late = await start(
      FOREVER,
      customJob('s', { jobSpec: { ...customJob('s').jobSpec, scheduling: { timeout: '86400s' } } }),
    );
    await Promise.all([long, late].map(({ name }) => reached(service, name, 'RUNNING')));
    await advance(24 * HOUR);
    expect(await reached(service, late.name, 'FAILED')).toMatchObject({ error: { code: 4 } });
    await advance(6 * 24 * HOUR);
    await reached(service, long.name, 'SUCCEEDED');
    expect(texts(await service.entries(long.name))).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `day ${day}`));
  });

  it('takes its time to be cancelled', async () => {
    const { name } = await start({ ...FOREVER, cancelMs: HOUR });
    await reached(service, name, 'RUNNING');
    await service.vertex.cancel(name);
    await advance(HOUR - 1);
    expect((await service.vertex.get(name)).state).toBe('CANCELLING');
    await advance(1);
    await reached(service, name, 'CANCELLED');
  });

  it('ends at once where its image is in no registry', async () => {
    const { name } = await service.vertex.create(PARENT, 'customJobs', customJob('nobody'));
    expect(await ended(name)).toMatchObject({
      state: 'FAILED',
      error: { code: 5, message: expect.stringMatching(/^Failed to read the container uri \[simulated\/nobody\]/) },
    });
  });

  it('is found by its image whatever tag or digest that has', async () => {
    for (const image of ['simulated/s:1.0', `simulated/s@sha256:${'0'.repeat(64)}`]) {
      const [pool] = customJob('s').jobSpec.workerPoolSpecs;
      const job = customJob('s', { jobSpec: { workerPoolSpecs: [{ ...pool, containerSpec: { imageUri: image } }] } });
      const { name } = await start({}, job);
      expect((await ended(name)).state).toBe('SUCCEEDED');
    }
  });
});

describe('a program', () => {
  it('writes to its outputs, to the log and no further than to its exit', async () => {
    const { name } = await start(
      program(
        [
          { stdout: 'step {n}', times: 3, everyMs: SECOND },
          { stderr: 'Traceback\n  File "train.py"', atMs: 2 * SECOND },
          { entry: { severity: 'NOTICE', jsonPayload: { message: 'm', n: 1 } }, atMs: 2 * SECOND },
          { stdout: 'too late', atMs: 9 * SECOND },
        ],
        { exit: { atMs: 3 * SECOND, code: 3 } },
      ),
    );
    await reached(service, name, 'RUNNING');
    await advance(3 * SECOND);
    const job = await ended(name);
    const id = name.split('/').at(-1);
    expect(job).toMatchObject({
      state: 'FAILED',
      error: {
        code: 3,
        message: expect.stringMatching(
          new RegExp(
            `^The replica workerpool0-0 exited with a non-zero status of 3\\. Termination reason: Error\\. .*${id}"$`,
          ),
        ),
      },
    });
    const entries = await service.entries(name);
    expect(texts(entries)).toEqual([
      'step 1',
      'step 2',
      'step 3',
      'Traceback',
      '  File "train.py"',
      '{"message":"m","n":1}',
    ]);
    const severities = entries
      .filter(({ resource }) => resource?.labels?.['task_name'] === 'workerpool0-0')
      .map(({ severity }) => severity);
    expect(severities).toEqual(['INFO', 'INFO', 'INFO', 'ERROR', 'ERROR', 'NOTICE', 'INFO']);
    expect(texts(entries, 'service')).toEqual([
      'Waiting for job to be provisioned.',
      expect.stringMatching(/^Vertex AI is provisioning/),
      'Vertex AI is setting up this job.',
      'Waiting for training program to start.',
      'Job is preparing.',
      'Job is running.',
      'Tearing down training program.',
      'Finished tearing down training program.',
      job.error?.message,
    ]);
  });

  it('runs out of memory', async () => {
    const { name } = await start(program([], { exit: { outOfMemory: true } }));
    expect((await ended(name)).error?.message).toMatch(
      /^The replica workerpool0-0 ran out of memory and exited with a non-zero status of 137\./,
    );
  });

  it.each<[string, Program[], string, RegExp | undefined]>([
    [
      'the primary ends well while a worker runs',
      [{ replica: 'workerpool1-0', exit: 'never' }, {}],
      'SUCCEEDED',
      undefined,
    ],
    [
      'a worker ends well before the primary',
      [{ replica: 'workerpool0-0', exit: { atMs: SECOND } }, {}],
      'SUCCEEDED',
      undefined,
    ],
    [
      'a worker fails',
      [{ replica: 'workerpool1-0', exit: { code: 139 } }, { exit: 'never' }],
      'FAILED',
      /^The replica workerpool1-0 exited with a non-zero status of 139\./,
    ],
  ])('of several: %s', async (_name, programs, state, message) => {
    const { name } = await start({ programs }, wideJob('s'));
    await reached(service, name, 'RUNNING', ...ENDS);
    await advance(SECOND);
    const job = await ended(name);
    expect(job.state).toBe(state);
    expect(job.error?.message ?? '').toMatch(message ?? /^$/);
  });

  it('writes 100,000 lines, each once and in order', async () => {
    const { name } = await start(program([{ stdout: 'line {n}', times: 100_000 }]));
    await ended(name);
    const found = texts(await service.entries(name));
    expect(found).toHaveLength(100_000);
    expect(found.every((text, index) => text === `line ${index + 1}`)).toBe(true);
  });
});

describe('the platform', () => {
  const turns = (...all: Turn[]): Script => ({ ...FOREVER, turns: all });

  it('shows other states while the job runs, also one that nobody knows', async () => {
    const { name } = await start(
      turns(
        { atMs: SECOND, state: 'UPDATING' },
        { atMs: 3 * SECOND, state: 42 },
        { atMs: 2 * SECOND, state: 'PAUSED' },
        { atMs: 4 * SECOND, state: 'RUNNING' },
      ),
    );
    for (const state of ['RUNNING', 'UPDATING', 'PAUSED', '42', 'RUNNING']) {
      await reached(service, name, state);
      await advance(SECOND);
    }
    await service.vertex.cancel(name);
    expect((await ended(name)).state).toBe('CANCELLED');
  });

  const SCARCE =
    'Resources are insufficient in region: us-central1. Try a different region or use a different accelerator.';

  it.each<[string, Turn['end'], Partial<Job>]>([
    ['expires', { state: 'EXPIRED' }, { state: 'EXPIRED', error: undefined }],
    ['succeeds in part', { state: 'PARTIALLY_SUCCEEDED' }, { state: 'PARTIALLY_SUCCEEDED' }],
    [
      'finds no machine',
      { state: 'FAILED', reason: 'stockout' },
      { state: 'FAILED', error: { code: 8, message: SCARCE } },
    ],
    [
      'exceeds a quota',
      { state: 'FAILED', reason: 'quota', metrics: ['custom_model_training_nvidia_l4_gpus'] },
      {
        state: 'FAILED',
        error: {
          code: 8,
          message:
            'The following quota metrics exceed quota limits: aiplatform.googleapis.com/custom_model_training_nvidia_l4_gpus',
        },
      },
    ],
    [
      'fails inside',
      { state: 'FAILED' },
      { state: 'FAILED', error: { code: 13, message: 'Internal error occurred for the current attempt' } },
    ],
    [
      'fails with any words',
      { state: 'FAILED', error: { code: 9, message: 'Any.' } },
      { state: 'FAILED', error: { code: 9, message: 'Any.' } },
    ],
    [
      'is cancelled by somebody',
      { state: 'CANCELLED' },
      { state: 'CANCELLED', error: { code: 1, message: expect.stringContaining('CANCELED') as unknown as string } },
    ],
  ])('a job %s', async (_name, end, expected) => {
    for (const [kind, resource] of [
      ['customJobs', customJob('s')],
      ['hyperparameterTuningJobs', tuningJob('s')],
    ] as const) {
      const { name } = await start({ ...FOREVER, turns: [{ atMs: SECOND, end }] }, resource, kind);
      await reached(service, name, 'RUNNING');
      await advance(SECOND);
      const job = await ended(name);
      expect(job).toMatchObject(expected);
      expect(job.endTime).toBeDefined();
      const said = texts(await service.entries(name), 'service').at(-1);
      const word = expected.error?.message ?? `The job is ${expected.state}.`;
      expect(said).toEqual(word);
    }
  });

  it('ends a job that is still in the queue', async () => {
    const { name } = await start({
      queuedMs: 'forever',
      turns: [{ atMs: HOUR, end: { state: 'FAILED', reason: 'quota' } }],
    });
    await advance(HOUR);
    expect(await ended(name)).toMatchObject({ state: 'FAILED', startTime: undefined });
  });

  it('ends a pipeline and the job behind it', async () => {
    const { name } = await start(
      turns(
        { atMs: SECOND, of: 'pipeline', state: 'PAUSED' },
        { atMs: 2 * SECOND, of: 'pipeline', end: { state: 'FAILED', reason: 'stockout' } },
      ),
      pipeline('s'),
      'trainingPipelines',
    );
    const { backing = '' } = await reached(service, name, 'RUNNING');
    await reached(service, backing, 'RUNNING');
    await advance(SECOND);
    await reached(service, name, 'PAUSED');
    expect((await service.vertex.get(backing)).state).toBe('RUNNING');
    await advance(SECOND);
    const message = `Training pipeline failed with error message: ${SCARCE}`;
    expect(await ended(name)).toMatchObject({ state: 'FAILED', error: { message } });
    expect((await ended(backing)).state).toBe('CANCELLED');
  });

  it('does so at once when it is told to', async () => {
    const { name } = await start(FOREVER);
    await reached(service, name, 'RUNNING');
    await service.faults.order({ jobs: [{ name, state: 'PAUSED' }] });
    expect((await service.vertex.get(name)).state).toBe('PAUSED');
    await service.faults.order({ jobs: [{ name, end: { state: 'EXPIRED' } }] });
    expect((await ended(name)).state).toBe('EXPIRED');
    await expect(service.faults.order({ jobs: [{ name, state: 'PAUSED' }] })).rejects.toThrow('HTTP 404');
  });
});

describe('a machine that is taken away', () => {
  const STOCKOUT = /^STOCKOUT: Resources are insufficient in region: us-central1\./;

  it('has the job started again', async () => {
    const { name, ...made } = await start({
      restartMs: HOUR,
      programs: [
        { attempt: 1, events: [{ stdout: 'first' }, { preempt: 'job', atMs: SECOND }] },
        { attempt: 2, events: [{ stdout: 'second' }, { stdout: 'end', atMs: SECOND }] },
      ],
    });
    const { startTime } = await reached(service, name, 'RUNNING');
    await advance(SECOND);
    await reached(service, name, 'PENDING');
    await advance(HOUR);
    const again = await reached(service, name, 'RUNNING');
    expect([again.startTime, again.createTime]).toEqual([startTime, made.createTime]);
    await advance(SECOND);
    expect((await ended(name)).state).toBe('SUCCEEDED');
    const entries = await service.entries(name);
    expect(texts(entries)).toEqual(['first', 'second', 'end']);
    expect(texts(entries, 'service').filter((text) => /preempted|is running/.test(text))).toEqual([
      'Job is running.',
      'The machine of workerpool0-0 was preempted. The job is started again.',
      'Job is running.',
    ]);
  });

  it('has its replica alone started again', async () => {
    const { name } = await start(
      {
        programs: [
          { replica: 'workerpool1-0', attempt: 1, events: [{ stdout: 'one' }, { preempt: 'replica', atMs: SECOND }] },
          { replica: 'workerpool1-0', events: [{ stdout: 'two' }], exit: 'never' },
          { events: [{ stdout: 'primary' }], exit: { atMs: 2 * SECOND } },
        ],
      },
      wideJob('s'),
    );
    await reached(service, name, 'RUNNING');
    await advance(SECOND);
    while (!texts(await service.entries(name), 'workerpool1-0').includes('two'))
      await new Promise((resolve) => setImmediate(resolve));
    expect((await service.vertex.get(name)).state).toBe('RUNNING');
    await advance(SECOND);
    expect((await ended(name)).state).toBe('SUCCEEDED');
    const entries = await service.entries(name);
    expect([texts(entries), texts(entries, 'workerpool1-0')]).toEqual([['primary'], ['one', 'two']]);
  });

  it.each<[string, ProgramEvent, number]>([
    ['has the job fail', { preempt: 'fail' }, 1],
    ['has the job tried six times again, and fail', { preempt: 'job' }, 7],
    ['has the replica tried six times again, and fail', { preempt: 'replica' }, 7],
  ])('%s', async (_name, preempt, starts) => {
    const { name } = await start(program([{ stdout: 'on' }, preempt]));
    expect(await ended(name)).toMatchObject({
      state: 'FAILED',
      error: { code: 8, message: expect.stringMatching(STOCKOUT) },
    });
    expect(texts(await service.entries(name))).toEqual(Array(starts).fill('on'));
  });

  it.each([
    ['job', 'RUNNING', ['on', 'on']],
    ['fail', 'FAILED', ['on']],
  ] as const)('at once when it is told to (%s)', async (preempt, state, said) => {
    const { name } = await start(program([{ stdout: 'on' }], { exit: 'never' }));
    await reached(service, name, 'RUNNING');
    await service.faults.order({ jobs: [{ name, preempt }] });
    while (texts(await service.entries(name)).length < said.length)
      await new Promise((resolve) => setImmediate(resolve));
    await reached(service, name, state);
    expect(texts(await service.entries(name))).toEqual(said);
  });

  it('is refused where no replica runs', async () => {
    const { name } = await start({ pendingMs: 'forever' });
    await expect(service.faults.order({ jobs: [{ name, preempt: 'job' }] })).rejects.toThrow(/HTTP 400: .*No replica/);
    await service.vertex.cancel(name);
  });
});

describe('a study', () => {
  const measure = (loss: number | string, step = 1): ProgramEvent => ({ measure: { loss }, step });

  it('has trials that measure, measure another thing, measure nothing, and crash', async () => {
    const { name } = await start(
      {
        programs: [
          { trial: '1', events: [measure(0.5), measure(0.25, 2)] },
          { trial: '2', events: [{ measure: { accuracy: 0.9 }, step: 1 }] },
          { trial: '3' },
          { trial: '4', events: [measure(0.1)], exit: { code: 1 } },
        ],
      },
      tuningJob('s', { parallelTrialCount: 1 }),
      'hyperparameterTuningJobs',
    );
    const { trials, state } = await ended(name);
    expect(state).toBe('SUCCEEDED');
    expect(trials.map((trial) => [trial.state, trial.finalMeasurement?.metrics, trial.infeasibleReason])).toEqual([
      ['SUCCEEDED', [{ metricId: 'loss', value: 0.25 }], undefined],
      ['INFEASIBLE', undefined, expect.stringMatching(/\(loss\): it reported accuracy\.$/)],
      ['INFEASIBLE', undefined, expect.stringMatching(/\(loss\): it reported none\.$/)],
      ['INFEASIBLE', undefined, expect.stringMatching(/^The replica workerpool0-0 exited with a non-zero status of 1/)],
    ]);
    expect(trials[0]?.measurements).toHaveLength(2);
  });

  it('tells measurements while a trial runs', async () => {
    const { name } = await start(
      program([measure(0.5), { ...measure(0.25, 2), atMs: HOUR }]),
      tuningJob('s', { maxTrialCount: 1, maxFailedTrialCount: 1 }),
      'hyperparameterTuningJobs',
    );
    await reached(service, name, 'RUNNING');
    const measured = async () => (await service.vertex.get(name)).trials[0]?.measurements?.length ?? 0;
    while ((await measured()) < 1) await advance(SECOND);
    await advance(HOUR);
    await reached(service, name, 'SUCCEEDED');
    expect(await measured()).toBe(2);
  });

  it('may have a thousand trials', async () => {
    const { name } = await start(
      program([{ stdout: 'trains' }, measure(0.5), { ...measure(0.25, 2), atMs: HOUR }]),
      tuningJob('s', { maxTrialCount: 1_000, parallelTrialCount: 100 }),
      'hyperparameterTuningJobs',
    );
    for (;;) {
      const { trials, state } = await service.vertex.get(name);
      if (ENDS.includes(state)) break;
      if (trials.filter((trial) => trial.state === 'ACTIVE').length > 0) await advance(HOUR);
    }
    const { trials, state } = await service.vertex.get(name);
    expect([state, trials.length]).toEqual(['SUCCEEDED', 1_000]);
    expect(trials.every((trial) => trial.finalMeasurement?.metrics?.[0]?.value === 0.25)).toBe(true);
    expect(texts(await service.entries(name))).toEqual(Array(1_000).fill('trains'));
  }, 60_000);
});

describe('lists and logs', () => {
  const list = async () =>
    (await service.vertex.list(PARENT, 'customJobs', 'labels.series="lag"')).map(({ name }) => name);

  it('jobs show in lists only after a time', async () => {
    const conditions = { listLagMs: 30 * SECOND };
    await service.faults.order({ conditions });
    const { name } = await start({}, customJob('s', { labels: { series: 'lag' } }));
    await ended(name);
    expect(await list()).toEqual([]);
    await advance(29 * SECOND);
    expect(await list()).toEqual([]);
    await advance(SECOND);
    expect(await list()).toEqual([name]);
    const masked = await fetch(`${service.url}/v1/${PARENT}/customJobs?readMask=name&filter=labels.series%3D%22lag%22`);
    expect(await masked.json()).toEqual({ customJobs: [{ name }] });
    await service.faults.order({ conditions: {} });
  });

  it('entries come late, twice and in disorder, and all of them in the end', async () => {
    const lines = Array.from({ length: 40 }, (_unused, index) => `line ${index + 1}`);
    const { name } = await start(program([{ stdout: 'line {n}', times: 40, everyMs: 10 }], { exit: { atMs: HOUR } }));
    await reached(service, name, 'RUNNING');
    await advance(400);
    await service.faults.order({
      conditions: { entries: { lateEvery: 3, lateMs: 60 * SECOND, doubledEvery: 5, shuffled: 11 } },
    });
    const early = texts(await service.entries(name));
    expect(new Set(early).size).toBeLessThan(40);
    expect(new Set(early).size).toBeGreaterThan(20);
    expect(early.length).toBeGreaterThan(new Set(early).size);
    expect([...new Set(early)]).not.toEqual(lines.filter((line) => early.includes(line)));
    await advance(60 * SECOND);
    const all = texts(await service.entries(name));
    expect(new Set(all)).toEqual(new Set(lines));
    await service.faults.order({ conditions: {} });
    expect(texts(await service.entries(name))).toEqual(lines);
    await service.vertex.cancel(name);
  });
});
