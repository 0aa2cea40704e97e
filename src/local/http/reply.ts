import type { ReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

/** The content of a file, on its way to who asked. */
export interface Content {
  readonly headers: Readonly<Record<string, string>>;
  /** In bytes. */
  readonly length: number;
  /** The content itself; at most once. */
  stream(): ReadStream;
  /** Closes the file. Whoever makes a reply of it sees to that, also where nothing of it is sent. */
  dispose(): void;
}

/** What is answered, before it becomes bytes. */
export interface Reply {
  readonly http: number;
  /** What becomes JSON, where there is neither text nor content. */
  readonly body: unknown;
  readonly text?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly content?: Content | undefined;
}

const COMMON = { 'cache-control': 'private', 'x-content-type-options': 'nosniff' };

function sendText(response: ServerResponse, { http, body, text, headers }: Reply): void {
  if (http === 204) {
    response.writeHead(http, { ...COMMON, ...headers }).end();
    return;
  }
  const bytes = Buffer.from(text ?? JSON.stringify(body));
  response.writeHead(http, {
    'content-type': text === undefined ? 'application/json; charset=UTF-8' : 'text/html; charset=UTF-8',
    'content-length': bytes.length,
    ...COMMON,
    ...(http === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    // What is left of a body that was too long is not read.
    ...(http >= 400 ? { connection: 'close' } : {}),
    ...headers,
  });
  response.end(bytes);
}

/** A file that has lost bytes meanwhile ends the connection, so that its reader sees that they are missing. */
async function sendContent(response: ServerResponse, { http, headers }: Reply, content: Content): Promise<void> {
  response.writeHead(http, { 'content-length': content.length, ...COMMON, ...content.headers, ...headers });
  if (content.length === 0 || response.req.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = content.stream();
  try {
    await pipeline(stream, response, { end: false });
    if (stream.bytesRead === content.length) response.end();
    else response.destroy();
  } catch {
    response.destroy();
  }
}

/** Answers with JSON, text or content. */
export function send(response: ServerResponse, reply: Reply): void {
  if (reply.content === undefined) sendText(response, reply);
  else void sendContent(response, reply, reply.content);
}

/** The whole body of a reply; for those who break it, and for small ones only. */
export async function bytesOf({ body, text, content }: Reply): Promise<Buffer> {
  if (content === undefined) return Buffer.from(text ?? JSON.stringify(body));
  if (content.length === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of content.stream() as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
