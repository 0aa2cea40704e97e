import { isRecord, textAt } from '../../json.ts';
import { OAuthError } from './oauth-error.ts';

/** What counts of an ID token here. Times are seconds since the epoch, as in the token. */
export interface IdToken {
  readonly subject: string;
  readonly endSeconds: number;
}

/** Algorithms that a provider's keys may be of. */
const ALGORITHMS = ['RS256', 'ES256'];
/** A token must have been issued within the last day. */
const OLDEST_SECONDS = 24 * 3600;
/** Clocks of issuers may be ahead by as much; Google's own allowance is not documented. */
const AHEAD_SECONDS = 60;
/** `google.subject` holds no more. */
const LONGEST_SUBJECT = 127;

const refused = (description: string) => new OAuthError('invalid_grant', description);

function partOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function isIssuer(issuer: string): boolean {
  return URL.parse(issuer)?.protocol === 'https:';
}

/** Whether a provider with the default setting takes this audience: its resource name, with or without the scheme. */
function isFor(audience: unknown, provider: string): boolean {
  const named = Array.isArray(audience) ? audience : [audience];
  return named.some((each) => each === provider || each === `https:${provider}`);
}

function secondsAt(claims: Readonly<Record<string, unknown>>, name: string): number {
  const value = claims[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw refused(`The ID Token has no valid claim ${name}.`);
}

function checkTimes(claims: Readonly<Record<string, unknown>>, now: number): number {
  const [issued, end] = [secondsAt(claims, 'iat'), secondsAt(claims, 'exp')];
  if (issued > now + AHEAD_SECONDS) throw refused(`ID Token issued at ${issued} is in the future.`);
  if (issued < now - OLDEST_SECONDS || end <= now) throw refused(`ID Token issued at ${issued} is stale to sign-in.`);
  return end;
}

function checkHeader(text: string): void {
  const header = partOf(text);
  const algorithm = textAt(header, 'alg') ?? '';
  if (!ALGORITHMS.includes(algorithm)) throw refused('The ID Token must be signed with RS256 or ES256.');
  if (!textAt(header, 'kid')) throw refused('The ID Token names no key (kid) in its header.');
}

/**
 * Reads an OIDC token that is given for an access token, by Google's rules for its form and claims; `provider` is
 * `//iam.googleapis.com/projects/…/providers/…`, `nowMs` the service's time. Its signature is not looked at: that would need
 * the issuer's keys, and this service asks nobody. Whoever reaches it may do everything anyway. Throws OAuthError, which tells
 * nothing of the token but its times.
 */
export function readIdToken(token: string, provider: string, nowMs: number): IdToken {
  const parts = token.split('.');
  const claims = partOf(parts[1] ?? '');
  if (parts.length !== 3 || parts.some((part) => !/^[\w-]+$/.test(part)) || !isRecord(claims)) {
    throw new OAuthError('invalid_request', 'Unable to parse the ID Token.');
  }
  checkHeader(parts[0] ?? '');
  if (!isIssuer(textAt(claims, 'iss') ?? '')) throw refused('The issuer of the ID Token (iss) is no https address.');
  if (!isFor(claims['aud'], provider)) {
    throw refused('The audience in ID Token does not match the expected audience.');
  }
  const endSeconds = checkTimes(claims, Math.floor(nowMs / 1000));
  const subject = textAt(claims, 'sub') ?? '';
  if (subject === '' || subject.length > LONGEST_SUBJECT) {
    throw refused(`The subject of the ID Token (sub) must have 1 to ${LONGEST_SUBJECT} characters.`);
  }
  return { subject, endSeconds };
}
