import { describe, expect, it } from '@jest/globals';
import { encoded, wantsNumbers, withNumbers } from '../../../src/local/api/enum-encoding.ts';

describe('wantsNumbers', () => {
  it.each([
    ['$alt=json%3Benum-encoding=int', true],
    ['alt=json;enum-encoding=int', true],
    ['pageSize=2&$alt=json%3B%20enum-encoding%3Dint', true],
    ['alt=json', false],
    ['$alt=json%3Benum-encoding=name', false],
    ['$alt=proto%3Benum-encoding=int', false],
    ['filter=enum-encoding%3Dint', false],
    ['', false],
  ])('%s: %s', (query, expected) => {
    expect(wantsNumbers(new URLSearchParams(query))).toBe(expected);
  });
});

describe('withNumbers', () => {
  const study = {
    displayName: 'JOB_STATE_RUNNING',
    state: 'JOB_STATE_RUNNING',
    labels: { state: 'JOB_STATE_RUNNING' },
    studySpec: {
      algorithm: 'RANDOM_SEARCH',
      metrics: [{ metricId: 'MAXIMIZE', goal: 'MAXIMIZE' }],
      parameters: [
        {
          parameterId: 'a',
          scaleType: 'UNIT_LOG_SCALE',
          conditionalParameterSpecs: [{ parameterSpec: { parameterId: 'b', scaleType: 'UNIT_LINEAR_SCALE' } }],
        },
      ],
    },
    trialJobSpec: {
      scheduling: { strategy: 'SPOT', timeout: '60s' },
      workerPoolSpecs: [{ replicaCount: '1', machineSpec: { acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 } }],
    },
    trials: [{ id: '1', state: 'SUCCEEDED', parameters: [{ parameterId: 'a', value: 'SUCCEEDED' }] }],
  };

  it('gives every enum by its number, wherever it stands, and nothing else', () => {
    expect(withNumbers(study, 'HyperparameterTuningJob')).toEqual({
      ...study,
      state: 3,
      studySpec: {
        algorithm: 3,
        metrics: [{ metricId: 'MAXIMIZE', goal: 1 }],
        parameters: [
          {
            parameterId: 'a',
            scaleType: 2,
            conditionalParameterSpecs: [{ parameterSpec: { parameterId: 'b', scaleType: 1 } }],
          },
        ],
      },
      trialJobSpec: {
        scheduling: { strategy: 4, timeout: '60s' },
        workerPoolSpecs: [{ replicaCount: '1', machineSpec: { acceleratorType: 11, acceleratorCount: 1 } }],
      },
      trials: [{ id: '1', state: 4, parameters: [{ parameterId: 'a', value: 'SUCCEEDED' }] }],
    });
  });

  it('leaves the inputs of a pipeline, which have no types, and a name that it does not know', () => {
    const trainingTaskInputs = { workerPoolSpecs: [{ machineSpec: { acceleratorType: 'NVIDIA_L4' } }] };
    const pipeline = { state: 'PIPELINE_STATE_OTHER', trainingTaskInputs };
    expect(withNumbers(pipeline, 'TrainingPipeline')).toEqual(pipeline);
  });
});

describe('encoded', () => {
  const job = { name: 'n', state: 'JOB_STATE_FAILED' };
  const counted = { name: 'n', state: 5 };
  const list = { customJobs: [job], nextPageToken: 't' };
  const query = new URLSearchParams('$alt=json%3Benum-encoding=int');
  it.each([
    ['a resource', job, 'customJobs', counted],
    ['a list', list, 'customJobs', { customJobs: [counted], nextPageToken: 't' }],
    ['the answer to a cancel', {}, 'customJobs', {}],
    ['an operation', { name: 'n', done: true }, 'operations', { name: 'n', done: true }],
    ['what is no collection', job, 'toString', job],
  ])('%s', (_, answer, collection, expected) => {
    expect(encoded(answer, collection, query)).toEqual(expected);
    expect(encoded(answer, collection, new URLSearchParams('alt=json'))).toBe(answer);
  });
});
