import {
  type AuthClient,
  BaseExternalAccountClient,
  GoogleAuth,
  IdentityPoolClient,
  OAuth2Client,
} from 'google-auth-library';
import { UserError } from '../faults.ts';
import type { Endpoints } from './endpoints.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

export interface SignIn {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER`. */
  readonly workloadIdentityProvider: string | undefined;
  /** The account to impersonate; without it the federated identity acts itself. */
  readonly serviceAccount: string | undefined;
}

export interface CredentialOptions {
  /** The job's project: without it the library asks Google for one before anything else. */
  readonly projectId: string;
  readonly signIn: SignIn;
  readonly endpoints: Endpoints;
  /** A fresh OIDC token of the workflow for this audience; asked for at every exchange, as it lives five minutes. */
  readonly idToken: (audience: string) => Promise<string>;
  /** Hears of every access token before it is used. */
  readonly mask: (secret: string) => void;
}

/** What the clients sign their requests with. */
export interface Credentials {
  readonly client: AuthClient;
  /** An access token that is good now. Throws UserError where sign-in fails. */
  accessToken(): Promise<string>;
}

/** Workload identity federation where a provider is named, else application default credentials. */
export async function credentialsOf(options: CredentialOptions): Promise<Credentials> {
  const { workloadIdentityProvider: provider } = options.signIn;
  const client =
    provider === undefined ? await applicationDefault(options.projectId) : workloadIdentity(provider, options);
  maskAnswers(client, options.mask);
  return { client, accessToken: () => accessToken(client, options.mask) };
}

/** Credentials of a service on this machine that knows one token. */
export function fixedCredentials(token: string): Credentials {
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
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

/**
 * A directly federated token lives as long as GitHub's, five minutes: with the library's usual eager refresh of five
 * minutes each call would exchange anew, so it refreshes in the last one. Impersonation gives tokens of an hour.
 */
function workloadIdentity(provider: string, { signIn, endpoints, idToken }: CredentialOptions): IdentityPoolClient {
  const { serviceAccount } = signIn;
  const resource = `//iam.googleapis.com/${provider}`;
  return new IdentityPoolClient({
    type: 'external_account',
    audience: resource,
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `${endpoints.url.STS}/v1/token`,
    subject_token_supplier: { getSubjectToken: () => idToken(`https:${resource}`) },
    scopes: [SCOPE],
    forceRefreshOnFailure: true,
    ...(serviceAccount === undefined
      ? { eagerRefreshThresholdMillis: 60_000 }
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

type Transporter = AuthClient['transporter'];

/** A client's transports: the library exchanges the workflow's token through one of its own, which its types hide. */
function transportersOf(client: AuthClient): Transporter[] {
  const { stsCredential } = client as { readonly stsCredential?: { readonly transporter: Transporter } };
  return stsCredential === undefined ? [client.transporter] : [client.transporter, stsCredential.transporter];
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
  } catch (cause) {
    const federated = client instanceof BaseExternalAccountClient;
    const mend = federated
      ? 'Check workload_identity_provider, its attribute condition, and roles/iam.workloadIdentityUser on service_account.'
      : 'Check the application default credentials of this step.';
    throw new UserError(`Sign-in to Google Cloud failed. ${mend}`, { cause });
  }
}
