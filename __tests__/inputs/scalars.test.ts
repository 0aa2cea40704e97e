import { describe, expect, test } from '@jest/globals';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { actionFile, faultsOf, type Given, inputsOf } from './given.ts';

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const ACCOUNT_FORM =
  'Write the e-mail address of a service account, such as trainer@my-project.iam.gserviceaccount.com. [service-account]';
const PROVIDER = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const PROVIDER_FORM =
  'Write projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, with the project number (not its id), 4 to 32 of a-z, 0-9 and - for POOL and PROVIDER, and no https:// before it. [workload-identity-provider]';
const IMAGE_FORM =
  'Write HOST/PATH[:TAG] in lower case without a scheme, such as us-central1-docker.pkg.dev/my-project/training/mnist. [image-name]';
const COUNT_FORM = 'Write a whole number from 1 to 2147483647. [count]';
const DURATION_FORM = 'Write numbers with units, such as 90m, 24h or 86400s.';

test('the least that can be given fills everything else with defaults', () => {
  expect(inputsOf({})).toEqual({
    projectId: 'my-project',
    region: 'us-central1',
    regions: ['us-central1'],
    image: { repository: 'us-central1-docker.pkg.dev/my-project/training/mnist', tag: undefined },
    context: '.',
    dockerfile: 'Dockerfile',
    buildArgs: new Map(),
    baseImage: undefined,
    build: {
      mode: 'auto',
      dockerfileGiven: false,
      target: undefined,
      tags: [],
      maxAgeSeconds: undefined,
      driverVersion: undefined,
      cache: 'auto',
      secrets: [],
      provenance: 'false',
      sbom: false,
    },
    machineType: undefined,
    acceleratorType: undefined,
    acceleratorCount: undefined,
    tpuTopology: undefined,
    fallbackHardware: [],
    replicaCount: undefined,
    reductionServers: undefined,
    evaluators: undefined,
    command: [],
    args: [],
    envVars: new Map(),
    config: undefined,
    variables: new Map(),
    specFields: [],
    kmsKey: undefined,
    study: undefined,
    model: undefined,
    limits: { hourlyPrice: undefined, maxCost: undefined, maxAcceleratorHours: undefined },
    ignore: [],
    labels: new Map(),
    signIn: { workloadIdentityProvider: undefined, serviceAccount: undefined },
    registry: undefined,
    jobKey: '',
    matrix: 'null',
    submit: true,
    wait: true,
    results: {
      metricsFile: undefined,
      pick: 'nearest_to_ideal',
      gate: [],
      download: undefined,
      comment: false,
      githubToken: actionFile.inputs['github_token']?.default,
    },
    course: {
      job: undefined,
      onRerun: 'attach',
      supersede: false,
      onCancel: 'cancel',
      detachAfterSeconds: undefined,
      failoverAfterSeconds: undefined,
      onMissingMetric: 'stop',
      logs: 'all',
    },
    dryRun: false,
  });
});

describe('accepted', () => {
  test.each<{ name: string; given: Given; inputs: Partial<Inputs> }>([
    { name: 'a project id', given: { project_id: 'a23456' }, inputs: { projectId: 'a23456' } },
    { name: 'a project number', given: { project_id: '123456' }, inputs: { projectId: '123456' } },
    {
      name: "a domain's project",
      given: { project_id: 'example.com:my-app' },
      inputs: { projectId: 'example.com:my-app' },
    },
    { name: 'a region of two digits', given: { region: 'europe-west12' }, inputs: { region: 'europe-west12' } },
    { name: 'a region in a YAML sequence', given: { region: '[us-east1]' }, inputs: { region: 'us-east1' } },
    {
      name: 'local without an image',
      given: { region: 'local', image: '' },
      inputs: { region: 'local', image: undefined },
    },
    {
      name: 'a tag',
      given: { image: 'gcr.io/p/i:v1.2_x' },
      inputs: { image: { repository: 'gcr.io/p/i', tag: 'v1.2_x' } },
    },
    {
      name: 'a port is no tag',
      given: { image: 'localhost:5000/a/b' },
      inputs: { image: { repository: 'localhost:5000/a/b', tag: undefined } },
    },
    {
      name: 'a port and a tag',
      given: { image: 'localhost:5000/a__b/c-d:T' },
      inputs: { image: { repository: 'localhost:5000/a__b/c-d', tag: 'T' } },
    },
    {
      name: 'an image of Docker Hub',
      given: { image: 'me/train' },
      inputs: { image: { repository: 'me/train', tag: undefined } },
    },
    {
      name: 'a context',
      given: { context: 'sub/dir/' },
      inputs: { context: 'sub/dir/', dockerfile: 'sub/dir/Dockerfile' },
    },
    { name: 'a context with ./', given: { context: './sub' }, inputs: { dockerfile: 'sub/Dockerfile' } },
    { name: 'a Dockerfile', given: { context: 'a', dockerfile: 'b/X' }, inputs: { dockerfile: 'b/X' } },
    {
      name: 'a base image with digest',
      given: { base_image: `python@sha256:${'ab'.repeat(32)}` },
      inputs: { baseImage: `python@sha256:${'ab'.repeat(32)}` },
    },
    {
      name: 'hardware as written',
      given: { machine_type: 'M', accelerator_type: 'l4' },
      inputs: { machineType: 'M', acceleratorType: 'l4' },
    },
    {
      name: 'a count of accelerators',
      given: { accelerator_type: 'l4', accelerator_count: '8' },
      inputs: { acceleratorCount: 8 },
    },
    { name: 'replicas', given: { replica_count: '4' }, inputs: { replicaCount: 4 } },
    {
      name: 'the most replicas that an int32 holds',
      given: { replica_count: '2147483647' },
      inputs: { replicaCount: 2 ** 31 - 1 },
    },
    {
      name: 'minutes',
      given: { timeout: '90m' },
      inputs: { specFields: [{ input: 'timeout', path: 'scheduling.timeout', value: '5400s' }] },
    },
    {
      name: 'seconds',
      given: { timeout: '86400s' },
      inputs: { specFields: [{ input: 'timeout', path: 'scheduling.timeout', value: '86400s' }] },
    },
    {
      name: 'all units',
      given: { timeout: '1d2h3m4s' },
      inputs: { specFields: [{ input: 'timeout', path: 'scheduling.timeout', value: '93784s' }] },
    },
    { name: 'an empty timeout leaves it to config and plan', given: { timeout: '' }, inputs: { specFields: [] } },
    {
      name: 'a bucket',
      given: { output_uri: 'gs://my-bucket' },
      inputs: {
        specFields: [{ input: 'output_uri', path: 'baseOutputDirectory.outputUriPrefix', value: 'gs://my-bucket' }],
      },
    },
    {
      name: 'a folder with spaces',
      given: { output_uri: 'gs://b.x_y/a b/c' },
      inputs: {
        specFields: [{ input: 'output_uri', path: 'baseOutputDirectory.outputUriPrefix', value: 'gs://b.x_y/a b/c' }],
      },
    },
    {
      name: 'federation and an account to impersonate',
      given: { workload_identity_provider: PROVIDER, service_account: ACCOUNT },
      inputs: { signIn: { workloadIdentityProvider: PROVIDER, serviceAccount: ACCOUNT }, specFields: [] },
    },
    {
      name: 'direct federation',
      given: { workload_identity_provider: PROVIDER },
      inputs: { signIn: { workloadIdentityProvider: PROVIDER, serviceAccount: undefined } },
    },
    {
      name: "the job's own account, which implies no sign-in",
      given: { job_service_account: ACCOUNT },
      inputs: {
        specFields: [{ input: 'job_service_account', path: 'serviceAccount', value: ACCOUNT }],
        signIn: { workloadIdentityProvider: undefined, serviceAccount: undefined },
      },
    },
    {
      name: 'a login',
      given: { registry_username: 'me', registry_password: ' p w ' },
      inputs: { registry: { username: 'me', password: ' p w ' } },
    },
    {
      name: 'a key and a matrix',
      given: { job_key: 'a', matrix: '{"x":1}' },
      inputs: { jobKey: 'a', matrix: '{"x":1}' },
    },
    { name: 'false and true', given: { wait: 'false', dry_run: 'true' }, inputs: { wait: false, dryRun: true } },
    { name: 'booleans set to nothing', given: { wait: '', dry_run: '' }, inputs: { wait: true, dryRun: false } },
  ])('$name', ({ given, inputs }) => {
    expect(inputsOf(given)).toMatchObject(inputs);
  });
});

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'nothing at all',
      given: { project_id: '', region: '', image: '' },
      faults: [
        'project_id is missing. Name the Google Cloud project of the job. [required]',
        "region is missing. Name a region such as us-central1, or 'local'. [required]",
        'image is missing. Name the image to push, such as us-central1-docker.pkg.dev/my-project/training/mnist. [required]',
      ],
    },
    {
      name: 'a project name with spaces',
      given: { project_id: 'My Project' },
      faults: [
        'project_id: "My Project" is not accepted. Write a project id, such as my-project, or number. [project-id]',
      ],
    },
    {
      name: 'a zone',
      given: { region: 'us-central1-a' },
      faults: [
        'region: "us-central1-a" is not accepted. Write a region (not a zone) such as us-central1, or local. [region]',
      ],
    },
    {
      name: 'regions separated by a comma: a line is never split',
      given: { region: 'us-central1,us-east1' },
      faults: [
        'region: "us-central1,us-east1" is not accepted. Write a region (not a zone) such as us-central1, or local. [region]',
      ],
    },
    {
      name: 'capitals in an image',
      given: { image: 'gcr.io/P/i' },
      faults: [`image: "gcr.io/P/i" is not accepted. ${IMAGE_FORM}`],
    },
    {
      name: 'a scheme before an image',
      given: { image: 'https://gcr.io/p/i' },
      faults: [`image: "https://gcr.io/p/i" is not accepted. ${IMAGE_FORM}`],
    },
    {
      name: 'an option for an image',
      given: { image: '--push' },
      faults: [`image: "--push" is not accepted. ${IMAGE_FORM}`],
    },
    {
      name: 'a digest',
      given: { image: `gcr.io/p/i@sha256:${'0'.repeat(8)}` },
      faults: [
        'image: "gcr.io/p/i@sha256:00000000" is not accepted. Name the image without a digest: this step builds and pushes it. [image-name]',
      ],
    },
    {
      name: 'an option for a base image',
      given: { base_image: '-x' },
      faults: [
        'base_image: "-x" is not accepted. Write an image name, such as python:3.12-slim, or slim. [image-name]',
      ],
    },
    {
      name: 'a count without an accelerator',
      given: { accelerator_count: '2' },
      faults: [
        'accelerator_type is missing beside accelerator_count. Name the accelerator, or remove the count. [accelerator-pair]',
      ],
    },
    ...['0', '-1', '1.5', '1e3', 'two', '2147483648', ' 1', '٣'].map((value) => ({
      name: `a count of ${JSON.stringify(value)}`,
      given: { replica_count: value },
      faults: [`replica_count: ${JSON.stringify(value)} is not accepted. ${COUNT_FORM}`],
    })),
    ...['90', '1.5h', '30s1m', '-1h', '24 h', '1w', '24H'].map((value) => ({
      name: `a timeout of ${value}`,
      given: { timeout: value },
      faults: [`timeout: "${value}" is not accepted. ${DURATION_FORM} [duration]`],
    })),
    {
      name: 'a timeout of nothing',
      given: { timeout: '0h0s' },
      faults: [`timeout: "0h0s" is not accepted. ${DURATION_FORM} It has to be longer than 0s. [duration]`],
    },
    ...['yes', 'True', 'TRUE', 'on', '1', 'no', 'False', ' true'].map((value) => ({
      name: `a boolean of ${JSON.stringify(value)}`,
      given: { wait: value },
      faults: [`wait: ${JSON.stringify(value)} is not accepted. Write true or false. [boolean]`],
    })),
    ...[
      'projects/my-project/locations/global/workloadIdentityPools/github/providers/repo',
      `https://iam.googleapis.com/${PROVIDER}`,
      `//iam.googleapis.com/${PROVIDER}`,
      'projects/123/locations/us/workloadIdentityPools/github/providers/repo',
      'projects/123/locations/global/workloadIdentityPools/github',
      `${PROVIDER}/`,
    ].map((value) => ({
      name: `the provider ${value}`,
      given: { workload_identity_provider: value },
      faults: [`workload_identity_provider: "${value}" is not accepted. ${PROVIDER_FORM}`],
    })),
    {
      name: 'an account to sign in as without a provider',
      given: { service_account: ACCOUNT },
      faults: [
        'service_account is for signing in through workload_identity_provider, which is missing. Give that too; the identity of the training program is job_service_account. [sign-in]',
      ],
    },
    {
      name: 'an account that is none',
      given: { workload_identity_provider: PROVIDER, service_account: 'trainer' },
      faults: [`service_account: "trainer" is not accepted. ${ACCOUNT_FORM}`],
    },
    {
      name: 'a user name without a password',
      given: { registry_username: 'me' },
      faults: ['registry_password is missing: registry_username and registry_password go together. [registry-login]'],
    },
    {
      name: 'a password without a user name, which is not shown',
      given: { registry_password: 'secret' },
      faults: ['registry_username is missing: registry_username and registry_password go together. [registry-login]'],
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });

  test('a long value is cut in the message', () => {
    expect(faultsOf({ wait: 'x'.repeat(500) })).toEqual([
      `wait: "${'x'.repeat(120)}…" is not accepted. Write true or false. [boolean]`,
    ]);
  });
});

test('every fault of every input is told at once', () => {
  const faults = faultsOf({
    project_id: 'X',
    region: 'x',
    image: 'X',
    base_image: ' ',
    accelerator_count: '0',
    replica_count: '0',
    args: '[',
    env_vars: 'a: [b]',
    labels: 'x',
    metrics: 'a: up',
    parameters: 'x: 1',
    max_trials: '0',
    timeout: '1',
    workload_identity_provider: 'x',
    service_account: 'x',
    max_failed_trials: 'x',
    early_stopping: 'x',
    measurement_selection: 'x',
    strategy: 'x',
    boot_disk_size_gb: 'x',
    tpu_topology: 'x',
    reduction_servers: 'x',
    evaluators: '0',
    variables: 'A=1',
    kms_key: 'x',
    model: 'X',
    hourly_price: 'x',
    max_cost: 'x',
    ignore: '[',
    registry_username: 'x',
    wait: 'x',
    dry_run: 'x',
  });
  const named = new Set(faults.map((fault) => fault.split(/[ :]/, 1)[0]));
  expect([...named].sort()).toEqual(
    [
      ...['project_id', 'region', 'image', 'base_image', 'accelerator_count', 'accelerator_type', 'replica_count'],
      ...['args', 'env_vars', 'labels', 'metrics', 'parameters', 'max_trials', 'timeout', 'dry_run', 'wait'],
      ...['workload_identity_provider', 'service_account', 'registry_password', 'max_failed_trials', 'early_stopping'],
      ...['measurement_selection', 'strategy', 'boot_disk_size_gb', 'tpu_topology', 'reduction_servers', 'evaluators'],
      ...['variables', 'kms_key', 'model', 'serving_image', 'hourly_price', 'max_cost', 'ignore'],
    ].sort(),
  );
});
