import { randomBytes } from 'node:crypto';
import {
  apiRefusal,
  idTokenProblems,
  impersonationProblems,
  oauthRefusal,
  type Problems,
  stsProblems,
} from './google-rules.ts';
import { idTokenMaker } from './id-tokens.ts';
import { type Answer, listen, type Received, received, sendJson } from './server.ts';

export type ServiceName = 'oidc' | 'sts' | 'iam';

export interface SignInOptions {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly provider: string;
  /** The account to impersonate. Without it the token service's token is the access token. */
  readonly serviceAccount?: string | undefined;
  /** The access token that is issued in the end; a random one when left out. */
  readonly accessToken?: string | undefined;
  /** Life of issued tokens in seconds. */
  readonly lifetimeSeconds?: number | undefined;
}

/** A request with what was held against it. */
export interface Recorded extends Received {
  readonly service: ServiceName;
  readonly problems: Problems;
  readonly status: number;
}

/** GitHub's and Google's services of signing in, on loopback, each checking what it is sent. */
export interface SignInServices {
  /** The environment that points the action at them. */
  readonly env: Readonly<Record<string, string>>;
  /** The token that Google's other services are asked with in the end. */
  readonly accessToken: string;
  /** Every secret that was given to the action: none may show in a log. */
  secrets(): string[];
  /** Every request, in order. */
  requests(service?: ServiceName): readonly Recorded[];
  /** All that was held against any request: empty in a sound sign-in. */
  problems(): string[];
  /** The next request of that service gets this answer instead. */
  answerNext(service: ServiceName, answer: Answer): void;
  stop(): Promise<void>;
}

/** The tokens that were issued, and the answers that issue more. */
class Issuer {
  readonly requestToken = `request-${randomBytes(24).toString('base64url')}`;
  readonly idTokens = new Set<string>();
  readonly federated = new Set<string>();
  readonly accessToken: string;
  readonly #impersonates: boolean;
  readonly #lifetimeSeconds: number;
  readonly #makeIdToken = idTokenMaker();

  constructor(options: SignInOptions) {
    this.accessToken = options.accessToken ?? `ya29.${randomBytes(48).toString('base64url')}`;
    this.#impersonates = options.serviceAccount !== undefined;
    this.#lifetimeSeconds = options.lifetimeSeconds ?? 3600;
  }

  idToken(audience: string): Answer {
    const value = this.#makeIdToken(audience);
    this.idTokens.add(value);
    return { status: 200, body: { count: value.length, value } };
  }

  federatedToken(): Answer {
    const access_token = this.#impersonates ? `sts-${randomBytes(48).toString('base64url')}` : this.accessToken;
    this.federated.add(access_token);
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    const body = { access_token, issued_token_type, token_type: 'Bearer', expires_in: this.#lifetimeSeconds };
    return { status: 200, body };
  }

  impersonatedToken(): Answer {
    const end = new Date(Date.now() + this.#lifetimeSeconds * 1000);
    return {
      status: 200,
      body: { accessToken: this.accessToken, expireTime: end.toISOString().replace(/\.\d+Z$/, 'Z') },
    };
  }

  secrets(): string[] {
    return [...new Set([this.requestToken, ...this.idTokens, ...this.federated, this.accessToken])];
  }
}

/** What a service holds against a request, how it refuses, and what it answers otherwise. */
interface Behaviour {
  readonly problems: (request: Received) => Problems;
  readonly refuse: (problems: Problems) => Answer;
  readonly answer: (request: Received) => Answer;
}

function behaviours(issuer: Issuer, { provider, serviceAccount = '' }: SignInOptions): Record<ServiceName, Behaviour> {
  return {
    oidc: {
      problems: (request) => idTokenProblems(request, issuer.requestToken, provider),
      refuse: (problems) => apiRefusal(401, problems),
      answer: (request) => issuer.idToken(request.query.get('audience') ?? ''),
    },
    sts: {
      problems: (request) => stsProblems(request, issuer.idTokens, provider),
      refuse: oauthRefusal,
      answer: () => issuer.federatedToken(),
    },
    iam: {
      problems: (request) => impersonationProblems(request, issuer.federated, serviceAccount),
      refuse: (problems) => apiRefusal(403, problems),
      answer: () => issuer.impersonatedToken(),
    },
  };
}

/** What arrived, and answers that a test has planned. */
class Ledger {
  readonly requests: Recorded[] = [];
  readonly planned: { service: ServiceName; answer: Answer }[] = [];

  /** Answers a request and records it. */
  answer(service: ServiceName, behaviour: Behaviour, request: Received): Answer {
    const problems = behaviour.problems(request);
    const index = this.planned.findIndex((plan) => plan.service === service);
    const plan = index < 0 ? undefined : this.planned.splice(index, 1)[0]?.answer;
    const answer = plan ?? (problems.length > 0 ? behaviour.refuse(problems) : behaviour.answer(request));
    this.requests.push({ ...request, service, problems, status: answer.status });
    return answer;
  }
}

/** Starts the three services, each on a port of its own. */
export async function startSignIn(options: SignInOptions): Promise<SignInServices> {
  const issuer = new Issuer(options);
  const behaviour = behaviours(issuer, options);
  const ledger = new Ledger();
  const serve = (service: ServiceName) =>
    listen(async (incoming, response) => {
      sendJson(response, ledger.answer(service, behaviour[service], await received(incoming)));
    });
  const [oidc, sts, iam] = await Promise.all([serve('oidc'), serve('sts'), serve('iam')]);
  return {
    env: {
      // GitHub's address has a query: the toolkit adds the audience with "&".
      ACTIONS_ID_TOKEN_REQUEST_URL: `${oidc.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: issuer.requestToken,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `${sts.url}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_IAMCREDENTIALS: `${iam.url}/`,
    },
    accessToken: issuer.accessToken,
    secrets: () => issuer.secrets(),
    requests: (service) => ledger.requests.filter((request) => service === undefined || request.service === service),
    problems: () => ledger.requests.flatMap(({ service, problems }) => problems.map((text) => `${service}: ${text}`)),
    answerNext: (service, answer) => {
      ledger.planned.push({ service, answer });
    },
    stop: async () => {
      await Promise.all([oidc.stop(), sts.stop(), iam.stop()]);
    },
  };
}
