import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import { crcText, GENERATION, type Held, type Mishap, md5Text, sendMedia } from './media.ts';

export interface Asked {
  readonly kind: 'list' | 'get' | 'read';
  /** Name of the object, or the prefix. */
  readonly name: string;
  /** First byte asked for. */
  readonly from: number;
  /** How often the same was asked of the same name before. */
  readonly times: number;
}

export interface CloudStorage {
  readonly url: string;
  readonly asked: Asked[];
  put(name: string, held: Held): void;
}

export interface CloudStorageOptions {
  readonly mishap?: (asked: Asked) => Mishap | undefined;
  readonly pageSize?: number;
}

const WRITTEN = '2026-11-23T09:00:00.000Z';

/**
 * A maker of servers on loopback that answer as Cloud Storage's JSON API does for one bucket called `bucket`: pages, generations,
 * ranges, checksums in headers, and decompression for who does not accept gzip. They end with the tests of the file.
 */
export function cloudStorages(): (
  objects: Readonly<Record<string, Held>>,
  options?: CloudStorageOptions,
) => Promise<CloudStorage> {
  const servers: Server[] = [];
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });
  return async (objects, options = {}) => {
    const service = new Service(new Map(Object.entries(objects)), options);
    const server = createServer((request, response) => service.answer(request, response));
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      url,
      asked: service.asked,

      put: (name, held) => service.objects.set(name, held),
    };
  };
}

class Service {
  readonly objects: Map<string, Held>;
  readonly asked: Asked[] = [];
  readonly #options: CloudStorageOptions;

  constructor(objects: Map<string, Held>, options: CloudStorageOptions) {
    this.objects = objects;
    this.#options = options;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '', 'http://host');
    const [matched, encoded] = /^\/storage\/v1\/b\/bucket\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (request.headers.authorization !== 'Bearer TOKEN') refuse(response, 401, 'Invalid Credentials');
    else if (matched === undefined) refuse(response, 404, 'The specified bucket does not exist.');
    else if (encoded === undefined) this.#answer('list', url.searchParams.get('prefix') ?? '', url, request, response);
    else {
      const kind = url.searchParams.get('alt') === 'media' ? 'read' : 'get';
      this.#answer(kind, decodeURIComponent(encoded), url, request, response);
    }
  }

  #answer(kind: Asked['kind'], name: string, url: URL, request: IncomingMessage, response: ServerResponse): void {
    const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const times = this.asked.filter((each) => each.kind === kind && each.name === name).length;
    const one: Asked = { kind, name, from, times };
    this.asked.push(one);
    const mishap = this.#options.mishap?.(one) ?? {};
    const held = this.objects.get(name);
    const generation = url.searchParams.get('generation');
    if (mishap.status !== undefined) {
      response.writeHead(mishap.status, { 'content-type': 'text/plain', ...mishap.told });
      response.end(mishap.body ?? 'trouble');
    } else if (kind === 'list') this.#list(name, url, response);
    else if (held === undefined) refuse(response, 404, `No such object: bucket/${name}`);
    else if (kind === 'get') json(response, resourceOf(name, held));
    else if (generation !== null && generation !== (held.generation ?? GENERATION)) {
      response.writeHead(404, { 'content-type': 'text/html' });
      response.end(`No such object: bucket/${name}`);
    } else sendMedia(held, request, response, mishap);
  }

  #list(prefix: string, url: URL, response: ServerResponse): void {
    const size = this.#options.pageSize ?? Number(url.searchParams.get('maxResults') ?? 1_000);
    const after = Buffer.from(url.searchParams.get('pageToken') ?? '', 'base64url').toString();
    const names = [...this.objects.keys()]
      .filter((name) => name.startsWith(prefix))
      .sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    const first = after === '' ? 0 : names.indexOf(after) + 1;
    const page = names.slice(first, first + size);
    const last = page.at(-1);
    const more = last !== undefined && first + size < names.length;
    json(response, {
      ...(page.length > 0 ? { items: page.map((name) => resourceOf(name, this.objects.get(name) as Held)) } : {}),
      ...(more ? { nextPageToken: Buffer.from(last).toString('base64url') } : {}),
    });
  }
}

function resourceOf(name: string, held: Held): object {
  const { bytes, generation = GENERATION, contentEncoding, timeCreated = WRITTEN, updated = timeCreated, sums } = held;
  return {
    name,
    size: String(bytes.length),
    generation,
    ...(sums === 'md5' || sums === 'none' ? {} : { crc32c: crcText(bytes) }),
    ...(sums === 'crc32c' || sums === 'none' ? {} : { md5Hash: md5Text(bytes) }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    timeCreated,
    updated,
  };
}

function json(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify({ error: { code: status, message, errors: [] } }));
}
