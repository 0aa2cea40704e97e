import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type UsedJob, usageOf } from '../../src/results/usage.ts';
import type { JobSpec } from '../../src/vertex/jobs.ts';
import type { Trial, WorkerPoolSpec } from '../../src/vertex/types.ts';
import { job, TUNING, trial } from '../job/jobs.ts';

const PIPELINE = 'projects/1/locations/us-central1/trainingPipelines/99';
const at = (time: string) => `2026-11-01T${time}:00Z`;
const NOW = Date.parse(at('12:00'));
const L4: WorkerPoolSpec = {
  machineSpec: { machineType: 'g2-standard-8', acceleratorType: 'NVIDIA_L4', acceleratorCount: 2 },
  replicaCount: '1',
};
const CPU: WorkerPoolSpec = { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '3' };
const spec = (...pools: WorkerPoolSpec[]): JobSpec => ({ outputUri: undefined, tensorboard: undefined, pools });
const ran = { createTime: at('00:00'), startTime: at('01:00'), endTime: at('03:30') };
const study = { metrics: [], maxTrials: 3 };
const run = (id: string, state: Trial['state'], startTime?: string, endTime?: string) =>
  trial(id, state, undefined, {
    ...(startTime === undefined ? {} : { startTime: at(startTime) }),
    ...(endTime === undefined ? {} : { endTime: at(endTime) }),
  });

const HOUR = 3_600_000;

describe('usage', () => {
  test.each<{
    name: string;
    job: UsedJob;
    elapsed: number;
    queued: number;
    machines: number | undefined;
    accelerators: number | undefined;
  }>([
    {
      name: 'of a job on one machine with two GPUs',
      job: job('SUCCEEDED', { ...ran, spec: spec(L4) }),
      elapsed: 3.5,
      queued: 1,
      machines: 2.5,
      accelerators: 5,
    },
    {
      name: 'of several pools, one of them empty',
      job: job('FAILED', { ...ran, spec: spec(L4, {}, CPU) }),
      elapsed: 3.5,
      queued: 1,
      machines: 10,
      accelerators: 5,
    },
    {
      name: 'of a TPU slice of four machines',
      job: job('SUCCEEDED', {
        ...ran,
        spec: spec({ machineSpec: { machineType: 'ct5lp-hightpu-4t', tpuTopology: '4x4' } }),
      }),
      elapsed: 3.5,
      queued: 1,
      machines: 10,
      accelerators: 40,
    },
    {
      name: 'of a job that runs',
      job: job('RUNNING', { createTime: at('00:00'), startTime: at('10:00'), spec: spec(L4) }),
      elapsed: 12,
      queued: 10,
      machines: 2,
      accelerators: 4,
    },
    {
      name: 'of a job that waits',
      job: job('PENDING', { spec: spec(L4) }),
      elapsed: 12,
      queued: 12,
      machines: 0,
      accelerators: 0,
    },
    {
      name: 'of a job that was cancelled before it ran',
      job: job('CANCELLED', { endTime: at('02:00'), spec: spec(L4) }),
      elapsed: 2,
      queued: 2,
      machines: 0,
      accelerators: 0,
    },
    {
      name: 'of a job that does not tell its machines',
      job: job('SUCCEEDED', ran),
      elapsed: 3.5,
      queued: 1,
      machines: undefined,
      accelerators: undefined,
    },
    {
      name: 'of a job whose pools are empty',
      job: job('SUCCEEDED', { ...ran, spec: spec({}) }),
      elapsed: 3.5,
      queued: 1,
      machines: undefined,
      accelerators: undefined,
    },
    {
      name: "of a study, its trials' times and not its own",
      job: job('SUCCEEDED', {
        ...ran,
        name: TUNING,
        study,
        spec: spec(L4),
        trials: [
          run('1', 'SUCCEEDED', '01:00', '02:00'),
          run('2', 'INFEASIBLE', '01:00', '01:30'),
          run('3', 'REQUESTED'),
        ],
      }),
      elapsed: 3.5,
      queued: 1,
      machines: 1.5,
      accelerators: 3,
    },
    {
      name: "of a trial without an end, to the job's end",
      job: job('CANCELLED', { ...ran, name: TUNING, study, spec: spec(CPU), trials: [run('1', 'ACTIVE', '03:00')] }),
      elapsed: 3.5,
      queued: 1,
      machines: 1.5,
      accelerators: 0,
    },
    {
      name: 'of a trial without an end, to now where the job goes on',
      job: job('RUNNING', {
        startTime: at('01:00'),
        name: TUNING,
        study,
        spec: spec(CPU),
        trials: [run('1', 'ACTIVE', '11:00'), run('2', 'STOPPING', '11:30')],
      }),
      elapsed: 12,
      queued: 1,
      machines: 4.5,
      accelerators: 0,
    },
    {
      name: 'of a study whose trials have not started',
      job: job('RUNNING', { startTime: at('01:00'), name: TUNING, study, spec: spec(CPU) }),
      elapsed: 12,
      queued: 1,
      machines: 0,
      accelerators: 0,
    },
    {
      name: 'of a pipeline of a study',
      job: job('SUCCEEDED', {
        ...ran,
        name: PIPELINE,
        study,
        spec: spec(L4),
        trials: [run('1', 'SUCCEEDED', '01:00', '02:00')],
      }),
      elapsed: 3.5,
      queued: 1,
      machines: 1,
      accelerators: 2,
    },
    {
      name: "by a clock that is behind the service's",
      job: job('RUNNING', { createTime: at('13:00'), startTime: at('14:00'), spec: spec(L4) }),
      elapsed: 1,
      queued: 1,
      machines: 0,
      accelerators: 0,
    },
  ])('$name', ({ job: of, elapsed, queued, machines, accelerators }) => {
    const usage = usageOf(of, NOW, undefined);
    expect(usage.elapsedMs).toBe(elapsed * HOUR);
    expect(usage.queuedMs).toBe(queued * HOUR);
    expect(usage.machineHours).toBe(machines);
    expect(usage.acceleratorHours).toBe(accelerators);
    expect(usage.cost).toBeUndefined();
  });

  test('has a cost with a price alone', () => {
    expect(usageOf(job('SUCCEEDED', { ...ran, spec: spec(L4) }), NOW, 4).cost).toBe(10);
    expect(usageOf(job('SUCCEEDED', ran), NOW, 4).cost).toBeUndefined();
  });

  test('is the sum of its trials, one by one', () => {
    const span = fc.tuple(fc.nat(600), fc.nat(600)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), fc.integer({ min: 1, max: 5 }), (spans, replicas) => {
        const time = (minutes: number) => new Date(Date.parse(at('00:00')) + minutes * 60_000).toISOString();
        const trials = spans.map(([start, end], index) =>
          trial(`${index + 1}`, 'SUCCEEDED', undefined, { startTime: time(start), endTime: time(end) }),
        );
        const pool = { ...L4, replicaCount: `${replicas}` };
        const of = (all: Trial[]) =>
          usageOf(job('SUCCEEDED', { ...ran, name: TUNING, study, spec: spec(pool), trials: all }), NOW, 1);
        const minutes = spans.reduce((sum, [start, end]) => sum + end - start, 0);
        expect(of(trials).machineHours).toBeCloseTo((minutes / 60) * replicas, 9);
        expect(of(trials).acceleratorHours).toBeCloseTo((minutes / 60) * replicas * 2, 9);
        expect(of(trials).cost).toBe(of(trials).machineHours);
      }),
    );
  });
});

describe('what is not counted', () => {
  const RESTARTS = 'Where Vertex AI restarted or repeated the program, the wait for new machines counts as running.';
  const BESIDE = 'Boot disks, Cloud Storage, the registry, log volume and network traffic are not counted.';
  const done = (more: Parameters<typeof job>[1] = {}) => job('SUCCEEDED', { ...ran, spec: spec(L4), ...more });
  test.each<{ name: string; job: UsedJob; price?: number; texts: string[] }>([
    { name: 'without a price', job: done(), texts: [RESTARTS] },
    { name: 'with a price', job: done(), price: 2, texts: [RESTARTS, BESIDE] },
    {
      name: 'of unknown machines',
      job: done({ spec: undefined }),
      price: 2,
      texts: ['The job does not tell what machines it has, so that hours of machines are not known.', RESTARTS],
    },
    {
      name: 'of a job that waits',
      job: job('PENDING', { spec: spec(L4) }),
      texts: ['The job still runs: what it has used so far is counted.'],
    },
    {
      name: 'of a trial without times',
      job: done({ name: TUNING, study, trials: [run('1', 'INFEASIBLE'), run('2', 'REQUESTED')] }),
      texts: ['Trials that have run without a start time are not counted.'],
    },
    {
      name: 'of a pipeline',
      job: done({ name: PIPELINE }),
      texts: [
        "The times are the pipeline's: they hold the wait for machines and the upload of the model too.",
        RESTARTS,
      ],
    },
    {
      name: 'of Spot machines',
      job: done({ spec: { ...spec(L4), strategy: 'SPOT' } }),
      texts: [
        RESTARTS,
        'Spot machines are not billed while they are taken away; these times do not tell when they were.',
      ],
    },
    {
      name: 'of FLEX_START',
      job: done({ spec: { ...spec(L4), strategy: 'FLEX_START' } }),
      price: 2,
      texts: [RESTARTS, 'The management fee of FLEX_START is not counted, unless hourly_price holds it.', BESIDE],
    },
    {
      name: 'of a persistent resource',
      job: done({ spec: { ...spec(L4), persistentResource: 'shared' } }),
      texts: [
        RESTARTS,
        'The job ran on a persistent resource, which is billed for as long as it stands and not by the job.',
      ],
    },
    {
      name: 'of machines of two kinds',
      job: done({ spec: spec(L4, CPU) }),
      price: 2,
      texts: [RESTARTS, 'Machines of several kinds are all counted at the one hourly_price.', BESIDE],
    },
    {
      name: 'of a job that failed',
      job: job('FAILED', { ...ran, spec: spec(L4) }),
      price: 2,
      texts: [RESTARTS, 'The service may not bill a job that failed for a reason other than its cancellation.', BESIDE],
    },
  ])('$name', ({ job: of, price, texts }) => {
    expect(usageOf(of, NOW, price).caveats).toEqual(texts);
  });
});
