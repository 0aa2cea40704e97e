import { type IncomingHttpHeaders, request } from 'node:http';

/** An answer as it came over the wire, as far as it came. */
export interface RawAnswer {
  /** Undefined where the connection ended before any came. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** In how many pieces the body came. */
  readonly pieces: number;
  /** Node's code for how the connection broke, if it did. */
  readonly error: string | undefined;
}

export interface RawRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Asks with no client library in between, over a connection of its own. */
export function ask(
  port: number,
  path: string,
  { method = 'GET', body, headers = {}, signal }: RawRequest = {},
): Promise<RawAnswer> {
  const text = body === undefined ? '' : JSON.stringify(body);
  return new Promise((resolve) => {
    const found: { status: number | undefined; headers: IncomingHttpHeaders; text: string; pieces: number } = {
      status: undefined,
      headers: {},
      text: '',
      pieces: 0,
    };
    const end = (error?: Error & { readonly code?: string }) =>
      resolve({ ...found, error: error === undefined ? undefined : (error.code ?? error.message) });
    const all = { ...headers, 'content-length': String(Buffer.byteLength(text)) };
    const options = { host: '127.0.0.1', port, path, method, headers: all, agent: false, ...(signal && { signal }) };
    const sent = request(options, (response) => {
      found.status = response.statusCode;
      found.headers = response.headers;
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        found.text += piece;
        found.pieces += 1;
      });
      response.on('end', () => end());
      response.on('error', end);
    });
    sent.on('error', end);
    sent.end(text);
  });
}
