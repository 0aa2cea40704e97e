import { createServer, type IncomingMessage, type ServerResponse, request as startRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** What becomes of a request: it goes on, its connection is cut (at once or after some of its body), it never ends, or it is answered here. */
export type Fate = 'pass' | 'cut' | 'cut-midway' | 'hang' | { readonly status: number; readonly body?: unknown };

/** A registry whose connections and answers fail as told. */
export interface RegistryProxy {
  /** `localhost:PORT`, the start of an image's name. */
  readonly host: string;
  /** Every request that came, `METHOD /path`, in order. */
  readonly seen: string[];
  /** Decides about each request; all pass until it is set. */
  fate: (method: string, path: string) => Fate;
  stop(): Promise<void>;
}

/** Passes on with the caller's own Host header, so that the registry names this address in its answers. */
async function forward(incoming: IncomingMessage, response: ServerResponse, port: number, fate: Fate): Promise<void> {
  const { method, url, headers } = incoming;
  await new Promise<void>((resolve, reject) => {
    const passed = startRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response).then(resolve, reject);
    });
    passed.on('error', reject);
    if (fate === 'cut-midway') {
      incoming.once('data', () => {
        incoming.socket.destroy();
        passed.destroy();
      });
    }
    pipeline(incoming, passed).catch(reject);
  });
}

/** Starts it in front of the registry on that port. */
export async function startRegistryProxy(port: number): Promise<RegistryProxy> {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url = '' } = incoming;
    seen.push(`${method} ${url}`);
    const fate = proxy.fate(method, url);
    if (fate === 'hang') incoming.resume();
    else if (fate === 'cut') incoming.socket.destroy();
    else if (typeof fate === 'object') {
      incoming.resume();
      response.writeHead(fate.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(fate.body ?? {}));
    } else forward(incoming, response, port, fate).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const proxy: RegistryProxy = {
    host: `localhost:${(server.address() as AddressInfo).port}`,
    seen,
    fate: () => 'pass',
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}
