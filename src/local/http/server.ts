import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { Readable } from 'node:stream';
import { textAt } from '../../json.ts';
import { ApiError, errorAnswer } from '../api/errors.ts';
import { type Door, guard } from './guard.ts';
import { parseJson } from './json-body.ts';
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

export interface ServerOptions extends Door {
  /** 0 picks a free one. */
  readonly port: number;
  /** What is shown to clients, in PEM; without it they speak plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Called for each request that passed the guard, when it comes and when it has been answered. */
  readonly onRequest: () => void;
  /** Throws ApiError, and what else becomes INTERNAL. */
  readonly answer: (request: ApiRequest) => Promise<Reply>;
  /** Answers in place of the server, where the service is started to fail on demand. */
  readonly intercept?: ((exchange: Exchange) => Promise<void>) | undefined;
  /** Told what went wrong where the caller is told only that something did. */
  readonly onFault: (error: unknown) => void;
}

/** Uploads of objects may be of any size: their bytes are handed on as they come. */
const isUpload = (path: string) => /^\/(?:resumable\/)?upload\//.test(path);

function isForm({ 'content-type': type = '' }: IncomingMessage['headers']): boolean {
  return /^application\/x-www-form-urlencoded(?:;|$)/i.test(type);
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
  if (isForm(message.headers)) return Object.fromEntries(new URLSearchParams(text));
  return parseJson(text);
}

/** The target's parts. One in absolute form, as proxies are sent it, names the authority too. */
function targetOf({ url = '/' }: IncomingMessage): { readonly authority: string | undefined; readonly rest: string } {
  const [, authority, rest = url] = /^https?:\/\/([^/?]*)(.*)$/is.exec(url) ?? [];
  return { authority, rest: rest.startsWith('/') ? rest : `/${rest}` };
}

function hostsOf(message: IncomingMessage): string[] {
  const { authority } = targetOf(message);
  return [...(message.headersDistinct['host'] ?? []), ...(authority === undefined ? [] : [authority])];
}

function target(rest: string): Pick<ApiRequest, 'path' | 'rawPath' | 'query'> {
  const [rawPath = '', query = ''] = rest.split(/\?(.*)/s);
  try {
    return { path: decodeURIComponent(rawPath), rawPath, query: new URLSearchParams(query) };
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'The path of the request is not well encoded.');
  }
}

async function requestOf(message: IncomingMessage, isTls: boolean): Promise<ApiRequest> {
  const { method = 'GET', headers } = message;
  const where = { ...target(targetOf(message).rest), base: `${isTls ? 'https' : 'http'}://${headers.host}` };
  if (isUpload(where.path)) return { method, ...where, headers, body: undefined, content: message };
  return { method, ...where, headers, body: await readBody(message), content: Readable.from([]) };
}

/** Who asked has left before all was said: nothing of the service's is at fault. */
const isLeft = (error: unknown) => textAt(error, 'code') === 'ECONNRESET' && textAt(error, 'message') === 'aborted';

function refusal(error: unknown, { onFault }: ServerOptions): Reply {
  if (!(error instanceof ApiError || isLeft(error))) onFault(error);
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
    guard(headers, hostsOf(message), options);
    options.onRequest();
    response.on('close', options.onRequest);
    const request = await requestOf(message, options.tls !== undefined);
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
  const answer: RequestListener = (message, response) => void serve(options, message, response);
  const server: Server = options.tls === undefined ? createServer(answer) : createTlsServer(options.tls, answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : options.port });
    });
  });
}
