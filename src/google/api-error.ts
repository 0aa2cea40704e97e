/** A refusal or failure of one of Google's APIs, the same whichever transport met it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; undefined where no answer came. */
  readonly httpStatus: number | undefined;

  constructor(message: string, httpStatus: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.httpStatus = httpStatus;
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

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

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

/** Wraps whatever a client library threw; `action` says what was asked, as in `get projects/…`. */
export function apiError(action: string, error: unknown): ApiError {
  const status = statusOf(error);
  const text = googleMessage(error instanceof Error ? error.message : String(error));
  const said = status === undefined ? 'no answer' : `HTTP ${status}`;
  return new ApiError(`${action}: ${said}: ${text}`, status, { cause: error });
}
