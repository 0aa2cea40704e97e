import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRecord } from '../../src/json.ts';
import { readJob } from '../../src/vertex/read.ts';

const NAME = 'projects/1/locations/l/hyperparameterTuningJobs/8';

describe('the state', () => {
  test.each([
    { name: 'by name', state: 'JOB_STATE_RUNNING', read: 'RUNNING' },
    { name: 'by number', state: 3, read: 'RUNNING' },
    { name: '0', state: 0, read: 'UNSPECIFIED' },
    { name: 'left out', state: undefined, read: 'UNSPECIFIED' },
    { name: 'of tomorrow, by name', state: 'JOB_STATE_DREAMING', read: 'DREAMING' },
    { name: 'of tomorrow, by number', state: 99, read: '99' },
  ])('$name', ({ state, read }) => {
    expect(readJob({ name: NAME, state }).state).toBe(read);
  });
});

describe('a training pipeline', () => {
  const PIPELINE = 'projects/1/locations/l/trainingPipelines/9';

  test.each([
    { name: 'by name', state: 'PIPELINE_STATE_RUNNING', read: 'RUNNING' },
    { name: 'by number, which is not that of a job', state: 4, read: 'SUCCEEDED' },
    { name: 'that failed, by number', state: 5, read: 'FAILED' },
    { name: 'that is being cancelled, by number', state: 6, read: 'CANCELLING' },
    { name: 'that was cancelled, by number', state: 7, read: 'CANCELLED' },
    { name: 'that is paused, by number', state: 8, read: 'PAUSED' },
    { name: 'left out', state: undefined, read: 'UNSPECIFIED' },
    { name: 'of tomorrow', state: 'PIPELINE_STATE_DREAMING', read: 'DREAMING' },
  ])('in a state $name', ({ state, read }) => {
    expect(readJob({ name: PIPELINE, state }).state).toBe(read);
  });

  test.each<{ name: string; metadata: unknown; backing: string | undefined }>([
    { name: 'none yet', metadata: undefined, backing: undefined },
    { name: 'none in what is told', metadata: { tensorboardDashboard: 'x' }, backing: undefined },
    { name: 'an empty one', metadata: { backingCustomJob: '' }, backing: undefined },
    { name: 'metadata of another form', metadata: ['x'], backing: undefined },
    { name: 'a custom job', metadata: { backingCustomJob: 'p/customJobs/7' }, backing: 'p/customJobs/7' },
    {
      name: 'a tuning job, before a custom job',
      metadata: { backingCustomJob: 'p/customJobs/7', backingHyperparameterTuningJob: NAME },
      backing: NAME,
    },
  ])('has behind it: $name', ({ metadata, backing }) => {
    expect(readJob({ name: PIPELINE, trainingTaskMetadata: metadata }).backing).toBe(backing);
  });
});

describe('a trial', () => {
  const trialOf = (trial: unknown) => readJob({ name: NAME, trials: [trial] }).trials[0];

  test.each([
    { name: 'by name', state: 'SUCCEEDED', read: 'SUCCEEDED' },
    { name: 'by number', state: 5, read: 'INFEASIBLE' },
    { name: 'of tomorrow', state: 'DREAMING', read: 'STATE_UNSPECIFIED' },
  ])('in a state $name', ({ state, read }) => {
    expect(trialOf({ id: '1', state })?.state).toBe(read);
  });

  test.each([
    { name: '0, which JSON leaves out', metric: { metricId: 'm' }, value: 0 },
    { name: 'a number', metric: { metricId: 'm', value: -0.5 }, value: -0.5 },
    { name: 'NaN as a text', metric: { metricId: 'm', value: 'NaN' }, value: Number.NaN },
    { name: 'infinity as a text', metric: { metricId: 'm', value: '-Infinity' }, value: Number.NEGATIVE_INFINITY },
  ])('with a metric of $name', ({ metric, value }) => {
    expect(trialOf({ id: '1', finalMeasurement: { metrics: [metric] } })?.finalMeasurement).toEqual({
      metrics: [{ metricId: 'm', value }],
    });
  });

  test('with parameters of both types; others are left out', () => {
    const parameters = [
      { parameterId: 'a', value: 0 },
      { parameterId: 'b', value: '' },
      { parameterId: 'c', value: null },
      { parameterId: 'd', value: [1] },
      { value: 1 },
    ];
    expect(trialOf({ id: '1', parameters })?.parameters).toEqual([
      { parameterId: 'a', value: 0 },
      { parameterId: 'b', value: '' },
    ]);
  });

  test('without an id is left out', () => {
    expect(readJob({ name: NAME, trials: [{ state: 4 }, { id: '' }, 'x', null, { id: '2' }] }).trials).toHaveLength(1);
  });
});

test.each([undefined, null, 'x', [], {}, { name: '' }, { name: 5 }])('%p is no job', (value) => {
  expect(() => readJob(value)).toThrow('the answer is no job: it has no name');
});

test('whatever the fields hold, reading a job that has a name gives a job', () => {
  const fields = fc.constantFrom('state', 'error', 'labels', 'createTime', 'trials', 'trainingTaskMetadata');
  const inner = fc.constantFrom('id', 'parameters', 'finalMeasurement', 'metrics', 'code', 'message', 'measurements');
  const any = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.dictionary(inner, fc.jsonValue())),
    fc.dictionary(inner, fc.jsonValue()),
  );
  fc.assert(
    fc.property(fc.dictionary(fields, any), (value) => {
      const job = readJob({ ...value, name: NAME });
      expect(typeof job.state).toBe('string');
      expect(typeof (job.backing ?? '')).toBe('string');
      for (const label of Object.values(job.labels)) expect(typeof label).toBe('string');
      for (const trial of job.trials) expect(trial.id).not.toBe('');
    }),
  );
});

test('objects are told from lists and nothing', () => {
  expect([{}, [], null, 'x', undefined].map(isRecord)).toEqual([true, false, false, false, false]);
});

describe('the study of a tuning job', () => {
  test.each<{ name: string; given: Record<string, unknown>; study: unknown }>([
    { name: 'none', given: {}, study: undefined },
    { name: 'of another form', given: { studySpec: ['x'] }, study: undefined },
    {
      name: 'with goals by name',
      given: { studySpec: { metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }] }, maxTrialCount: 20 },
      study: { metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }], maxTrials: 20 },
    },
    {
      name: 'with goals by number, and metrics that are none',
      given: { studySpec: { metrics: [{ metricId: 'loss', goal: 1 }, 'x', { goal: 2 }] }, maxTrialCount: '20' },
      study: { metrics: [{ metricId: 'loss', goal: 'MAXIMIZE' }], maxTrials: undefined },
    },
    {
      name: 'with a goal that is not known',
      given: { studySpec: { metrics: [{ metricId: 'loss', goal: 'ODD' }] } },
      study: { metrics: [{ metricId: 'loss', goal: 'GOAL_TYPE_UNSPECIFIED' }], maxTrials: undefined },
    },
  ])('$name', ({ given, study }) => {
    expect(readJob({ name: NAME, ...given }).study).toEqual(study);
  });
});

describe('what runs', () => {
  const POOLS = [
    {
      machineSpec: { machineType: 'g2-standard-8', acceleratorType: 'NVIDIA_L4', acceleratorCount: 2 },
      replicaCount: '3',
    },
    {},
    { machineSpec: { machineType: 'n1-standard-4', acceleratorType: 0 }, replicaCount: 1 },
  ];
  const READ = [
    {
      machineSpec: { machineType: 'g2-standard-8', acceleratorType: 'NVIDIA_L4', acceleratorCount: 2 },
      replicaCount: '3',
    },
    {},
    { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '1' },
  ];
  const SPEC = {
    workerPoolSpecs: POOLS,
    baseOutputDirectory: { outputUriPrefix: 'gs://b/run//' },
    tensorboard: 'projects/1/locations/l/tensorboards/2',
  };
  const read = { outputUri: 'gs://b/run', tensorboard: SPEC.tensorboard, pools: READ };

  test.each([
    { name: 'a custom job', job: { jobSpec: SPEC } },
    { name: 'a tuning job', job: { trialJobSpec: SPEC } },
    { name: 'a pipeline around a custom job', job: { trainingTaskInputs: SPEC } },
    { name: 'a pipeline around a tuning job', job: { trainingTaskInputs: { trialJobSpec: SPEC } } },
  ])('in $name', ({ job }) => {
    expect(readJob({ name: NAME, ...job }).spec).toEqual(read);
  });

  test.each([
    { name: 'nothing', job: {} },
    { name: 'a spec of another form', job: { jobSpec: 'x' } },
    { name: 'a task of another form', job: { trainingTaskInputs: ['x'] } },
  ])('is not told by $name', ({ job }) => {
    expect(readJob({ name: NAME, ...job }).spec).toBeUndefined();
  });

  test('is read as far as it is of the API', () => {
    const spec = { workerPoolSpecs: [7, { machineSpec: { acceleratorType: 11, acceleratorCount: -1 } }] };
    expect(readJob({ name: NAME, jobSpec: { ...spec, baseOutputDirectory: 'x' } }).spec).toEqual({
      outputUri: undefined,
      tensorboard: undefined,
      pools: [{}, { machineSpec: { acceleratorType: 'NVIDIA_L4' } }],
    });
  });

  test('has a study in a pipeline too', () => {
    const studySpec = { metrics: [{ metricId: 'm', goal: 2 }], measurementSelectionType: 2 };
    expect(readJob({ name: NAME, trainingTaskInputs: { studySpec, maxTrialCount: 3 } }).study).toEqual({
      metrics: [{ metricId: 'm', goal: 'MINIMIZE' }],
      maxTrials: 3,
      selection: 'BEST_MEASUREMENT',
    });
  });
});

describe('the model that a pipeline uploaded', () => {
  test.each([
    { name: 'is not there yet', model: { displayName: 'm' }, read: undefined },
    {
      name: 'has a name, a version and aliases',
      model: { name: 'models/m', versionId: '2', artifactUri: 'gs://b/model', versionAliases: ['default', 7] },
      read: { name: 'models/m', version: '2', artifactUri: 'gs://b/model', aliases: ['default'] },
    },
  ])('$name', ({ model, read }) => {
    expect(readJob({ name: NAME, modelToUpload: model }).uploaded).toEqual(read);
  });
});
