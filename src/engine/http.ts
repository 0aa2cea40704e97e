import { type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf } from '../faults.ts';
import { isRecord, textAt } from '../json.ts';

/** Where the engine listens: a socket or named pipe, or a loopback port. */
export type EngineAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

/** An answer of the engine that is no success, or the lack of one. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** HTTP status; undefined when the engine did not answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The address that DOCKER_HOST, a Docker context or `--host-engine` names. */
export function parseEngineAddress(text: string): EngineAddress {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(text)?.[1];
  if (socket !== undefined) return { socketPath: socket };
  const tcp = /^(?:tcp|http):\/\/(\[[0-9a-f:]+\]|[^:/]+):(\d{1,5})\/?$/i.exec(text);
  if (tcp !== null && LOOPBACK.has(tcp[1] ?? '')) {
    return { host: (tcp[1] ?? '').replace(/[[\]]/g, ''), port: Number(tcp[2]) };
  }
  throw new EngineError(
    `The Docker engine's address ${JSON.stringify(text)} cannot be used: accepted are unix:///PATH, npipe:////./pipe/NAME ` +
      'and tcp:// on this machine (127.0.0.1, localhost or [::1]) with a port. A remote engine cannot see the folders of this one.',
  );
}

export interface EngineCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

function opened(address: EngineAddress, call: EngineCall, extra: RequestOptions['headers'] = {}): ClientRequest {
  const query = new URLSearchParams(call.query ?? {}).toString();
  // Without a version in the path the engine takes its own newest: the only way that fits engines old and new.
  const options: RequestOptions = {
    ...address,
    method: call.method,
    path: query === '' ? call.path : `${call.path}?${query}`,
    headers: { host: 'docker', ...call.headers, ...extra },
    agent: false,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
  return request(options);
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(body: string): unknown {
  try {
    return body === '' ? undefined : JSON.parse(body);
  } catch {
    return body;
  }
}

function unreachable(error: unknown): EngineError {
  return new EngineError(`The Docker engine cannot be reached: ${messageOf(error)}`, undefined, { cause: error });
}

async function refused(response: IncomingMessage): Promise<EngineError> {
  const body = parsed(await text(response));
  const message = textAt(body, 'message') ?? `status ${response.statusCode}`;
  return new EngineError(`The Docker engine answered: ${message}`, response.statusCode);
}

function isGood(response: IncomingMessage): boolean {
  const status = response.statusCode ?? 0;
  return (status >= 200 && status < 300) || status === 304;
}

/** Sends the call and gives the response, still to be read. Throws `EngineError` for anything but success. */
async function respond(address: EngineAddress, call: EngineCall): Promise<IncomingMessage> {
  const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
  const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = opened(address, call, headers);
    sent.on('response', resolve);
    sent.on('error', (error) => reject(call.signal?.aborted ? call.signal.reason : unreachable(error)));
    sent.end(body);
  });
  if (!isGood(response)) throw await refused(response);
  return response;
}

/** One call with a JSON answer. */
export async function engineCall(address: EngineAddress, call: EngineCall): Promise<unknown> {
  return parsed(await text(await respond(address, call)));
}

/** One call that answers with a JSON object a line, while it goes on. */
export async function* engineLines(address: EngineAddress, call: EngineCall): AsyncGenerator<Record<string, unknown>> {
  const response = await respond(address, call);
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = parsed(line.trim());
      if (isRecord(value)) yield value;
    }
  }
}

/** One call that answers with bytes, while it goes on. */
export async function* engineBytes(address: EngineAddress, call: EngineCall): AsyncGenerator<Buffer> {
  for await (const chunk of await respond(address, call)) yield chunk as Buffer;
}

/** One call that turns its connection into a stream of bytes. */
export function engineStream(address: EngineAddress, call: EngineCall): Promise<Socket | IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = opened(address, call, { connection: 'Upgrade', upgrade: 'tcp', 'content-length': 0 });
    sent.on('upgrade', (_response, socket: Socket, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    sent.on('response', (response) => {
      if (isGood(response)) resolve(response);
      else refused(response).then(reject, reject);
    });
    sent.on('error', (error) => reject(unreachable(error)));
    sent.end();
  });
}
