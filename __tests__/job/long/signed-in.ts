import type { AuthClient } from 'google-auth-library';
import { ApiError } from '../../../src/google/api-error.ts';
import { type Credentials, credentialsOf } from '../../../src/google/credentials.ts';
import { endpointsOf } from '../../../src/google/endpoints.ts';
import { exchangeOf } from '../../../src/google/sign-in.ts';
import type { Clock } from '../../../src/retry.ts';

const LIFE_MS = 300_000;

/** From here on `Date` tells the clock's time (the library that signs in reads nothing else), until what it gives is called. */
export function letDateFollow(clock: Clock): () => void {
  const before = Date;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args) => Reflect.construct(target, args.length === 0 ? [clock.now()] : args),
    get: (target, key) => (key === 'now' ? () => clock.now() : Reflect.get(target, key)),
  });
  return () => {
    globalThis.Date = before;
  };
}

export interface IssuerOptions {
  readonly clock: Clock;
  /** Throws where GitHub gives no OIDC token at that moment. */
  readonly github: (now: number) => void;
}

/**
 * The action's own credentials, federated directly, in front of an STS in this process whose tokens live for five minutes.
 * `admit` stands for a call: it signs in as a client does, and is refused where the token is not good.
 */
export async function signedIn({ clock, github }: IssuerOptions) {
  const counts = { oidc: 0, exchanges: 0, calls: 0, refused: 0 };
  const credentials = await credentialsOf({
    projectId: 'my-project',
    signIn: {
      workloadIdentityProvider: 'projects/123/locations/global/workloadIdentityPools/github/providers/repo',
      serviceAccount: undefined,
    },
    endpoints: endpointsOf({}, 'us-central1'),
    idToken: async () => {
      github(clock.now());
      counts.oidc += 1;
      return `oidc-${clock.now()}`;
    },
    mask: () => {},
  });
  let good = { token: '', until: 0 };
  exchangeThrough(credentials, (subject) => {
    if (clock.now() - Number(subject.slice('oidc-'.length)) > LIFE_MS) throw new Error('the OIDC token is stale');
    counts.exchanges += 1;
    good = { token: `sts-${counts.exchanges}`, until: clock.now() + LIFE_MS };
    return good.token;
  });
  const admit = async (): Promise<void> => {
    counts.calls += 1;
    const token = await credentials.accessToken();
    if (token === good.token && clock.now() < good.until) return;
    counts.refused += 1;
    throw new ApiError('HTTP 401: the token is not good', 401);
  };
  return { counts, admit };
}

/** Answers the client's exchanges in this process. */
function exchangeThrough({ client }: Credentials, exchange: (subject: string) => string): void {
  const transporter = exchangeOf(client as Parameters<typeof exchangeOf>[0]);
  transporter.defaults.fetchImplementation = (async (_: unknown, init?: { readonly body?: unknown }) => {
    const subject = new URLSearchParams(String(init?.body)).get('subject_token') ?? '';
    const body = {
      access_token: exchange(subject),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: LIFE_MS / 1_000,
    };
    // No Response of Node's: its body takes turns of the event loop to read, in which simulated time would pass.
    return { ok: true, status: 200, headers: new Headers(), url: '', text: async () => JSON.stringify(body) };
  }) as unknown as AuthClient['transporter']['defaults']['fetchImplementation'] & object;
}
