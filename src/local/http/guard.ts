import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../api/errors.ts';
import type { TokenState } from '../identity/tokens.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The host part of `host[:port]`, or undefined when it is not of that form. */
function hostOf(authority: string): string | undefined {
  return /^(\[[0-9a-f:]+\]|[^:[\]@/\s]+)(?::\d{1,5})?$/i.exec(authority)?.[1]?.toLowerCase();
}

function isLoopbackOrigin(origin: string): boolean {
  const authority = /^https?:\/\/(.+)$/i.exec(origin)?.[1];
  const host = authority === undefined ? undefined : hostOf(authority);
  return host !== undefined && LOOPBACK.has(host);
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

const bearerOf = ({ authorization = '' }: IncomingHttpHeaders) => /^Bearer (.+)$/i.exec(authorization)?.[1];

function checkHost(host: string | undefined): void {
  const name = host === undefined ? undefined : hostOf(host);
  if (name !== undefined && LOOPBACK.has(name)) return;
  throw new ApiError(
    'PERMISSION_DENIED',
    'This service answers to the host names 127.0.0.1, localhost and [::1] only.',
  );
}

/** Who is let in by a bearer token. */
export interface Door {
  /** Needed with every request, where set. */
  readonly token: string | undefined;
  /** What is known of a token that this service may have issued; see `Tokens`. */
  readonly stateOf?: ((token: string) => TokenState) | undefined;
}

/**
 * With a token of its own the service lets in that one and those that it issued to who had it. Without, it needs none and
 * takes any, but for one that it issued itself and whose time is over: so that clients learn to renew theirs. The token service
 * is no exception: Google's takes a workflow's word for who it is because of the issuer's signature, which cannot be checked
 * here, so that a door open for sign-in alone would be open to everybody on the machine.
 */
function checkToken(bearer: string | undefined, { token, stateOf = () => 'foreign' }: Door): void {
  const state = bearer === undefined ? 'foreign' : stateOf(bearer);
  if (state === 'expired') {
    throw new ApiError(
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.',
      [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'ACCESS_TOKEN_EXPIRED',
          domain: 'googleapis.com',
        },
      ],
    );
  }
  if (token === undefined || state === 'good') return;
  if (bearer !== undefined && sameText(bearer, token)) return;
  throw new ApiError(
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected the bearer token of this service.',
  );
}

/**
 * Refuses what did not come from a program on this machine. Listening on loopback alone does not keep out a web page
 * that this machine's browser shows: a name that resolves to 127.0.0.1 shows in Host, the page itself in Origin. `hosts` are
 * all that a request names: in each Host, and in a target in absolute form, which counts as one (RFC 9112, section 3.2.2).
 */
export function guard(headers: IncomingHttpHeaders, hosts: readonly string[], door: Door): void {
  checkHost(hosts[0]);
  for (const host of hosts) checkHost(host);
  if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) {
    throw new ApiError('PERMISSION_DENIED', 'This service answers pages of this machine only.');
  }
  checkToken(bearerOf(headers), door);
}
