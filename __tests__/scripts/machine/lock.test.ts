import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { withLock } from '../../../scripts/machine/lock.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('bodies under one name run one after the other, also after one that throws', async () => {
  const name = `test-${process.pid}`;
  let inside = 0;
  let most = 0;
  const body = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await delay(20);
    inside -= 1;
    throw new Error('done');
  };
  const results = await Promise.allSettled([withLock(name, body), withLock(name, body), withLock(name, body)]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(most).toBe(1);
});
