import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/faults.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import { inputsOf, parsed } from '../inputs/given.ts';
import { errorsOf, makePlan, planOf, RUN, requestOf, TUNING } from './run.ts';

test('a plan joins what the rooms decide', () => {
  const plan = planOf({ accelerator_type: 'l4' });
  expect(plan).toMatchObject({
    local: false,
    image: { gpu: true },
    job: { collection: 'customJobs', resource: { displayName: 'octo/digits Train #7' } },
    warnings: [],
  });
  const pool = plan.job.collection === 'customJobs' ? plan.job.resource.jobSpec.workerPoolSpecs[0] : undefined;
  expect(pool?.machineSpec).toEqual({
    machineType: 'g2-standard-4',
    acceleratorType: 'NVIDIA_L4',
    acceleratorCount: 1,
  });
  expect(pool?.containerSpec?.imageUri).toBe(plan.image?.repository);
  expect(plan.job.resource.labels).toMatchObject({
    'train-on-vertex-series': plan.identity.series,
    'train-on-vertex-key': plan.identity.key,
  });
});

describe('the display name', () => {
  test.each([
    { name: 'of the first attempt', run: {}, shown: 'octo/digits Train #7' },
    { name: 'of a later attempt', run: { runAttempt: '3' }, shown: 'octo/digits Train #7.3' },
    { name: 'without a workflow', run: { workflow: '' }, shown: 'octo/digits #7' },
    {
      name: 'that is too long keeps the number',
      run: { workflow: 'x'.repeat(200) },
      shown: `octo/digits ${'x'.repeat(113)} #7`,
    },
  ])('$name', ({ run, shown }) => {
    const { displayName } = planOf({}, run).job.resource;
    expect(displayName).toBe(shown);
    expect(displayName.length).toBeLessThanOrEqual(128);
  });

  test('that is too long is cut between characters', () => {
    expect(planOf({}, { workflow: `${'x'.repeat(112)}👍👍` }).job.resource.displayName.isWellFormed()).toBe(true);
  });
});

test('every fault of every room is told at once', () => {
  const request = parsed({
    ...TUNING,
    wait: 'maybe',
    machine_type: 'n1-standrad-4',
    accelerator_type: 'l44',
    labels: 'Team=x',
    max_trials: '2',
    parallel_trials: '3',
  });
  const plan = () => makePlan(requestOf(request, { files: { dockerfile: undefined } }));
  expect(plan).toThrow(InputError);
  let rules: string[] = [];
  try {
    plan();
  } catch (error) {
    rules = error instanceof InputError ? error.faults.map(({ rule }) => rule) : [];
  }
  expect(rules).toEqual([
    'boolean',
    'label-key',
    'entry-program',
    'accelerator-name',
    'machine-name',
    'parallel-trials',
  ]);
});

test('more trials at a time than in all', () => {
  expect(() => planOf({ ...TUNING, max_trials: '2', parallel_trials: '3' })).toThrow(
    'parallel_trials: 3 is more than the 2 trials in all. Lower it, or raise max_trials. [parallel-trials]',
  );
});

test('a fault in one input does not make up another', () => {
  expect(errorsOf({ ...TUNING, max_trials: 'many', parallel_trials: '4' })).toEqual([
    expect.stringMatching(/^max_trials: /),
  ]);
});

test('warnings come along, of hardware and of the Dockerfile', () => {
  const { warnings } = planOf({ machine_type: 'z9-hyperscale-128', region: 'mars-east1' }, {}, 'FROM x');
  expect(warnings.map(({ rule }) => rule)).toEqual(['machine-unlisted', 'region-unlisted', 'base-image-unused']);
});

test('one question gives one answer', () => {
  const inputs = inputsOf(TUNING);
  const request = requestOf({ inputs, faults: [] }, { files: { dockerfile: 'FROM x' } });
  expect(makePlan(request)).toEqual(makePlan(request));
});

describe('explained', () => {
  test('a custom job', () => {
    expect(explainPlan(planOf({}))).toEqual([
      'Custom job in projects/my-project/locations/us-central1: octo/digits Train #7',
      'Machine: n1-standard-4: the default without accelerators',
      'Base image: no GPU is asked for: python:3.12-slim',
      `Image: us-central1-docker.pkg.dev/my-project/training/mnist, tagged by its content and as ${RUN.sha}`,
      'Build: Dockerfile in . for linux/amd64',
      "Time: Vertex AI ends the job after 1 day of running (timeout); this step follows the job for 5 h, or until 20 min before its sign-in's token ends, and then leaves it to run on (detach_after), for a later step with the input job to follow",
      'At most: 24 machine-hours, 24 hours from first start to end; each attempt; Vertex AI may repeat a failed one up to 3 times of itself (disable_retries excludes that)',
      'To be checked over the network: Is python:3.12-slim to be had, and by which digest?',
      'To be checked over the network: May this step push to us-central1-docker.pkg.dev/my-project/training/mnist, and Vertex AI pull from it?',
    ]);
  });

  test('a tuning job on this machine', () => {
    expect(explainPlan(planOf({ ...TUNING, region: 'local', image: '' }))).toEqual([
      'Hyperparameter tuning job in projects/my-project/locations/local: octo/digits Train #7',
      'Machine: n1-standard-4: the default without accelerators',
      'Base image: no GPU is asked for: python:3.12-slim',
      'Image: train-on-vertex/octo/digits (stays on this machine)',
      'Build: Dockerfile in .',
      'Study: maximize accuracy over rate, optimizer; 20 trials, 4 at a time',
      'At most: 480 machine-hours, 120 hours from first start to end; each attempt; Vertex AI may repeat a failed one up to 3 times of itself (disable_retries excludes that)',
      'To be checked over the network: Is python:3.12-slim to be had, and by which digest?',
    ]);
  });
});
