import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Limits } from '../../src/inputs/inputs.ts';
import { boundsText, limitFaults, type UpperBounds, upperBounds } from '../../src/plan/cost.ts';
import type { Draft } from '../../src/plan/draft.ts';
import type { Given } from '../inputs/given.ts';
import { errorsOf, planned, TUNING } from './request/judge.ts';

const boundsOf = (given: Given, config?: string) => planned(given, config).bounds;

describe('the most that a job can use', () => {
  test.each([
    {
      name: 'a machine for a day, by default',
      given: {},
      bounds: {
        machineHours: 24,
        acceleratorHours: 0,
        wallHours: 24,
        accelerators: 0,
        platformRetries: 3,
        cost: undefined,
      },
    },
    {
      name: 'a GPU for an hour and a half',
      given: { timeout: '90m', accelerator_type: 'l4' },
      bounds: { machineHours: 1.5, acceleratorHours: 1.5, wallHours: 1.5, accelerators: 1 },
    },
    {
      name: 'four machines of eight GPUs',
      given: { timeout: '2h', accelerator_type: 'a100', accelerator_count: '8', replica_count: '4' },
      bounds: { machineHours: 8, acceleratorHours: 64, wallHours: 2, accelerators: 32 },
    },
    {
      name: 'reduction servers and evaluators too',
      given: { timeout: '1h', accelerator_type: 't4', replica_count: '3', reduction_servers: '2', evaluators: '1' },
      bounds: { machineHours: 6, acceleratorHours: 4, accelerators: 4 },
    },
    {
      name: 'twenty trials, four at a time',
      given: { ...TUNING, timeout: '1h', accelerator_type: 'l4', accelerator_count: '2' },
      bounds: { machineHours: 20, acceleratorHours: 40, wallHours: 5, accelerators: 8 },
    },
    {
      name: 'trials that do not come out even',
      given: { ...TUNING, max_trials: '7', parallel_trials: '3', timeout: '1h' },
      bounds: { machineHours: 7, wallHours: 3 },
    },
    {
      name: 'a tuning job without numbers is one trial',
      given: { metrics: 'a: maximize', parameters: 'n: [1, 2]', timeout: '1h' },
      bounds: { machineHours: 1, wallHours: 1 },
    },
    {
      name: 'a TPU slice of one machine',
      given: { timeout: '1h', machine_type: 'ct5lp-hightpu-4t', tpu_topology: '2x2' },
      bounds: { machineHours: 1, acceleratorHours: 4, accelerators: 4 },
    },
    {
      name: 'a TPU slice of eight machines',
      given: { timeout: '1h', machine_type: 'ct5lp-hightpu-4t', tpu_topology: '4x8' },
      bounds: { machineHours: 8, acceleratorHours: 32, accelerators: 32 },
    },
    {
      name: 'a cube of TPUs',
      given: { timeout: '1h', machine_type: 'tpu7x-standard-4t', tpu_topology: '2x2x4' },
      bounds: { machineHours: 4, acceleratorHours: 16 },
    },
    {
      name: 'eight cores of a TPU v2',
      given: { timeout: '1h', machine_type: 'cloud-tpu', accelerator_type: 'TPU_V2', accelerator_count: '8' },
      bounds: { machineHours: 1, acceleratorHours: 8 },
    },
    { name: 'no repeats by the service', given: { disable_retries: 'true' }, bounds: { platformRetries: 0 } },
    { name: 'the repeats of a Spot job', given: { strategy: 'SPOT' }, bounds: { platformRetries: 6 } },
    {
      name: 'a Spot job without repeats',
      given: { strategy: 'SPOT', disable_retries: 'true' },
      bounds: { platformRetries: 0 },
    },
    {
      name: 'money by the price of a machine-hour',
      given: { ...TUNING, timeout: '30m', hourly_price: '2.50' },
      bounds: { machineHours: 10, cost: 25 },
    },
  ])('$name', ({ given, bounds }) => {
    expect(boundsOf(given)).toMatchObject(bounds);
  });

  test('of a config', () => {
    const config = `
      scheduling: { timeout: 1800.5s, strategy: LOW_COST }
      workerPoolSpecs:
        - { machineSpec: { machineType: n1-standard-8, acceleratorType: NVIDIA_TESLA_T4, acceleratorCount: 2 }, containerSpec: {} }
        - {}
        - { machineSpec: { machineType: n1-standard-4 }, replicaCount: 3, containerSpec: {} }
    `;
    expect(boundsOf({}, config)).toEqual({
      machineHours: (4 * 1800.5) / 3600,
      acceleratorHours: (2 * 1800.5) / 3600,
      wallHours: 1800.5 / 3600,
      accelerators: 2,
      platformRetries: 6,
      cost: undefined,
    });
  });
});

describe('told', () => {
  const bounds: UpperBounds = {
    machineHours: 10,
    acceleratorHours: 0,
    wallHours: 2.504,
    accelerators: 0,
    platformRetries: 3,
    cost: undefined,
  };
  test.each([
    {
      name: 'of machines',
      more: {},
      text: '10 machine-hours, 2.5 hours from first start to end; each attempt; Vertex AI may repeat a failed one up to 3 times of itself (disable_retries excludes that)',
    },
    {
      name: 'of accelerators and money',
      more: { acceleratorHours: 1 / 3, cost: 12.3456, platformRetries: 0 },
      text: '10 machine-hours, 0.33 accelerator-hours, 2.5 hours from first start to end, 12.35 by hourly_price; Vertex AI does not repeat it',
    },
  ])('$name', ({ more, text }) => {
    expect(boundsText({ ...bounds, ...more })).toBe(text);
  });
});

describe('limits', () => {
  test.each([
    {
      name: 'just kept',
      given: { timeout: '2h', hourly_price: '3', max_cost: '6', accelerator_type: 'l4', max_accelerator_hours: '2' },
      told: [],
    },
    {
      name: 'accelerator-hours passed',
      given: { ...TUNING, timeout: '1h', accelerator_type: 'l4', max_accelerator_hours: '19.5' },
      told: [
        'max_accelerator_hours: 19.5 is less than the 20 accelerator-hours that the job can use (timeout × replicas × accelerators × trials). Lower timeout or max_trials, or raise the limit. [limit-accelerator-hours]',
      ],
    },
    {
      name: 'cost passed',
      given: { timeout: '10h', replica_count: '2', hourly_price: '1.5', max_cost: '29.99' },
      told: [
        'max_cost: 29.99 is less than the 30 that the job can cost (hourly_price × 20 machine-hours). Lower timeout or max_trials, or raise the limit. [limit-cost]',
      ],
    },
    {
      name: 'both passed, with the day that is the default',
      given: { accelerator_type: 'l4', hourly_price: '1', max_cost: '1', max_accelerator_hours: '1' },
      told: [
        expect.stringContaining('1 is less than the 24 accelerator-hours'),
        expect.stringContaining('1 is less than the 24 that'),
      ],
    },
    { name: 'accelerator-hours of a job without any', given: { max_accelerator_hours: '0.1' }, told: [] },
    {
      name: 'accelerator-hours of a TPU slice',
      given: { timeout: '1h', machine_type: 'ct5lp-hightpu-4t', tpu_topology: '4x4', max_accelerator_hours: '15' },
      told: [expect.stringContaining('15 is less than the 16 accelerator-hours')],
    },
    {
      name: 'cost without a price',
      given: { max_cost: '5' },
      told: [
        'hourly_price is missing beside max_cost. Give the price of a machine with its accelerators for an hour. [price-missing]',
      ],
    },
    {
      name: 'numbers that are none',
      given: { hourly_price: '-1', max_cost: '1e3', max_accelerator_hours: '0' },
      told: ['hourly_price', 'max_cost', 'max_accelerator_hours'].map(
        (input, index) =>
          `${input}: "${['-1', '1e3', '0'][index]}" is not accepted. Write a number above 0, such as 2.5. [amount]`,
      ),
    },
  ])('$name', ({ given, told }) => {
    expect(errorsOf(given)).toEqual(told);
  });

  // Rounded for the reader, the two are the same number.
  test('a limit that is passed by less than a cent is told with numbers that differ', () => {
    const [fault] = limitFaults(
      { ...boundsOf({}), cost: 10.001 },
      { hourlyPrice: 1, maxCost: 10, maxAcceleratorHours: undefined },
    );
    const [, limit, most] = /^(\S+) is less than the (\S+) /.exec(fault?.message ?? '') ?? [];
    expect(Number(most)).toBeGreaterThan(Number(limit));
  });
});

const sizes = fc.record({
  timeout: fc.integer({ min: 1, max: 10_000_000 }),
  trials: fc.integer({ min: 1, max: 1_000 }),
  parallel: fc.integer({ min: 1, max: 1_000 }),
  workers: fc.integer({ min: 0, max: 1_000 }),
  accelerators: fc.integer({ min: 0, max: 16 }),
});
type Sizes = {
  readonly timeout: number;
  readonly trials: number;
  readonly parallel: number;
  readonly workers: number;
  readonly accelerators: number;
};

function bounded(
  { timeout, trials, parallel, workers, accelerators }: Sizes,
  limits: Partial<Limits> = {},
): UpperBounds {
  const machineSpec = {
    machineType: 'any',
    ...(accelerators === 0 ? {} : { acceleratorType: 'NVIDIA_L4' as const, acceleratorCount: accelerators }),
  };
  const draft: Draft = {
    region: 'us-central1',
    spec: {
      workerPoolSpecs: [
        { machineSpec, replicaCount: '1' },
        { machineSpec, replicaCount: String(workers) },
      ],
      scheduling: { timeout: `${timeout}s` },
    },
    study: { studySpec: { metrics: [], parameters: [] }, maxTrialCount: trials, parallelTrialCount: parallel },
  };
  return upperBounds(draft, { hourlyPrice: undefined, maxCost: undefined, maxAcceleratorHours: undefined, ...limits });
}

const USED = ['machineHours', 'acceleratorHours', 'wallHours', 'accelerators', 'cost'] as const;

describe('more of anything never costs less', () => {
  test.each(['timeout', 'trials', 'workers', 'accelerators'] as const)('%s', (what) => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1_000 }), (size, more) => {
        const [less, greater] = [size, { ...size, [what]: size[what] + more }].map((each) =>
          bounded(each, { hourlyPrice: 2 }),
        );
        for (const used of USED) expect(greater?.[used]).toBeGreaterThanOrEqual(less?.[used] ?? Number.NaN);
      }),
    );
  });

  test('more trials at a time use the same hours, never more time, and never fewer accelerators', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 100 }), (size, more) => {
        const [less, greater] = [bounded(size), bounded({ ...size, parallel: size.parallel + more })];
        expect(greater.machineHours).toBe(less.machineHours);
        expect(greater.wallHours).toBeLessThanOrEqual(less.wallHours);
        expect(greater.accelerators).toBeGreaterThanOrEqual(less.accelerators);
      }),
    );
  });

  test('all trials fit into the wall time, and the quota covers what runs at a time', () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { wallHours, machineHours, accelerators } = bounded(size);
        const atATime = Math.min(size.parallel, size.trials);
        expect(wallHours * atATime * (size.workers + 1)).toBeGreaterThanOrEqual(machineHours * (1 - 1e-9));
        expect(accelerators).toBe((size.workers + 1) * size.accelerators * atATime);
      }),
    );
  });

  test('a job is refused exactly where it passes its limit', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 1_000_000 }), (size, limit) => {
        const bounds = bounded(size, { hourlyPrice: 1 });
        const rules = limitFaults(bounds, { hourlyPrice: 1, maxCost: limit, maxAcceleratorHours: limit }).map(
          ({ rule }) => rule,
        );
        expect(rules.includes('limit-cost')).toBe((bounds.cost ?? 0) > limit);
        expect(rules.includes('limit-accelerator-hours')).toBe(bounds.acceleratorHours > limit);
      }),
    );
  });
});
