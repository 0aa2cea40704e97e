import { createHash } from 'node:crypto';
import { ApiError } from './errors.ts';

/** A page token: an opaque position that is good for the same request only. */
export function pageToken(position: number | string, request: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([position, fingerprint(request)])).toString('base64url');
}

/** The position in a page token, or undefined without one. Throws INVALID_ARGUMENT when it belongs to another request. */
export function positionOf(token: string | undefined, request: readonly unknown[]): unknown {
  if (token === undefined || token === '') return undefined;
  const parts = decoded(token);
  if (!Array.isArray(parts) || parts.length !== 2 || parts[1] !== fingerprint(request)) {
    throw new ApiError('INVALID_ARGUMENT', 'The page token is not valid for this request.');
  }
  return parts[0];
}

function decoded(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fingerprint(request: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 16);
}

/**
 * A page size as the caller gave it, brought within the limits; zero and nothing mean the default. Throws INVALID_ARGUMENT:
 * for what is no int32 in the words of Google's front end; those for a negative one are not documented.
 */
export function pageSizeOf(given: unknown, fallback: number, most: number, field = 'page_size'): number {
  if (given === undefined || given === null || given === '') return fallback;
  const size = Number(given);
  if (!Number.isInteger(size) || Math.abs(size) >= 2 ** 31) {
    const description = `Invalid value at '${field}' (TYPE_INT32), ${JSON.stringify(given)}`;
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
    ];
    throw new ApiError('INVALID_ARGUMENT', description, details);
  }
  if (size < 0) throw new ApiError('INVALID_ARGUMENT', `Invalid ${field}: ${size} is negative.`);
  return size === 0 ? fallback : Math.min(size, most);
}
