import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { ApiError, errorAnswer } from '../api/errors.ts';
import { guard } from './guard.ts';
import type { ApiRequest } from './request.ts';

/** As much as Google's API takes of a JSON body, roughly. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;

/** What is answered, before it becomes bytes. */
export interface Reply {
  readonly http: number;
  readonly body: unknown;
}

/** A request that passed the guard, on its way to an answer. */
export interface Exchange {
  readonly request: ApiRequest;
  readonly headers: IncomingHttpHeaders;
  /** Lets the request, or another in its place, take effect. Never rejects: a refusal is a reply too. */
  reply(request: ApiRequest): Promise<Reply>;
  readonly response: ServerResponse;
}

export interface ServerOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Needed with every request, where set. */
  readonly token: string | undefined;
  /** Called for each request that passed the guard, when it comes and when it has been answered. */
  readonly onRequest: () => void;
  readonly answer: (request: ApiRequest) => Promise<unknown>;
  /** Answers in place of the server, where the service is started to fail on demand. */
  readonly intercept?: ((exchange: Exchange) => Promise<void>) | undefined;
  /** Told what went wrong where the caller is told only that something did. */
  readonly onFault: (error: unknown) => void;
}

async function readBody(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) {
      throw new ApiError('INVALID_ARGUMENT', `Request payload size exceeds the limit: ${MOST_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received.');
  }
}

function target(message: IncomingMessage): { readonly path: string; readonly query: URLSearchParams } {
  const [path = '', query = ''] = (message.url ?? '/').split(/\?(.*)/s);
  try {
    return { path: decodeURIComponent(path), query: new URLSearchParams(query) };
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'The path of the request is not well encoded.');
  }
}

/** Answers with JSON. */
export function send(response: ServerResponse, { http, body }: Reply): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(http, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': text.length,
    'cache-control': 'private',
    'x-content-type-options': 'nosniff',
    ...(http === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    // What is left of a body that was too long is not read.
    ...(http >= 400 ? { connection: 'close' } : {}),
  });
  response.end(text);
}

function refusal(error: unknown, { onFault }: ServerOptions): Reply {
  if (!(error instanceof ApiError)) onFault(error);
  return errorAnswer(error);
}

async function replyTo(request: ApiRequest, options: ServerOptions): Promise<Reply> {
  try {
    return { http: 200, body: await options.answer(request) };
  } catch (error) {
    return refusal(error, options);
  }
}

async function serve(options: ServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = message;
  try {
    guard(headers, options.token);
    options.onRequest();
    response.on('close', options.onRequest);
    const request = { method: message.method ?? 'GET', ...target(message), body: await readBody(message) };
    const reply = (wanted: ApiRequest) => replyTo(wanted, options);
    if (options.intercept === undefined) send(response, await reply(request));
    else await options.intercept({ request, headers, reply, response });
  } catch (error) {
    const refused = refusal(error, options);
    if (!response.headersSent) send(response, refused);
  }
}

/** Listens on loopback. */
export function listen(options: ServerOptions): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((message, response) => void serve(options, message, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : options.port });
    });
  });
}
