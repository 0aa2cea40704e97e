import { isRecord } from './json.ts';

/**
 * When a JSON Web Token ends by its own word, as milliseconds since the epoch; undefined where it is no such token or names no
 * end. Nothing is verified: it is our own token, and only its end is wanted.
 */
export function tokenEnd(token: string): number | undefined {
  const [, payload] = token.split('.');
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = isRecord(claims) ? claims['exp'] : undefined;
    return typeof exp === 'number' && Number.isFinite(exp) && exp > 0 ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
