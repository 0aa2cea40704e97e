import { isLoopback } from '../../google/endpoints.ts';
import { isRecord, textAt } from '../../json.ts';
import type { Challenge } from './challenge.ts';
import { RegistryError } from './errors.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';
import { followed } from './redirects.ts';
import { isGoogleRegistry, isLocalRegistry } from './reference.ts';
import { refusal } from './refusal.ts';

/** What a registry is signed in to with. */
export type Credential =
  | { readonly username: string; readonly password: string }
  /** A refresh token, which Docker keeps for some registries instead of a password. */
  | { readonly identityToken: string };

/** The user name that Google's registries take with an access token as the password. */
export const GOOGLE_USER = 'oauth2accesstoken';

export interface Token {
  readonly text: string;
  /** Milliseconds since the Unix epoch after which it is not used any more. */
  readonly until: number;
}

export interface TokenRequest {
  readonly http: Http;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly registry: string;
  /** A `bearer` challenge. */
  readonly challenge: Challenge;
  /** `repository:PATH:ACTIONS`. */
  readonly scope: string;
  readonly credential: Credential | undefined;
  readonly signal: AbortSignal | undefined;
}

const LIMIT = 256 * 1024;
const TIMEOUT_MS = 15_000;
/** A token that does not say how long it lives is good for a minute (distribution's token specification). */
const LIFE_SECONDS = 60;
const MARGIN_MS = 5_000;

/** Asks a registry's token service. Throws RegistryError; its status is 401 where the credential was refused. */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  const realm = realmOf(request);
  const asked = { ...request, realm };
  const { http, signal, now } = request;
  const answer = await followed(http, { ...askedFor(asked), limit: LIMIT, timeoutMs: TIMEOUT_MS, signal });
  if (answer.status < 200 || answer.status > 299) throw refusal(`sign in at ${realm.host}`, answer);
  const body = jsonOf(answer);
  const text = textAt(body, 'token') || textAt(body, 'access_token');
  // Nothing else can stand in a header.
  if (text === undefined || !/^[\x21-\x7e]+$/.test(text)) throw new RegistryError(`${realm.host} gave no token`);
  return { text, until: now + lifeMs(body) };
}

function jsonOf({ body }: HttpAnswer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function lifeMs(body: unknown): number {
  const seconds = isRecord(body) ? Number(body['expires_in'] ?? LIFE_SECONDS) : LIFE_SECONDS;
  const life = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : LIFE_SECONDS * 1000;
  return Math.max(life - MARGIN_MS, life / 2);
}

/** The token service, where the credential may be sent to it. */
function realmOf({ registry, challenge, credential }: TokenRequest): URL {
  const url = URL.parse(challenge.parameters['realm'] ?? '');
  const here = url !== null && isLoopback(url.hostname);
  const fits = url !== null && (url.protocol === 'https:' ? !here : url.protocol === 'http:' && here);
  if (!fits || (here && !isLocalRegistry(registry)) || url.username !== '' || url.password !== '') {
    throw new RegistryError(`${registry} names a token service that is not asked: it needs an https address`);
  }
  const google = credential !== undefined && 'username' in credential && credential.username === GOOGLE_USER;
  if (google && url.host !== registry && !isGoogleRegistry(url.host) && !here) {
    throw new RegistryError(`${registry} names the token service ${url.host}, which Google's token is not sent to`);
  }
  return url;
}

type Located = TokenRequest & { readonly realm: URL };

function askedFor(asked: Located): Omit<HttpRequest, 'limit'> {
  const { credential } = asked;
  return credential !== undefined && 'identityToken' in credential
    ? refreshRequest(asked, credential.identityToken)
    : plainRequest(asked, credential);
}

function plainRequest(
  { realm, challenge, scope }: Located,
  credential: Credential | undefined,
): Omit<HttpRequest, 'limit'> {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.append('scope', scope);
  const authorization = credential === undefined ? undefined : basic(credential);
  return { method: 'GET', url, headers: authorization === undefined ? {} : { authorization } };
}

function refreshRequest({ realm, challenge, scope }: Located, token: string): Omit<HttpRequest, 'limit'> {
  const { service = '' } = challenge.parameters;
  const form = { grant_type: 'refresh_token', refresh_token: token, service, scope, client_id: 'train-on-vertex' };
  const body = Buffer.from(new URLSearchParams(form).toString());
  return { method: 'POST', url: realm, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
}

/** The Authorization header with a name and a password; a refresh token makes none. */
export function basic(credential: Credential): string | undefined {
  if (!('username' in credential)) return undefined;
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`;
}
