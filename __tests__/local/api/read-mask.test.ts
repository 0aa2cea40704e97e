import { describe, expect, it } from '@jest/globals';
import { checkMask, masked } from '../../../src/local/api/read-mask.ts';

describe('masked', () => {
  const resource = { name: 'n', displayName: 'd', jobSpec: { a: 1, bC: 2 }, labels: { team: 'x', 'a-b': 'y' } };
  it.each([
    ['name,display_name', { name: 'n', displayName: 'd' }],
    [' name , displayName', { name: 'n', displayName: 'd' }],
    ['jobSpec.b_c', { jobSpec: { bC: 2 } }],
    ['jobSpec.bC,job_spec.a', { jobSpec: { bC: 2, a: 1 } }],
    ['jobSpec.a,jobSpec', { jobSpec: resource.jobSpec }],
    ['labels.team', { labels: { team: 'x' } }],
    ['*', resource],
    ['name,*', resource],
    ['', resource],
    [null, resource],
    ['nothing', {}],
    ['constructor,__proto__', {}],
  ])('%s', (mask, expected) => {
    expect(masked(resource, mask)).toEqual(expected);
  });
});

describe('checkMask', () => {
  it.each([
    [
      'CustomJob',
      'name,display_name,jobSpec.baseOutputDirectory.output_uri_prefix,error.code,labels.team,webAccessUris',
    ],
    ['CustomJob', 'job_spec.worker_pool_specs'],
    ['HyperparameterTuningJob', 'studySpec.algorithm,trials,max_trial_count'],
    ['TrainingPipeline', 'trainingTaskMetadata.backingCustomJob,modelToUpload.displayName'],
    ['Model', 'version_aliases,versionId'],
    ['Model', '*'],
    ['Model', ''],
    ['Model', null],
  ])('of a %s takes %s', (message, mask) => {
    expect(() => checkMask(mask, message)).not.toThrow();
  });

  it.each([
    ['CustomJob', 'name,colour,job_spec.shade', '"colour", "job_spec.shade" is no field of CustomJob.'],
    ['CustomJob', 'jobSpec.workerPoolSpecs.replicaCount', '"jobSpec.workerPoolSpecs.replicaCount" is no field'],
    ['CustomJob', 'displayName.x', '"displayName.x" is no field'],
    ['HyperparameterTuningJob', 'trials.id', '"trials.id" is no field'],
    ['Model', 'constructor', '"constructor" is no field'],
    ['CustomJob', 'labels.a.b', '"labels.a.b" is no field'],
    ['CustomJob', 'name..x', '"name..x" is no field'],
  ])('of a %s refuses %s', (message, mask, expected) => {
    expect(() => checkMask(mask, message)).toThrow(`Invalid read_mask: ${expected}`);
  });
});
