import { UserError } from '../faults.ts';
import { retryAfterMsOf } from './retry-after.ts';
import { field, withCauses } from './thrown.ts';

export interface ApiErrorOptions extends ErrorOptions {
  readonly retryAfterMs?: number | undefined;
}

/** A refusal or failure of one of Google's APIs, the same whichever transport met it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; undefined where no answer came. */
  readonly httpStatus: number | undefined;
  /** The wait that the answer asks for before another attempt, in milliseconds; undefined where it asks for none. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, httpStatus: number | undefined, { retryAfterMs, ...options }: ApiErrorOptions = {}) {
    super(message, options);
    this.httpStatus = httpStatus;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Statuses after which the same request may succeed. */
const TRANSIENT = new Set([408, 429, 500, 502, 503, 504]);

/** Whether another attempt may help: no answer at all, or an answer that says so. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.httpStatus === undefined || TRANSIENT.has(error.httpStatus));
}

/** HTTP status of each google.rpc.Code (google/rpc/code.proto). */
const HTTP_OF_CODE: readonly number[] = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];

/** The HTTP status that a client library's error carries, in whichever of the places they use. */
function statusOf(error: unknown): number | undefined {
  for (const candidate of [field(error, 'httpStatusCode'), field(error, 'status'), field(error, 'code')]) {
    const code = typeof candidate === 'string' && /^\d+$/.test(candidate) ? Number(candidate) : candidate;
    if (typeof code !== 'number') continue;
    return code >= 100 ? code : HTTP_OF_CODE[code];
  }
  return undefined;
}

/** The message of Google's error body, which the libraries hand on as JSON text. */
function googleMessage(text: string): string {
  const start = text.indexOf('{');
  if (start === -1) return text;
  try {
    const message = field(field(JSON.parse(text.slice(start)), 'error'), 'message');
    return typeof message === 'string' ? message : text;
  } catch {
    return text;
  }
}

/** Node's codes of connections that could not be made, broke or timed out, and the names that time-outs go by. */
const NO_ANSWER =
  /^(?:E(?:CONN|NOTFOUND|AI_|PIPE|TIMEDOUT|HOST|NET)|UND_ERR|ERR_STREAM|TimeoutError$|AbortError$|FetchError$)/;

/** Whether the network gave no answer, by the error or by what caused it. */
function isUnanswered(error: unknown): boolean {
  return withCauses(error).some((each) => {
    const words = [field(each, 'code'), field(each, 'name')];
    if (words.some((word) => typeof word === 'string' && NO_ANSWER.test(word))) return true;
    return field(each, 'message') === 'fetch failed';
  });
}

/**
 * Wraps whatever a client library threw; `action` says what was asked, as in `get projects/…`, and `headers` are the
 * answer's where the library does not keep them. What is neither an answer nor the lack of one (a fault of this program)
 * is no ApiError, and no other attempt mends it. The clients sign in within their calls and hand on what that threw as if
 * the service had not answered: a UserError in it is given as it is, an ApiError keeps its meaning.
 */
export function apiError(action: string, error: unknown, headers?: Headers): Error {
  const told = withCauses(error).find((each) => each instanceof UserError || each instanceof ApiError);
  if (told instanceof UserError) return told;
  if (told instanceof ApiError) {
    const { message, httpStatus, retryAfterMs } = told;
    return new ApiError(`${action}: ${message}`, httpStatus, { cause: error, retryAfterMs });
  }
  const status = statusOf(error);
  const text = googleMessage(error instanceof Error ? error.message : String(error));
  if (status !== undefined) {
    const options = { cause: error, retryAfterMs: retryAfterMsOf(error, headers) };
    return new ApiError(`${action}: HTTP ${status}: ${text}`, status, options);
  }
  if (isUnanswered(error)) return new ApiError(`${action}: no answer: ${text}`, undefined, { cause: error });
  return new Error(`${action}: ${text}`, { cause: error });
}

/** The service's words without what this program put before them. */
export const serviceWords = (message: string) => message.replace(/^[^\n]*?: HTTP \d{3}: /, '').trim();
