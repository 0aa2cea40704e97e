import { randomBytes } from 'node:crypto';
import { apiRefusal, idTokenProblems, oauthRefusal, stsProblems } from './google-rules.ts';
import { idTokenMaker } from './id-tokens.ts';
import { listen, received, sendJson } from './server.ts';

export interface RenewingSignIn {
  /** The environment that points the action at it. */
  readonly env: Readonly<Record<string, string>>;
  /** The access tokens that were issued, in order: each exchange gives another. */
  readonly issued: readonly string[];
  /** All that was held against any request: empty in a sound sign-in. */
  readonly problems: readonly string[];
  stop(): Promise<void>;
}

/** GitHub's and Google's token services, where every exchange issues a token of its own, good for so many seconds. */
export async function startRenewingSignIn(provider: string, lifetimeSeconds = 3_600): Promise<RenewingSignIn> {
  const requestToken = `request-${randomBytes(24).toString('base64url')}`;
  const makeIdToken = idTokenMaker();
  const idTokens = new Set<string>();
  const issued: string[] = [];
  const problems: string[] = [];
  const oidc = await listen(async (incoming, response) => {
    const request = await received(incoming);
    const found = idTokenProblems(request, requestToken, provider);
    problems.push(...found);
    if (found.length > 0) return sendJson(response, apiRefusal(401, found));
    const value = makeIdToken(request.query.get('audience') ?? '');
    idTokens.add(value);
    sendJson(response, { status: 200, body: { count: value.length, value } });
  });
  const sts = await listen(async (incoming, response) => {
    const found = stsProblems(await received(incoming), idTokens, provider);
    problems.push(...found);
    if (found.length > 0) return sendJson(response, oauthRefusal(found));
    const access_token = `ya29.${randomBytes(48).toString('base64url')}`;
    issued.push(access_token);
    const issued_token_type = 'urn:ietf:params:oauth:token-type:access_token';
    const body = { access_token, issued_token_type, token_type: 'Bearer', expires_in: lifetimeSeconds };
    sendJson(response, { status: 200, body });
  });
  return {
    env: {
      // GitHub's address has a query: the toolkit adds the audience with "&".
      ACTIONS_ID_TOKEN_REQUEST_URL: `${oidc.url}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STS: `${sts.url}/`,
    },
    issued,
    problems,
    stop: async () => {
      await Promise.all([oidc.stop(), sts.stop()]);
    },
  };
}
