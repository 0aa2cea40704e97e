import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundaryOf, readParts } from '../../../src/local/storage/multipart.ts';

/** A body in pieces of the given sizes, over and over. */
function pieces(body: Buffer, sizes: readonly number[]): Readable {
  const cut: Buffer[] = [];
  for (let at = 0, turn = 0; at < body.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    cut.push(body.subarray(at, at + size));
    at += size;
  }
  return Readable.from(cut);
}

const bodyOf = (content: Uint8Array, boundary = 'edge') =>
  Buffer.concat([
    Buffer.from(`--${boundary}\r\nContent-Type: application/json\r\n\r\n{"name":"x"}\r\n--${boundary}\r\n`),
    Buffer.from('content-type: image/png\r\nMIME-Version: 1.0\r\n\r\n'),
    content,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);

async function read(body: Buffer, sizes: readonly number[]) {
  const { said, contentType, content } = await readParts(pieces(body, sizes), 'edge');
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return { said, contentType, content: Buffer.concat(chunks) };
}

describe('an upload in two parts', () => {
  it('is read whatever the pieces that it comes in, and whatever its content', async () => {
    const near = fc.constantFrom('\r\n--edg', '\r\n', '--edge', '\r\n-', '\r\r\n--', '\0');
    const content = fc.array(
      fc.oneof(
        near.map((text) => Buffer.from(text)),
        fc.uint8Array({ maxLength: 40 }),
      ),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(content, sizes, async (parts, cuts) => {
        const whole = Buffer.concat(parts);
        fc.pre(!whole.includes('\r\n--edge'));
        const found = await read(bodyOf(whole), cuts);
        expect(found.content.equals(whole)).toBe(true);
        expect([found.said, found.contentType]).toEqual(['{"name":"x"}', 'image/png']);
      }),
    );
  });

  it('may have a part without headers', async () => {
    const body = Buffer.from('--edge\r\n\r\n{}\r\n--edge\r\n\r\nabc\r\n--edge--');
    expect(await read(body, [7])).toEqual({ said: '{}', contentType: undefined, content: Buffer.from('abc') });
  });

  it('may end its lines as gcloud does', async () => {
    const body = bodyOf(Buffer.from('a\nb')).toString().replaceAll('\r\n', '\n');
    const found = { said: '{"name":"x"}', contentType: 'image/png', content: Buffer.from('a\nb') };
    expect(await read(Buffer.from(body), [7])).toEqual(found);
  });

  it.each([
    ['nothing', ''],
    ['one part', '--edge\r\n\r\n{}\r\n--edge--'],
    ['no end', '--edge\r\n\r\n{}\r\n--edge\r\n\r\nabc'],
    ['another boundary', '--other\r\n\r\n{}\r\n--other\r\n\r\nabc\r\n--other--'],
  ])('is refused with %s', async (_name, body) => {
    await expect(read(Buffer.from(body), [5])).rejects.toThrow(/Malformed multipart body/);
  });

  it('is refused where what is said of the object would fill the memory', async () => {
    const body = Buffer.concat([Buffer.from('--edge\r\n\r\n'), Buffer.alloc(2 * 1024 * 1024, 'x')]);
    await expect(read(body, [64 * 1024])).rejects.toThrow(/too long/);
  });
});

describe('a boundary', () => {
  it.each([
    ['multipart/related; boundary=abc', 'abc'],
    ['multipart/related; boundary="a b=c"', 'a b=c'],
    ["multipart/related; boundary='===1=='", '===1=='],
    ['multipart/related; type="x"; BOUNDARY=abc; charset=utf-8', 'abc'],
  ])('of %s', (header, expected) => {
    expect(boundaryOf(header)).toBe(expected);
  });

  it.each(['', 'application/json', `multipart/related; boundary=${'x'.repeat(201)}`])('is not in %s', (header) => {
    expect(() => boundaryOf(header)).toThrow(/no boundary/);
  });
});
