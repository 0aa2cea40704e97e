import { asSentence, messageOf } from '../faults.ts';
import { isRecord, textAt } from '../json.ts';
import { harmless } from '../log.ts';

/**
 * How GitHub failed to give an answer. `unanswered`: none came, not a whole one, or one that says to ask again. `limited`: a
 * rate limit is reached. `unauthorised`: the token is none that it takes. `denied`: the token lacks a right. `missing`: there
 * is nothing of that name, or not for this token. `refused`: whatever else.
 */
export type GithubFailure = 'unanswered' | 'limited' | 'unauthorised' | 'denied' | 'missing' | 'refused';

interface Details extends ErrorOptions {
  readonly httpStatus?: number | undefined;
  readonly waitMs?: number | undefined;
}

/** Why GitHub gave no answer, with what mends it. */
export class GithubError extends Error {
  override readonly name = 'GithubError';
  readonly kind: GithubFailure;
  /** Undefined where no answer came. */
  readonly httpStatus: number | undefined;
  /** Of a rate limit: how long it lasts, in milliseconds. */
  readonly waitMs: number | undefined;

  constructor(message: string, kind: GithubFailure, { httpStatus, waitMs, ...options }: Details = {}) {
    super(message, options);
    this.kind = kind;
    this.httpStatus = httpStatus;
    this.waitMs = waitMs;
  }
}

/** Whether whatever is asked next would be refused for the same reason. */
export const refusesAll = ({ kind }: GithubError) => kind === 'limited' || kind === 'unauthorised' || kind === 'denied';

/** The input that the token was given in. */
export type TokenInput = 'token' | 'github_token';

/** What mends the lack of a right, such as `actions: read`. */
export const permissionMend = (permission: string, input: TokenInput) =>
  `Give the job 'permissions: ${permission}' (beside id-token: write), or give another token in the input ${input}.`;

/** What an error is told with. */
export interface Telling {
  readonly input: TokenInput;
  /** Not to be shown in any text. */
  readonly token: string;
  /** What mends a lack of rights, by GitHub's own words for it. */
  readonly deniedMend: (text: string) => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The failure of a request, whatever octokit threw for it. */
export function githubError(thrown: unknown, telling: Telling): GithubError {
  const response = isRecord(thrown) ? thrown['response'] : undefined;
  const { text, cause } = told(thrown, telling.token);
  // Octokit gives a status of its own to requests that got no answer.
  if (!isRecord(response)) return new GithubError(`GitHub gave no answer: ${asSentence(text)}`, 'unanswered', cause);
  const httpStatus = isRecord(thrown) && typeof thrown['status'] === 'number' ? thrown['status'] : 0;
  const waitMs = limitMs(httpStatus, response['headers'], text, telling.now);
  const kind = waitMs === undefined ? kindOf(httpStatus) : 'limited';
  const answer = `GitHub answered HTTP ${httpStatus}${text === '' ? '.' : `: ${asSentence(text)}`}`;
  const mend = mendOf(kind, text, response['headers'], telling);
  return new GithubError(`${answer}${mend}`, kind, { ...cause, httpStatus, waitMs });
}

/** The longest that GitHub's own words may be in a message. */
const MOST_WORDS = 400;
/** The shortest part of a token that is looked for: shorter ones stand in any text. */
const LEAST_SECRET = 4;

/** What was thrown as a part of one line. A text with the token in it loses that, and does not go on as a cause. */
function told(thrown: unknown, token: string): { readonly text: string; readonly cause: ErrorOptions } {
  const whole = messageOf(thrown);
  // A token with a line end in it is no header, and the HTTP client's message about that shows it in parts.
  const secrets = [token, ...token.split(/\s+/)].filter((part) => part.length >= LEAST_SECRET);
  const safe = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), whole);
  const line = harmless(safe.replace(/\s+/g, ' ').trim());
  const text = line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
  return { text, cause: safe === whole ? { cause: thrown } : {} };
}

function kindOf(httpStatus: number): GithubFailure {
  if (httpStatus >= 500 || httpStatus === 408) return 'unanswered';
  if (httpStatus === 401) return 'unauthorised';
  if (httpStatus === 403) return 'denied';
  return httpStatus === 404 ? 'missing' : 'refused';
}

function mendOf(kind: GithubFailure, text: string, headers: unknown, { input, deniedMend }: Telling): string {
  if (kind === 'limited') return ` Its rate limit is reached${limitEnd(headers)}: run the job again after that.`;
  if (kind === 'unauthorised')
    return ` GitHub does not take the token in the input ${input}, or no longer: give one that is valid.`;
  // GitHub hides what a token may not see.
  if (kind === 'missing') return ` There is no such thing, or this token may not see it. ${deniedMend(text)}`;
  return kind === 'denied' ? ` ${deniedMend(text)}` : '';
}

/** The least wait after a limit that does not say how long it lasts, by GitHub's documentation of its rate limits. */
const UNTOLD_MS = 60_000;
/** GitHub's times are whole seconds. */
const SECOND_MS = 1_000;

/** How long a rate limit lasts, in milliseconds; undefined where the refusal is none. */
function limitMs(httpStatus: number, headers: unknown, text: string, now: number): number | undefined {
  if (httpStatus !== 429 && (httpStatus !== 403 || !isRateLimit(headers, text))) return undefined;
  const wait = digits(headers, 'retry-after');
  if (wait !== undefined) return wait * SECOND_MS;
  const end = resetOf(headers);
  if (end === undefined) return UNTOLD_MS;
  // The end is told by GitHub's clock, which the answer's date shows.
  const date = Date.parse(textAt(headers, 'date') ?? '');
  return Math.max(0, end - (Number.isNaN(date) ? now : date)) + SECOND_MS;
}

/** Both of GitHub's rate limits, the hourly one and the secondary, may answer 403 as missing rights do. */
const isRateLimit = (headers: unknown, text: string): boolean =>
  textAt(headers, 'x-ratelimit-remaining') === '0' || /\brate limit\b/i.test(text);

/** The secondary limit says how many seconds it lasts, the hourly one when it ends. */
function limitEnd(headers: unknown): string {
  const wait = digits(headers, 'retry-after');
  if (wait !== undefined) return `, for ${wait} s more`;
  const end = resetOf(headers);
  return end === undefined ? '' : `, until ${new Date(end).toISOString()}`;
}

/** When the hourly limit ends that is reached, in milliseconds since the epoch. */
function resetOf(headers: unknown): number | undefined {
  if (textAt(headers, 'x-ratelimit-remaining') !== '0') return undefined;
  const seconds = digits(headers, 'x-ratelimit-reset');
  return seconds === undefined ? undefined : seconds * SECOND_MS;
}

/** Small enough to be a date. */
function digits(headers: unknown, name: string): number | undefined {
  const text = textAt(headers, name);
  return text !== undefined && /^\d{1,11}$/.test(text) ? Number(text) : undefined;
}
