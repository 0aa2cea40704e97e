import { isRecord } from '../../json.ts';
import { camelCase } from '../../vertex/schema.ts';
import { readIdToken } from './id-token.ts';
import { OAuthError } from './oauth-error.ts';
import type { Tokens } from './tokens.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const SUBJECT_TYPES = ['urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token'];

/** A provider's full resource name; the project is named by its number. */
const PROVIDER =
  /^\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/;

/** The longest that an access token lives, in milliseconds. */
const LONGEST_MS = 3600 * 1000;

const invalid = (description: string) => new OAuthError('invalid_request', description);

/** The request's texts by their camelCase names: JSON has those, and forms, which the libraries send, OAuth's own. */
function textsOf(body: unknown): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(isRecord(body) ? body : {})) {
    if (typeof value === 'string') texts.set(camelCase(name), value);
  }
  return texts;
}

function checkOptions(text: string | undefined): void {
  if (text === undefined || text === '') return;
  try {
    if (isRecord(JSON.parse(text))) return;
  } catch {
    // Told below, as any other text that is no object.
  }
  throw invalid('Invalid value for "options". It must be a JSON object in text form.');
}

/**
 * The token service's exchange of an OIDC token for an access token (sts.googleapis.com, `POST /v1/token`). The token ends with
 * the one that was given, as Google's does with direct access, and after an hour at most. Throws OAuthError.
 */
export function exchange(tokens: Tokens, body: unknown, nowMs: number): object {
  const texts = textsOf(body);
  const text = (name: string) => texts.get(name) ?? '';
  if (text('grantType') !== GRANT) {
    throw new OAuthError('unsupported_grant_type', `Invalid value for "grant_type". It must be ${GRANT}.`);
  }
  const provider = text('audience');
  if (!PROVIDER.test(provider)) {
    throw invalid(
      'Invalid value for "audience". This value should be the full resource name of the Identity Provider: //iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER.',
    );
  }
  if (text('requestedTokenType') !== ACCESS_TOKEN) {
    throw invalid(`Invalid value for "requested_token_type". It must be ${ACCESS_TOKEN}.`);
  }
  if (!SUBJECT_TYPES.includes(text('subjectTokenType'))) {
    throw invalid(`Invalid value for "subject_token_type". Accepted here: ${SUBJECT_TYPES.join(', ')}.`);
  }
  if (text('scope').trim() === '') throw new OAuthError('invalid_scope', 'Missing required parameter: scope.');
  checkOptions(texts.get('options'));
  if (text('subjectToken') === '') throw invalid('Missing required parameter: subject_token.');
  const { endSeconds } = readIdToken(text('subjectToken'), provider, nowMs);
  const seconds = Math.max(1, Math.floor(Math.min(endSeconds * 1000 - nowMs, LONGEST_MS) / 1000));
  return {
    access_token: tokens.issue(seconds * 1000),
    issued_token_type: ACCESS_TOKEN,
    token_type: 'Bearer',
    expires_in: seconds,
  };
}
