import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ProgramEvent, Script } from '../../../src/local/faults/script.ts';
import type { HyperparameterTuningJob, StudyStoppingConfig } from '../../../src/vertex/types.ts';
import { ENDS, type Opened, openService, PARENT, reached, standingClock, texts, tuningJob } from '../faults/service.ts';

let service: Opened;
beforeAll(async () => {
  service = await openService({ clock: standingClock });
});
afterAll(() => service.close());
beforeEach(() => service.faults.calm());

const SECOND = 1_000;
const HOUR = 3_600_000;

const measure = (loss: number | string, step = 1): ProgramEvent => ({ measure: { loss }, step });

async function start(script: Script, more: Partial<HyperparameterTuningJob>): Promise<string> {
  await service.faults.order({ scripts: { s: script } });
  const { name } = await service.vertex.create(PARENT, 'hyperparameterTuningJobs', tuningJob('s', more));
  return name;
}

async function advance(advanceMs: number): Promise<void> {
  await service.faults.order({ clock: { advanceMs } });
}

const ended = (name: string) => reached(service, name, ...ENDS);
const studyOf = (studyStoppingConfig: StudyStoppingConfig, more: object = {}) => ({
  ...tuningJob('s').studySpec,
  studyStoppingConfig,
  ...more,
});
const saidOf = async (name: string) => texts(await service.entries(name), 'service');

describe('a study that ends by its own rules', () => {
  it('has no trial more, lets those that run come to their end, and its job succeeds', async () => {
    const name = await start(
      { programs: [{ events: [measure(0.5)] }] },
      { maxTrialCount: 50, parallelTrialCount: 2, studySpec: studyOf({ maxNumTrialsNoProgress: 3 }) },
    );
    const { state, error, trials } = await ended(name);
    expect([state, error]).toEqual(['SUCCEEDED', undefined]);
    expect(trials.every((trial) => trial.state === 'SUCCEEDED')).toBe(true);
    expect(trials.length).toBeGreaterThanOrEqual(4);
    expect(trials.length).toBeLessThanOrEqual(5);
    expect(await saidOf(name)).toContainEqual(expect.stringMatching(/^The study ends: 3 trials brought no progress/));
  });

  it('stops the trials that run where it is to end as soon as it can', async () => {
    const name = await start(
      { programs: [{ trial: '1', events: [measure(0.5)], exit: 'never' }, { exit: 'never' }] },
      {
        maxTrialCount: 4,
        parallelTrialCount: 2,
        studySpec: studyOf({ shouldStopAsap: true, maximumRuntimeConstraint: { maxDuration: '3600s' } }),
      },
    );
    const measured = async () => (await service.vertex.get(name)).trials[0]?.measurements?.length ?? 0;
    while ((await measured()) < 1) await advance(SECOND);
    await advance(HOUR);
    const { state, error, trials } = await ended(name);
    expect([state, error]).toEqual(['SUCCEEDED', undefined]);
    expect(trials.map((trial) => [trial.state, trial.infeasibleReason])).toEqual([
      ['SUCCEEDED', undefined],
      [
        'INFEASIBLE',
        expect.stringMatching(/^CANCELED: The trial was stopped as its study ended: .*it reported none\.$/),
      ],
    ]);
    const own = await service.vertex.get(trials[0]?.customJob ?? '');
    expect(own).toMatchObject({ state: 'CANCELLED', error: { code: 1 } });
  });

  it('lets a trial run on past its time where it is not', async () => {
    const name = await start(
      { programs: [{ events: [{ ...measure(0.5), atMs: 2 * HOUR }] }] },
      {
        maxTrialCount: 4,
        parallelTrialCount: 1,
        studySpec: studyOf({ maximumRuntimeConstraint: { maxDuration: '3600s' } }),
      },
    );
    await reached(service, name, 'RUNNING');
    while ((await service.vertex.get(name)).trials[0]?.state !== 'ACTIVE') await advance(SECOND);
    await advance(HOUR);
    expect((await service.vertex.get(name)).trials).toMatchObject([{ state: 'ACTIVE' }]);
    await advance(HOUR);
    const { state, trials } = await ended(name);
    expect([state, trials.map((trial) => trial.state)]).toEqual(['SUCCEEDED', ['SUCCEEDED']]);
  });
});

describe('the convex rule', () => {
  it('stops a trial and gives it what it would have come to as its last measurement', async () => {
    const events = (...losses: number[]) => losses.map((loss, index) => measure(loss, index + 1));
    const name = await start(
      {
        programs: [
          { trial: '4', events: events(0.9, 0.89, 0.889), exit: 'never' },
          { events: events(0.9, 0.5, 0.3, 0.2) },
        ],
      },
      {
        maxTrialCount: 4,
        parallelTrialCount: 1,
        studySpec: {
          ...tuningJob('s').studySpec,
          convexAutomatedStoppingSpec: { maxStepCount: '8', minStepCount: '1', minMeasurementCount: '2' },
        },
      },
    );
    while (!ENDS.includes((await service.vertex.get(name)).state)) await advance(SECOND);
    const { state, trials } = await ended(name);
    expect([state, trials.length, trials[3]?.state]).toEqual(['SUCCEEDED', 4, 'SUCCEEDED']);
    const { measurements = [], finalMeasurement } = trials[3] ?? {};
    expect(finalMeasurement).toEqual(measurements.at(-1));
    expect(finalMeasurement?.stepCount).toBe('8');
    const value = finalMeasurement?.metrics?.[0]?.value ?? 0;
    expect(value).toBeLessThan(0.889);
    expect(value).toBeGreaterThan(0.2);
    expect((await service.vertex.get(trials[3]?.customJob ?? '')).state).toBe('CANCELLED');
    expect(await saidOf(name)).toEqual(
      expect.arrayContaining([
        'Early stopping: trials are stopped by the convex rule.',
        expect.stringMatching(/^Trial 4 is stopped early by the convex rule, step \d$/),
      ]),
    );
  });
});

describe('trials that fail', () => {
  const statesOf = async (name: string) => {
    const { state, error, trials } = await ended(name);
    return { state, error, trials: trials.map((trial) => trial.state) };
  };
  const crash = { exit: { code: 1 } };

  it('end the job at once where the first one does, with those that run beside it', async () => {
    const name = await start(
      { programs: [{ trial: '2', ...crash }, { exit: 'never' }] },
      { maxTrialCount: 9, parallelTrialCount: 3, maxFailedTrialCount: 0 },
    );
    expect(await statesOf(name)).toEqual({
      state: 'FAILED',
      error: expect.objectContaining({
        message: expect.stringMatching(/^The first trial of the job failed\. Trial 2: /),
      }),
      trials: ['INFEASIBLE', 'INFEASIBLE', 'INFEASIBLE'],
    });
    const { trials } = await service.vertex.get(name);
    expect(trials[0]).toMatchObject({
      infeasibleReason: 'CANCELED: The trial was stopped because its tuning job failed.',
      endTime: expect.anything(),
    });
    expect(trials[0]?.finalMeasurement).toBeUndefined();
  });

  it('are borne up to the number that the job allows', async () => {
    const programs = [{ trial: '1', ...crash }, { trial: '3', ...crash }, { events: [measure(0.5)] }];
    const more = { maxTrialCount: 6, parallelTrialCount: 1 };
    expect(await statesOf(await start({ programs }, { ...more, maxFailedTrialCount: 3 }))).toEqual({
      state: 'SUCCEEDED',
      error: undefined,
      trials: ['INFEASIBLE', 'SUCCEEDED', 'INFEASIBLE', 'SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
    });
    expect(await statesOf(await start({ programs }, { ...more, maxFailedTrialCount: 2 }))).toEqual({
      state: 'FAILED',
      error: expect.objectContaining({ code: 3, message: expect.stringMatching(/^The job has 2 failed trials/) }),
      trials: ['INFEASIBLE', 'SUCCEEDED', 'INFEASIBLE'],
    });
  });

  it('may have reported what is no number', async () => {
    const name = await start(
      {
        programs: [
          { trial: '1', events: [measure(0.5), measure('nan', 2)] },
          { events: [measure('-inf'), measure(2, 2)] },
        ],
      },
      { maxTrialCount: 2, parallelTrialCount: 1, maxFailedTrialCount: 2 },
    );
    const { trials } = await ended(name);
    expect(trials).toMatchObject([
      { state: 'INFEASIBLE', infeasibleReason: 'The metric loss was NaN.', measurements: [{ stepCount: '1' }] },
      { state: 'SUCCEEDED', finalMeasurement: { stepCount: '2', metrics: [{ metricId: 'loss', value: 2 }] } },
    ]);
  });
});

describe('a tuning job that is cancelled', () => {
  it('ends its trials, keeps what has ended, and begins no other', async () => {
    const name = await start(
      {
        programs: [
          { trial: '1', events: [measure(0.5)] },
          { events: [measure(0.4)], exit: 'never' },
        ],
      },
      { maxTrialCount: 9, parallelTrialCount: 2 },
    );
    for (;;) {
      const { trials } = await service.vertex.get(name);
      if (trials.length === 3 && trials.slice(1).every((trial) => trial.state === 'ACTIVE')) break;
      await advance(SECOND);
    }
    await service.vertex.cancel(name);
    const job = await ended(name);
    expect(job).toMatchObject({
      state: 'CANCELLED',
      error: { code: 1, message: expect.stringMatching(/CANCELED/) },
      endTime: expect.anything(),
    });
    expect(job.trials.map((trial) => trial.state)).toEqual(['SUCCEEDED', 'INFEASIBLE', 'INFEASIBLE']);
    expect(job.trials[1]?.infeasibleReason).toMatch(/^CANCELED/);
    for (const { customJob = '' } of job.trials.slice(1)) {
      expect(await service.vertex.get(customJob)).toMatchObject({ state: 'CANCELLED', error: { code: 1 } });
    }
  });
});

describe('a tuning job that is deleted', () => {
  it('is gone with the custom jobs of its trials', async () => {
    const name = await start({ programs: [{ events: [measure(0.5)] }] }, { maxTrialCount: 2, maxFailedTrialCount: 2 });
    const { trials } = await ended(name);
    const jobs = trials.map(({ customJob = '' }) => customJob);
    for (const job of jobs) expect((await service.vertex.get(job)).state).toBe('SUCCEEDED');
    expect((await fetch(`${service.url}/v1/${name}`, { method: 'DELETE' })).status).toBe(200);
    for (const job of [name, ...jobs]) await expect(service.vertex.get(job)).rejects.toThrow(/does not exist/);
  });
});
