import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { EngineAddress } from '../../../../src/engine/http.ts';

interface StandInOptions {
  /** The answer to `GET /info`. */
  readonly info?: object;
  /** So many networks are refused before one is made. */
  readonly refusedNetworks?: number;
  /** How many GPUs it has for a container. */
  readonly gpus?: number;
  /** What `GET /containers/json` and `GET /networks` list. */
  readonly listed?: { readonly containers: readonly object[]; readonly networks: readonly object[] };
  /** Calls that it fails at, `METHOD PATH`. */
  readonly fails?: RegExp;
}

/** An engine on a loopback port whose containers do nothing and end well. */
export interface StandIn {
  readonly address: EngineAddress;
  /** The bodies of `POST /containers/create`. */
  readonly created: Record<string, unknown>[];
  /** The paths of all `DELETE`s. */
  readonly removed: string[];
  /** How often a network was asked for. */
  networks(): number;
  close(): Promise<void>;
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>);
}

/** Starts one. Whoever starts it closes it. */
export async function startEngine({
  info = {},
  refusedNetworks = 0,
  gpus = 8,
  listed = { containers: [], networks: [] },
  fails,
}: StandInOptions = {}): Promise<StandIn> {
  const created: Record<string, unknown>[] = [];
  const removed: string[] = [];
  const outputs = new Map<string, Socket>();
  let networks = 0;
  const newId = (count: number) => count.toString(16).padStart(64, '0');

  type Answer = readonly [number, unknown];
  const network = (): Answer => {
    networks += 1;
    return networks <= refusedNetworks ? [500, { message: 'no more addresses' }] : [201, { Id: newId(networks) }];
  };
  const container = async (request: IncomingMessage): Promise<Answer> => {
    created.push(await json(request));
    return [201, { Id: newId(created.length) }];
  };
  const started = (id: string): Answer => {
    const { HostConfig = {} } = created[Number.parseInt(id, 16) - 1] ?? {};
    const { DeviceRequests: [request] = [] } = HostConfig as { DeviceRequests?: { Count: number }[] };
    const words = `OCI runtime create failed: nvidia-container-cli: device error: ${gpus}: unknown device: unknown`;
    return (request?.Count ?? 0) > gpus ? [500, { message: words }] : [204, {}];
  };
  const waited = (id: string): Answer => {
    outputs.get(id)?.end();
    return [200, { StatusCode: 0 }];
  };
  const routes: readonly [RegExp, (request: IncomingMessage, id: string) => Answer | Promise<Answer>][] = [
    [/^\/info$/, () => [200, info]],
    [/^\/networks\/create$/, network],
    [/^\/containers\/create$/, container],
    [/^\/containers\/([0-9a-f]{64})\/wait$/, (_request, id) => waited(id)],
    [/^\/containers\/([0-9a-f]{64})\/start$/, (_request, id) => started(id)],
    [/^\/containers\/[0-9a-f]{64}\/json$/, () => [200, { State: { OOMKilled: false } }]],
    [/^\/containers\/json$/, () => [200, listed.containers]],
    [/^\/networks$/, () => [200, listed.networks]],
    [/./, () => [200, {}]],
  ];
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const [path = ''] = (request.url ?? '').split('?');
    if (request.method === 'DELETE') removed.push(path);
    if (fails?.test(`${request.method} ${path}`) === true) return [500, { message: 'the engine fails' }];
    for (const [pattern, give] of routes) {
      const match = pattern.exec(path);
      if (match !== null) return give(request, match[1] ?? '');
    }
    return [404, {}];
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  server.on('upgrade', (request, socket) => {
    const [, container = ''] = /^\/containers\/([0-9a-f]+)\/attach/.exec(request.url ?? '') ?? [];
    outputs.set(container, socket as Socket);
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    created,
    removed,
    networks: () => networks,
    close: async () => {
      for (const socket of outputs.values()) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
