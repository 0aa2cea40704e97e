import { describe, expect, it } from '@jest/globals';
import { exitStatus } from '../../../src/local/containers/failure.ts';

describe('exitStatus', () => {
  it.each([
    [
      'an exit code',
      { exitCode: 1, oomKilled: false },
      /^The replica workerpool1-0 exited with a non-zero status of 1\. Termination reason: Error\. To find out more/,
    ],
    [
      'memory',
      { exitCode: 137, oomKilled: true },
      /^The replica workerpool1-0 ran out of memory and exited with a non-zero status of 137\./,
    ],
  ])('%s', (_name, exit, expected) => {
    expect(exitStatus('workerpool1-0', exit, '42')).toEqual({ code: 3, message: expect.stringMatching(expected) });
  });
});
