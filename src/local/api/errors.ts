/** google.rpc.Code by name: its number, and the HTTP status that Google's APIs answer it with. */
export const RPC_CODES = {
  CANCELLED: { number: 1, http: 499 },
  INVALID_ARGUMENT: { number: 3, http: 400 },
  DEADLINE_EXCEEDED: { number: 4, http: 504 },
  NOT_FOUND: { number: 5, http: 404 },
  ALREADY_EXISTS: { number: 6, http: 409 },
  PERMISSION_DENIED: { number: 7, http: 403 },
  RESOURCE_EXHAUSTED: { number: 8, http: 429 },
  FAILED_PRECONDITION: { number: 9, http: 400 },
  UNIMPLEMENTED: { number: 12, http: 501 },
  INTERNAL: { number: 13, http: 500 },
  UNAVAILABLE: { number: 14, http: 503 },
  UNAUTHENTICATED: { number: 16, http: 401 },
} as const;
export type RpcCode = keyof typeof RPC_CODES;

/** A refusal of a request, told to the caller in Google's error form. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly rpc: RpcCode;
  readonly details: readonly unknown[];

  constructor(rpc: RpcCode, message: string, details: readonly unknown[] = []) {
    super(message);
    this.rpc = rpc;
    this.details = details;
  }
}

/** The HTTP status and body of an error; what is no `ApiError` is INTERNAL, and its text stays inside the service. */
export function errorAnswer(error: unknown): { readonly http: number; readonly body: unknown } {
  const told = error instanceof ApiError ? error : new ApiError('INTERNAL', 'Internal error encountered.');
  const { http } = RPC_CODES[told.rpc];
  const details = told.details.length > 0 ? { details: told.details } : {};
  return { http, body: { error: { code: http, message: told.message, status: told.rpc, ...details } } };
}
