import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, errorAnswer } from '../api/errors.ts';
import { guard } from './guard.ts';
import { type Reply, send } from './reply.ts';
import type { ApiRequest } from './request.ts';

/** As much as Google's API takes of a JSON body, roughly. */
const MOST_BODY_BYTES = 10 * 1024 * 1024;

/** A request that passed the guard, on its way to an answer. */
export interface Exchange {
  readonly request: ApiRequest;
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
  /** Throws ApiError, and what else becomes INTERNAL. */
  readonly answer: (request: ApiRequest) => Promise<Reply>;
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

function target(message: IncomingMessage): Pick<ApiRequest, 'path' | 'rawPath' | 'query'> {
  const [rawPath = '', query = ''] = (message.url ?? '/').split(/\?(.*)/s);
  try {
    return { path: decodeURIComponent(rawPath), rawPath, query: new URLSearchParams(query) };
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'The path of the request is not well encoded.');
  }
}

function refusal(error: unknown, { onFault }: ServerOptions): Reply {
  if (!(error instanceof ApiError)) onFault(error);
  return errorAnswer(error);
}

async function replyTo(request: ApiRequest, options: ServerOptions): Promise<Reply> {
  try {
    return await options.answer(request);
  } catch (error) {
    return refusal(error, options);
  }
}

/** A reply's file is closed when whoever asked has gone, with or without it. */
function disposed(reply: Reply, response: ServerResponse): Reply {
  const { content } = reply;
  if (response.destroyed) content?.dispose();
  else if (content !== undefined) response.once('close', () => content.dispose());
  return reply;
}

async function serve(options: ServerOptions, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const { headers } = message;
  try {
    guard(headers, options.token);
    options.onRequest();
    response.on('close', options.onRequest);
    const request = { method: message.method ?? 'GET', ...target(message), headers, body: await readBody(message) };
    const reply = async (wanted: ApiRequest) => disposed(await replyTo(wanted, options), response);
    if (options.intercept === undefined) send(response, await reply(request));
    else await options.intercept({ request, reply, response });
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
