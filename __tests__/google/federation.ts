import { writeFileSync } from 'node:fs';
import { credentialsOf } from '../../src/google/credentials.ts';
import { endpointsOf } from '../../src/google/endpoints.ts';
import { loggingApi } from '../../src/google/logging.ts';
import { vertexApi } from '../../src/google/vertex.ts';
import { idToken, requestTokenEnded } from '../../src/inputs/id-token.ts';
import type { Clock } from '../../src/retry.ts';
import type { Answer, Loopback, loopbacks, Seen } from './loopback.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PROVIDER = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const ACCOUNT = 'deployer@my-project.iam.gserviceaccount.com';
export const JOB = 'projects/p/locations/l/customJobs/7';

export interface FederationSetting {
  /** Whether an account is impersonated; else the five-minute tokens of the federation are used themselves. */
  readonly impersonated?: boolean;
  /** Where to put a file of the form that google-github-actions/auth leaves; without it, a provider is named to the step. */
  readonly credentialsFile?: string;
  /** When the workflow job's request token ends, by its own word and by GitHub's. */
  readonly requestTokenEnd: number;
  /** How far Google's clock is ahead of the step's, in milliseconds. */
  readonly aheadMs?: number;
}

/** What was asked, by kind; `refused` counts calls with a token that was not good. */
export type Counts = Record<'oidc' | 'sts' | 'impersonate' | 'call' | 'refused', number>;

const unauthorized: Answer = { status: 401, body: { error: { code: 401, status: 'UNAUTHENTICATED', message: 'No.' } } };

/** GitHub's and Google's part in workload identity federation: tokens that are good for their time and no longer. */
function issuers({ requestTokenEnd, aheadMs = 0 }: FederationSetting) {
  const counts: Counts = { oidc: 0, sts: 0, impersonate: 0, call: 0, refused: 0 };
  const ends = new Map<string, number>();
  const issue = (kind: 'oidc' | 'sts' | 'impersonate', lifeMs: number): string => {
    counts[kind] += 1;
    const token = `${kind}-${counts[kind]}`;
    ends.set(token, Date.now() + lifeMs);
    return token;
  };
  const isGood = (token: string) => Date.now() < (ends.get(token) ?? 0);
  const bearer = ({ headers }: Seen) => headers.authorization?.replace('Bearer ', '') ?? '';

  const oidc = (): Answer =>
    Date.now() < requestTokenEnd
      ? { body: { value: issue('oidc', 5 * MINUTE) } }
      : { status: 401, body: { message: 'Unauthorized' } };
  const sts = ({ body }: Seen): Answer => {
    const subject = new URLSearchParams(body).get('subject_token') ?? '';
    if (!isGood(subject)) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'ID Token is stale to sign-in' } };
    }
    const access_token = issue('sts', 5 * MINUTE);
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    return { body: { access_token, issued_token_type, token_type: 'Bearer', expires_in: 300 } };
  };
  const impersonate = (seen: Seen): Answer => {
    if (!isGood(bearer(seen))) return unauthorized;
    const there = Date.now() + aheadMs;
    return {
      headers: { date: new Date(there).toUTCString() },
      body: {
        accessToken: issue('impersonate', 60 * MINUTE),
        expireTime: new Date(there + 60 * MINUTE).toISOString(),
      },
    };
  };
  const call = (seen: Seen): Answer => {
    counts.call += 1;
    if (isGood(bearer(seen))) return { body: { name: JOB, state: 'JOB_STATE_RUNNING' } };
    counts.refused += 1;
    return unauthorized;
  };
  const answer = (seen: Seen): Answer => {
    if (seen.url.startsWith('/oidc?')) return oidc();
    if (seen.url === '/v1/token') return sts(seen);
    return seen.url.includes(':generateAccessToken') ? impersonate(seen) : call(seen);
  };
  return { counts, answer, revoke: () => ends.clear() };
}

/**
 * A step that signs in to a Google and a GitHub on loopback by its real credentials, with the clients that a followed job is
 * asked by. Time is Date's, which the test has to hold; waits between attempts pass at once.
 */
export async function federation(newServer: ReturnType<typeof loopbacks>, setting: FederationSetting) {
  const { counts, answer, revoke } = issuers(setting);
  const faults: { readonly path: string; readonly answer: Answer }[] = [];
  const server = await newServer((seen) => {
    const index = faults.findIndex(({ path }) => seen.url.startsWith(path));
    return faults.splice(index, index === -1 ? 0 : 1)[0]?.answer ?? answer(seen);
  });
  const claims = JSON.stringify({ exp: setting.requestTokenEnd / SECOND });
  const requestToken = `e30.${Buffer.from(claims).toString('base64url')}.c2ln`;
  const { credentialsFile, impersonated = false } = setting;
  process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] = `${server.url}/oidc?x=1`;
  process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] = requestToken;
  if (credentialsFile !== undefined) leaveCredentials(credentialsFile, server, requestToken);
  const credentials = await credentialsOf({
    projectId: 'my-project',
    signIn: {
      workloadIdentityProvider: credentialsFile === undefined ? PROVIDER : undefined,
      serviceAccount: impersonated ? ACCOUNT : undefined,
    },
    endpoints: endpointsOf(endpointsAt(server), 'us-central1'),
    idToken: (audience) => idToken(audience, { clock: eagerClock, answerMs: ANSWER_MS }),
    mask: () => {},
    ended: () => requestTokenEnded(process.env, Date.now()),
    exchangeMs: 1_000,
  });
  return {
    counts,
    server,
    revoke,
    /** The next so many requests to a path are answered otherwise. */
    fail: (path: string, times: number, other: Answer) => {
      for (let time = 0; time < times; time += 1) faults.push({ path, answer: other });
    },
    credentials,
    vertex: vertexApi({ url: server.url, credentials }),
    logging: loggingApi(server.url, credentials),
  };
}

/** As google-github-actions/auth does without a service account. */
function leaveCredentials(file: string, { url }: Loopback, requestToken: string): void {
  const credentials = {
    type: 'external_account',
    audience: `//iam.googleapis.com/${PROVIDER}`,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${url}/v1/token`,
    credential_source: {
      url: `${url}/oidc?x=1&audience=a`,
      headers: { Authorization: `Bearer ${requestToken}` },
      format: { type: 'json', subject_token_field_name: 'value' },
    },
  };
  writeFileSync(file, JSON.stringify(credentials));
  process.env['GOOGLE_APPLICATION_CREDENTIALS'] = file;
}

const ANSWER_MS = 12_345;

/** Waits between attempts pass at once; an answer is waited for as long as it takes. */
const eagerClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    if (ms === ANSWER_MS) await new Promise((_, reject) => signal?.addEventListener('abort', reject));
  },
};

const endpointsAt = ({ url }: Loopback) =>
  Object.fromEntries(
    ['AIPLATFORM', 'LOGGING', 'STS', 'IAMCREDENTIALS'].map((name) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${name}`, url]),
  );
