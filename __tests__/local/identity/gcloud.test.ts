import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../../scripts/machine/run.ts';
import { type SignInServices, startSignIn } from '../../e2e/parts/google.ts';
import { customJob, ENDS, type Opened, openService, PARENT, reached } from '../faults/service.ts';
import { findGcloud } from '../gcloud.ts';

const program = await findGcloud();
const suite = program === undefined ? describe.skip : describe;
if (program === undefined) process.stderr.write('SKIPPED: gcloud signs in at the local region (no gcloud here)\n');

const NAME = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';

let service: Opened;
let github: SignInServices;
let folder = '';
let env: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  if (program === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'gcloud-sign-in-'));
  service = await openService();
  github = await startSignIn({ provider: NAME });
  const services = ['AIPLATFORM', 'LOGGING', 'STS', 'IAMCREDENTIALS', 'CLOUDRESOURCEMANAGER'];
  env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CLOUDSDK_CONFIG: join(folder, 'config'),
    CLOUDSDK_CORE_PROJECT: 'my-project',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    ...Object.fromEntries(services.map((name) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`, `${service.url}/`])),
  };
  await gcloud('auth', 'login', `--cred-file=${await credentialsFile()}`);
}, 60_000);
afterAll(async () => {
  if (program === undefined) return;
  await Promise.all([service.close(), github.stop()]);
  await rm(folder, { recursive: true });
});

async function gcloud(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program ?? '', args, { env, timeoutMs: 60_000 });
  if (code !== 0) throw new Error(`gcloud ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** What google-github-actions/auth leaves for gcloud, with the service in place of Google's hosts. */
async function credentialsFile(): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: issuer, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = github.env;
  const file = join(folder, 'credentials.json');
  const credentials = {
    type: 'external_account',
    universe_domain: 'googleapis.com',
    audience: `//iam.googleapis.com/${NAME}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${service.url}/v1/token`,
    service_account_impersonation_url: `${service.url}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
    credential_source: {
      url: `${issuer}&audience=${encodeURIComponent(`https://iam.googleapis.com/${NAME}`)}`,
      headers: { Authorization: `Bearer ${token}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
  };
  await writeFile(file, JSON.stringify(credentials));
  return file;
}

suite('gcloud, signed in with a workflow’s token', () => {
  it('lists jobs as the service account, and reads their log by its own filters', async () => {
    await service.faults.order({
      scripts: {
        train: {
          programs: [
            {
              events: [
                { stdout: 'step {n}', times: 3 },
                { stderr: 'Traceback: KeyError("x")' },
                { stdout: '{"message":"early","severity":"WARNING","timestampSeconds":"1"}' },
              ],
            },
          ],
        },
      },
    });
    const { name } = await service.vertex.create(PARENT, 'customJobs', customJob('train'));
    await reached(service, name, ...ENDS);
    expect(github.problems()).toEqual([]);
    const jobs = await gcloud('ai', 'custom-jobs', 'list', '--region=us-central1', '--format=value(name)');
    expect(jobs.trim()).toBe(name);
    const { requests } = await service.faults.report();
    expect(requests.filter(({ call }) => call === 'identity').map(({ path }) => path)).toContain('/v1/token');
    const id = name.split('/').at(-1);
    const filter = `resource.type="ml_job" AND resource.labels.job_id=("${id}" OR "1") AND (textPayload=~"^step [23]$" OR severity>=ERROR)`;
    const read = await gcloud('logging', 'read', filter, '--order=asc', '--format=value(severity,textPayload)');
    expect(read.trim().split('\n')).toEqual(['INFO\tstep 2', 'INFO\tstep 3', 'ERROR\tTraceback: KeyError("x")']);
  }, 120_000);

  it('describes the project, and is told where a filter cannot be read', async () => {
    expect(await gcloud('projects', 'describe', 'my-project', '--format=value(lifecycleState)')).toBe('ACTIVE\n');
    await expect(gcloud('logging', 'read', 'severity>=')).rejects.toThrow(/Unparseable filter: syntax error at line 1/);
  }, 120_000);
});
