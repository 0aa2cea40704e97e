import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';

const TOKEN = 'the-token';
let data: string;
let service: Service;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body, where it is JSON. */
  readonly json: unknown;
}

/** Over node:http: fetch would tidy the path up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${TOKEN}`, ...headers };
    const sent = request({ port: service.port, host: '127.0.0.1', method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const isJson = response.headers['content-type']?.startsWith('application/json') === true && bytes.length > 0;
        const json: unknown = isJson && response.statusCode !== 206 ? JSON.parse(bytes.toString()) : undefined;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, json });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

const gcs = (path: string) => join(data, 'gcs', path);

/** Writes a file as a program in a container would. */
async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(gcs(path)), { recursive: true });
  await writeFile(gcs(path), content);
}

const O = '/storage/v1/b/bucket/o';
const object = (name: string, query = '') => `${O}/${encodeURIComponent(name)}${query}`;
const BYTES = Buffer.from(Array.from({ length: 1000 }, (_unused, index) => index % 251));

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-storage-'));
  service = await startService({ port: 0, engine: { socketPath: '/nowhere' }, data, token: TOKEN });
  await put('bucket/out/model/weights.bin', BYTES);
  await put('bucket/out/model/config.json', '{}');
  await put('bucket/out/log.txt', '123456789');
  await put('bucket/out/empty', '');
  await put('bucket/names/a b+c&d?#%2F"é漢.txt', 'odd');
  await put('bucket/top', 'x');
  await writeFile(join(data, 'secret'), 'secret');
  await put('other/secret', 'secret');
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});

describe('an object', () => {
  it('is told with its size, times, generation and checksums', async () => {
    await utimes(gcs('bucket/out/log.txt'), 1_700_000_000, 1_700_000_000);
    const { status, json } = await ask(object('out/log.txt'));
    expect(status).toBe(200);
    const path = 'b/bucket/o/out%2Flog.txt';
    const { generation = '' } = json as { readonly generation?: string };
    expect(json).toEqual({
      kind: 'storage#object',
      id: `bucket/out/log.txt/${generation}`,
      selfLink: `http://127.0.0.1:${service.port}/storage/v1/${path}`,
      mediaLink: `http://127.0.0.1:${service.port}/download/storage/v1/${path}?generation=${generation}&alt=media`,
      name: 'out/log.txt',
      bucket: 'bucket',
      generation: expect.stringMatching(/^\d{16}$/),
      metageneration: '1',
      contentType: 'text/plain',
      storageClass: 'STANDARD',
      size: '9',
      // RFC 3720 and RFC 1321 give both for "123456789".
      crc32c: '4waSgw==',
      md5Hash: 'JfnnlDI7RTiF9RgfG2JNCw==',
      etag: expect.any(String),
      timeCreated: '2023-11-14T22:13:20.000Z',
      updated: '2023-11-14T22:13:20.000Z',
      timeStorageClassUpdated: '2023-11-14T22:13:20.000Z',
    });
  });

  it('is told with the fields that are asked for', async () => {
    const { json } = await ask(object('out/log.txt', '?fields=name,size'));
    expect(json).toEqual({ name: 'out/log.txt', size: '9' });
  });

  it.each([
    ['the end of /download', `/download${object('out/model/weights.bin', '?alt=media')}`],
    ['the other one', object('out/model/weights.bin', '?alt=media')],
  ])('gives its content, by %s', async (_name, path) => {
    const { status, headers, bytes } = await ask(path);
    expect([status, bytes.equals(BYTES)]).toEqual([200, true]);
    const md5 = createHash('md5').update(BYTES).digest('base64');
    expect(headers).toMatchObject({
      'content-length': '1000',
      'content-type': 'application/octet-stream',
      'x-goog-generation': expect.stringMatching(/^\d+$/),
      'x-goog-metageneration': '1',
      'x-goog-hash': expect.stringMatching(/^crc32c=[A-Za-z0-9+/]{6}==,md5=/),
      'x-goog-stored-content-length': '1000',
    });
    expect(headers['x-goog-hash']).toContain(`,md5=${md5}`);
  });

  it.each([
    ['bytes=0-9', 206, 'bytes 0-9/1000', BYTES.subarray(0, 10)],
    ['bytes=990-', 206, 'bytes 990-999/1000', BYTES.subarray(990)],
    ['bytes=-10', 206, 'bytes 990-999/1000', BYTES.subarray(990)],
    ['bytes=990-5000', 206, 'bytes 990-999/1000', BYTES.subarray(990)],
    ['bytes=999-999', 206, 'bytes 999-999/1000', BYTES.subarray(999)],
    ['bytes=0-0,5-6', 200, undefined, BYTES],
    ['lines=1-2', 200, undefined, BYTES],
  ])('gives the range %s', async (range, status, contentRange, content) => {
    const answer = await ask(object('out/model/weights.bin', '?alt=media'), { range });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
    expect(answer.bytes.equals(content)).toBe(true);
    expect(answer.headers['content-length']).toBe(String(content.length));
  });

  it.each([
    ['out/model/weights.bin', 'bytes=1000-', 'bytes */1000'],
    ['out/empty', 'bytes=0-', 'bytes */0'],
  ])('%s has no range %s', async (name, range, contentRange) => {
    const answer = await ask(object(name, '?alt=media'), { range });
    expect([answer.status, answer.headers['content-range']]).toEqual([416, contentRange]);
    expect(answer.bytes.toString()).toBe('Request range not satisfiable');
  });

  it('may be empty', async () => {
    const { status, bytes, headers } = await ask(object('out/empty', '?alt=media'));
    expect([status, bytes.length, headers['content-length']]).toEqual([200, 0, '0']);
    expect((await ask(object('out/empty'))).json).toMatchObject({ size: '0', crc32c: 'AAAAAA==' });
  });

  it('may have any name', async () => {
    const name = 'names/a b+c&d?#%2F"é漢.txt';
    expect((await ask(object(name))).json).toMatchObject({ name });
    expect((await ask(object(name, '?alt=media'))).bytes.toString()).toBe('odd');
    expect((await ask(`${O}?prefix=names/&fields=items/name`)).json).toEqual({ items: [{ name }] });
  });

  it('has another generation once it has another content, and the one before is gone', async () => {
    const name = 'out/changing';
    await put(`bucket/${name}`, 'one');
    const generation = async () => ((await ask(object(name))).json as { readonly generation: string }).generation;
    const first = await generation();
    const pinned = () => ask(object(name, `?alt=media&generation=${first}`));
    expect((await pinned()).bytes.toString()).toBe('one');
    await put(`bucket/${name}.new`, 'two');
    await rename(gcs(`bucket/${name}.new`), gcs(`bucket/${name}`));
    expect(await generation()).not.toBe(first);
    expect((await pinned()).status).toBe(404);
    expect((await ask(object(name, '?alt=media'))).bytes.toString()).toBe('two');
    expect((await ask(object(name))).json).toMatchObject({ md5Hash: createHash('md5').update('two').digest('base64') });
  });

  it.each([
    ['ifGenerationMatch', (live: string) => live, 200],
    ['ifGenerationMatch', () => '1', 412],
    ['ifGenerationMatch', () => '0', 412],
    ['ifGenerationNotMatch', () => '1', 200],
    ['ifGenerationNotMatch', (live: string) => live, 304],
    ['ifMetagenerationMatch', () => '1', 200],
    ['ifMetagenerationMatch', () => '2', 412],
    ['generation', (live: string) => live, 200],
    ['generation', () => '1', 404],
  ] as const)('honours %s', async (key, asked, status) => {
    const live = (await ask(object('top'))).json as { readonly generation: string };
    for (const alt of ['json', 'media']) {
      const answer = await ask(object('top', `?alt=${alt}&${key}=${asked(live.generation)}`));
      expect([alt, answer.status]).toEqual([alt, status]);
    }
  });
});

describe('no object', () => {
  it.each([
    ['a name that is not there', object('nothing')],
    ['a folder', object('out/model')],
    ['a folder with its slash', object('out/')],
    ['a bucket that is not there', '/storage/v1/b/nowhere/o/x'],
    ['a way up', object('../other/secret')],
    ['a way up and out', object('../../secret')],
    ['a way up within', object('out/../top')],
    ['a place', object('./top')],
    ['an empty part', object('out//log.txt')],
    ['an absolute path', object('/etc/passwd')],
    ['a zero byte', object('top\0')],
    ['a name too long', object('x'.repeat(1025))],
    ['a part too long', object('x'.repeat(300))],
  ])('is %s', async (_name, path) => {
    const { status, json } = await ask(path);
    expect([status, json]).toMatchObject([
      404,
      { error: { code: 404, errors: [{ domain: 'global', reason: 'notFound' }] } },
    ]);
  });

  it('is what is asked for with a slash that is not encoded', async () => {
    expect((await ask(`${O}/out/log.txt`)).status).toBe(404);
  });

  it('tells so in plain text to who asks for content', async () => {
    const { status, bytes, headers } = await ask(object('nothing', '?alt=media'));
    expect([status, bytes.toString()]).toEqual([404, 'No such object: bucket/nothing']);
    expect(headers['content-type']).toMatch(/^text\/html/);
  });

  it('is behind a link, to a file or in a folder', async () => {
    await put('links/real', 'x');
    await symlink(join(data, 'secret'), gcs('links/file'));
    await symlink(data, gcs('links/folder'));
    await symlink('/etc', gcs('linked-bucket'));
    for (const path of ['links/o/file', 'links/o/folder%2Fsecret', 'linked-bucket/o/passwd']) {
      for (const query of ['', '?alt=media']) expect((await ask(`/storage/v1/b/${path}${query}`)).status).toBe(404);
    }
    expect((await ask('/storage/v1/b/links/o?fields=items/name')).json).toEqual({ items: [{ name: 'real' }] });
    expect((await ask('/storage/v1/b/links/o?prefix=folder/')).json).toEqual({ kind: 'storage#objects' });
    expect((await ask('/storage/v1/b/linked-bucket/o')).json).toEqual({ kind: 'storage#objects' });
  });
});

describe('a list of objects', () => {
  const names = async (query: string, bucket = 'bucket') => {
    const { json } = await ask(`/storage/v1/b/${bucket}/o${query}`);
    const { items = [], prefixes } = json as {
      readonly items?: readonly { readonly name: string }[];
      readonly prefixes?: readonly string[];
    };
    return { names: items.map(({ name }) => name), ...(prefixes && { prefixes }) };
  };

  it.each([
    ['below a folder', '?prefix=out/model/', { names: ['out/model/config.json', 'out/model/weights.bin'] }],
    ['from within a name', '?prefix=out/model/w', { names: ['out/model/weights.bin'] }],
    ['that begin as a folder does', '?prefix=out/mo', { names: ['out/model/config.json', 'out/model/weights.bin'] }],
    ['level by level', '?delimiter=/', { names: ['top'], prefixes: ['names/', 'out/'] }],
    [
      'level by level below',
      '?prefix=out/model/&delimiter=/',
      { names: ['out/model/config.json', 'out/model/weights.bin'] },
    ],
    ['from a name to a name', '?startOffset=out/m&endOffset=out/model/w', { names: ['out/model/config.json'] }],
    ['out of the bucket', '?prefix=../', { names: [] }],
    ['out of the bucket and back', '?prefix=../bucket/', { names: [] }],
  ])('%s', async (_name, query, expected) => {
    expect(await names(query)).toEqual(expected);
  });

  it('of a bucket that is not there is empty', async () => {
    expect(await names('', 'nowhere')).toEqual({ names: [] });
  });

  it('comes page by page', async () => {
    for (const index of [0, 1, 2, 3, 4]) await put(`paged/n${index}`, String(index));
    const pages: unknown[] = [];
    let token: string | undefined;
    do {
      const { json } = await ask(
        `/storage/v1/b/paged/o?maxResults=2${token === undefined ? '' : `&pageToken=${token}`}`,
      );
      const page = json as { readonly nextPageToken?: string; readonly items: readonly { readonly name: string }[] };
      pages.push(page.items.map(({ name }) => name));
      token = page.nextPageToken;
    } while (token !== undefined);
    expect(pages).toEqual([['n0', 'n1'], ['n2', 'n3'], ['n4']]);
  });

  it('tells of each what a get tells', async () => {
    const { json } = await ask(`${O}?prefix=out/log.txt`);
    expect(json).toEqual({ kind: 'storage#objects', items: [(await ask(object('out/log.txt'))).json] });
  });

  it.each([
    ['a page token of another list', '?pageToken=abc', 400],
    ['a size that is none', '?maxResults=-1', 400],
    ['fields that cannot be read', '?fields=items(name', 400],
  ])('refuses %s', async (_name, query, status) => {
    const { json } = await ask(`${O}${query}`);
    expect(json).toMatchObject({ error: { code: status, errors: [{ domain: 'global', reason: 'invalid' }] } });
  });
});

describe('a bucket', () => {
  it('lies in a region', async () => {
    const { json } = await ask('/storage/v1/b/any-bucket?fields=location,locationType,name');
    expect(json).toEqual({ name: 'any-bucket', location: 'US-CENTRAL1', locationType: 'region' });
  });

  it.each(['..', 'UPPER', 'a..b', 'x'])('is not %s', async (name) => {
    expect((await ask(`/storage/v1/b/${name}`)).json).toMatchObject({ error: { code: 400 } });
  });
});

describe('the door', () => {
  it.each([
    ['no token', { authorization: 'Bearer wrong' }, 401],
    ['a foreign Host', { host: 'example.com' }, 403],
    ['a foreign Origin', { origin: 'https://example.com' }, 403],
  ])('refuses %s', async (_name, headers, status) => {
    expect((await ask(object('top', '?alt=media'), headers)).status).toBe(status);
  });

  it.each([
    ['POST', O],
    ['DELETE', '/storage/v1/b/bucket'],
    ['POST', object('top')],
    ['GET', '/upload/storage/v1/b/bucket/o'],
  ])('knows no %s %s', async (method, path) => {
    expect((await ask(path, {}, method)).json).toMatchObject({
      error: { code: 404, errors: [{ reason: 'notFound' }] },
    });
  });
});

describe('a file that is being written', () => {
  it('is given as long as it was, though it grows', async () => {
    const large = Buffer.alloc(8 * 1024 * 1024, 'a');
    await put('bucket/growing', large);
    const growing = setInterval(() => void writeFile(gcs('bucket/growing'), 'more', { flag: 'a' }), 1);
    try {
      const { bytes, headers } = await ask(object('growing', '?alt=media'));
      expect(bytes.length).toBe(Number(headers['content-length']));
      expect(bytes.subarray(0, large.length).equals(large)).toBe(true);
    } finally {
      clearInterval(growing);
    }
  });

  it('ends the connection where it has lost what was promised', async () => {
    const name = 'shrinking';
    await put(`bucket/${name}`, Buffer.alloc(64 * 1024 * 1024));
    const ended = new Promise<string>((resolve) => {
      const path = object(name, '?alt=media');
      const headers = { authorization: `Bearer ${TOKEN}` };
      const sent = request({ port: service.port, host: '127.0.0.1', path, headers }, (response) => {
        // Nothing is read until the file is short.
        void truncate(gcs(`bucket/${name}`), 1).then(() => response.resume());
        response.on('end', () => resolve('whole'));
        response.on('error', ({ message }) => resolve(message));
      });
      sent.end();
    });
    expect(await ended).toBe('aborted');
  });
});
