import { isRecord } from '../../json.ts';
import { ApiError } from '../api/errors.ts';
import { durationMs } from '../validation/scalars.ts';
import type { Tokens } from './tokens.ts';

/** The longest that a token lives where no policy of the organization says otherwise, and how long without a word of it. */
const LONGEST_MS = 3600 * 1000;

/** A service account's address, or its unique id. */
const ACCOUNT = /^(?:[a-z0-9][a-z0-9.-]*@[a-z0-9.-]+\.gserviceaccount\.com|\d{21})$/;
const DELEGATE = /^projects\/-\/serviceAccounts\/([^/]+)$/;

const invalid = (message: string) => new ApiError('INVALID_ARGUMENT', message);

/** Throws NOT_FOUND for what is spelled like no service account. All that are spelled like one exist here. */
export function checkAccount(account: string): void {
  if (!ACCOUNT.test(account)) throw new ApiError('NOT_FOUND', `Not found; Gaia id not found for email ${account}`);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
}

function lifeMs(lifetime: unknown): number {
  if (lifetime === undefined || lifetime === null) return LONGEST_MS;
  const ms = typeof lifetime === 'string' ? durationMs(lifetime) : undefined;
  if (ms === undefined || ms <= 0) throw invalid('lifetime must be a duration above zero, such as "3600s".');
  if (ms <= LONGEST_MS) return ms;
  throw invalid(
    'The access token lifetime cannot exceed 3600 seconds where no constraints/iam.allowServiceAccountCredentialLifetimeExtension is set.',
  );
}

function checkDelegates(delegates: unknown): void {
  if (delegates === undefined || delegates === null) return;
  if (!isTexts(delegates)) throw invalid('delegates must be a list of projects/-/serviceAccounts/EMAIL.');
  for (const delegate of delegates) {
    const account = DELEGATE.exec(delegate)?.[1];
    if (account === undefined) throw invalid(`Invalid delegate: it must be projects/-/serviceAccounts/EMAIL.`);
    checkAccount(account);
  }
}

/** Seconds alone, as the service writes it. */
const wholeSeconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * An access token that acts as a service account (iamcredentials.googleapis.com, `:generateAccessToken`). Whoever reaches this
 * service may act as any. Throws INVALID_ARGUMENT, NOT_FOUND.
 */
export function generateAccessToken(tokens: Tokens, account: string, body: unknown, nowMs: number): object {
  const given = isRecord(body) ? body : {};
  checkAccount(account);
  checkDelegates(given['delegates']);
  const { scope } = given;
  if (!isTexts(scope) || scope.length === 0) throw invalid('At least one scope is required: scope is a list of texts.');
  const ms = lifeMs(given['lifetime']);
  return { accessToken: tokens.issue(ms), expireTime: wholeSeconds(nowMs + ms) };
}
