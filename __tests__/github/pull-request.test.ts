import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type PullRequest, readEvent } from '../../src/github/pull-request.ts';

const OWN = { id: 700123456, full_name: 'octo-org/digits', default_branch: 'main' };
const FORK = { id: 5, full_name: 'mona/digits', default_branch: 'trunk' };
const pull = (number: unknown, from: unknown = OWN) => ({ number, head: { repo: from }, base: { repo: OWN } });
/** As workflow_run events name the repositories of their pull requests. */
const short = ({ id, full_name }: typeof OWN) => ({
  id,
  url: `https://api.github.com/repos/${full_name}`,
  name: 'digits',
});
const listed = (number: unknown, base: typeof OWN = OWN, head: typeof OWN = OWN) => ({
  number,
  head: { repo: short(head) },
  base: { repo: short(base) },
});
const followed = (pulls: unknown, event = 'pull_request') => ({
  repository: OWN,
  workflow_run: { event, pull_requests: pulls },
});

describe('the pull request of an event', () => {
  test.each<{ name: string; payload: unknown; expected: PullRequest | undefined }>([
    {
      name: 'of a branch',
      payload: { action: 'synchronize', number: 7, pull_request: pull(7), repository: OWN },
      expected: { number: 7, fromFork: false },
    },
    { name: 'of a fork', payload: { pull_request: pull(7, FORK) }, expected: { number: 7, fromFork: true } },
    {
      name: 'of a fork that is gone',
      payload: { pull_request: pull(7, null) },
      expected: { number: 7, fromFork: true },
    },
    {
      name: 'of nobody knows where',
      payload: { pull_request: { number: 7 } },
      expected: { number: 7, fromFork: undefined },
    },
    {
      name: 'in a comment on it',
      payload: { issue: { number: 7, pull_request: { url: 'https://x' } }, comment: {} },
      expected: { number: 7, fromFork: undefined },
    },
    { name: 'is none in a comment on an issue', payload: { issue: { number: 7 }, comment: {} }, expected: undefined },
    { name: 'is none in a push', payload: { ref: 'refs/heads/main', repository: OWN }, expected: undefined },
    {
      name: 'is none in the merge queue',
      payload: { merge_group: { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7-abc' }, repository: OWN },
      expected: undefined,
    },
    {
      name: 'is none in what a person gives to workflow_dispatch',
      payload: { inputs: { pull_request: '{"number": 7}' }, client_payload: { pull_request: pull(7) } },
      expected: undefined,
    },
    { name: 'behind a run', payload: followed([listed(7)]), expected: { number: 7, fromFork: false } },
    {
      name: 'behind a run, beside one into a fork',
      payload: followed([listed(3, FORK), listed(7, OWN)]),
      expected: { number: 7, fromFork: false },
    },
    { name: 'is none behind a run of two', payload: followed([listed(7), listed(8)]), expected: undefined },
    { name: 'is none behind a run of a fork', payload: followed([]), expected: undefined },
    { name: 'is none behind a push', payload: followed([listed(7)], 'push'), expected: undefined },
    { name: 'is none behind what is no list', payload: followed({ 0: listed(7) }), expected: undefined },
    { name: 'is none without a number', payload: { pull_request: pull('7/../8') }, expected: undefined },
    { name: 'is none with a number that is none', payload: { pull_request: pull(1.5) }, expected: undefined },
    { name: 'is none with number 0', payload: { pull_request: pull(0) }, expected: undefined },
  ])('$name', ({ payload, expected }) => {
    expect(readEvent(JSON.stringify(payload)).pull).toEqual(expected);
  });
});

test.each<{ name: string; payload: unknown; branch: string | undefined }>([
  { name: 'is told', payload: { repository: OWN }, branch: 'main' },
  {
    name: "is the repository's, not the fork's",
    payload: { repository: OWN, pull_request: pull(7, FORK) },
    branch: 'main',
  },
  { name: 'is not told by a schedule', payload: { schedule: '0 4 * * *' }, branch: undefined },
  { name: 'is no empty text', payload: { repository: { default_branch: '' } }, branch: undefined },
  { name: 'is no number', payload: { repository: { default_branch: 5 } }, branch: undefined },
])('the default branch $name', ({ payload, branch }) => {
  expect(readEvent(JSON.stringify(payload)).defaultBranch).toBe(branch);
});

test.each(['', '{', 'null', '[]', '"x"', '7', '\ufeff{}'])('nothing is read of %j', (text) => {
  expect(readEvent(text)).toEqual({ pull: undefined, defaultBranch: undefined });
});

/** Objects with the names that matter, of whatever values. */
const events = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      null,
      7,
      -1,
      1.5,
      2 ** 60,
      'pull_request',
      'octo-org/digits',
      'https://api.github.com/repos/octo-org/digits',
    ),
    fc.jsonValue(),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'pull_request',
          'issue',
          'workflow_run',
          'pull_requests',
          'number',
          'event',
          'head',
          'base',
          'repo',
          'id',
          'url',
        ],
        ...['repository', 'full_name', 'default_branch', '__proto__', 'constructor'],
      ),
      tie('any'),
      { maxKeys: 6 },
    ),
  ),
})).any;

describe('whatever the event is, it is read', () => {
  const isSound = (text: string) => {
    const { pull: read, defaultBranch } = readEvent(text);
    expect(read === undefined || (Number.isSafeInteger(read.number) && read.number > 0)).toBe(true);
    expect(read === undefined || [true, false, undefined].includes(read.fromFork)).toBe(true);
    expect(defaultBranch === undefined || (typeof defaultBranch === 'string' && defaultBranch !== '')).toBe(true);
  };
  test('if it is JSON', () => {
    fc.assert(
      fc.property(events, (event) => isSound(JSON.stringify(event) ?? '')),
      { numRuns: 500 },
    );
  });
  test('if it is any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), isSound));
  });
});
