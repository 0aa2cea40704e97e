import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { faultText } from '../../src/faults.ts';
import { readStep } from '../../src/inputs/step.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { type Given, rawOf } from './given.ts';

const newFolder = tempFolders();
const PROVIDER = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const VERTEX = 'CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM';
const OIDC = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:1/', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };

let stdout: string[];
beforeEach(() => {
  stdout = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

function stepOf(given: Given, env: Record<string, string> = {}) {
  const workspace = newFolder();
  writeFileSync(join(workspace, 'Dockerfile'), 'FROM a\n');
  return readStep({ GITHUB_WORKSPACE: workspace, RUNNER_TEMP: '/runner/temp', ...env }, rawOf(given));
}

const JOB = 'projects/my-project/locations/us-central1/customJobs/7';

const LOCAL_WAIT =
  'wait: false leaves the job to run on, but region local ends with this step. Remove it, or name a standing local service in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM. [local-wait]';
const NO_TOKEN =
  "workload_identity_provider: GitHub offers this step no OIDC token. Give the job 'permissions: { id-token: write, contents: read }'; runs of pull requests from forks get none. [id-token]";

describe('faults of the step as a whole', () => {
  test.each<{ name: string; given: Given; env?: Record<string, string>; faults: string[] }>([
    { name: 'none', given: {}, faults: [] },
    {
      name: 'no waiting for a service that ends with the step',
      given: { region: 'local', wait: 'false' },
      faults: [LOCAL_WAIT],
    },
    {
      name: 'no waiting for a service that stands',
      given: { region: 'local', wait: 'false' },
      env: { [VERTEX]: 'http://127.0.0.1:8600/' },
      faults: [],
    },
    { name: 'no waiting in a region', given: { wait: 'false' }, faults: [] },
    { name: 'no OIDC token', given: { workload_identity_provider: PROVIDER }, faults: [NO_TOKEN] },
    { name: 'an OIDC token', given: { workload_identity_provider: PROVIDER }, env: OIDC, faults: [] },
    {
      name: 'no OIDC token in a dry run',
      given: { workload_identity_provider: PROVIDER, dry_run: 'true' },
      faults: [],
    },
    {
      name: 'no OIDC token in region local',
      given: { workload_identity_provider: PROVIDER, region: 'local' },
      faults: [],
    },
    ...(['detach_after', 'on_cancel'] as const).map((input) => ({
      name: `${input} for a job that ends with the step`,
      given: { region: 'local', [input]: input === 'on_cancel' ? 'detach' : '1h' },
      faults: [LOCAL_WAIT.replace('wait: false', `${input}:`)],
    })),
    { name: 'a job that stands', given: { job: JOB, region: 'us-central1' }, faults: [] },
    {
      name: 'a job that stands in any of several regions',
      given: { job: JOB, region: 'us-east1\nus-central1' },
      faults: [],
    },
    {
      name: 'a job of a project that its number alone tells',
      given: { job: JOB.replace('my-project', '123'), region: 'us-central1' },
      faults: [],
    },
    {
      name: 'a job of another place and project, in a dry run',
      given: { job: JOB.replace('my-project', 'other'), region: 'us-east1\nus-east4', dry_run: 'true' },
      faults: [
        'job names a job in us-central1, but region is us-east1, us-east4. Give the region of the job. [job-region]',
        'job names a job of project other, but project_id is my-project. Give the project of the job. [job-project]',
        'job names a job that stands already and is only followed, which does not go with dry_run: true. Remove one of them. [job-alone]',
      ],
    },
    {
      name: 'a job that stands beside submit: false',
      given: { job: JOB, region: 'us-central1', submit: 'false' },
      faults: [
        'job names a job that stands already and is only followed, which does not go with submit: false. Remove one of them. [job-alone]',
      ],
    },
    {
      name: 'inputs, files and endpoints at once',
      given: { wait: 'x', context: '..' },
      env: { [VERTEX]: 'https://evil.example/' },
      faults: [
        'wait: "x" is not accepted. Write true or false. [boolean]',
        'context: ".." is outside the workspace. Name a path within it. [path-inside]',
        `${VERTEX}: "https://evil.example/" is not accepted. Accepted are https://….googleapis.com/ and http(s)://127.0.0.1:PORT/ without a path. [endpoint]`,
      ],
    },
  ])('$name', ({ given, env, faults }) => {
    expect(stepOf(given, env).faults.map(faultText)).toEqual(faults);
  });
});

test('the registry password is masked as soon as it is read', () => {
  stepOf({ registry_username: 'me', registry_password: 'p%w' });
  expect(stdout.join('')).toMatch(/^::add-mask::p%25w\n/);
});

test("GitHub's token is masked as soon as it is read", () => {
  stepOf({ github_token: 'ghs_1' });
  expect(stdout.join('')).toBe('::add-mask::ghs_1\n');
});

test('without a password and a token nothing is masked', () => {
  stepOf({ github_token: '' });
  expect(stdout).toEqual([]);
});

describe('what GitHub is asked with', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'no token for what needs one',
      given: { comment: 'true', gate: 'a >= 1\na >= baseline', github_token: '' },
      faults: [
        'github_token is empty, and comment and the baseline of gate cannot do without. Leave it at its default, or give a token. [github-token]',
      ],
    },
    { name: 'no token where none is needed', given: { gate: 'a >= 1', github_token: '' }, faults: [] },
  ])('$name', ({ given, faults }) => {
    expect(stepOf(given).faults.map(faultText)).toEqual(faults);
  });
});

describe('a standing local service', () => {
  test.each([
    { name: 'none is named', env: {}, standing: false },
    { name: 'on loopback', env: { [VERTEX]: 'http://localhost:8600' }, standing: true },
    { name: "Google's", env: { [VERTEX]: 'https://us-central1-aiplatform.googleapis.com/' }, standing: false },
    {
      name: 'only logging is moved',
      env: { CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: 'http://127.0.0.1:1' },
      standing: false,
    },
  ])('$name', ({ env, standing }) => {
    expect(stepOf({ region: 'local' }, env as Record<string, string>).standingLocal).toBe(standing);
  });
});

test('folders come from the runner', () => {
  const step = stepOf({});
  expect(step.tempFolder).toBe('/runner/temp');
  expect(step.files).toEqual({ dockerfile: 'FROM a\n', config: undefined, view: expect.anything() });
  expect(step.files.view.text('Dockerfile')).toBe('FROM a\n');
});
