import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunContext } from '../../src/inputs/run-context.ts';
import { identityOf, requestHash } from '../../src/plan/identity.ts';
import { planOf, RUN } from './run.ts';

const OWN = identityOf(RUN, 'null', '');

test('hashes are label values', () => {
  expect(Object.values(OWN)).toEqual([
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
    expect.stringMatching(/^[0-9a-f]{32}$/),
  ]);
  expect(OWN.series).not.toBe(OWN.key);
});

describe('one and the same series and key', () => {
  test.each<{ name: string; run: Partial<RunContext> }>([
    { name: 'in another attempt', run: { runAttempt: '2' } },
    { name: 'at another commit', run: { sha: 'f'.repeat(40) } },
    { name: 'under another name of the workflow', run: { workflow: 'Renamed' } },
    { name: 'in a renamed repository', run: { repository: 'new/name' } },
    { name: 'with another run number', run: { runNumber: '9' } },
  ])('$name', ({ run }) => {
    expect(identityOf({ ...RUN, ...run }, 'null', '')).toEqual(OWN);
  });
});

test('another run is the same series under another key', () => {
  const other = identityOf({ ...RUN, runId: '701' }, 'null', '');
  expect(other.series).toBe(OWN.series);
  expect(other.key).not.toBe(OWN.key);
});

describe('another series', () => {
  test.each<{ name: string; run?: Partial<RunContext>; matrix?: string; jobKey?: string }>([
    { name: 'of another repository', run: { repositoryId: '43' } },
    { name: 'of another workflow', run: { workflowPath: '.github/workflows/b.yml' } },
    { name: 'on another branch', run: { ref: 'refs/heads/b' } },
    { name: 'in another job', run: { jobId: 'other' } },
    { name: 'in another step', run: { stepId: 'other' } },
    { name: 'in another leg of the matrix', matrix: '{"x":1}' },
    { name: 'with a job_key', jobKey: 'a' },
  ])('$name', ({ run = {}, matrix = 'null', jobKey = '' }) => {
    const other = identityOf({ ...RUN, ...run }, matrix, jobKey);
    expect(other.series).not.toBe(OWN.series);
    expect(other.key).not.toBe(OWN.key);
  });

  test('parts never run into one another', () => {
    const ids = new Set(
      [
        ['ab', 'c'],
        ['a', 'bc'],
        ['abc', ''],
        ['', 'abc'],
      ].map(([jobId = '', stepId = '']) => identityOf({ ...RUN, jobId, stepId }, 'null', '').series),
    );
    expect(ids.size).toBe(4);
  });
});

describe('the hash of a request', () => {
  test('does not depend on the order of properties', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(requestHash({ inner: turned })).toBe(requestHash({ inner: value }));
      }),
    );
  });

  test.each([
    { name: 'the order of a list', a: { args: ['x', 'y'] }, b: { args: ['y', 'x'] } },
    { name: 'a number and its text', a: { n: 1 }, b: { n: '1' } },
    { name: 'an absent and an empty field', a: {}, b: { args: [] } },
    { name: 'a mapping and the list of its entries, which JSON tells apart', a: { m: ['k', 1] }, b: { m: ['k', '1'] } },
  ])('tells apart $name', ({ a, b }) => {
    expect(requestHash(a)).not.toBe(requestHash(b));
  });

  const hashOf = (...args: Parameters<typeof planOf>) =>
    planOf(...args).job.resource.labels?.['train-on-vertex-request'];

  test('is of what is asked for, not of the tag that the commit gives the image', () => {
    expect(hashOf({}, { sha: 'f'.repeat(40) })).toBe(hashOf({}));
    expect(hashOf({ args: '--x' })).not.toBe(hashOf({}));
    expect(hashOf({ machine_type: 'n1-standard-8' })).not.toBe(hashOf({}));
  });

  test.each<{ name: string; run: Partial<RunContext> }>([
    { name: 'in another attempt', run: { runAttempt: '2' } },
    { name: 'in another run', run: { runId: '701', runNumber: '8' } },
  ])('is the same $name', ({ run }) => {
    expect(hashOf({}, run)).toBe(hashOf({}));
  });
});
