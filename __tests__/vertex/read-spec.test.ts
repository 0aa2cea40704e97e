import { expect, test } from '@jest/globals';
import { readSpec } from '../../src/vertex/read-spec.ts';

test.each<{ scheduling: unknown; strategy: string | undefined }>([
  { scheduling: undefined, strategy: undefined },
  { scheduling: {}, strategy: undefined },
  { scheduling: { strategy: 'SPOT' }, strategy: 'SPOT' },
  { scheduling: { strategy: 'STRATEGY_UNSPECIFIED' }, strategy: undefined },
  { scheduling: { strategy: 'ONE_TO_COME' }, strategy: 'ONE_TO_COME' },
  { scheduling: { strategy: 4 }, strategy: 'SPOT' },
  { scheduling: { strategy: 6 }, strategy: 'FLEX_START' },
  { scheduling: { strategy: 0 }, strategy: undefined },
  { scheduling: { strategy: 5 }, strategy: undefined },
  { scheduling: 'SPOT', strategy: undefined },
])('how machines are had is read from $scheduling', ({ scheduling, strategy }) => {
  expect(readSpec({ jobSpec: { scheduling } })?.strategy).toBe(strategy);
});

test('the persistent resource of a job, of trials and of a pipeline is read', () => {
  const spec = { persistentResourceId: 'shared' };
  for (const job of [{ jobSpec: spec }, { trialJobSpec: spec }, { trainingTaskInputs: spec }]) {
    expect(readSpec(job)?.persistentResource).toBe('shared');
  }
  expect(readSpec({ jobSpec: { persistentResourceId: '' } })?.persistentResource).toBeUndefined();
});
