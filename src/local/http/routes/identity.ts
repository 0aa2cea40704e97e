import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../retry.ts';
import { ApiError } from '../../api/errors.ts';
import { placeOf, projectNumber } from '../../api/ids.ts';
import { exchange } from '../../identity/exchange.ts';
import { checkAccount, generateAccessToken } from '../../identity/impersonate.ts';
import { OAuthError } from '../../identity/oauth-error.ts';
import { grantedPermissions } from '../../identity/permissions.ts';
import type { Tokens } from '../../identity/tokens.ts';
import type { Reply } from '../reply.ts';
import type { ApiRequest } from '../request.ts';

/** What signing in works on. */
export interface Identity {
  readonly tokens: Tokens;
  readonly clock: Clock;
}

const ACCOUNT = /^\/v1\/projects\/([^/]+)\/serviceAccounts\/([^/:]+):(generateAccessToken|testIamPermissions)$/;
const PROJECT = /^\/v[13]\/projects\/([^/]+?)(:testIamPermissions)?$/;
const REPOSITORY = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/repositories\/[a-z0-9-]+:testIamPermissions$/;

const ok = (body: object): Reply => ({ http: 200, body });

/** IAM Credentials asks who it is in any case. */
function checkBearer({ authorization = '' }: IncomingHttpHeaders): void {
  if (/^Bearer \S/i.test(authorization)) return;
  throw new ApiError(
    'UNAUTHENTICATED',
    'Request is missing required authentication credential. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
  );
}

function tokenReply({ tokens, clock }: Identity, body: unknown): Reply {
  try {
    return ok(exchange(tokens, body, clock.now()));
  } catch (error) {
    if (error instanceof OAuthError) return { http: 400, body: error.body };
    throw error;
  }
}

function accountReply(identity: Identity, { path, headers, body }: ApiRequest): Reply {
  const [, project = '', account = '', verb] = ACCOUNT.exec(path) ?? [];
  checkAccount(account);
  if (verb === 'testIamPermissions') return ok(grantedPermissions('service account', body));
  checkBearer(headers);
  if (project !== '-') {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `The account's project must be written as "-", not ${JSON.stringify(project)}.`,
    );
  }
  return ok(generateAccessToken(identity.tokens, account, body, identity.clock.now()));
}

/** Every project that is spelled like one exists here. */
function projectReply({ method, path, body }: ApiRequest): Reply | undefined {
  const [, project = '', verb] = PROJECT.exec(path) ?? [];
  // Checked as where jobs are made; the location is of no matter.
  placeOf(project, 'global');
  if (verb !== undefined) return method === 'POST' ? ok(grantedPermissions('project', body)) : undefined;
  if (method !== 'GET') return undefined;
  const [projectId, number] = [project, projectNumber(project)];
  return path.startsWith('/v3/')
    ? ok({ name: `projects/${number}`, projectId, displayName: projectId, state: 'ACTIVE' })
    : ok({ projectNumber: number, projectId, name: projectId, lifecycleState: 'ACTIVE' });
}

/**
 * Answers a request about who somebody is and what they may do: Security Token Service, IAM Credentials, IAM, Resource Manager
 * and Artifact Registry, as far as a sign-in and a look at permissions need them; undefined for one that is for none. Throws
 * ApiError.
 */
export function identityReply(identity: Identity, request: ApiRequest): Reply | undefined {
  const { method, path, body } = request;
  if (path === '/v1/token') return method === 'POST' ? tokenReply(identity, body) : undefined;
  if (PROJECT.test(path)) return projectReply(request);
  if (method !== 'POST') return undefined;
  if (ACCOUNT.test(path)) return accountReply(identity, request);
  const [, project, location] = REPOSITORY.exec(path) ?? [];
  if (project === undefined || location === undefined) return undefined;
  placeOf(project, location);
  return ok(grantedPermissions('repository', body));
}
