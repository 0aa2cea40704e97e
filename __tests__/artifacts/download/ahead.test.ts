import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readAhead, SLICE } from '../../../src/artifacts/download/ahead.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import type { ObjectBytes, ReadOptions } from '../../../src/google/object-bytes.ts';
import { tempFolders } from '../../ground/temp-folder.ts';
import { cloudStorages } from '../cloud-storage.ts';
import type { Mishap } from '../media.ts';
import { downloadOf, patterned, workspaceIn } from '../scene.ts';

const newStorage = cloudStorages();
const newFolder = tempFolders();
const signal = new AbortController().signal;

/** Reads of which each gives one chunk that tells its span. */
function reads(over: (options: ReadOptions) => Promise<ObjectBytes> | undefined = () => undefined) {
  const asked: ReadOptions[] = [];
  let now = 0;
  let most = 0;
  const read = async (options: ReadOptions): Promise<ObjectBytes> => {
    asked.push(options);
    now += 1;
    most = Math.max(most, now);
    const other = await over(options);
    if (other !== undefined) return other;
    const { from = 0, to = 0 } = options;
    async function* chunks() {
      await new Promise((done) => setImmediate(done));
      yield Buffer.from(`${from}-${to};`);
      now -= 1;
    }
    return { from, to, chunks: chunks() };
  };
  return { read, asked, most: () => most };
}

async function textOf({ chunks }: ObjectBytes): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

describe('slices', () => {
  test('come several at a time and in their order, up to the end', async () => {
    const { read, asked, most } = reads();
    const size = 5 * SLICE + 3;
    const answer = await readAhead(read, { size, from: 10, width: 3, signal });
    const starts = [0, 1, 2, 3, 4].map((index) => 10 + index * SLICE);
    expect(await textOf(answer)).toBe(starts.map((start) => `${start}-${Math.min(size, start + SLICE)};`).join(''));
    expect([answer.from, answer.to, asked.length, most()]).toEqual([10, size, 5, 3]);
  });

  test('are one where no more is wanted', async () => {
    const { read, asked } = reads();
    expect(await textOf(await readAhead(read, { size: SLICE, from: 0, width: 8, signal }))).toBe(`0-${SLICE};`);
    expect(asked).toHaveLength(1);
  });

  test('are none to a service that knows no ranges', async () => {
    async function* whole() {
      yield Buffer.from('all');
    }
    const { read, asked } = reads(async () => ({ from: 0, to: 3 * SLICE, chunks: whole() }));
    const answer = await readAhead(read, { size: 3 * SLICE, from: SLICE, width: 8, signal });
    expect([answer.from, await textOf(answer), asked.length]).toEqual([0, 'all', 1]);
  });

  test('of which one fails end there, and the others are broken off', async () => {
    const { read, asked } = reads(({ from }) =>
      from === 2 * SLICE ? Promise.reject(new ApiError('lost', undefined)) : undefined,
    );
    const answer = await readAhead(read, { size: 9 * SLICE, from: 0, width: 4, signal });
    const got: string[] = [];
    const reading = async () => {
      for await (const chunk of answer.chunks) got.push(Buffer.from(chunk).toString());
    };
    await expect(reading()).rejects.toThrow('lost');
    expect(got).toEqual([`0-${SLICE};`, `${SLICE}-${2 * SLICE};`]);
    expect(asked.every((each) => each.signal.aborted)).toBe(true);
    expect(asked.length).toBeLessThan(7);
  });

  test('that nobody reads any more are broken off', async () => {
    const { read, asked } = reads();
    for await (const _ of (await readAhead(read, { size: 9 * SLICE, from: 0, width: 4, signal })).chunks) break;
    expect([asked.length, asked.every((each) => each.signal.aborted)]).toEqual([4, true]);
  });
});

test('a large object comes over all connections, whatever becomes of them, and the same bytes come', async () => {
  const bytes = patterned(4 * SLICE + 12_345);
  const mishaps: readonly (Mishap | undefined)[] = [
    undefined,
    { status: 503 },
    undefined,
    { cutAfter: 3_000_000 },
    { cutAfter: 0 },
    undefined,
    { status: 429 },
  ];
  let asked = 0;
  const storage = await newStorage(
    { 'm/large': { bytes }, 'm/small': { bytes: Buffer.from('x') } },
    {
      mishap: ({ kind, name }) => {
        if (kind !== 'read' || name !== 'm/large') return undefined;
        asked += 1;
        return mishaps[asked - 1];
      },
    },
  );
  const workspace = workspaceIn(newFolder());
  const { run, most } = downloadOf(storage, workspace, { width: 3 });
  await run;
  expect(readFileSync(join(workspace, 'out/large')).equals(bytes)).toBe(true);
  expect(most()).toBe(3);
});
