import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Endings } from './parts/endings.ts';
import { type SignInServices, startSignIn } from './parts/google.ts';
import { endpointsAt } from './parts/local-service.ts';
import { type CheckingProxy, startProxy } from './parts/proxy.ts';
import { runStep, type StepResult } from './parts/runner.ts';
import { type Watched, watch } from './parts/watched.ts';

const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';

let endings: Endings;
let workspace: string;
let services: SignInServices;
let proxies: CheckingProxy[];
let watched: Watched;

async function folder(prefix: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  endings.add(() => rm(path, { recursive: true, force: true }));
  return path;
}

beforeEach(async () => {
  endings = new Endings();
  workspace = await folder('workspace-');
  watched = await watch(await folder('watch-'));
  services = await startSignIn({ provider: PROVIDER });
  endings.add(() => services.stop());
  proxies = [];
  for (const _service of ['vertex', 'logging']) {
    const proxy = await startProxy({ target: 'http://127.0.0.1:9', accepts: () => false });
    endings.add(() => proxy.stop());
    proxies.push(proxy);
  }
});
afterEach(() => endings?.run());

/** Main and post, with every service at hand and every act watched. */
async function run(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ main: StepResult; post: StepResult }> {
  const runnerTemp = await folder('runner-temp-');
  const [vertex = '', logging = ''] = proxies.map(({ url }) => url);
  const common = {
    workspace,
    runnerTemp,
    inputs,
    extraEnv: { ...services.env, ...endpointsAt(vertex, logging), ...watched.env, ...env },
  };
  const main = await runStep(common);
  return { main, post: await runStep({ ...common, entry: 'post', state: main.state }) };
}

/** All that a step could have asked of anybody. */
async function asked(): Promise<unknown> {
  const requests = [...services.requests(), ...proxies.flatMap((proxy) => proxy.requests())];
  return { requests, acts: await watched.acts() };
}

const NOTHING = { requests: [], acts: [] };

interface Bad {
  readonly input: string;
  readonly value: string;
  /** What the error has to say of it. */
  readonly told: RegExp;
}

const BAD: readonly Bad[] = [
  { input: 'project_id', value: 'My Project', told: /"My Project".*project id/ },
  { input: 'region', value: 'us-central1-a', told: /"us-central1-a".*not a zone/ },
  { input: 'image', value: 'https://example.com/Image', told: /without a scheme/ },
  { input: 'dockerfile', value: 'docker/Dockerfile', told: /no Dockerfile at docker\/Dockerfile/ },
  { input: 'build_args', value: 'BASE_IMAGE=x', told: /base_image/ },
  { input: 'machine_type', value: 'n1-standrad-4', told: /"n1-standrad-4".*n1-standard-4/ },
  { input: 'accelerator_type', value: 'NVIDIA_L44', told: /"NVIDIA_L44".*NVIDIA_L4/ },
  { input: 'accelerator_count', value: 'two', told: /"two".*whole number/ },
  { input: 'replica_count', value: '0', told: /"0".*whole number/ },
  { input: 'args', value: '- [a, b]', told: /line 1.*list/ },
  { input: 'env_vars', value: 'A: 1\nA: 2', told: /line 2.*"A"/ },
  { input: 'output_uri', value: 's3://bucket', told: /gs:\/\/BUCKET/ },
  { input: 'metrics', value: 'accuracy: maximize\naccuracy: minimize\nloss: low', told: /line 3.*"loss".*"low"/ },
  {
    input: 'parameters',
    value: 'lr: { scale: log }\nlayers: { min: 8, max: 1 }\nmixed: [1, a]\nunsure: { min: 0, max: 1 }',
    told: /line 1: "lr" has no range/,
  },
  { input: 'max_trials', value: 'many', told: /"many".*whole number/ },
  { input: 'algorithm', value: 'BEST', told: /"BEST".*GRID_SEARCH/ },
  { input: 'timeout', value: '1 day', told: /"1 day".*24h/ },
  { input: 'labels', value: 'Team: ml', told: /"Team"/ },
  {
    input: 'workload_identity_provider',
    value:
      'https://iam.googleapis.com/projects/my-project/locations/global/workloadIdentityPools/github/providers/repo',
    told: /project number/,
  },
  { input: 'service_account', value: 'trainer', told: /"trainer".*e-mail/ },
  { input: 'job_service_account', value: 'someone@', told: /"someone@".*e-mail/ },
  { input: 'registry_username', value: 'octocat', told: /go together/ },
  { input: 'wait', value: 'yes', told: /"yes".*true or false/ },
];

/** Faults beside the first of their input. */
const MORE = [
  /metrics: .*"accuracy" is named more than once/,
  /parameters: .*"layers" has min 8 above max 1/,
  /parameters: .*"mixed" mixes numbers and texts/,
  /parameters: .*"unsure" has the range 0 to 1/,
];

describe('bad input', () => {
  test('by a misspelt name, which a runner hands on with no more than a warning, is an error', async () => {
    const inputs = { project_id: 'my-project', image: 'us-central1-docker.pkg.dev/my-project/t/i' };
    const { main } = await run(inputs, { INPUT_REIGON: 'us-central1', 'INPUT_MACHINE-TYPE': 'n1-standard-8' });
    const [, ...lines] = (main.annotations.at(-1)?.message ?? '').split('\n');
    expect(lines).toEqual([
      '- reigon is no input of this action. The nearest is region. Mend the name. [input-unknown]',
      '- machine-type is no input of this action. The nearest is machine_type. Mend the name. [input-unknown]',
      expect.stringMatching(/\[entry-program\]$/),
    ]);
    expect(await asked()).toEqual(NOTHING);
  });

  test('is told whole in one error, before anything is built or asked of anybody', async () => {
    const { main, post } = await run(Object.fromEntries(BAD.map(({ input, value }) => [input, value])));
    expect({ outcome: main.outcome, exitCode: main.exitCode }).toEqual({ outcome: 'failure', exitCode: 1 });
    expect(main.annotations.map(({ level }) => level)).toEqual(['error']);
    const [first = '', ...lines] = (main.annotations[0]?.message ?? '').split('\n');
    const missing = BAD.filter(({ input, told }) => {
      // The half of a login that is missing is what is at fault.
      const name = input === 'registry_username' ? 'registry_password' : input;
      return !lines.some((line) => new RegExp(`^- ${name}\\b`).test(line) && told.test(line));
    });
    expect({ missing, lines: missing.length === 0 ? [] : lines }).toEqual({ missing: [], lines: [] });
    for (const more of MORE) expect(lines).toContainEqual(expect.stringMatching(more));
    expect(first).toBe(
      `${lines.length} faults in what this step was given; nothing was built or asked of the network:`,
    );
    // Each names its rule.
    expect(lines.filter((line) => !/ \[[a-z0-9-]+\]$/.test(line))).toEqual([]);
    expect(main.outputs).toEqual({});
    expect(main.log.at(-1)).toContain(lines.at(-1));
    expect(post).toMatchObject({ outcome: 'success', log: [] });
    expect(await asked()).toEqual(NOTHING);
  });

  test('that is nothing at all names what is required', async () => {
    const { main } = await run({});
    const lines = (main.annotations[0]?.message ?? '').split('\n').slice(1);
    expect(lines).toEqual([
      expect.stringMatching(/^- project_id is missing/),
      expect.stringMatching(/^- region is missing/),
      expect.stringMatching(/^- image is missing/),
      expect.stringMatching(/^- dockerfile: there is no Dockerfile, and the repository has none of the programs/),
    ]);
    expect(main.outcome).toBe('failure');
    expect(await asked()).toEqual(NOTHING);
  });

  test.each([
    ['https://example.com/', /"https:\/\/example\.com\/" is not accepted/],
    ['http://127.0.0.1.example.com:8600/', /is not accepted/],
    ['https://user:word@us-central1-aiplatform.googleapis.com/', /is not accepted/],
  ])('is an endpoint like %s, to which a token would go', async (url, told) => {
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\n');
    const main = await runStep({
      workspace,
      runnerTemp: await folder('runner-temp-'),
      inputs: { project_id: 'my-project', region: 'local' },
      extraEnv: { ...watched.env, CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: url },
    });
    expect(main.outcome).toBe('failure');
    expect(main.annotations.at(-1)?.message).toMatch(told);
    expect(await asked()).toEqual(NOTHING);
  });
});

describe('dry_run: true', () => {
  test('prints the plan and the request, and asks nothing of anybody', async () => {
    await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\n');
    const { main, post } = await run({
      dry_run: 'true',
      project_id: 'my-project',
      region: 'us-central1',
      image: 'us-central1-docker.pkg.dev/my-project/training/digits:v7',
      workload_identity_provider: PROVIDER,
      service_account: 'trainer@my-project.iam.gserviceaccount.com',
      job_service_account: 'runner@my-project.iam.gserviceaccount.com',
      accelerator_type: 'NVIDIA_L4',
      replica_count: '3',
      command: '[python3, train.py]',
      args: '["--name=a, b"]',
      env_vars: 'MODE: full',
      output_uri: 'gs://my-bucket/digits',
      metrics: 'accuracy: maximize',
      parameters:
        'lr: { min: 0.0001, max: 0.1, scale: log }\nlayers: { min: 1, max: 8 }\nbatch: [32, 16]\nkind: [a, b]',
      max_trials: '20',
      parallel_trials: '4',
      algorithm: 'random_search',
      timeout: '1h30m',
      labels: 'team: ml',
    });
    expect({ outcome: main.outcome, outputs: main.outputs }).toEqual({ outcome: 'success', outputs: {} });
    expect(post).toMatchObject({ outcome: 'success', log: [] });
    expect(await asked()).toEqual(NOTHING);
    const start = main.log.findIndex((line) => line.startsWith('POST '));
    expect(main.log[start]).toBe('POST /v1/projects/my-project/locations/us-central1/hyperparameterTuningJobs');
    const end = main.log.indexOf('}', start);
    const request = JSON.parse(main.log.slice(start + 1, end + 1).join('\n')) as Record<string, unknown>;
    const pool = (replicaCount: string) => ({
      replicaCount,
      machineSpec: { machineType: 'g2-standard-4', acceleratorType: 'NVIDIA_L4', acceleratorCount: 1 },
      containerSpec: {
        imageUri: 'us-central1-docker.pkg.dev/my-project/training/digits',
        command: ['python3', 'train.py'],
        args: ['--name=a, b'],
        env: [{ name: 'MODE', value: 'full' }],
      },
    });
    expect(request).toMatchObject({
      displayName: 'octo-org/digits Train #17',
      labels: { team: 'ml', 'managed-by': 'train-on-vertex', 'run-id': '9000000001' },
      maxTrialCount: 20,
      parallelTrialCount: 4,
      studySpec: {
        algorithm: 'RANDOM_SEARCH',
        metrics: [{ metricId: 'accuracy', goal: 'MAXIMIZE' }],
        parameters: [
          { parameterId: 'lr', doubleValueSpec: { minValue: 0.0001, maxValue: 0.1 }, scaleType: 'UNIT_LOG_SCALE' },
          { parameterId: 'layers', integerValueSpec: { minValue: '1', maxValue: '8' } },
          { parameterId: 'batch', discreteValueSpec: { values: [16, 32] } },
          { parameterId: 'kind', categoricalValueSpec: { values: ['a', 'b'] } },
        ],
      },
      trialJobSpec: {
        scheduling: { timeout: '5400s' },
        serviceAccount: 'runner@my-project.iam.gserviceaccount.com',
        baseOutputDirectory: { outputUriPrefix: 'gs://my-bucket/digits' },
        workerPoolSpecs: [pool('1'), pool('2')],
      },
    });
    expect(main.summary).toContain('Dry run');
    expect(main.summary).toContain('"maxTrialCount": 20');
  });
});

test('the watch sees what a step does', async () => {
  await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch\n');
  const { main } = await run({
    project_id: 'my-project',
    region: 'local',
  });
  expect(main.outcome).toBe('failure');
  expect(await watched.acts()).toEqual(expect.arrayContaining(['connect', 'spawn', expect.stringMatching(/^docker /)]));
});
