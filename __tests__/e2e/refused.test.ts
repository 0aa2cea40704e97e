import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Endings } from './parts/endings.ts';
import { type SignInServices, startSignIn } from './parts/google.ts';
import { endpointsAt } from './parts/local-service.ts';
import { runStep } from './parts/runner.ts';
import { listen, type Received, received, sendJson } from './parts/server.ts';

const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';

/** Brings its own image, so that nothing is built. */
const CONFIG = `workerPoolSpecs:
  - machineSpec:
      machineType: n1-standard-4
    replicaCount: 1
    containerSpec:
      imageUri: python:3.12-slim
      args: [--epochs=3]
`;

let endings: Endings;
let workspace: string;
let signIn: SignInServices;

async function folder(prefix: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  endings.add(() => rm(path, { recursive: true, force: true }));
  return path;
}

beforeEach(async () => {
  endings = new Endings();
  workspace = await folder('workspace-');
  signIn = await startSignIn({ provider: PROVIDER });
  endings.add(() => signIn.stop());
  await writeFile(join(workspace, 'job.yaml'), CONFIG);
});
afterEach(() => endings?.run());

/** Main and post, where Vertex AI refuses every job with this message; `posted` are the requests to make one. */
async function refused(message: string) {
  const requests: Received[] = [];
  const vertex = await listen(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    const refusal = { status: 400, body: { error: { code: 400, message, status: 'INVALID_ARGUMENT' } } };
    // Post looks for a job that may live all the same.
    sendJson(response, request.method === 'POST' ? refusal : { status: 200, body: {} });
  });
  endings.add(() => vertex.stop());
  const common = {
    workspace,
    runnerTemp: await folder('runner-temp-'),
    inputs: {
      project_id: 'my-project',
      region: 'us-central1',
      workload_identity_provider: PROVIDER,
      config: 'job.yaml',
      timeout: '1h',
      labels: 'team: ml',
    },
    extraEnv: { ...signIn.env, ...endpointsAt(vertex.url, vertex.url) },
  };
  const main = await runStep(common);
  const post = await runStep({ ...common, entry: 'post', state: main.state });
  return { main, post, posted: requests.filter(({ method }) => method === 'POST').map(({ path }) => path) };
}

test('what Vertex AI refuses is told at the inputs and config lines that it came from, in one error', async () => {
  const { main, post, posted } = await refused(
    'List of found errors:\t1.Field: job_spec.worker_pool_specs[0].machine_spec.machine_type; Message: Machine type is not supported.\t2.Field: job_spec.scheduling.timeout; Message: Too short.\t',
  );
  expect({ outcome: main.outcome, exitCode: main.exitCode, outputs: main.outputs }).toEqual({
    outcome: 'failure',
    exitCode: 1,
    outputs: {},
  });
  expect(main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message.split('\n'))).toEqual([
    // At its line, for the files view; the one error that lists all comes last.
    ['workerPoolSpecs[0].machineSpec.machineType: Machine type is not supported. [vertex-refused]'],
    [
      'Vertex AI refused the job; 2 faults in what this step was given:',
      expect.stringMatching(
        /^- job\.yaml:3:\d+: workerPoolSpecs\[0\]\.machineSpec\.machineType: Machine type is not supported\. \[vertex-refused\]$/,
      ),
      '- timeout: Too short. [vertex-refused]',
    ],
  ]);
  expect(posted).toEqual(['/v1/projects/my-project/locations/us-central1/customJobs']);
  expect(post).toMatchObject({ outcome: 'success', annotations: [] });
});

test('a refusal of another form is told as it is', async () => {
  const { main, posted } = await refused('The project is not whitelisted.');
  expect(main.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    'create a job in projects/my-project/locations/us-central1/customJobs: HTTP 400: The project is not whitelisted.',
  ]);
  expect(posted).toHaveLength(1);
});
