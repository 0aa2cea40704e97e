import { describe, expect, it } from '@jest/globals';
import { tuningFailure } from '../../../src/local/study/trial-rules.ts';
import type { Trial } from '../../../src/vertex/types.ts';

describe('tuningFailure', () => {
  const trials = (text: string): Trial[] =>
    [...text].map((letter, index) => ({
      id: String(index + 1),
      state: letter === 'F' ? 'INFEASIBLE' : 'SUCCEEDED',
      parameters: [],
      infeasibleReason: 'why',
    }));
  it.each([
    ['nothing failed', 0, 'SSS', true, undefined],
    ['the first to end failed', 0, 'F', false, /first trial.*Trial 1: why/],
    ['a later one failed', 0, 'SFF', false, undefined],
    ['more than half failed at the end', 0, 'SFF', true, /More than half.*2 of 3/],
    ['half failed at the end', 0, 'SF', true, undefined],
    ['below the limit', 2, 'FS', true, undefined],
    ['at the limit', 2, 'FSF', false, /2 failed trials.*is 2\. Trial 1/],
  ] as const)('%s', (_name, maxFailedTrialCount, finished, isEnd, expected) => {
    const found = tuningFailure({ maxFailedTrialCount }, trials(finished), isEnd);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });
});
