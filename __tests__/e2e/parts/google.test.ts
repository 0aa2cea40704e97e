import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type SignInServices, startSignIn } from './google.ts';
import { type CheckingProxy, startProxy } from './proxy.ts';

const provider = 'projects/123/locations/global/workloadIdentityPools/github/providers/repo';
const serviceAccount = 'trainer@my-project.iam.gserviceaccount.com';
const scope = 'https://www.googleapis.com/auth/cloud-platform';

describe('the sign-in services', () => {
  let services: SignInServices;
  beforeEach(async () => {
    services = await startSignIn({ provider, serviceAccount });
  });
  afterEach(() => services.stop());

  const env = (name: string) => services.env[name] ?? '';

  async function idToken(audience = `https://iam.googleapis.com/${provider}`): Promise<Response> {
    const authorization = `Bearer ${env('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}`;
    const url = `${env('ACTIONS_ID_TOKEN_REQUEST_URL')}&audience=${encodeURIComponent(audience)}`;
    return fetch(url, { headers: { authorization } });
  }

  function exchange(subjectToken: string, headers: Record<string, string> = {}): Promise<Response> {
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      audience: `//iam.googleapis.com/${provider}`,
      scope,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: subjectToken,
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    return fetch(`${env('CLOUDSDK_API_ENDPOINT_OVERRIDES_STS')}v1/token`, { method: 'POST', headers, body });
  }

  function impersonate(token: string, account = serviceAccount, lifetime = '3600s'): Promise<Response> {
    const url = `${env('CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS')}v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
    const headers = { authorization: `Bearer ${token}` };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify({ scope: [scope], lifetime }) });
  }

  const field = async (response: Response, name: string) =>
    String(((await response.json()) as Record<string, unknown>)[name]);

  test('lead from the workflow’s token to an access token', async () => {
    const subject = await field(await idToken(), 'value');
    const federated = await field(await exchange(subject), 'access_token');
    const token = await field(await impersonate(federated), 'accessToken');
    expect(token).toBe(services.accessToken);
    expect(services.problems()).toEqual([]);
    expect(services.requests().map(({ service, status }) => [service, status])).toEqual([
      ['oidc', 200],
      ['sts', 200],
      ['iam', 200],
    ]);
    expect(services.secrets()).toEqual(expect.arrayContaining([subject, federated, token]));
  });

  test.each<[string, () => Promise<Response>, number, RegExp]>([
    ['another audience', () => idToken('https://elsewhere.example'), 401, /^oidc: audience/],
    ['a token that nobody issued', () => exchange('a.b.c'), 400, /^sts: subject_token is not one/],
    [
      'an Authorization header at the token service',
      async () => exchange(await field(await idToken(), 'value'), { authorization: 'Bearer x' }),
      400,
      /^sts: Authorization/,
    ],
    ['a bearer that nobody issued', () => impersonate('x'), 403, /^iam: the bearer token/],
    ['another account', () => impersonate('x', 'other@my-project.iam.gserviceaccount.com'), 403, /^iam: path/m],
    ['a life of more than an hour', () => impersonate('x', serviceAccount, '7200s'), 403, /^iam: lifetime/m],
  ])('refuse %s', async (_case, ask, status, problem) => {
    expect((await ask()).status).toBe(status);
    expect(services.problems().join('\n')).toMatch(problem);
  });

  test('give a planned answer once', async () => {
    services.answerNext('oidc', { status: 503, body: {} });
    expect((await idToken()).status).toBe(503);
    expect((await idToken()).status).toBe(200);
  });
});

describe('the proxy', () => {
  let target: SignInServices;
  let proxy: CheckingProxy;
  beforeEach(async () => {
    target = await startSignIn({ provider });
    const url = new URL(target.env['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '');
    const targetToken = target.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
    proxy = await startProxy({ target: url.origin, targetToken, accepts: (token) => token === 'good' });
  });
  afterEach(async () => {
    await proxy.stop();
    await target.stop();
  });

  const ask = (headers: Record<string, string>) =>
    fetch(`${proxy.url}/token?audience=${encodeURIComponent(`https://iam.googleapis.com/${provider}`)}`, { headers });

  test('passes a good token’s request on with the token of the service behind it', async () => {
    expect((await ask({ authorization: 'Bearer good' })).status).toBe(200);
    expect(target.problems()).toEqual([]);
  });

  test.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer bad' }],
  ])('refuses %s', async (_case, headers) => {
    const response = await ask(headers as Record<string, string>);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { status: 'UNAUTHENTICATED' } });
    expect(target.requests()).toEqual([]);
    expect(proxy.requests()[0]?.accepted).toBe(false);
  });
});
