import { mkdtemp, open, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChecksumCache } from '../../../src/local/storage/checksums.ts';
import type { FileFacts } from '../../../src/local/storage/files.ts';

const SECOND = 1_000;
const ONE = { crc32c: '4waSgw==', md5Hash: 'JfnnlDI7RTiF9RgfG2JNCw==' };
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checksums-'));
  path = join(folder, 'file');
  await writeFile(path, '123456789');
});
afterEach(() => rm(folder, { recursive: true }));

async function factsOf(file: string): Promise<FileFacts & { readonly changedMs: number }> {
  const { size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return { size: Number(size), writtenNs: mtimeNs, changedNs: ctimeNs, changedMs: Number(ctimeNs / 1_000_000n) };
}

/** Asks the cache for the file as `facts` tell of it, whatever it holds by now. */
async function ask(cache: ChecksumCache, facts: FileFacts, now: number) {
  const file = await open(path);
  try {
    return await cache.of(file, path, facts, now);
  } finally {
    await file.close();
  }
}

describe('checksums', () => {
  it('of a file that has been left alone are computed once', async () => {
    const cache = new ChecksumCache();
    const facts = await factsOf(path);
    expect(cache.known(path, facts)).toBeUndefined();
    expect(await ask(cache, facts, facts.changedMs + 10 * SECOND)).toEqual(ONE);
    await writeFile(path, '987654321');
    expect(await ask(cache, facts, facts.changedMs + 10 * SECOND)).toMatchObject(ONE);
    expect(cache.known(path, facts)).toMatchObject(ONE);
    expect(await ask(cache, await factsOf(path), facts.changedMs + 10 * SECOND)).not.toMatchObject(ONE);
  });

  it('of a file that was just written are computed again: it may change within one tick of its times', async () => {
    const cache = new ChecksumCache();
    const facts = await factsOf(path);
    expect(await ask(cache, facts, facts.changedMs + SECOND)).toEqual(ONE);
    await writeFile(path, '987654321');
    expect(await ask(cache, facts, facts.changedMs + SECOND)).not.toMatchObject(ONE);
  });

  it('that are asked for side by side are computed once', async () => {
    const cache = new ChecksumCache();
    const facts = await factsOf(path);
    const [one, other] = [await open(path), await open(path)];
    const first = cache.of(one, path, facts, 0);
    // Nothing can be read any more by whom comes second.
    await other.close();
    expect(await Promise.all([first, cache.of(other, path, facts, 0)])).toEqual([ONE, ONE]);
    await one.close();
  });
});

it('a file that is shorter by now than it was is read as far as it goes', async () => {
  const facts = await factsOf(path);
  await truncate(path, 0);
  expect(await ask(new ChecksumCache(), facts, 0)).toEqual({
    crc32c: 'AAAAAA==',
    md5Hash: '1B2M2Y8AsgTpgAmY7PhCfg==',
  });
});
