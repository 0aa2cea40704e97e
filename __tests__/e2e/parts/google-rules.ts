import { audienceOf } from './id-tokens.ts';
import type { Answer, Received } from './server.ts';

/** What the services hold against a request: empty when it is as Google's services want it. */
export type Problems = readonly string[];

function wanted(what: string, found: string | undefined, expected: string | undefined): string[] {
  return found === expected ? [] : [`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`];
}

/** GitHub's token endpoint: GET with the request token as bearer, and the audience that the provider expects. */
export function idTokenProblems(request: Received, requestToken: string, provider: string): Problems {
  return [
    ...wanted('method', request.method, 'GET'),
    ...wanted('Authorization', request.headers['authorization'], `Bearer ${requestToken}`),
    ...wanted('audience', request.query.get('audience') ?? undefined, `https://iam.googleapis.com/${provider}`),
  ];
}

/** Google's Security Token Service: a form, without an Authorization header, and the very token that was issued. */
export function stsProblems(request: Received, issued: ReadonlySet<string>, provider: string): Problems {
  const form = new URLSearchParams(request.body);
  const field = (name: string) => form.get(name) ?? undefined;
  const subject = field('subject_token') ?? '';
  return [
    ...wanted('method', request.method, 'POST'),
    ...wanted('path', request.path, '/v1/token'),
    ...wanted('content-type', request.headers['content-type']?.split(';')[0], 'application/x-www-form-urlencoded'),
    ...wanted('Authorization', request.headers['authorization'], undefined),
    ...wanted('grant_type', field('grant_type'), 'urn:ietf:params:oauth:grant-type:token-exchange'),
    ...wanted('audience', field('audience'), `//iam.googleapis.com/${provider}`),
    ...wanted('requested_token_type', field('requested_token_type'), 'urn:ietf:params:oauth:token-type:access_token'),
    ...wanted('subject_token_type', field('subject_token_type'), 'urn:ietf:params:oauth:token-type:jwt'),
    ...(field('scope')?.includes('/auth/') ? [] : [`scope is ${JSON.stringify(field('scope'))}`]),
    ...(issued.has(subject) ? [] : ['subject_token is not one that GitHub issued']),
    ...wanted('aud of subject_token', audienceOf(subject), `https://iam.googleapis.com/${provider}`),
  ];
}

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

function parsedBody(request: Received): Record<string, unknown> {
  try {
    return JSON.parse(request.body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function lifetimeProblems(lifetime: unknown): Problems {
  if (lifetime === undefined) return [];
  const seconds = typeof lifetime === 'string' ? Number(/^(\d+(?:\.\d+)?)s$/.exec(lifetime)?.[1]) : Number.NaN;
  return seconds > 0 && seconds <= 3600 ? [] : [`lifetime is ${JSON.stringify(lifetime)}, expected at most "3600s"`];
}

/** IAM's generateAccessToken: the federated token as bearer, the account in the path, a scope, at most an hour. */
export function impersonationProblems(request: Received, federated: ReadonlySet<string>, account: string): Problems {
  const { scope, lifetime } = parsedBody(request);
  const bearer = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
  const path = `/v1/projects/-/serviceAccounts/${account}:generateAccessToken`;
  return [
    ...wanted('method', request.method, 'POST'),
    ...wanted('path', decodeURIComponent(request.path), path),
    ...(federated.has(bearer) ? [] : ['the bearer token is not one that the token service issued']),
    ...(Array.isArray(scope) && scope.includes(CLOUD_PLATFORM) ? [] : [`scope is ${JSON.stringify(scope)}`]),
    ...lifetimeProblems(lifetime),
  ];
}

/** The refusal in the form of OAuth, as the token service gives it. */
export function oauthRefusal(problems: Problems): Answer {
  return { status: 400, body: { error: 'invalid_grant', error_description: problems.join('; ') } };
}

/** The refusal in the form of Google's APIs. */
export function apiRefusal(code: 401 | 403, problems: Problems): Answer {
  const status = code === 401 ? 'UNAUTHENTICATED' : 'PERMISSION_DENIED';
  return { status: code, body: { error: { code, message: problems.join('; '), status } } };
}
