import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/faults.ts';
import { credentialsOf, fixedCredentials } from '../../src/google/credentials.ts';
import { endpointsOf } from '../../src/google/endpoints.ts';
import { loggingApi } from '../../src/google/logging.ts';
import { vertexApi } from '../../src/google/vertex.ts';
import { USER_AGENT } from '../../src/version.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { type Answer, loopbacks } from './loopback.ts';

const newServer = loopbacks();
const newFolder = tempFolders();
const PROVIDER = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const ACCOUNT = 'deployer@my-project.iam.gserviceaccount.com';
const JOB = 'projects/p/locations/l/customJobs/7';

interface SceneOptions {
  readonly serviceAccount?: string | undefined;
  /** Seconds that a federated token lives. */
  readonly lifetime?: number;
  readonly sts?: Answer;
}

/** GitHub's tokens, STS, impersonation and a service to use them on; what happens is kept in its order. */
async function scene({ serviceAccount, lifetime = 3_600, sts }: SceneOptions) {
  const events: string[] = [];
  let tokens = 0;
  const google = await newServer(({ url, body, headers }) => {
    if (url === '/v1/token') {
      const form = new URLSearchParams(
        body.startsWith('{') ? Object.entries(JSON.parse(body) as Record<string, string>) : body,
      );
      events.push(`sts ${form.get('subject_token')}`);
      tokens += 1;
      return (
        sts ?? {
          body: {
            access_token: `federated-${tokens}`,
            issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            token_type: 'Bearer',
            expires_in: lifetime,
          },
        }
      );
    }
    if (url.includes(':generateAccessToken')) {
      events.push(`impersonate ${url} ${headers.authorization}`);
      const expireTime = new Date(Date.now() + 3_600_000).toISOString();
      return { body: { accessToken: `account-${tokens}`, expireTime } };
    }
    events.push(`use ${headers.authorization}`);
    return { body: { name: JOB } };
  });
  const endpoints = endpointsOf(
    Object.fromEntries(
      ['AIPLATFORM', 'LOGGING', 'STS', 'IAMCREDENTIALS', 'ARTIFACTREGISTRY'].map((name) => [
        `CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`,
        google.url,
      ]),
    ),
    'us-central1',
  );
  let oidc = 0;
  const credentials = await credentialsOf({
    projectId: 'my-project',
    signIn: { workloadIdentityProvider: PROVIDER, serviceAccount },
    endpoints,
    idToken: async (audience) => {
      oidc += 1;
      events.push(`oidc ${audience}`);
      return `oidc-${oidc}`;
    },
    mask: (secret) => events.push(`mask ${secret}`),
  });
  return { events, google, credentials, endpoints };
}

const AUDIENCE = `https://iam.googleapis.com/${PROVIDER}`;
const IMPERSONATION = `/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`;
const without = (events: readonly string[], word: string) => events.filter((event) => !event.startsWith(word));

describe('federation with impersonation', () => {
  test('exchanges once for many calls', async () => {
    const { events, credentials, google } = await scene({ serviceAccount: ACCOUNT });
    const vertex = vertexApi({ url: google.url, credentials });
    await vertex.get(JOB);
    await loggingApi(google.url, credentials).list({ project: 'p', filter: 'f' });
    await vertex.get(JOB);
    expect(await credentials.accessToken()).toBe('account-1');
    expect(without(events, 'mask')).toEqual([
      `oidc ${AUDIENCE}`,
      'sts oidc-1',
      `impersonate ${IMPERSONATION} Bearer federated-1`,
      'use Bearer account-1',
      'use Bearer account-1',
      'use Bearer account-1',
    ]);
  });

  test('names this action and its version in every request', async () => {
    const { credentials, google } = await scene({ serviceAccount: ACCOUNT });
    await vertexApi({ url: google.url, credentials }).get(JOB);
    await loggingApi(google.url, credentials).list({ project: 'p', filter: 'f' });
    const named = google.seen.map(({ url, headers }) => [url.split('?')[0], headers['user-agent']?.split(' ')[0]]);
    expect(named).toEqual(
      ['/v1/token', IMPERSONATION, `/v1/${JOB}`, '/v2/entries:list'].map((url) => [url, USER_AGENT]),
    );
  });

  test('masks every token before it is used or given away', async () => {
    const { events, credentials, google } = await scene({ serviceAccount: ACCOUNT });
    await vertexApi({ url: google.url, credentials }).get(JOB);
    for (const token of ['federated-1', 'account-1']) {
      const masked = events.indexOf(`mask ${token}`);
      const used = events.findIndex((event) => event.endsWith(`Bearer ${token}`));
      expect([token, masked >= 0, used >= 0, masked < used]).toEqual([token, true, true, true]);
    }
  });

  test('asks STS for what the provider is for', async () => {
    const { credentials, google } = await scene({ serviceAccount: ACCOUNT });
    await credentials.accessToken();
    const body = google.seen[0]?.body ?? '';
    const form = new URLSearchParams(
      body.startsWith('{') ? Object.entries(JSON.parse(body) as Record<string, string>) : body,
    );
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${PROVIDER}`,
      subject_token: 'oidc-1',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    });
    expect(JSON.parse(google.seen[1]?.body ?? '{}')).toMatchObject({
      scope: ['https://www.googleapis.com/auth/cloud-platform'],
    });
  });
});

describe('direct federation', () => {
  test('with a token of five minutes exchanges once for many calls', async () => {
    const { events, credentials } = await scene({ lifetime: 300 });
    const given = [await credentials.accessToken(), await credentials.accessToken(), await credentials.accessToken()];
    expect(given).toEqual(['federated-1', 'federated-1', 'federated-1']);
    expect(without(events, 'mask')).toEqual([`oidc ${AUDIENCE}`, 'sts oidc-1']);
  });

  test('exchanges anew in the last minute, with a fresh OIDC token each time', async () => {
    const { events, credentials } = await scene({ lifetime: 59 });
    expect([await credentials.accessToken(), await credentials.accessToken()]).toEqual(['federated-1', 'federated-2']);
    expect(without(events, 'mask')).toEqual([`oidc ${AUDIENCE}`, 'sts oidc-1', `oidc ${AUDIENCE}`, 'sts oidc-2']);
  });

  test('masks the token before it is given away', async () => {
    const { events, credentials } = await scene({ lifetime: 300 });
    const token = await credentials.accessToken();
    expect(events).toContain(`mask ${token}`);
  });
});

test('a sign-in that is refused says what to look at, and why', async () => {
  const sts = {
    status: 400,
    body: { error: 'invalid_grant', error_description: 'The attribute condition rejected it.' },
  };
  const { credentials } = await scene({ serviceAccount: ACCOUNT, sts });
  const error = await credentials.accessToken().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).toBe(
    'Sign-in to Google Cloud failed. Check workload_identity_provider, its attribute condition, and roles/iam.workloadIdentityUser on service_account.',
  );
  expect(String(((error as UserError).cause as Error).message)).toContain('The attribute condition rejected it.');
});

test('a service on this machine knows one token', async () => {
  expect(await fixedCredentials('TOKEN').accessToken()).toBe('TOKEN');
});

describe('application default credentials', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const options = (mask: (secret: string) => void) => ({
    projectId: 'my-project',
    signIn: { workloadIdentityProvider: undefined, serviceAccount: undefined },
    endpoints: endpointsOf({}, 'us-central1'),
    idToken: async () => 'never asked for',
    mask,
  });

  /** A credentials file in the form that google-github-actions/auth writes, and the STS that it names. */
  async function signedIn() {
    const sts = await newServer(() => ({
      body: {
        access_token: 'adc-token',
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3_600,
      },
    }));
    const folder = newFolder();
    writeFileSync(join(folder, 'subject'), 'SUBJECT');
    const file = join(folder, 'gha-creds-1.json');
    writeFileSync(
      file,
      JSON.stringify({
        type: 'external_account',
        audience: `//iam.googleapis.com/${PROVIDER}`,
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
        token_url: `${sts.url}/v1/token`,
        credential_source: { file: join(folder, 'subject') },
      }),
    );
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;
    return sts;
  }

  test('as google-github-actions/auth leaves them are used, and masked', async () => {
    const sts = await signedIn();
    process.env['GOOGLE_CLOUD_PROJECT'] = 'my-project';
    const masked: string[] = [];
    const credentials = await credentialsOf(options((secret) => masked.push(secret)));
    expect([sts.seen.length, masked]).toEqual([0, []]);
    expect(await credentials.accessToken()).toBe('adc-token');
    expect(masked).toContain('adc-token');
    expect(sts.seen).toHaveLength(1);
  });

  // Left to itself, the library exchanges a token and asks the Resource Manager for a project, before the answers are
  // listened to: a token would be used unmasked, and a failure there told as a lack of credentials.
  test('need no project in the environment, and sign in no sooner than at the first call', async () => {
    const sts = await signedIn();
    for (const name of ['GOOGLE_CLOUD_PROJECT', 'GCLOUD_PROJECT', 'google_cloud_project', 'gcloud_project']) {
      delete process.env[name];
    }
    Object.assign(process.env, { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' });
    const credentials = await credentialsOf(options(() => {}));
    expect(sts.seen).toHaveLength(0);
    expect(await credentials.accessToken()).toBe('adc-token');
  });

  test('that are missing are told with the mend', async () => {
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = join(newFolder(), 'missing.json');
    await expect(credentialsOf(options(() => {}))).rejects.toThrow(
      'There are no application default credentials. Give workload_identity_provider (and permissions: id-token: write), or run google-github-actions/auth before this step.',
    );
  });
});
