import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';

export interface Seen {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object is sent as JSON. */
  readonly body?: unknown;
  /** What becomes of the connection instead of an end: it breaks in the middle, nothing comes, or the body has no end. */
  readonly fate?: 'reset' | 'silence' | 'cut' | 'endless';
}

export interface TestServer {
  /** `localhost:PORT`. */
  readonly host: string;
  readonly origin: string;
  readonly seen: Seen[];
  /** The requests as `METHOD /path`, in their order. */
  asked(): string[];
}

export type Handler = (seen: Seen, index: number) => Reply | Promise<Reply>;

/** A maker of real HTTP servers on loopback, each answering by a function; they end with the tests of the file. */
export function testServers(): (handler: Handler) => Promise<TestServer> {
  const servers: Server[] = [];
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });
  return async (handler) => {
    const seen: Seen[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = '', url = '', headers } = request;
      const one: Seen = { method, url, headers, body: Buffer.concat(chunks) };
      seen.push(one);
      send(await handler(one, seen.length - 1), response);
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const host = `localhost:${(server.address() as AddressInfo).port}`;
    return { host, origin: `http://${host}`, seen, asked: () => seen.map(({ method, url }) => `${method} ${url}`) };
  };
}

function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
}

function send({ status = 200, headers = {}, body, fate }: Reply, response: ServerResponse): void {
  if (fate === 'silence') return;
  if (fate === 'reset') {
    response.destroy();
    return;
  }
  const lists = Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]);
  if (fate === 'cut') {
    response.writeHead(status, { ...Object.fromEntries(lists), 'content-length': '1000' });
    response.write('x', () => response.destroy());
    return;
  }
  response.writeHead(status, Object.fromEntries(lists));
  if (fate === 'endless') pour(response);
  else response.end(body === undefined ? undefined : bytesOf(body));
}

/** Writes for as long as anybody reads. */
function pour(response: ServerResponse): void {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}
