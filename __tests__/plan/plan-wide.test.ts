import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import type { JobPlan } from '../../src/plan/job.ts';
import type { Given } from '../inputs/given.ts';
import { violations } from './config/api-rules.ts';
import { IMAGE, judge, planned, TUNING } from './request/judge.ts';

/** What people write into an input, right and wrong. */
const WORDS: Partial<Record<InputName, readonly string[]>> = {
  region: ['us-central1', 'local', 'europe-west4', 'mars-west1', 'us-central1-a', ''],
  image: [IMAGE, `${IMAGE}:v1`, '', 'NO'],
  machine_type: [
    '',
    'n1-standard-8',
    'g2-standard-4',
    'ct5lp-hightpu-4t',
    'cloud-tpu',
    'a2-megagpu-16g',
    'nope',
    'c3-standard-8',
  ],
  accelerator_type: ['', 'l4', 'NVIDIA_TESLA_T4', 'a100', 'gb200', 'TPU_V2', 'x'],
  accelerator_count: ['', '1', '2', '8', '0', '-1', 'x', '1e3'],
  tpu_topology: ['', '2x2', '4x4', '2x2x1', 'x'],
  replica_count: ['', '1', '4', '0', 'x', '2147483648'],
  reduction_servers: ['', '1', '2'],
  evaluators: ['', '1', 'x'],
  boot_disk_size_gb: ['', '100', '99', '64001', 'big'],
  boot_disk_type: ['', 'pd-ssd', 'x'],
  command: ['', 'python\n-m\nx', '[a, "b c"]', '[a'],
  args: ['', '--x\n--y', '- a\n- b', '[1, yes]', '- {a: b}'],
  env_vars: ['', 'A=1\nB=2', 'A: 1', 'A=1\nA=2', '1A=2', 'TOKEN=abcdefghijkl'],
  config: [
    '',
    '',
    'workerPoolSpecs: [{ containerSpec: {} }]\n',
    'studySpec: {}\n',
    'nope: 1\n',
    'scheduling: { timeout: 5s }\n',
    '[\n',
  ],
  variables: ['', 'A=b', 'A'],
  metrics: [
    '',
    'a: maximize',
    'a: min',
    'trial: maximize',
    'a b: minimize',
    '[{ metricId: x, goal: MINIMIZE }]',
    'a: maximize\nb: minimize',
  ],
  parameters: [
    '',
    'p: [1, 2]',
    'p: { min: 0, max: 1 }',
    'p: { min: 0.1, max: 1, scale: log }',
    'p: [a, b]\nq: { min: 1, max: 2, when: { p: [a] } }',
    'p: [a, a]',
    'p: x',
    'p: { min: 1, max: 9 }\nq: [x]',
  ],
  max_trials: ['', '1', '20', '0', 'x'],
  parallel_trials: ['', '1', '5', 'x'],
  max_failed_trials: ['', '0', '3', '-1'],
  algorithm: ['', 'GRID_SEARCH', 'random_search', 'bayes'],
  early_stopping: ['', 'median', 'convex', 'x'],
  measurement_selection: ['', 'last', 'best', 'x'],
  timeout: ['', '90m', '1d', '0s', '60', 'x'],
  strategy: ['', 'SPOT', 'flex-start', 'x'],
  max_wait_duration: ['', '6h', '0s', 'x'],
  network: ['', 'projects/1/global/networks/n', 'x'],
  persistent_resource_id: ['', 'mine', 'Mine'],
  kms_key: ['', 'projects/p/locations/l/keyRings/r/cryptoKeys/k', 'x'],
  tensorboard: ['', 'projects/p/locations/l/tensorboards/1', 'x'],
  enable_web_access: ['', 'true', 'yes'],
  disable_retries: ['', 'true', 'false'],
  restart_job_on_worker_restart: ['', 'true'],
  model: ['', 'digits', 'No'],
  serving_image: ['', 'us-docker.pkg.dev/p/serve:1'],
  serving_ports: ['', '8080', 'x'],
  labels: ['', 'a=b', 'Team=x', 'train-on-vertex-key=x'],
  job_service_account: ['', 'a@p.iam.gserviceaccount.com', 'me'],
  output_uri: ['', 'gs://bucket/x', 's3://x'],
  hourly_price: ['', '2.5', 'x'],
  max_cost: ['', '1', '1000000'],
  max_accelerator_hours: ['', '1', '1000000'],
  ignore: ['', 'machine-name\npool-program', 'chief-replica', 'x'],
};

/** A handful of inputs, each by a word that people write or by any text. */
const someInputs: fc.Arbitrary<Given> = fc
  .array(
    fc
      .constantFrom(...INPUT_NAMES)
      .chain((name) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof(
            { weight: 9, arbitrary: fc.constantFrom(...(WORDS[name] ?? [''])) },
            { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
          ),
        ),
      ),
    { maxLength: 8 },
  )
  .map((pairs) => Object.fromEntries(pairs));

/** What of the API's own field rules a request breaks, whichever kind of job it makes. */
function forbidden({ collection, resource }: JobPlan): string[] {
  if (collection === 'customJobs') return violations('CustomJob', resource);
  if (collection === 'hyperparameterTuningJobs') return violations('HyperparameterTuningJob', resource);
  const { trainingTaskInputs: inputs } = resource;
  return [
    ...violations('TrainingPipeline', resource),
    // A google.protobuf.Value to the pipeline, and to its task one of these.
    ...violations('trialJobSpec' in inputs ? 'HyperparameterTuningJob' : 'CustomJobSpec', inputs),
  ];
}

describe('any inputs', () => {
  test('never make the plan throw, and what is accepted is what the API’s field rules allow', () => {
    let accepted = 0;
    fc.assert(
      fc.property(someInputs, (given) => {
        const { config, ...inputs } = given;
        const { plan, errors, warnings, notes } = judge(config ? given : inputs, config || undefined);
        for (const fault of [...errors, ...warnings, ...notes]) {
          expect(fault.rule).toMatch(/^[a-z0-9-]+$/);
          expect(faultText(fault)).not.toMatch(/undefined|NaN|\[object|Infinity/);
        }
        expect(plan === undefined).toBe(errors.length > 0);
        if (plan === undefined) return;
        accepted += 1;
        expect(forbidden(plan.job)).toEqual([]);
        expect(JSON.parse(JSON.stringify(plan.job.resource))).toEqual(plan.job.resource);
        expect(explainPlan(plan).join('\n')).not.toMatch(/undefined|NaN|\[object|Infinity/);
      }),
      { numRuns: 3_000 },
    );
    // A property of refusals alone would say little.
    expect(accepted).toBeGreaterThan(100);
  });

  test('are judged alike each time', () => {
    fc.assert(
      fc.property(someInputs, (given) => {
        expect(JSON.stringify(judge(given))).toBe(JSON.stringify(judge(given)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('one fault makes no other', () => {
  test.each([
    { name: 'trials that are no number', given: { ...TUNING, max_trials: 'many' }, rules: ['count'] },
    { name: 'trials at a time that are no number', given: { ...TUNING, parallel_trials: 'few' }, rules: ['count'] },
    {
      name: 'a count of accelerators that is no number',
      given: { accelerator_type: 'l4', accelerator_count: 'x' },
      rules: ['count'],
    },
    { name: 'replicas that are no number', given: { replica_count: 'x' }, rules: ['count'] },
    { name: 'reduction servers that are no number', given: { reduction_servers: 'x' }, rules: ['count'] },
    { name: 'a goal that is none', given: { ...TUNING, metrics: 'accuracy: up' }, rules: ['metric-goal'] },
    { name: 'a parameter that is none', given: { ...TUNING, parameters: 'rate: x' }, rules: ['parameter-form'] },
    {
      name: 'a slip in the machine',
      given: { machine_type: 'n1-standrad-4', accelerator_type: 't4' },
      rules: ['machine-name'],
    },
    { name: 'a strategy that is none', given: { strategy: 'x', max_wait_duration: '5m' }, rules: ['strategy'] },
  ])('$name', ({ given, rules }) => {
    expect(judge(given).errors.map(({ rule }) => rule)).toEqual(rules);
  });

  test.each([
    {
      name: 'a pool that is none',
      config: 'workerPoolSpecs: [5, { replicaCount: 3, containerSpec: {} }]',
      rules: ['config-type'],
    },
    {
      name: 'a metric that is refused',
      config:
        'studySpec: { metrics: [{ metricId: 5, goal: MAXIMIZE }], parameters: [{ parameterId: p, discreteValueSpec: { values: [1] } }] }',
      rules: ['config-type'],
    },
    {
      name: 'a strategy that is none',
      config: 'scheduling: { strategy: flex, maxWaitDuration: 5s }',
      rules: ['config-type'],
    },
  ])('$name in a config', ({ config, rules }) => {
    expect(judge({}, config).errors.map(({ rule }) => rule)).toEqual(rules);
  });
});

describe('the request’s hash', () => {
  const hash = (given: Given, config?: string) =>
    planned(given, config).job.resource.labels?.['train-on-vertex-request'];
  test('is the same for the same request, by inputs or by config, in whichever order and spelling', () => {
    const config = `workerPoolSpecs:
      - { container_spec: { args: [--x] }, machineSpec: { machineType: n1-standard-8 }, replicaCount: 1 }
scheduling: { timeout: 3600s }`;
    const byInputs = hash({ args: '--x', machine_type: 'n1-standard-8', timeout: '1h' });
    expect(hash({}, config)).toBe(byInputs);
    expect(hash({ timeout: '60m' }, config)).toBe(byInputs);
  });

  test('is another for another request', () => {
    const hashes = [
      {},
      { args: '--x' },
      { timeout: '1h' },
      { replica_count: '2' },
      TUNING,
      { kms_key: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' },
    ].map((given) => hash(given));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test('does not hang on labels', () => {
    expect(hash({ labels: 'a=b' })).toBe(hash({}));
  });
});
