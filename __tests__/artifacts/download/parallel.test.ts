import { describe, expect, test } from '@jest/globals';
import { inParallel } from '../../../src/artifacts/download/parallel.ts';

const turn = () => new Promise((done) => setImmediate(done));

describe('work on several things', () => {
  test('is done once for each, so many at a time', async () => {
    const seen: number[] = [];
    let now = 0;
    let most = 0;
    await inParallel([...Array(10).keys()], 3, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await turn();
      seen.push(item);
      now -= 1;
    });
    expect([seen.sort((a, b) => a - b), most]).toEqual([[...Array(10).keys()], 3]);
  });

  test('ends with the first failure, once all that was begun is over', async () => {
    const begun: number[] = [];
    let over = 0;
    const heard: unknown[] = [];
    const work = inParallel(
      [...Array(10).keys()],
      2,
      async (item) => {
        begun.push(item);
        await turn();
        if (item === 1) throw new Error('first');
        await turn();
        over += 1;
        if (item === 0) throw new Error('second');
      },
      (error) => heard.push(error),
    );
    await expect(work).rejects.toThrow('first');
    expect([begun, over, heard]).toEqual([[0, 1], 1, [new Error('first'), new Error('second')]]);
  });

  test('may be none', async () => {
    await inParallel([], 3, () => Promise.reject(new Error('never')));
  });
});
