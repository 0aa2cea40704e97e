import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { objectsApi } from '../../src/google/objects.ts';
import { type CloudStorageOptions, cloudStorages } from '../artifacts/cloud-storage.ts';
import type { Held } from '../artifacts/media.ts';
import { loopbacks } from './loopback.ts';

const newStorage = cloudStorages();
const newServer = loopbacks();
const signal = new AbortController().signal;

type Options = CloudStorageOptions & { readonly silenceMs?: number };

async function storage(objects: Readonly<Record<string, Held>>, options: Options = {}) {
  const server = await newStorage(objects, options);
  return { server, api: objectsApi(server.url, fixedCredentials('TOKEN'), options) };
}

async function answered(body: unknown) {
  const server = await newServer(() => ({ body }));
  return { server, api: objectsApi(server.url, fixedCredentials('TOKEN')) };
}

const bytesOf = (text: string) => ({ bytes: Buffer.from(text) });
const pinned = (size: number, name = 'a', contentEncoding?: string) => ({
  name,
  size,
  generation: '1763888888000001',
  contentEncoding,
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

describe('a list', () => {
  test('is read page by page, with what the service tells of each object', async () => {
    const { api } = await storage(
      {
        'm/a': bytesOf('123456789'),
        'm/b': { ...bytesOf('x'), contentEncoding: 'gzip', sums: 'crc32c' },
        n: bytesOf(''),
      },
      { pageSize: 1 },
    );
    const first = await api.list('bucket', 'm/', { signal });
    expect(first.objects).toEqual([
      {
        name: 'm/a',
        size: 9,
        generation: '1763888888000001',
        crc32c: '4waSgw==',
        md5Hash: 'JfnnlDI7RTiF9RgfG2JNCw==',
        timeCreated: '2026-11-23T09:00:00.000Z',
        updated: '2026-11-23T09:00:00.000Z',
        contentEncoding: undefined,
      },
    ]);
    const second = await api.list('bucket', 'm/', { pageToken: first.nextPageToken, signal });
    expect(second.objects).toMatchObject([{ name: 'm/b', md5Hash: undefined, contentEncoding: 'gzip' }]);
    expect(second.nextPageToken).toBeUndefined();
  });

  test('asks for what it reads alone, and for names as they are written', async () => {
    const { server, api } = await answered({ kind: 'storage#objects' });
    expect(await api.list('my.b', 'a b/ä&c=?#/', { signal })).toEqual({ objects: [], nextPageToken: undefined });
    const url = new URL(server.seen[0]?.url ?? '', 'http://host');
    expect(url.pathname).toBe('/storage/v1/b/my.b/o');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      prefix: 'a b/ä&c=?#/',
      maxResults: '1000',
      fields: 'nextPageToken,items(name,size,generation,crc32c,md5Hash,timeCreated,updated,contentEncoding)',
    });
  });

  test.each([
    [{}],
    [null],
    [{ name: 'a', size: '1' }],
    [{ name: 'a', size: '-1', generation: '1' }],
    [{ name: 'a', size: 5, generation: '1' }],
    [{ name: 'a', size: '1', generation: '1&alt=json' }],
    [{ name: '', size: '1', generation: '1' }],
    [{ name: 'a', size: '9'.repeat(16), generation: '1' }],
  ])('with the item %j is none', async (item) => {
    const { api } = await answered({ items: [item] });
    await expect(api.list('b', 'p/', { signal })).rejects.toThrow(
      'list gs://b/p/: the answer tells of an object without its name, size or generation',
    );
  });

  test('has no checksum that is none', async () => {
    const { api } = await answered({ items: [{ name: 'a', size: '0', generation: '1', crc32c: 'AAAA', md5Hash: 5 }] });
    expect((await api.list('b', '', { signal })).objects).toMatchObject([{ crc32c: undefined, md5Hash: undefined }]);
  });
});

describe('one object', () => {
  test('is told of, or missing', async () => {
    const { api } = await storage({ 'a/b c': bytesOf('x') });
    expect(await api.get('bucket', 'a/b c', signal)).toMatchObject({ name: 'a/b c', size: 1 });
    expect(await api.get('bucket', 'a/b', signal)).toBeUndefined();
  });

  test.each(['', '.', '..', '\ud800'])('of the name %j is not asked for', async (name) => {
    const { server, api } = await storage({});
    await expect(api.get('bucket', name, signal)).rejects.toThrow('is no name in Cloud Storage');
    await expect(api.read('bucket', pinned(1, name), { signal })).rejects.toThrow('is no name in Cloud Storage');
    await expect(api.get('..', 'x', signal)).rejects.toThrow('is no name in Cloud Storage');
    expect(server.asked).toEqual([]);
  });

  test('that may not be seen is an ApiError', async () => {
    const { api } = await storage({}, { mishap: () => ({ status: 403, body: '{"error":{"message":"no right"}}' }) });
    await expect(api.get('bucket', 'a', signal)).rejects.toMatchObject({
      httpStatus: 403,
      message: 'get gs://bucket/a: HTTP 403: no right',
    });
  });
});

describe('bytes', () => {
  test('come whole, or from a place on', async () => {
    const { server, api } = await storage({ 'd/a': bytesOf('0123456789') });
    const whole = await api.read('bucket', pinned(10, 'd/a'), { signal });
    expect([whole.from, await textOf(whole.chunks)]).toEqual([0, '0123456789']);
    const rest = await api.read('bucket', pinned(10, 'd/a'), { from: 7, signal });
    expect([rest.from, await textOf(rest.chunks)]).toEqual([7, '789']);
    expect(server.asked.map(({ kind, name, from }) => [kind, name, from])).toEqual([
      ['read', 'd/a', 0],
      ['read', 'd/a', 7],
    ]);
  });

  test('come up to a place', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') });
    for (const [from, to, text] of [
      [0, 4, '0123'],
      [4, 9, '45678'],
      [9, 10, '9'],
    ] as const) {
      const answer = await api.read('bucket', pinned(10), { from, to, signal });
      expect([answer.from, answer.to, await textOf(answer.chunks)]).toEqual([from, to, text]);
    }
  });

  test('come whole to who wants a part where ranges are not known', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ whole: true }) });
    const { from, to, chunks } = await api.read('bucket', pinned(10), { from: 0, to: 4, signal });
    expect([from, to, await textOf(chunks)]).toEqual([0, 10, '0123456789']);
  });

  test('come from the beginning where ranges are not known', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ whole: true }) });
    const { from, chunks } = await api.read('bucket', pinned(10), { from: 7, signal });
    expect([from, await textOf(chunks)]).toEqual([0, '0123456789']);
  });

  test('that are stored as gzip come as they are stored, and ranges of them too', async () => {
    const stored = gzipSync('text that was compressed');
    const { api } = await storage({ a: { bytes: stored, contentEncoding: 'gzip' } });
    for (const from of [0, 5]) {
      const parts: Uint8Array[] = [];
      const answer = await api.read('bucket', pinned(stored.length, 'a', 'gzip'), { from, signal });
      for await (const chunk of answer.chunks) parts.push(chunk);
      expect(Buffer.concat(parts)).toEqual(stored.subarray(from));
    }
  });

  test('that were decompressed on the way are refused', async () => {
    const { api } = await storage({ a: { bytes: gzipSync('text'), contentEncoding: 'gzip' } });
    await expect(api.read('bucket', pinned(24), { signal })).rejects.toThrow(
      'read gs://bucket/a: the answer was decompressed on the way',
    );
  });

  test.each([
    { name: 'another generation', told: { 'x-goog-generation': '7' }, reason: 'the answer is generation 7, not 17638' },
    { name: 'another range', told: { 'content-range': 'bytes 0-9/10' }, from: 5, reason: 'the answer has the range' },
    { name: 'a range of less', told: { 'content-range': 'bytes 5-8/10' }, from: 5, reason: 'the answer has the range' },
    { name: 'another size', told: { 'content-range': 'bytes 5-9/11' }, from: 5, reason: 'the answer has the range' },
    { name: 'no range', told: { 'content-range': 'x' }, from: 5, reason: 'the answer has the range' },
  ])('of $name are refused', async ({ told, from, reason }) => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ told }) });
    await expect(api.read('bucket', pinned(10), { from, signal })).rejects.toThrow(reason);
  });

  test('of another length are refused', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') });
    await expect(api.read('bucket', pinned(11), { signal })).rejects.toThrow('the answer has 10 bytes instead of 11');
  });

  test.each([
    [404, undefined],
    [416, undefined],
    [429, 7_000],
    [503, 7_000],
  ])('that are refused with HTTP %i are an ApiError with the wait that is asked for', async (status, retryAfterMs) => {
    const told: Record<string, string> = retryAfterMs === undefined ? {} : { 'retry-after': '7' };
    const { server, api } = await storage(
      { a: bytesOf('x') },
      { mishap: () => ({ status, told, body: 'the reason' }) },
    );
    await expect(api.read('bucket', pinned(1), { signal })).rejects.toMatchObject({
      name: 'ApiError',
      httpStatus: status,
      retryAfterMs,
      message: `read gs://bucket/a: HTTP ${status}: the reason`,
    });
    expect(server.asked).toHaveLength(1);
  });

  test('of another generation than the one that is there are missing', async () => {
    const { api } = await storage({ a: { ...bytesOf('x'), generation: '5' } });
    await expect(api.read('bucket', pinned(1), { signal })).rejects.toMatchObject({ httpStatus: 404 });
  });

  test('of a connection that breaks end in an ApiError that may pass', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ cutAfter: 4 }) });
    const { chunks } = await api.read('bucket', pinned(10), { signal });
    await expect(textOf(chunks)).rejects.toMatchObject({ name: 'ApiError', httpStatus: undefined });
  });

  test.each([0, 4])('that stop coming after %i end in an ApiError that may pass', async (hangAfter) => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ hangAfter }), silenceMs: 100 });
    const reading = api.read('bucket', pinned(10), { signal }).then(({ chunks }) => textOf(chunks));
    await expect(reading).rejects.toMatchObject({
      name: 'ApiError',
      httpStatus: undefined,
      message: 'read gs://bucket/a: no answer: nothing came for 0.1 s',
    });
  });

  test('end with the reason of the signal', async () => {
    const { api } = await storage({ a: bytesOf('0123456789') }, { mishap: () => ({ hangAfter: 4 }) });
    const stop = new AbortController();
    const { chunks } = await api.read('bucket', pinned(10), { signal: stop.signal });
    const reason = new Error('enough');
    const reading = async () => {
      for await (const _ of chunks) stop.abort(reason);
    };
    await expect(reading()).rejects.toBe(reason);
    await expect(api.read('bucket', pinned(10), { signal: stop.signal })).rejects.toBe(reason);
    await expect(api.list('bucket', '', { signal: stop.signal })).rejects.toBe(reason);
    await expect(api.get('bucket', 'a', stop.signal)).rejects.toBe(reason);
  });

  test('may be read slowly', async () => {
    const { api } = await storage({ a: { bytes: Buffer.alloc(3_000_000) } }, { silenceMs: 500 });
    const { chunks } = await api.read('bucket', pinned(3_000_000), { signal });
    let length = 0;
    for await (const chunk of chunks) {
      // Longer than the silence that is put up with: nobody waits for the connection meanwhile.
      if (length === 0) await new Promise((done) => setTimeout(done, 700));
      length += chunk.length;
    }
    expect(length).toBe(3_000_000);
  });
});
