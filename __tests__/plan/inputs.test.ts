import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';
import { judgePlan } from '../../src/plan/plan.ts';
import type { Given } from '../inputs/given.ts';
import { errorsOf, planOf, requestOf, TUNING, verdictOf } from './run.ts';

/** Rules of the request name the input that the refused part came from, as if the input itself were read. */
describe('refused, at the input', () => {
  test.each<{ name: string; given: Given; errors: string[] }>([
    {
      name: 'characters of args in all beyond what Vertex AI takes',
      given: { args: `${'x'.repeat(50_000)}\n${'y'.repeat(50_001)}` },
      errors: ['args holds 100001 characters; at most 100000 are accepted. Put them in a file. [args-length]'],
    },
    {
      name: 'a variable with a hyphen',
      given: { env_vars: 'A-B=1' },
      errors: ['env_vars: "A-B" is no variable name: letters, digits and _, first no digit. [env-name]'],
    },
    {
      name: 'a variable that begins with a digit',
      given: { env_vars: '1A: x' },
      errors: ['env_vars: "1A" is no variable name: letters, digits and _, first no digit. [env-name]'],
    },
    {
      name: 'a variable without a name',
      given: { env_vars: '"": x' },
      errors: ['env_vars: "" is no variable name: letters, digits and _, first no digit. [env-name]'],
    },
    {
      name: 'more variables than Vertex AI takes',
      given: { env_vars: Array.from({ length: 101 }, (_, index) => `V${index}=x`).join('\n') },
      errors: ['env_vars holds 101 variables; at most 100 are accepted. [env-count]'],
    },
    {
      name: 'a folder that is not in Cloud Storage',
      given: { output_uri: 's3://bucket' },
      errors: [
        'output_uri: "s3://bucket" is not gs://BUCKET/PATH, such as gs://my-bucket/runs; a bucket has 3 or more of a-z, 0-9, -, _ and . in its name. [output-uri]',
      ],
    },
    {
      name: 'an account of the job that is none',
      given: { job_service_account: 'a@b c.d' },
      errors: [
        'job_service_account: "a@b c.d" is not accepted; the e-mail address of a service account is accepted. [job-service-account]',
      ],
    },
    {
      name: 'a grid over doubles',
      given: { ...TUNING, parameters: 'x: [1]\ny: {min: 0.1, max: 1}', algorithm: 'GRID_SEARCH' },
      errors: [
        'algorithm: GRID_SEARCH takes integer, categorical and discrete parameters only; "y" is double. Give it a list of values, or use RANDOM_SEARCH. [grid-search-double]',
      ],
    },
    ...['{}', '[]'].flatMap((nothing) => [
      {
        name: `a tuning job over the metrics ${nothing}`,
        given: { ...TUNING, metrics: nothing },
        errors: ['metrics is empty. Name the metric that the program reports. [metric-missing]'],
      },
      {
        name: `a tuning job over the parameters ${nothing}`,
        given: { ...TUNING, parameters: nothing },
        errors: ['parameters is empty. Name what is varied. [parameter-missing]'],
      },
    ]),
  ])('$name', ({ given, errors }) => {
    expect(errorsOf(given)).toEqual(errors);
  });
});

describe('accepted', () => {
  test.each<{ name: string; given: Given }>([
    { name: 'as many characters of args as Vertex AI takes', given: { args: 'x'.repeat(100_000) } },
    {
      name: 'as many variables as Vertex AI takes',
      given: { env_vars: Array.from({ length: 100 }, (_, index) => `V${index}=x`).join('\n') },
    },
    { name: 'a bucket', given: { output_uri: 'gs://my-bucket' } },
    { name: 'a folder with spaces', given: { output_uri: 'gs://b.x_y/a b/c' } },
    { name: "the job's account", given: { job_service_account: 'trainer@my-project.iam.gserviceaccount.com' } },
    { name: 'a grid over lists', given: { ...TUNING, parameters: 'x: [1]\ny: [a]', algorithm: 'GRID_SEARCH' } },
  ])('$name', ({ given }) => {
    const { errors, warnings } = verdictOf(given);
    expect([errors, warnings]).toEqual([[], []]);
  });
});

describe('what goes to every worker pool', () => {
  test.each<{ name: string; given: Given; rule: string }>([
    { name: 'variables', given: { env_vars: 'A-B=1' }, rule: 'env-name' },
    { name: 'arguments', given: { args: 'x'.repeat(100_001) }, rule: 'args-length' },
    { name: 'disks', given: { boot_disk_size_gb: '5' }, rule: 'disk-size' },
    { name: 'a machine', given: { machine_type: 'n1-standrad-4' }, rule: 'machine-name' },
  ])('$name are told of once, and not once for each pool', ({ given, rule }) => {
    expect(verdictOf({ ...given, replica_count: '4', evaluators: '1' }).errors.map((error) => error.rule)).toEqual([
      rule,
    ]);
  });

  test('variables that look like secrets are warned of once', () => {
    const { warnings } = verdictOf({ env_vars: 'API_TOKEN=abcdefgh', replica_count: '2' });
    expect(warnings.map(({ rule, input }) => [rule, input])).toEqual([['env-secret', 'env_vars']]);
  });
});

describe('what is missing of the machine is asked of its input', () => {
  test.each<{ name: string; given: Given; error: string }>([
    {
      name: 'a machine of the persistent resource',
      given: { persistent_resource_id: 'mine' },
      error:
        'machine_type is missing: with a persistent resource it has to be the machine of one of its pools. Name it. [persistent-machine]',
    },
    {
      name: 'an accelerator that the catalog puts on no machine',
      given: { accelerator_type: 'k80' },
      error:
        'accelerator_count: no machine carries 1 NVIDIA_TESLA_K80. No machine in the catalog carries it; name machine_type. [accelerator-count]',
    },
    {
      name: 'one of the accelerators that a machine always carries',
      given: { machine_type: 'cloud-tpu' },
      error:
        'accelerator_type is missing: cloud-tpu always carries accelerators. Name one: 8 TPU_V2; 8 TPU_V3. [accelerator-missing]',
    },
    {
      name: 'the topology of a TPU machine',
      given: { machine_type: 'ct5lp-hightpu-1t' },
      error: 'tpu_topology is missing: ct5lp-hightpu-1t needs one of 1x1. [tpu-topology]',
    },
  ])('$name', ({ given, error }) => {
    expect(errorsOf(given)).toEqual([error]);
  });
});

describe('one fault is told once, and makes up no other', () => {
  const P = (x: string): Given => ({ metrics: 'a: maximize', parameters: `x: ${x}` });
  test.each<{ name: string; given: Given }>([
    { name: 'a count without its accelerator', given: { accelerator_count: '2' } },
    { name: 'a count of accelerators', given: { accelerator_type: 'l4', accelerator_count: 'x' } },
    {
      name: 'a count on a machine',
      given: { machine_type: 'n1-standard-4', accelerator_type: 't4', accelerator_count: 'x' },
    },
    { name: 'a region', given: { region: 'us-central1-a' } },
    { name: 'no region', given: { region: '' } },
    { name: 'an image', given: { image: 'X' } },
    { name: 'replicas', given: { replica_count: 'x' } },
    { name: 'reduction servers', given: { reduction_servers: 'x' } },
    { name: 'evaluators', given: { evaluators: '0' } },
    { name: 'a timeout', given: { timeout: '1' } },
    { name: 'a strategy beside what needs FLEX_START', given: { strategy: 'x', max_wait_duration: '6h' } },
    { name: 'a wait', given: { strategy: 'FLEX_START', accelerator_type: 'l4', max_wait_duration: 'x' } },
    { name: 'a goal', given: { ...TUNING, metrics: 'a: up' } },
    { name: 'metrics that are none', given: { ...TUNING, metrics: 'accuracy' } },
    { name: 'metrics that are no YAML', given: { ...TUNING, metrics: 'a: [' } },
    { name: 'a metric twice', given: { ...TUNING, metrics: 'a: maximize\na: minimize' } },
    { name: 'a metric with a space', given: { ...TUNING, metrics: 'my loss: minimize' } },
    { name: 'metrics of nothing', given: { ...TUNING, metrics: '{}' } },
    { name: 'metrics alone', given: { metrics: 'a: maximize' } },
    { name: 'parameters alone', given: { parameters: 'x: [1]' } },
    { name: 'parameters of nothing', given: { ...TUNING, parameters: '[]' } },
    { name: 'one value', given: P('5') },
    { name: 'mixed values', given: P('[1, a]') },
    { name: 'bounds the wrong way round', given: P('{ min: 2, max: 1 }') },
    { name: 'a number twice', given: P('[1, 1]') },
    { name: 'a category twice', given: P('[a, a]') },
    { name: 'a log scale from 0', given: P('{ min: 0.0, max: 1, scale: log }') },
    { name: 'a parameter twice', given: { ...TUNING, parameters: 'x: [1]\nx: [2]' } },
    { name: 'a parameter with a space', given: { ...TUNING, parameters: 'a b: [1]' } },
    { name: 'a parameter without a name', given: { ...TUNING, parameters: '"": [1]' } },
    { name: 'trials', given: { ...TUNING, max_trials: 'x', max_failed_trials: '1' } },
    { name: 'trials at a time', given: { ...TUNING, parallel_trials: 'x' } },
    { name: 'failed trials', given: { ...TUNING, max_failed_trials: 'x' } },
    { name: 'a disk', given: { boot_disk_size_gb: 'x' } },
    { name: 'a topology', given: { tpu_topology: 'x' } },
    { name: 'a model id', given: { model: 'X', serving_image: 'i' } },
    { name: 'a price', given: { hourly_price: 'x', max_cost: '5' } },
    { name: 'a limit', given: { hourly_price: '1', max_cost: 'x' } },
    { name: 'a variable twice', given: { env_vars: 'A=1\nA=2' } },
  ])('$name', ({ given }) => {
    expect(errorsOf(given)).toHaveLength(1);
  });
});

describe('the image to push', () => {
  const own =
    'workerPoolSpecs: [{ machineSpec: { machineType: n1-standard-4 }, replicaCount: 1, containerSpec: { imageUri: "python:3" } }]';
  const built = 'workerPoolSpecs: [{ machineSpec: { machineType: n1-standard-4 }, replicaCount: 1 }]';
  const MISSING =
    'image is missing. Name the image to push, such as us-central1-docker.pkg.dev/my-project/training/mnist. [required]';

  test.each<{ name: string; text: string; given: Given; errors: string[] }>([
    { name: 'has no need of a name where the config brings every image', text: own, given: { image: '' }, errors: [] },
    { name: 'has to have a name where one is built', text: built, given: { image: '' }, errors: [MISSING] },
    { name: 'has a name', text: built, given: {}, errors: [] },
    { name: 'stays on this machine', text: built, given: { image: '', region: 'local' }, errors: [] },
    {
      name: 'has a wrong name, which is told once',
      text: built,
      given: { image: 'X' },
      errors: [expect.stringMatching(/^image: "X" is not accepted\./) as unknown as string],
    },
  ])('$name', ({ text, given, errors }) => {
    const files = { config: { file: 'config', text } };
    expect(errorsOf({ config: text, ...given }, { files })).toEqual(errors);
  });
});

test('a timeout of 24 hours stands in the request where nobody gives one', () => {
  const { job } = planOf({ timeout: '' });
  expect(job.resource).toMatchObject({ jobSpec: { scheduling: { timeout: '86400s' } } });
});

test('faults of the inputs and of the request are told at once', () => {
  const errors = errorsOf({
    region: 'x',
    image: 'X',
    accelerator_count: '0',
    args: '[',
    labels: 'A=1',
    metrics: 'timestamp: maximize',
    parameters: 'x: [1]',
    max_trials: '2',
    parallel_trials: '3',
    job_service_account: 'x',
    output_uri: 'x',
    env_vars: 'A-B=1',
    network: 'default',
    tensorboard: 'x',
    persistent_resource_id: 'X',
    boot_disk_size_gb: '1',
    tpu_topology: '2x2',
    wait: 'x',
  });
  const named = new Set(errors.map((error) => error.split(/[ :]/, 1)[0]));
  expect([...named].sort()).toEqual(
    [
      ...['region', 'image', 'accelerator_count', 'args', 'labels', 'metrics', 'parallel_trials', 'accelerator_type'],
      ...['job_service_account', 'output_uri', 'env_vars', 'network', 'tensorboard', 'persistent_resource_id'],
      ...['boot_disk_size_gb', 'tpu_topology', 'wait', 'machine_type'],
    ].sort(),
  );
});

test('whatever the inputs hold, the plan is judged and nothing is thrown', () => {
  const word = fc.constantFrom(
    '1',
    '0',
    '-1',
    'x',
    'a: b',
    '[1, 2]',
    '{min: 1, max: 2}',
    'l4',
    'cloud-tpu',
    '2x2',
    '::',
  );
  const text = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, word, fc.string({ unit: 'binary', maxLength: 12 }));
  const anything = fc.record(Object.fromEntries(INPUT_NAMES.map((name) => [name, text])));
  fc.assert(
    fc.property(anything, (given) => {
      const found = parseInputs((name: InputName) => given[name] ?? '');
      const { plan, errors } = judgePlan(requestOf(found));
      expect(plan === undefined).toBe(errors.length > 0);
      for (const error of errors) if (error.input !== undefined) expect(INPUT_NAMES).toContain(error.input);
    }),
    { numRuns: 300 },
  );
});
