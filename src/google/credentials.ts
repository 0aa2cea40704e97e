import {
  type AuthClient,
  BaseExternalAccountClient,
  GoogleAuth,
  IdentityPoolClient,
  OAuth2Client,
} from 'google-auth-library';
import { UserError } from '../faults.ts';
import { USER_AGENT } from '../version.ts';
import type { Endpoints } from './endpoints.ts';
import {
  exchangeOf,
  type FederationOptions,
  fitForLongRuns,
  MENDS,
  signInError,
  supplied,
  type Transporter,
} from './sign-in.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

export interface SignIn {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly workloadIdentityProvider: string | undefined;
  /** The account to impersonate; without it the federated identity acts itself. */
  readonly serviceAccount: string | undefined;
}

export interface CredentialOptions extends FederationOptions {
  /** The job's project: without it the library asks Google for one before anything else. */
  readonly projectId: string;
  readonly signIn: SignIn;
  readonly endpoints: Endpoints;
  /**
   * A fresh OIDC token of the workflow for this audience; asked for at every exchange, as it lives five minutes. Throws
   * UserError where there will be none; any other failure may pass.
   */
  readonly idToken: (audience: string) => Promise<string>;
  /** Hears of every access token before it is used. */
  readonly mask: (secret: string) => void;
}

/** What the clients sign their requests with. */
export interface Credentials {
  readonly client: AuthClient;
  /** An access token that is good now. Throws UserError where sign-in is refused, ApiError where it fails in passing. */
  accessToken(): Promise<string>;
}

/** Workload identity federation where a provider is named, else application default credentials. */
export async function credentialsOf(options: CredentialOptions): Promise<Credentials> {
  const { workloadIdentityProvider: provider } = options.signIn;
  const client =
    provider === undefined ? await applicationDefault(options.projectId) : workloadIdentity(provider, options);
  if (client instanceof BaseExternalAccountClient) fitForLongRuns(client, options);
  maskAnswers(client, options.mask);
  introduce(client);
  return { client, accessToken: () => accessToken(client, options.mask) };
}

/** Credentials of a service on this machine that knows one token. */
export function fixedCredentials(token: string): Credentials {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  introduce(client);
  return { client, accessToken: async () => token };
}

async function applicationDefault(projectId: string): Promise<AuthClient> {
  try {
    return await new GoogleAuth({ scopes: [SCOPE], projectId }).getClient();
  } catch (cause) {
    throw new UserError(
      'There are no application default credentials. Give workload_identity_provider (and permissions: id-token: write), or run google-github-actions/auth before this step.',
      { cause },
    );
  }
}

function workloadIdentity(provider: string, { signIn, endpoints, idToken }: CredentialOptions): IdentityPoolClient {
  const { serviceAccount } = signIn;
  const resource = `//iam.googleapis.com/${provider}`;
  return new IdentityPoolClient({
    type: 'external_account',
    audience: resource,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${endpoints.url.STS}/v1/token`,
    subject_token_supplier: { getSubjectToken: () => supplied(idToken(`https:${resource}`)) },
    scopes: [SCOPE],
    ...(serviceAccount === undefined
      ? {}
      : { service_account_impersonation_url: impersonationUrl(endpoints, serviceAccount) }),
  });
}

function impersonationUrl(endpoints: Endpoints, serviceAccount: string): string {
  return `${endpoints.url.IAMCREDENTIALS}/v1/projects/-/serviceAccounts/${serviceAccount}:generateAccessToken`;
}

const TOKEN_FIELDS = ['access_token', 'accessToken', 'id_token'] as const;

/** Masks the tokens in every answer, before the library hands them on to be used. */
function maskAnswers(client: AuthClient, mask: (secret: string) => void): void {
  for (const transporter of transportersOf(client)) {
    transporter.interceptors.response.add({
      resolved: async (response) => {
        const data: unknown = response.data;
        if (typeof data !== 'object' || data === null) return response;
        for (const [field, value] of Object.entries(data)) {
          if ((TOKEN_FIELDS as readonly string[]).includes(field) && typeof value === 'string') mask(value);
        }
        return response;
      },
    });
  }
}

/** Every request names this action before the library that makes it. */
function introduce(client: AuthClient): void {
  for (const transporter of transportersOf(client)) {
    transporter.interceptors.request.add({
      resolved: async (request) => {
        const library = request.headers.get('user-agent');
        request.headers.set('user-agent', library === null ? USER_AGENT : `${USER_AGENT} ${library}`);
        return request;
      },
    });
  }
}

/** A client's transports: federation exchanges the workflow's token through one of its own. */
function transportersOf(client: AuthClient): Transporter[] {
  return client instanceof BaseExternalAccountClient ? [client.transporter, exchangeOf(client)] : [client.transporter];
}

async function accessToken(client: AuthClient, mask: (secret: string) => void): Promise<string> {
  const token = await signedIn(client);
  if (!token) throw new UserError('Sign-in to Google Cloud gave no access token. Check the credentials of this step.');
  mask(token);
  return token;
}

async function signedIn(client: AuthClient): Promise<string | null | undefined> {
  try {
    return (await client.getAccessToken()).token;
  } catch (error) {
    throw signInError(error, client instanceof BaseExternalAccountClient ? MENDS.federated : MENDS.other);
  }
}
