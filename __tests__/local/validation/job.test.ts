import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/local/api/errors.ts';
import { readCustomJob, readTuningJob } from '../../../src/local/validation/job.ts';

const pool = { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '1', containerSpec: { imageUri: 'image' } };
const job = { displayName: 'job', jobSpec: { workerPoolSpecs: [pool] } };
const withPool = (change: object) => ({ ...job, jobSpec: { workerPoolSpecs: [{ ...pool, ...change }] } });
const withSpec = (change: object) => ({ ...job, jobSpec: { ...job.jobSpec, ...change } });
const withContainer = (change: object) => withPool({ containerSpec: { imageUri: 'image', ...change } });

const study = {
  metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
  parameters: [{ parameterId: 'p', integerValueSpec: { minValue: '1', maxValue: '9' } }],
};
const tuning = {
  displayName: 'tuning',
  studySpec: study,
  maxTrialCount: 4,
  parallelTrialCount: 2,
  trialJobSpec: job.jobSpec,
};
const withStudy = (change: object) => ({ ...tuning, studySpec: { ...study, ...change } });
const withParameter = (change: object) => withStudy({ parameters: [{ parameterId: 'p', ...change }] });

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ApiError) return `${error.rpc}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('readCustomJob', () => {
  it('takes numbers for enums, snake_case names and numbers for int64, and answers in one form', () => {
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

  it('reads its own answer back unchanged', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(text), fc.integer({ min: 1, max: 18 }), (args, acceleratorType) => {
        const machineSpec = { machineType: 'm', acceleratorType, acceleratorCount: 1 };
        const once = readCustomJob(withPool({ machineSpec, containerSpec: { imageUri: 'image', args } }));
        expect(readCustomJob(once)).toEqual(once);
      }),
    );
  });

  it.each([
    [
      'no body',
      undefined,
      /^INVALID_ARGUMENT: Invalid value \(type\.googleapis\.com\/google\.cloud\.aiplatform\.v1\.CustomJob\)/,
    ],
    ['an unknown name', { ...job, jobspec: {} }, /Unknown name "jobspec": Cannot find field/],
    ['an unknown name inside', withPool({ gpu: 1 }), /Unknown name "gpu" at 'job_spec.worker_pool_specs\[0\]'/],
    ['a name of Object', { ...job, constructor: 1 }, /Unknown name "constructor"/],
    [
      'an int64 that is none',
      withPool({ replicaCount: 'two' }),
      /'job_spec.worker_pool_specs\[0\].replica_count' \(TYPE_INT64\), "two"/,
    ],
    ['an unknown enum name', withPool({ machineSpec: { acceleratorType: 'T4' } }), /v1\.AcceleratorType\), "T4"/],
    ['an enum number not in use', withSpec({ scheduling: { strategy: 5 } }), /v1\.Scheduling\.Strategy\), 5/],
    ['a duration that is none', withSpec({ scheduling: { timeout: '1h' } }), /Duration\), "1h"/],
    ['no display name', { jobSpec: job.jobSpec }, /1\.Field: display_name; Message: Required field is not set\.\t$/],
    ['a long display name', { ...job, displayName: 'x'.repeat(129) }, /Field: display_name/],
    ['no pools', { displayName: 'x', jobSpec: {} }, /Field: job_spec.worker_pool_specs; Message: Required/],
    [
      'two replicas in the first pool',
      withPool({ replicaCount: 2 }),
      /replica_count; Message: Replica count of the first/,
    ],
    [
      'an accelerator without count',
      withPool({ machineSpec: { acceleratorType: 5 } }),
      /List of found errors:\t1\.Field: job_spec\.worker_pool_specs\[0\]\.machine_spec\.accelerator_type; Message: Both `accelerator_type` and `accelerator_count` should be specified or none\.\t/,
    ],
    [
      'a Python package without an image and packages',
      withPool({ containerSpec: undefined, pythonPackageSpec: { pythonModule: 'm' } }),
      /python_package_spec\.executor_image_uri; .* is required\..*python_package_spec\.package_uris; Message: From 1 to 100/,
    ],
    [
      'a Python package without a module, with names that are no files and a variable that is none',
      withPool({
        containerSpec: undefined,
        pythonPackageSpec: {
          executorImageUri: 'image',
          packageUris: ['gs://bucket/a.tar.gz', 'gs://bucket', 'gs://bucket/folder/', 'https://host/a.tar.gz'],
          env: [{ name: '1', value: '' }],
        },
      }),
      /1\.\S* \S*package_uris\[1\]; .*2\.\S* \S*package_uris\[2\]; .*3\.\S* \S*package_uris\[3\]; .*4\.\S* \S*python_module; .*5\.\S* \S*env\[0\]\.name; /,
    ],
    [
      'a container and a Python package',
      withPool({ pythonPackageSpec: { pythonModule: 'm' } }),
      /at 'job_spec\.worker_pool_specs\[0\]' \(oneof\), oneof field 'task' is already set\. Cannot set 'pythonPackageSpec'/,
    ],
    ['an argument that is null', withContainer({ args: ['a', null] }), /container_spec\.args\[1\]' \(string\), null/],
    ['a misspelt PSC field', withSpec({ pscInterfaceConfig: { attachment: 'a' } }), /"attachment" at 'job_spec\.psc_/],
    [
      'a variable twice',
      withContainer({
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      }),
      /EnvVar names must be unique/,
    ],
    [
      'a bad variable name',
      withContainer({ env: [{ name: 'A-B', value: '1' }] }),
      /env\[0\]\.name; Message: EnvVar name must be/,
    ],
    [
      'a path for an output folder',
      withSpec({ baseOutputDirectory: { outputUriPrefix: '/tmp' } }),
      /output_uri_prefix/,
    ],
    ['an image that climbs', withContainer({ imageUri: '../containers' }), /image_uri; Message: A valid image URI/],
    ['an image with a query', withContainer({ imageUri: 'image?x=1' }), /image_uri/],
    ['a bucket that climbs', withSpec({ baseOutputDirectory: { outputUriPrefix: 'gs://../x' } }), /output_uri_prefix/],
    ['a timeout of nothing', withSpec({ scheduling: { timeout: '0s' } }), /timeout must be positive/],
    ['a label in capitals', { ...job, labels: { Team: 'a' } }, /Field: labels; Message: Label keys/],
    [
      '65 labels',
      { ...job, labels: Object.fromEntries(Array.from({ length: 65 }, (_u, i) => [`k${i}`, 'v'])) },
      /no more than 64 labels/,
    ],
  ])('refuses %s', (_name, body, message) => {
    const found = refusal(() => readCustomJob(body));
    expect(found).toMatch(/^INVALID_ARGUMENT: /);
    expect(found).toMatch(message);
  });

  it('tells every fault at once, numbered', () => {
    const found = refusal(() =>
      readCustomJob({ jobSpec: { workerPoolSpecs: [{ containerSpec: {}, replicaCount: 3 }] } }),
    );
    expect(found.match(/\d\.Field: [a-z_[\]0-9.]+/g)).toEqual([
      '1.Field: display_name',
      '2.Field: job_spec.worker_pool_specs[0].container_spec.image_uri',
      '3.Field: job_spec.worker_pool_specs[0].replica_count',
    ]);
  });

  it('refuses or accepts any JSON, and never breaks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(refusal(() => readCustomJob(value))).toMatch(/^INVALID_ARGUMENT|^accepted/);
        expect(refusal(() => readCustomJob(withContainer({ env: value, args: value })))).toMatch(/^INVALID|^accepted/);
      }),
    );
  });
});

describe('readTuningJob', () => {
  it('takes a study as gcloud and the Node client send it', () => {
    const given = withStudy({
      algorithm: 3,
      parameters: [{ parameterId: 'p', scaleType: 2, doubleValueSpec: { minValue: 0.1, maxValue: '1' } }],
    });
    expect(readTuningJob({ ...given, trials: [] }).studySpec).toMatchObject({
      algorithm: 'RANDOM_SEARCH',
      parameters: [{ scaleType: 'UNIT_LOG_SCALE', doubleValueSpec: { minValue: 0.1, maxValue: 1 } }],
    });
  });

  it.each([
    ['no study', { ...tuning, studySpec: undefined }, /Field: study_spec; Message: Required/],
    ['no metric', withStudy({ metrics: [] }), /study_spec\.metrics; Message: Required/],
    [
      'two metrics of one name',
      withStudy({ metrics: [{ metricId: 'm' }, { metricId: 'm' }] }),
      /Metric ids must be unique/,
    ],
    [
      'white space in a name',
      withStudy({ metrics: [{ metricId: 'a b' }] }),
      /metric_id; Message: Must not contain white space/,
    ],
    ['no range', withParameter({}), /parameters\[0\]; Message: Exactly one value spec/],
    [
      'a range upside down',
      withParameter({ integerValueSpec: { minValue: '9', maxValue: '1' } }),
      /feasible space is empty/,
    ],
    [
      'a log scale from zero',
      withParameter({ scaleType: 2, doubleValueSpec: { minValue: 0, maxValue: 1 } }),
      /strictly positive/,
    ],
    [
      'falling discrete values',
      withParameter({ discreteValueSpec: { values: [2, 1] } }),
      /increasing order|feasible space/,
    ],
    ['no categories', withParameter({ categoricalValueSpec: {} }), /At least one category/],
    [
      'a grid over doubles',
      {
        ...withParameter({ doubleValueSpec: { minValue: 0, maxValue: 1 } }),
        studySpec: {
          ...study,
          algorithm: 2,
          parameters: [{ parameterId: 'p', doubleValueSpec: { minValue: 0, maxValue: 1 } }],
        },
      },
      /GRID_SEARCH takes/,
    ],
    ['no trials', { ...tuning, maxTrialCount: 0 }, /max_trial_count; Message: Must be at least 1/],
    ['more failures than trials', { ...tuning, maxFailedTrialCount: 5 }, /max_failed_trial_count/],
    [
      'no image',
      { ...tuning, trialJobSpec: { workerPoolSpecs: [{ containerSpec: {} }] } },
      /trial_job_spec\.worker_pool_specs\[0\]\.container_spec\.image_uri/,
    ],
    [
      'a faulty conditional parameter',
      withParameter({
        categoricalValueSpec: { values: ['a'] },
        conditionalParameterSpecs: [{ parameterSpec: { parameterId: 'c' } }],
      }),
      /conditional_parameter_specs\[0\]\.parameter_spec; Message: Exactly one/,
    ],
  ])('refuses %s', (_name, body, message) => {
    expect(refusal(() => readTuningJob(body))).toMatch(message);
  });
});
