import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCustomJob, readTuningJob } from '../../../src/local/validation/job.ts';
import {
  type Fields,
  job,
  refusal,
  tuning,
  violations,
  withContainer,
  withMachine,
  withPool,
  withSpec,
  withStudy,
} from './requests.ts';

const POOL = 'custom_job.job_spec.worker_pool_specs[0]';
const PACKAGE = 'type.googleapis.com/google.cloud.aiplatform.v1';
const unknown = (name: string, path: string) =>
  `${path}: Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`;
const invalid = (path: string, type: string, value: string) =>
  `${path}: Invalid value at '${path}' (${type}), ${value}`;

describe('a request in JSON', () => {
  it('may have numbers for enums, snake_case names and numbers for int64, and is answered in one form', () => {
    const given = {
      display_name: 'job',
      name: '',
      state: 0,
      webAccessUris: {},
      job_spec: {
        enable_web_access: false,
        scheduling: { timeout: '3600s', strategy: 4 },
        worker_pool_specs: [
          {
            replica_count: 1,
            machine_spec: { machine_type: 'n1-standard-4', accelerator_type: 5, accelerator_count: 1 },
            container_spec: { image_uri: 'image', args: ['', 'a'], env: [] },
          },
          {},
        ],
      },
      labels: { snake_key: 'v' },
    };
    expect(readCustomJob(given)).toEqual({
      displayName: 'job',
      jobSpec: {
        scheduling: { timeout: '3600s', strategy: 'SPOT' },
        workerPoolSpecs: [
          {
            replicaCount: '1',
            machineSpec: { machineType: 'n1-standard-4', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 },
            containerSpec: { imageUri: 'image', args: ['', 'a'] },
          },
          {},
        ],
      },
      labels: { snake_key: 'v' },
    });
  });

  it('may have a study as gcloud and the Node client send it', () => {
    const given = withStudy({
      algorithm: 3,
      parameters: [{ parameterId: 'p', scaleType: 2, doubleValueSpec: { minValue: 0.1, maxValue: '1e1' } }],
    });
    expect(readTuningJob({ ...given, trials: [] }).studySpec).toMatchObject({
      algorithm: 'RANDOM_SEARCH',
      parameters: [{ scaleType: 'UNIT_LOG_SCALE', doubleValueSpec: { minValue: 0.1, maxValue: 10 } }],
    });
  });

  it('has null for what is unset, everywhere', () => {
    const empty = { labels: null, encryptionSpec: null, name: null, state: null, error: null };
    const jobSpec = { scheduling: null, network: null, workerPoolSpecs: [{ ...withNulls, containerSpec }] };
    expect(readCustomJob({ displayName: 'j', ...empty, jobSpec })).toEqual({
      displayName: 'j',
      jobSpec: { workerPoolSpecs: [{ containerSpec: { imageUri: 'i' } }] },
    });
  });
  const containerSpec = { imageUri: 'i', args: null, command: null, env: null };
  const withNulls = { machineSpec: null, replicaCount: null, diskSpec: null, nfsMounts: null, pythonPackageSpec: null };

  it.each<[string, unknown, string]>([
    ['a number', 1, '1'],
    ['a text', '1', '1'],
    ['a number beyond what JavaScript counts', 2 ** 53, '9007199254740992'],
    ['the least', '-9223372036854775808', '-9223372036854775808'],
  ])('may have an int64 as %s', (_name, minValue, expected) => {
    const parameters = [{ parameterId: 'p', discreteValueSpec: { values: [1] } }];
    const convexAutomatedStoppingSpec = { maxStepCount: minValue };
    const read = () => readTuningJob(withStudy({ parameters, convexAutomatedStoppingSpec }));
    // Below 0 the value arrives all the same: the rule that refuses it has read it.
    if (expected.startsWith('-')) expect(violations(read)).toEqual([expect.stringContaining('max_step_count')]);
    else expect(read().studySpec.convexAutomatedStoppingSpec).toEqual({ maxStepCount: expected });
  });

  it('may have one where a list belongs', () => {
    const containerSpec = { imageUri: 'image', args: 'a' };
    expect(readCustomJob(withSpec({ workerPoolSpecs: { containerSpec } })).jobSpec).toEqual({
      workerPoolSpecs: [{ containerSpec: { imageUri: 'image', args: ['a'] } }],
    });
  });

  it('comes back unchanged when it is the answer', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(text), fc.constantFrom(2, 3, 4, 5), (args, acceleratorType) => {
        const machineSpec = { machineType: 'n1-highmem-8', acceleratorType, acceleratorCount: 1 };
        const once = readCustomJob(withPool({ machineSpec, containerSpec: { imageUri: 'image', args } }));
        expect(readCustomJob(once)).toEqual(once);
      }),
    );
  });

  it.each<[string, unknown, string[]]>([
    ['no body', undefined, [invalid('custom_job', `${PACKAGE}.CustomJob`, 'undefined')]],
    ['a list', [], [invalid('custom_job', `${PACKAGE}.CustomJob`, '[]')]],
    ['an unknown name', { ...job, jobspec: {} }, [unknown('jobspec', 'custom_job')]],
    ['an unknown name inside', withPool({ gpu: 1 }), [unknown('gpu', POOL)]],
    ['a name of Object', { ...job, constructor: 1 }, [unknown('constructor', 'custom_job')]],
    ['a prototype', JSON.parse('{"displayName":"j","__proto__":{"jobSpec":1}}'), [unknown('__proto__', 'custom_job')]],
    [
      'a pool that is null',
      withSpec({ workerPoolSpecs: [null] }),
      [invalid(POOL, `${PACKAGE}.WorkerPoolSpec`, 'null')],
    ],
    [
      'a misspelt PSC field',
      withSpec({ pscInterfaceConfig: { attachment: 'a' } }),
      [unknown('attachment', 'custom_job.job_spec.psc_interface_config')],
    ],
    [
      'several unknown names, in order',
      { ...withPool({ gpu: 1 }), a: 1, b: null },
      [unknown('gpu', POOL), unknown('a', 'custom_job'), unknown('b', 'custom_job')],
    ],
    [
      'an int64 that is none',
      withPool({ replicaCount: 'two' }),
      [invalid(`${POOL}.replica_count`, 'TYPE_INT64', '"two"')],
    ],
    ['half of one', withPool({ replicaCount: 1.5 }), [invalid(`${POOL}.replica_count`, 'TYPE_INT64', '1.5')]],
    [
      'an int64 too large',
      withPool({ replicaCount: '9223372036854775808' }),
      [invalid(`${POOL}.replica_count`, 'TYPE_INT64', '"9223372036854775808"')],
    ],
    [
      'an int64 beyond all numbers',
      withPool({ replicaCount: JSON.parse('1e400') }),
      [invalid(`${POOL}.replica_count`, 'TYPE_INT64', 'Infinity')],
    ],
    [
      'an int32 too large',
      withPool({ diskSpec: { bootDiskSizeGb: 2 ** 31 } }),
      [invalid(`${POOL}.disk_spec.boot_disk_size_gb`, 'TYPE_INT32', '2147483648')],
    ],
    [
      'a text for a truth',
      withSpec({ enableWebAccess: 'yes' }),
      [invalid('custom_job.job_spec.enable_web_access', 'TYPE_BOOL', '"yes"')],
    ],
    ['a number for a text', { ...job, displayName: 5 }, [invalid('custom_job.display_name', 'TYPE_STRING', '5')]],
    [
      'an unknown enum name',
      withMachine({ acceleratorType: 'T4' }),
      [invalid(`${POOL}.machine_spec.accelerator_type`, `${PACKAGE}.AcceleratorType`, '"T4"')],
    ],
    [
      'a property of all objects for an enum',
      withMachine({ acceleratorType: 'toString' }),
      [invalid(`${POOL}.machine_spec.accelerator_type`, `${PACKAGE}.AcceleratorType`, '"toString"')],
    ],
    [
      'an enum number not in use',
      withSpec({ scheduling: { strategy: 5 } }),
      [invalid('custom_job.job_spec.scheduling.strategy', `${PACKAGE}.Scheduling.Strategy`, '5')],
    ],
    [
      'a duration that is none',
      withSpec({ scheduling: { timeout: '1h' } }),
      [invalid('custom_job.job_spec.scheduling.timeout', 'type.googleapis.com/google.protobuf.Duration', '"1h"')],
    ],
    [
      'a duration of over 10,000 years',
      withSpec({ scheduling: { timeout: '315576000001s' } }),
      [
        invalid(
          'custom_job.job_spec.scheduling.timeout',
          'type.googleapis.com/google.protobuf.Duration',
          '"315576000001s"',
        ),
      ],
    ],
    [
      'a container and a Python package',
      withPool({ pythonPackageSpec: { pythonModule: 'm' } }),
      [
        `${POOL}: Invalid value at '${POOL}' (oneof), oneof field 'task' is already set. Cannot set 'pythonPackageSpec'`,
      ],
    ],
    [
      'the same in snake_case, as it is told then',
      withPool({ python_package_spec: {} }),
      [
        `${POOL}: Invalid value at '${POOL}' (oneof), oneof field 'task' is already set. Cannot set 'python_package_spec'`,
      ],
    ],
    [
      'an argument that is null',
      withContainer({ args: ['a', null] }),
      [invalid(`${POOL}.container_spec.args[1]`, 'TYPE_STRING', 'null')],
    ],
    [
      'a list where one belongs',
      { ...job, jobSpec: [job.jobSpec] },
      [
        `custom_job: Invalid JSON payload received. Unknown name "jobSpec" at 'custom_job': Proto field is not repeating, cannot start list.`,
      ],
    ],
    [
      'a number where a list of pools belongs',
      withSpec({ workerPoolSpecs: 5 }),
      [invalid('custom_job.job_spec.worker_pool_specs', `${PACKAGE}.WorkerPoolSpec`, '5')],
    ],
    ['a list of labels', { ...job, labels: ['a'] }, [invalid('custom_job.labels', 'TYPE_MAP', '["a"]')]],
    ['a label that is no text', { ...job, labels: { a: 1 } }, [invalid('custom_job.labels.a', 'TYPE_STRING', '1')]],
  ])('is refused with %s', (_name, body, expected) => {
    expect(violations(() => readCustomJob(body))).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['a number beyond all numbers', JSON.parse('1e400')],
    ['NaN', 'NaN'],
    ['infinity', '-Infinity'],
    ['a number of another base', '0x10'],
    ['an empty text', ''],
    ['blank text', ' 1'],
  ])('is refused with %s for a double', (_name, minValue) => {
    const parameters = [{ parameterId: 'p', doubleValueSpec: { minValue, maxValue: 2 } }];
    const path = 'hyperparameter_tuning_job.study_spec.parameters[0].double_value_spec.min_value';
    expect(violations(() => readTuningJob(withStudy({ parameters })))).toEqual([
      expect.stringContaining(`${path}: Invalid value at '${path}' (TYPE_DOUBLE), `),
    ]);
  });

  it('is refused with a time that lacks its zone', () => {
    const constraint = (endTime: string): Fields => ({
      studyStoppingConfig: { maximumRuntimeConstraint: { endTime } },
    });
    expect(violations(() => readTuningJob(withStudy(constraint('2030-01-01T00:00:00Z'))))).toEqual([]);
    expect(violations(() => readTuningJob(withStudy(constraint('2030-01-01T00:00:00'))))).toEqual([
      expect.stringMatching(/end_time' \(type\.googleapis\.com\/google\.protobuf\.Timestamp\), "2030-01-01T00:00:00"$/),
    ]);
  });

  it('tells in the message what the details tell, one line each or numbered', () => {
    expect(refusal(() => readCustomJob({ a: 1, b: 2 }))).toBe(
      `INVALID_ARGUMENT: Invalid JSON payload received. Unknown name "a" at 'custom_job': Cannot find field.\n` +
        `Invalid JSON payload received. Unknown name "b" at 'custom_job': Cannot find field.`,
    );
    expect(refusal(() => readCustomJob({}))).toBe(
      'INVALID_ARGUMENT: List of found errors:\t1.Field: display_name; Message: Required field is not set.\t' +
        '2.Field: job_spec; Message: Required field is not set.\t',
    );
  });

  it('is refused or accepted, whatever JSON it is, and never breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const bodies = [value, withContainer({ env: value, args: value }), withPool({ machineSpec: value })];
        for (const body of bodies) expect(refusal(() => readCustomJob(body))).toMatch(/^INVALID_ARGUMENT|^accepted/);
        const studies = [{ ...tuning, studySpec: value }, withStudy({ parameters: value })];
        for (const body of studies) expect(refusal(() => readTuningJob(body))).toMatch(/^INVALID_ARGUMENT|^accepted/);
      }),
    );
  });
});
