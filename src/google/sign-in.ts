import type { BaseExternalAccountClient } from 'google-auth-library';
import { messageOf, UserError } from '../faults.ts';
import { ApiError, apiError, isTransient } from './api-error.ts';

/** An account is impersonated in a request of its own; a client that hangs there would hold up every later call. */
const EXCHANGE_MS = 60_000;
/** A directly federated token lives as long as GitHub's, five minutes. */
const EAGER_MS = 60_000;

/** How a federated sign-in is made fit for long runs. */
export interface FederationOptions {
  /** How long one request of an exchange may take, in milliseconds; without it, a minute. */
  readonly exchangeMs?: number | undefined;
  /** Why no exchange can succeed any more, where that is so: told instead of the failure that comes of it. */
  readonly ended?: (() => UserError | undefined) | undefined;
}

/** The parts of the library's client that its types hide. */
interface Hidden {
  readonly stsCredential: { readonly transporter: Transporter };
  refreshAccessTokenAsync(): Promise<unknown>;
}

/** What a client of google-auth-library sends its requests by. */
export type Transporter = BaseExternalAccountClient['transporter'];

/** Where the client exchanges the workflow's token: a transport of its own. */
export const exchangeOf = (client: BaseExternalAccountClient): Transporter =>
  (client as unknown as Hidden).stsCredential.transporter;

/**
 * Makes a client that signs in through workload identity federation fit for jobs of many hours. A token of five minutes is
 * renewed in its last minute (by the library's own threshold of five minutes each call would exchange anew); one that a
 * service refuses is renewed at once, and the call made again; the end of an impersonated token is counted by Google's
 * clock; an exchange that hangs ends; and one that fails is told as that: a UserError where it was refused, else an
 * ApiError that passes.
 */
export function fitForLongRuns(client: BaseExternalAccountClient, options: FederationOptions = {}): void {
  const { exchangeMs = EXCHANGE_MS, ended } = options;
  client.forceRefreshOnFailure = true;
  if (client.getServiceAccountEmail() === null) client.eagerRefreshThresholdMillis = EAGER_MS;
  for (const { defaults } of [client.transporter, exchangeOf(client)]) defaults.timeout = exchangeMs;
  client.transporter.interceptors.response.add({
    resolved: async (response) => {
      response.data = countedHere(response.data, response.headers);
      return response;
    },
  });
  const hidden = client as unknown as Hidden;
  const refresh = hidden.refreshAccessTokenAsync.bind(client);
  hidden.refreshAccessTokenAsync = () =>
    refresh().catch((error: unknown) => Promise.reject(ended?.() ?? signInError(error, MENDS.federated)));
}

/** The workflow's OIDC token as the client is to get it: a failure that is no UserError is an ApiError that passes. */
export async function supplied(idToken: Promise<string>): Promise<string> {
  try {
    return await idToken;
  } catch (error) {
    throw error instanceof UserError ? error : new ApiError(messageOf(error), undefined, { cause: error });
  }
}

/** The answer of generateAccessToken with its end as this machine's clock will show it, however that differs from Google's. */
function countedHere(data: unknown, headers: Headers): unknown {
  if (typeof data !== 'object' || data === null || !('accessToken' in data) || !('expireTime' in data)) return data;
  const lifeMs = Date.parse(String(data.expireTime)) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(lifeMs) ? data : { ...data, expireTime: new Date(Date.now() + lifeMs).toISOString() };
}

/** What to look at where a sign-in is refused. */
export const MENDS = {
  federated:
    'Check workload_identity_provider, its attribute condition, and roles/iam.workloadIdentityUser on service_account.',
  other: 'Check the application default credentials of this step.',
};

/** A failed sign-in: ApiError where another attempt may help, else UserError; what is told already stays as it is. */
export function signInError(thrown: unknown, mend: string): UserError | ApiError {
  if (thrown instanceof UserError || thrown instanceof ApiError) return thrown;
  const error = apiError('sign in to Google Cloud', thrown);
  if (error instanceof ApiError && isTransient(error)) return error;
  return new UserError(`Sign-in to Google Cloud failed. ${mend}`, { cause: thrown });
}
