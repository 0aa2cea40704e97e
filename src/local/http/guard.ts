import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../api/errors.ts';

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

/**
 * Refuses what did not come from a program on this machine. Listening on loopback alone does not keep out a web page
 * that this machine's browser shows: a name that resolves to 127.0.0.1 shows in Host, the page itself in Origin.
 */
export function guard(headers: IncomingHttpHeaders, token: string | undefined): void {
  const host = headers.host === undefined ? undefined : hostOf(headers.host);
  if (host === undefined || !LOOPBACK.has(host)) {
    throw new ApiError(
      'PERMISSION_DENIED',
      'This service answers to the host names 127.0.0.1, localhost and [::1] only.',
    );
  }
  if (headers.origin !== undefined && !isLoopbackOrigin(headers.origin)) {
    throw new ApiError('PERMISSION_DENIED', 'This service answers pages of this machine only.');
  }
  if (token === undefined) return;
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined || !sameText(given, token)) {
    throw new ApiError(
      'UNAUTHENTICATED',
      'Request had invalid authentication credentials. Expected the bearer token of this service.',
    );
  }
}
