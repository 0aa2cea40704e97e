import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';

let data = '';
let service: Service;

const gcs = (path: string) => join(data, 'gcs', path);
const base = () => `http://127.0.0.1:${service.port}`;
const start = () => startService({ port: 0, engine: { socketPath: '/nowhere' }, data });

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'local-uploads-'));
  service = await start();
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
}

async function send(
  method: string,
  path: string,
  body?: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const url = path.startsWith('http') ? path : `${base()}${path}`;
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

const json = (method: string, path: string, value: unknown) =>
  send(method, path, JSON.stringify(value), { 'content-type': 'application/json' });
const UPLOAD = '/upload/storage/v1/b/bucket/o';
const object = (name: string, query = '') => `/storage/v1/b/bucket/o/${encodeURIComponent(name)}${query}`;
const put = (name: string, content: string, query = '', headers: Record<string, string> = {}) =>
  send('POST', `${UPLOAD}?uploadType=media&name=${encodeURIComponent(name)}${query}`, content, headers);

async function session(name: string, said: unknown = {}, headers: Record<string, string> = {}): Promise<string> {
  const path = `${UPLOAD}?uploadType=resumable&name=${encodeURIComponent(name)}`;
  const begun = await send('POST', path, JSON.stringify(said), headers);
  expect(begun.status).toBe(200);
  return begun.headers.get('location') ?? '';
}
const piece = (location: string, range: string | undefined, content: string | Buffer = '') =>
  send('PUT', location, content, range === undefined ? {} : { 'content-range': range });

const md5 = (content: string | Buffer) => createHash('md5').update(content).digest('base64');

describe('an upload as plain content', () => {
  it('becomes a file that containers see and may change, in folders that they may', async () => {
    const { status, json: told } = await put('deep/down/a.txt', '123456789', '', { 'content-type': 'text/markdown' });
    expect([status, told]).toMatchObject([
      200,
      { name: 'deep/down/a.txt', size: '9', contentType: 'text/markdown', crc32c: '4waSgw==', metageneration: '1' },
    ]);
    expect(await readFile(gcs('bucket/deep/down/a.txt'), 'utf8')).toBe('123456789');
    const modes = await Promise.all(
      ['bucket', 'bucket/deep/down', 'bucket/deep/down/a.txt'].map((at) => stat(gcs(at))),
    );
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o777, 0o777, 0o666]);
    expect((await send('GET', object('deep/down/a.txt'))).json).toEqual(told);
  });

  it('is told as the service itself tells it after a restart', async () => {
    const { json: told } = await put('kept.bin', 'abc', '', { 'content-type': 'application/x-thing' });
    await json('PATCH', object('kept.bin'), { metadata: { epoch: '3' } });
    await service.close();
    service = await start();
    const { json: after } = await send('GET', object('kept.bin'));
    expect(after).toMatchObject({ generation: told['generation'], contentType: 'application/x-thing' });
    expect(after).toMatchObject({ metadata: { epoch: '3' }, metageneration: '2' });
  });

  it('leaves nothing behind that is not whole', async () => {
    const socket = connect(service.port, '127.0.0.1');
    const lines = [`POST ${UPLOAD}?uploadType=media&name=broken HTTP/1.1`, 'Host: localhost', 'Content-Length: 100'];
    socket.write(`${lines.join('\r\n')}\r\n\r\nhalf`);
    for (;;) if ((await readdir(join(data, 'uploads'))).some((name) => name.endsWith('.part'))) break;
    socket.destroy();
    for (;;) if (!(await readdir(join(data, 'uploads'))).some((name) => name.endsWith('.part'))) break;
    expect((await send('GET', object('broken'))).status).toBe(404);
  });

  it.each([
    ['another checksum', { 'x-goog-hash': 'crc32c=AAAAAA==' }, 400, 'invalid'],
    ['another MD5', { 'content-md5': md5('other') }, 400, 'invalid'],
    ['the right ones', { 'x-goog-hash': `crc32c=4waSgw==,md5=${md5('123456789')}` }, 200, undefined],
  ])('with %s', async (_name, headers, status, reason) => {
    const answer = await put('checked', '123456789', '', headers);
    expect(answer.status).toBe(status);
    if (reason !== undefined) expect(answer.json).toMatchObject({ error: { errors: [{ reason }] } });
  });
});

describe('conditions', () => {
  it('hold for what is replaced, and every content has a generation of its own', async () => {
    const first = (await put('cond', 'one', '&ifGenerationMatch=0')).json['generation'];
    expect((await put('cond', 'two', '&ifGenerationMatch=0')).status).toBe(412);
    const second = (await put('cond', 'two', `&ifGenerationMatch=${first}`)).json['generation'];
    expect(second).not.toBe(first);
    expect((await put('cond', 'three', `&ifGenerationMatch=${first}`)).status).toBe(412);
    expect((await put('cond', 'three', `&ifGenerationNotMatch=${second}`)).status).toBe(412);
    expect(await readFile(gcs('bucket/cond'), 'utf8')).toBe('two');
    expect((await send('DELETE', object('cond', `?ifGenerationMatch=${first}`))).status).toBe(412);
    expect((await send('DELETE', object('cond', `?generation=${first}`))).status).toBe(404);
    expect((await send('DELETE', object('cond', `?generation=${second}`))).status).toBe(204);
    expect((await send('DELETE', object('cond'))).status).toBe(404);
  });

  it('let one of many in that all want to be the first', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) => put('lock', `${index}`, '&ifGenerationMatch=0')),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(412)]);
  });
});

describe('an upload in two parts', () => {
  const send2 = (said: object, content: string) => {
    const type = 'multipart/related; boundary="=edge="';
    const body = `--=edge=\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(said)}\r\n--=edge=\r\ncontent-type: text/csv\r\n\r\n${content}\r\n--=edge=--`;
    return send('POST', `${UPLOAD}?uploadType=multipart`, body, { 'content-type': type });
  };

  it('has its name, type and metadata in the first', async () => {
    const { json: told } = await send2({ name: 'two', metadata: { a: 'b' }, cacheControl: 'no-cache' }, 'x,y');
    expect(told).toMatchObject({ name: 'two', size: '3', contentType: 'text/csv', metadata: { a: 'b' } });
    const media = await send('GET', object('two', '?alt=media'));
    expect([media.headers.get('cache-control'), media.headers.get('content-type')]).toEqual(['no-cache', 'text/csv']);
  });

  it.each([
    ['no name', {}, 400],
    ['a checksum of something else', { name: 'x', md5Hash: md5('other') }, 400],
    ['a header in its type', { name: 'x', contentType: 'a\r\nset-cookie: b' }, 400],
  ])('is refused with %s', async (_name, said, status) => {
    expect((await send2(said, 'x,y')).status).toBe(status);
  });
});

describe('an upload in several requests', () => {
  const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_unused, index) => index % 251));

  it('tells how far it has come, takes no byte twice, and ends with its object', async () => {
    const location = await session('parts', { metadata: { k: 'v' } }, { 'x-upload-content-type': 'application/x-y' });
    expect((await piece(location, 'bytes */1000')).headers.get('range')).toBeNull();
    const first = await piece(location, 'bytes 0-399/1000', CONTENT.subarray(0, 400));
    expect([first.status, first.headers.get('range')]).toEqual([308, 'bytes=0-399']);
    const asked = await piece(location, 'bytes */*');
    expect([asked.status, asked.headers.get('range')]).toEqual([308, 'bytes=0-399']);
    const again = await piece(location, 'bytes 200-599/1000', CONTENT.subarray(200, 600));
    expect(again.headers.get('range')).toBe('bytes=0-599');
    expect((await piece(location, 'bytes 700-999/1000', CONTENT.subarray(700))).status).toBe(503);
    expect((await send('GET', object('parts'))).status).toBe(404);
    const last = await piece(location, 'bytes 600-999/1000', CONTENT.subarray(600));
    expect([last.status, last.json]).toMatchObject([
      200,
      { size: '1000', md5Hash: md5(CONTENT), contentType: 'application/x-y', metadata: { k: 'v' } },
    ]);
    // Whoever has not heard the answer asks again.
    expect((await piece(location, 'bytes */1000')).json).toEqual(last.json);
    expect((await readFile(gcs('bucket/parts'))).equals(CONTENT)).toBe(true);
  });

  it.each([
    ['in one request', (location: string) => piece(location, undefined, 'abc'), 'abc'],
    ['of nothing', (location: string) => piece(location, 'bytes */0'), ''],
    ['of nothing in one request', (location: string) => piece(location, undefined), ''],
  ])('may come %s', async (_name, go, content) => {
    const { status, json: told } = await go(await session('short'));
    expect([status, told]).toMatchObject([200, { size: String(content.length), md5Hash: md5(content) }]);
  });

  it('goes on where the connection broke', async () => {
    const location = await session('broken-off');
    const socket = connect(service.port, '127.0.0.1');
    const { pathname, search } = new URL(location);
    const lines = [`PUT ${pathname}${search} HTTP/1.1`, 'Host: localhost', 'Content-Range: bytes 0-9/10'];
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: 10\r\n\r\nabcd`, () => setImmediate(() => socket.end()));
    const asked = await piece(location, 'bytes */10');
    expect(asked.status).toBe(308);
    const kept = Number(asked.headers.get('range')?.split('-')[1] ?? -1) + 1;
    const rest = 'abcdefghij'.slice(kept);
    const last = await piece(location, `bytes ${kept}-9/10`, rest);
    expect([last.status, last.json]).toMatchObject([200, { size: '10', md5Hash: md5('abcdefghij') }]);
  });

  it('can be given up, and is unknown then', async () => {
    const location = await session('given-up');
    await piece(location, 'bytes 0-2/10', 'abc');
    expect((await send('DELETE', location)).status).toBe(499);
    expect((await piece(location, 'bytes */10')).status).toBe(404);
  });

  it.each([
    ['a size that changes', ['bytes 0-2/10', 'bytes 3-5/11'], 400],
    ['more than was announced', ['bytes 0-2/2'], 400],
    ['a range that is none', ['lines 1-2'], 400],
  ])('is refused with %s', async (_name, ranges, status) => {
    const location = await session('refused');
    const answers: number[] = [];
    for (const range of ranges) answers.push((await piece(location, range, 'abc')).status);
    expect(answers.at(-1)).toBe(status);
  });

  it('checks at its end what was asked at its beginning', async () => {
    await put('taken', 'x');
    const path = `${UPLOAD}?uploadType=resumable&name=taken&ifGenerationMatch=0`;
    const { headers } = await send('POST', path, '{}');
    expect((await piece(headers.get('location') ?? '', undefined, 'y')).status).toBe(412);
    expect(await readFile(gcs('bucket/taken'), 'utf8')).toBe('x');
  });
});

describe('an object', () => {
  it('is put together of others', async () => {
    for (const name of ['one', 'two', 'empty']) await put(`join/${name}`, name === 'empty' ? '' : name);
    const sourceObjects = ['one', 'empty', 'two'].map((name) => ({ name: `join/${name}` }));
    const destination = { contentType: 'text/plain' };
    const { status, json: told } = await json('POST', object('join/all', '/compose'), { sourceObjects, destination });
    expect([status, told]).toMatchObject([200, { size: '6', contentType: 'text/plain' }]);
    expect(await readFile(gcs('bucket/join/all'), 'utf8')).toBe('onetwo');
    expect((await json('POST', object('none', '/compose'), { sourceObjects: [] })).status).toBe(400);
    const wrong = [{ name: 'join/one', objectPreconditions: { ifGenerationMatch: '1' } }];
    expect((await json('POST', object('none', '/compose'), { sourceObjects: wrong })).status).toBe(412);
  });

  it.each(['rewriteTo', 'copyTo'])('is copied with what is told of it: %s', async (verb) => {
    await put('source', 'abc', '', { 'content-type': 'text/x-source' });
    const { json: told } = await send('POST', `${object('source')}/${verb}/b/other-bucket/o/a%2Fcopy`);
    const copy = { bucket: 'other-bucket', name: 'a/copy', contentType: 'text/x-source', size: '3' };
    expect(told).toMatchObject(verb === 'copyTo' ? copy : { done: true, objectSize: '3', resource: copy });
    expect(await readFile(gcs('other-bucket/a/copy'), 'utf8')).toBe('abc');
  });

  it('changes what is told of it, until a container writes it anew', async () => {
    await put('told', 'abc');
    await json('PATCH', object('told'), { contentType: 'text/x-told', metadata: { a: '1', b: '2' } });
    await json('PATCH', object('told'), { metadata: { a: null } });
    expect((await send('GET', object('told'))).json).toMatchObject({ metadata: { b: '2' }, metageneration: '3' });
    expect((await send('GET', '/storage/v1/b/bucket/o?prefix=told')).json['items']).toMatchObject([
      { contentType: 'text/x-told' },
    ]);
    expect((await send('GET', object('told', '?ifMetagenerationMatch=1'))).status).toBe(412);
    await writeFile(gcs('bucket/told'), 'from a container');
    const { json: after } = await send('GET', object('told'));
    expect(after).toMatchObject({ contentType: 'application/octet-stream', metageneration: '1' });
    expect(after).not.toHaveProperty('metadata');
  });

  it('is told of to HEAD without its content', async () => {
    await put('head', 'abc');
    const response = await fetch(`${base()}${object('head', '?alt=media')}`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '3']);
  });
});

describe('what a container has put in the way', () => {
  it('leads nothing out of the bucket', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'));
    await mkdir(gcs('bucket'), { recursive: true });
    await writeFile(join(outside, 'file'), 'mine');
    await symlink(outside, gcs('bucket/link'));
    await symlink(join(outside, 'file'), gcs('bucket/file-link'));
    for (const name of ['link/new', 'link/deep/new']) expect((await put(name, 'x')).status).toBe(409);
    // A link itself is replaced, as a rename does it.
    expect((await put('file-link', 'x')).status).toBe(200);
    expect((await send('DELETE', object('link/file'))).status).toBe(404);
    expect(await readdir(outside)).toEqual(['file']);
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('mine');
    await rm(outside, { recursive: true });
  });

  it.each(['../out', 'a/../../out', '/abs', 'a//b', 'a/', 'x'.repeat(1025)])('is not made by %s', async (name) => {
    expect((await put(name, 'x')).status).toBe(400);
  });

  it('is told where a file and a folder want one place', async () => {
    await put('place', 'x');
    expect((await put('place/below', 'x')).status).toBe(409);
    await put('folder/below', 'x');
    expect((await put('folder', 'x')).status).toBe(409);
  });
});

describe('buckets', () => {
  it('are made once, listed, and grant everything', async () => {
    const made = await json('POST', '/storage/v1/b?project=my-project', { name: 'made-bucket' });
    expect([made.status, made.json]).toMatchObject([200, { name: 'made-bucket', kind: 'storage#bucket' }]);
    expect((await json('POST', '/storage/v1/b?project=my-project', { name: 'made-bucket' })).status).toBe(409);
    expect((await json('POST', '/storage/v1/b?project=my-project', { name: '../x' })).status).toBe(400);
    const { json: listed } = await send('GET', '/storage/v1/b?project=my-project&prefix=made-&fields=items/name');
    expect(listed).toEqual({ items: [{ name: 'made-bucket' }] });
    const asked = 'permissions=storage.objects.create&permissions=storage.objects.get';
    expect((await send('GET', `/storage/v1/b/bucket/iam/testPermissions?${asked}`)).json).toEqual({
      kind: 'storage#testIamPermissionsResponse',
      permissions: ['storage.objects.create', 'storage.objects.get'],
    });
  });
});
