import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { expectedChecksums, receive } from '../../../src/local/storage/incoming.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incoming-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('content that comes in', () => {
  it('is asked for only as fast as it is written, so that none of it gathers in memory', async () => {
    const path = join(folder, 'large');
    const file = await open(path, 'w');
    const waiting: number[] = [];
    async function* content() {
      for (let sent = 0; sent < 20; sent += 1) {
        waiting.push(sent * 1000 - (await stat(path)).size);
        yield Buffer.alloc(1000, sent);
      }
    }
    expect(await receive(content(), file, { position: 0 })).toBe(20_000);
    await file.close();
    expect(waiting).toEqual(Array(20).fill(0));
  });

  it.each([
    ['none of it', 0, 'abcdef'],
    ['part of a piece', 1, 'bcdef'],
    ['a whole piece', 2, 'cdef'],
    ['more than one', 3, 'def'],
    ['all of it', 6, ''],
  ])('may be there already: %s', async (_name, skip, rest) => {
    const path = join(folder, `skip-${skip}`);
    const file = await open(path, 'w');
    const content = (async function* () {
      for (const part of ['ab', 'cd', 'ef']) yield Buffer.from(part);
    })();
    expect(await receive(content, file, { position: 0, skip })).toBe(rest.length);
    await file.close();
    expect(await readFile(path, 'utf8')).toBe(rest);
  });
});

describe('the checksums that a sender tells', () => {
  it.each([
    ['nothing', undefined, {}, {}],
    ['fields', { md5Hash: 'm', crc32c: 'c' }, {}, { md5Hash: 'm', crc32c: 'c' }],
    ['one header', undefined, { 'x-goog-hash': 'crc32c=c==,md5=m==' }, { md5Hash: 'm==', crc32c: 'c==' }],
    ['headers', {}, { 'x-goog-hash': ['md5=m', 'crc32c=c'] }, { md5Hash: 'm', crc32c: 'c' }],
    ['the one of HTTP', {}, { 'content-md5': 'm' }, { md5Hash: 'm' }],
    ['what is none', { md5Hash: 1 }, { 'x-goog-hash': 'sha256' }, {}],
  ])('are in %s', (_name, said, headers, expected) => {
    expect(expectedChecksums(said, headers)).toEqual(expected);
  });
});
