import { JobServiceClient } from '@google-cloud/aiplatform/build/src/v1/job_service_client.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { IdentityPoolClient } from 'google-auth-library';
import * as gax from 'google-gax/fallback';
import { credentialsOf } from '../../../src/google/credentials.ts';
import { endpointsOf } from '../../../src/google/endpoints.ts';
import { type SignInServices, startSignIn } from '../../e2e/parts/google.ts';
import { idTokenMaker } from '../../e2e/parts/id-tokens.ts';
import { customJob, type Opened, openService, PARENT } from '../faults/service.ts';

const NAME = 'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org';
const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];

let service: Opened;
/** Its token and IAM services are not asked: GitHub's issuer is. */
let github: SignInServices;

beforeAll(async () => {
  service = await openService();
  github = await startSignIn({ provider: NAME });
});
afterEach(() => service.faults.calm());
afterAll(async () => {
  await Promise.all([service.close(), github.stop()]);
});

/** A client of credentials as google-github-actions/auth writes them, with the service in place of Google's hosts. */
function signedIn({ url }: Pick<Opened, 'url'>, more: object = {}): IdentityPoolClient {
  const { env } = github;
  const audience = encodeURIComponent(`https://iam.googleapis.com/${NAME}`);
  return new IdentityPoolClient({
    type: 'external_account',
    universe_domain: 'googleapis.com',
    audience: `//iam.googleapis.com/${NAME}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/v1/token`,
    scopes: SCOPES,
    credential_source: {
      url: `${env['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${audience}`,
      headers: { Authorization: `Bearer ${env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
    ...more,
  });
}

const impersonation = () => ({
  service_account_impersonation_url: `${service.url}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
});

describe("Google's auth library, unmodified, with a workflow's token", () => {
  it.each([
    ['itself', () => ({}), 300],
    ['a service account', impersonation, 3600],
  ])('signs in as %s, and its client makes a job', async (_name, more, seconds) => {
    await service.faults.order({ scripts: { train: {} } });
    const authClient = signedIn(service, more());
    const { token, res } = await authClient.getAccessToken();
    expect(token).toMatch(/^ya29\./);
    expect(authClient.credentials.expiry_date).toBeGreaterThan(Date.now() + (seconds - 60) * 1000);
    expect(res?.status).toBe(200);
    const options = { apiEndpoint: 'localhost', port: service.port, protocol: 'http', fallback: true, authClient };
    type Parameters = ConstructorParameters<typeof JobServiceClient>;
    const client = new JobServiceClient(options as unknown as Parameters[0], gax as unknown as Parameters[1]);
    const [job] = await client.createCustomJob({ parent: PARENT, customJob: customJob('train') as object });
    expect(job.name).toMatch(/\/customJobs\/\d+$/);
    await client.close();
    expect(github.problems()).toEqual([]);
    const { requests } = await service.faults.report();
    expect(requests.map(({ call }) => call)).toContain('identity');
  });

  it('is told of a wrong audience in the words of the token service', async () => {
    const provider = `//iam.googleapis.com/${NAME.replace('octo-org', 'other-org')}`;
    const asked = signedIn(service, { audience: provider }).getAccessToken();
    await expect(asked).rejects.toThrow(/invalid_grant: The audience in ID Token does not match/);
  });

  it('is told of an account that is none', async () => {
    const { service_account_impersonation_url: url } = impersonation();
    const client = signedIn(service, { service_account_impersonation_url: url.replace(ACCOUNT, 'nobody') });
    await expect(client.getAccessToken()).rejects.toThrow(/Gaia id not found for email nobody/);
  });

  it('has a token that is refused when its time is over', async () => {
    const other = await openService();
    try {
      const { token } = await signedIn(other).getAccessToken();
      const ask = () =>
        fetch(`${other.url}/v1/${PARENT}/customJobs`, { headers: { authorization: `Bearer ${token}` } });
      expect((await ask()).status).toBe(200);
      await other.faults.order({ clock: { advanceMs: 301_000 } });
      const refused = await ask();
      expect([refused.status, await refused.json()]).toMatchObject([401, { error: { status: 'UNAUTHENTICATED' } }]);
    } finally {
      await other.close();
    }
  });
});

describe("this project's own sign-in", () => {
  it('goes through the service where its endpoints are moved there', async () => {
    const moved = { STS: `${service.url}/`, IAMCREDENTIALS: `${service.url}/` };
    const env = Object.fromEntries(
      Object.entries(moved).map(([name, url]) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`, url]),
    );
    const makeIdToken = idTokenMaker();
    const masked: string[] = [];
    const credentials = await credentialsOf({
      projectId: 'my-project',
      signIn: { workloadIdentityProvider: NAME, serviceAccount: ACCOUNT },
      endpoints: endpointsOf(env, 'us-central1'),
      idToken: async (audience) => makeIdToken(audience),
      mask: (secret) => masked.push(secret),
    });
    const token = await credentials.accessToken();
    expect(masked).toContain(token);
    const { status } = await credentials.client.request({ url: `${service.url}/v1/${PARENT}/customJobs` });
    expect(status).toBe(200);
  });
});

describe('a service with a token of its own', () => {
  it('lets nobody sign in without it, and takes the tokens that it issues to who has it', async () => {
    const closed = await openService({ token: 'its-own' });
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${NAME}`,
      scope: SCOPES.join(' '),
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: idTokenMaker()(`https://iam.googleapis.com/${NAME}`),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    const exchange = (headers: Record<string, string>) =>
      fetch(`${closed.url}/v1/token`, { method: 'POST', body: form, headers });
    const list = (token: string) =>
      fetch(`${closed.url}/v1/${PARENT}/customJobs`, { headers: { authorization: `Bearer ${token}` } });
    try {
      expect((await exchange({})).status).toBe(401);
      const issued = await exchange({ authorization: 'Bearer its-own' });
      expect(issued.status).toBe(200);
      const { access_token: token } = (await issued.json()) as { readonly access_token: string };
      expect((await list(token)).status).toBe(200);
      expect((await list(`${token}x`)).status).toBe(401);
    } finally {
      await closed.close();
    }
  });
});
