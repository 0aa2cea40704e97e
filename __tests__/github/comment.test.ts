import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { COMMENT_LIMIT, type UpsertOptions, upsertComment } from '../../src/github/comment.ts';
import { nextQuery } from '../../src/github/comments.ts';
import { markerOf } from '../../src/github/marker.ts';
import { readRunContext } from '../../src/inputs/run-context.ts';
import { ACTIONS_BOT, type GithubApi, type GithubMishap, type GithubUser } from '../e2e/parts/github.ts';
import { HOSTILE } from '../e2e/parts/hostile.ts';
import { githubs, optionsFor } from './given.ts';

const newGithub = githubs();
const CONTEXT = readRunContext({
  GITHUB_REPOSITORY: 'octo-org/digits',
  GITHUB_REPOSITORY_ID: '700123456',
  GITHUB_WORKFLOW_REF: 'octo-org/digits/.github/workflows/train.yml@refs/pull/7/merge',
  GITHUB_REF: 'refs/pull/7/merge',
  GITHUB_JOB: 'train',
  GITHUB_ACTION: 'train',
});
const MARKER = markerOf(CONTEXT, 'null', '');
const PULL = { number: 7, fromFork: false };
const STRANGER: GithubUser = { id: 9, login: 'mallory', type: 'User' };
const PERSON: GithubUser = { id: 10, login: 'mona', type: 'User' };
const OTHER_APP: GithubUser = { id: 11, login: 'other[bot]', type: 'Bot' };
const body = (text: string) => `${MARKER}\n${text}`;

function put(api: GithubApi, text: string, more: Partial<UpsertOptions> = {}) {
  const options = { ...optionsFor(api.url), pull: PULL, marker: MARKER, body: body(text), ...more };
  return upsertComment(options);
}

const asked = (api: GithubApi) => api.requests().map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
const newest = (api: GithubApi) => api.world.comments.at(-1)?.id;
const urlOf = (id: number | undefined) => `https://github.com/octo-org/digits/pull/7#issuecomment-${id}`;

describe('the comment of a step', () => {
  test('is made once, and updated in place from then on', async () => {
    const api = await newGithub();
    api.world.comment(7, 'a person says something', PERSON);
    expect(await put(api, 'one')).toEqual({ kind: 'created', url: urlOf(newest(api)) });
    const { id } = api.world.comment(7, 'and something else', PERSON);
    expect(await put(api, 'two')).toEqual({ kind: 'updated', url: urlOf(id - 1) });
    expect(api.world.bodies(7)).toEqual(['a person says something', body('two'), 'and something else']);
    expect(asked(api)).toEqual(['GET comments', 'POST comments', 'GET comments', 'GET comments', `PATCH ${id - 1}`]);
    expect(api.problems).toEqual([]);
  });

  test('is sent nothing where it would not change', async () => {
    const api = await newGithub();
    api.world.comment(7, `${body('one').replace('\n', '\r\n')}\n`);
    expect((await put(api, 'one')).kind).toBe('unchanged');
    expect(asked(api)).toEqual(['GET comments']);
  });

  test('stays apart from those of other pull requests and other steps', async () => {
    const api = await newGithub();
    const other = markerOf({ ...CONTEXT, jobId: 'other' }, 'null', '');
    api.world.comment(8, body('of another'));
    api.world.comment(7, `${other}\nof another step`);
    api.world.comment(7, `quoted: ${MARKER}`);
    expect((await put(api, 'one')).kind).toBe('created');
    expect(api.world.bodies(8)).toEqual([body('of another')]);
    expect(api.world.bodies(7)).toEqual([`${other}\nof another step`, `quoted: ${MARKER}`, body('one')]);
  });

  test.each([100, 101, 250])('is found behind %i others', async (count) => {
    const api = await newGithub();
    for (let index = 0; index < count; index += 1) api.world.comment(7, `comment ${index}`, PERSON);
    api.world.comment(7, body('one'));
    expect((await put(api, 'two')).kind).toBe('updated');
    expect(asked(api).filter((each) => each === 'GET comments')).toHaveLength(Math.ceil((count + 1) / 100));
    expect(api.world.bodies(7).filter((each) => each.startsWith(MARKER))).toEqual([body('two')]);
    expect(api.problems).toEqual([]);
  });

  test('is looked for no further than GitHub lets a conversation go', async () => {
    const api = await newGithub();
    for (let index = 0; index < 3_100; index += 1) api.world.comment(7, 'x', PERSON);
    expect((await put(api, 'one')).kind).toBe('created');
    expect(asked(api).filter((each) => each === 'GET comments')).toHaveLength(60);
  });
});

describe('whoever writes the marker', () => {
  test('as a person, has a comment that the app leaves alone', async () => {
    const api = await newGithub();
    api.world.comment(7, body('mine'), STRANGER);
    expect((await put(api, 'one')).kind).toBe('created');
    expect((await put(api, 'two')).kind).toBe('updated');
    expect(api.world.bodies(7)).toEqual([body('mine'), body('two')]);
  });

  test('as another app, has a comment that may not be changed, and a new one is made', async () => {
    const api = await newGithub();
    api.world.comment(7, body('mine'), OTHER_APP);
    expect((await put(api, 'one')).kind).toBe('created');
    expect((await put(api, 'two')).kind).toBe('updated');
    expect(api.world.bodies(7)).toEqual([body('mine'), body('two')]);
  });

  test('as a person, is left alone by the token of another person, who has one comment too', async () => {
    const api = await newGithub();
    api.world.user = PERSON;
    api.world.comment(7, body('mine'), STRANGER);
    expect((await put(api, 'one')).kind).toBe('created');
    expect((await put(api, 'two')).kind).toBe('updated');
    expect(api.world.bodies(7)).toEqual([body('mine'), body('two')]);
    expect(api.problems).toEqual([]);
  });

  test('and deletes the comment while it is changed, gets a new one', async () => {
    const api = await newGithub();
    api.world.comment(7, body('one'));
    api.before('PATCH', () => {
      api.world.comments = [];
    });
    expect((await put(api, 'two')).kind).toBe('created');
    expect(api.world.bodies(7)).toEqual([body('two')]);
  });
});

describe('of comments that raced', () => {
  test('the oldest is kept and updated, the others of the same author are deleted', async () => {
    const api = await newGithub();
    const { id } = api.world.comment(7, body('one'));
    api.world.comment(7, body('mine'), STRANGER);
    api.world.comment(7, body('two'));
    api.world.comment(7, body('not ours'), OTHER_APP);
    api.world.comment(7, body('three'));
    expect(await put(api, 'four')).toEqual({ kind: 'updated', url: urlOf(id) });
    expect(asked(api).filter((each) => each.startsWith('DELETE'))).toHaveLength(2);
    expect(api.world.bodies(7)).toEqual([body('four'), body('mine'), body('not ours')]);
  });

  test('the one that another run made meanwhile stays, where it is older', async () => {
    const api = await newGithub();
    api.before('POST', () => api.world.comment(7, body('of the other run')));
    expect((await put(api, 'one')).kind).toBe('updated');
    expect(api.world.bodies(7)).toEqual([body('one')]);
  });

  test('also where it says the same', async () => {
    const api = await newGithub();
    api.before('POST', () => api.world.comment(7, body('one')));
    const [, { id } = { id: 0 }] = [await put(api, 'one'), ...api.world.comments];
    expect([api.world.bodies(7), id]).toEqual([[body('one')], newest(api)]);
  });

  test('two runs at once leave one', async () => {
    const api = await newGithub();
    const outcomes = await Promise.all([put(api, 'one'), put(api, 'two')]);
    expect(outcomes.map(({ kind }) => kind).filter((kind) => kind === 'refused')).toEqual([]);
    const [left = '', ...more] = api.world.bodies(7);
    expect([[body('one'), body('two')].includes(left), more]).toEqual([true, []]);
  });

  test('what cannot be deleted or seen does no harm', async () => {
    const api = await newGithub();
    api.world.comment(7, body('one'));
    api.world.comment(7, body('two'));
    api.goWrong('DELETE', { status: 410, body: { message: 'no' } });
    expect((await put(api, 'three')).kind).toBe('updated');
    const other = await newGithub();
    other.before('POST', () => other.goWrong('GET', { status: 410, body: { message: 'no' } }));
    expect((await put(other, 'one')).kind).toBe('created');
  });
});

describe('where GitHub does not answer as it should', () => {
  test.each<GithubMishap>(['reset', 'cut', 'unheard', { status: 502, body: { message: 'Bad Gateway' } }])(
    'a comment is not made twice: %p',
    async (mishap) => {
      const api = await newGithub();
      api.goWrong('POST', mishap);
      expect(['created', 'unchanged']).toContain((await put(api, 'one')).kind);
      expect(api.world.bodies(7)).toEqual([body('one')]);
      expect(asked(api).filter((each) => each.startsWith('POST'))).toHaveLength(mishap === 'unheard' ? 1 : 2);
    },
  );

  test.each<GithubMishap>(['reset', 'cut', { status: 500, body: {} }])('it is asked again: %p', async (mishap) => {
    const api = await newGithub();
    api.world.comment(7, body('one'));
    api.goWrong('GET', mishap, 2);
    api.goWrong('PATCH', mishap, 2);
    expect((await put(api, 'two')).kind).toBe('updated');
    expect(api.world.bodies(7)).toEqual([body('two')]);
  });

  test('the outcome is told where it stays so', async () => {
    const api = await newGithub();
    api.goWrong('POST', { status: 503, body: { message: 'busy' } }, 99);
    expect(await put(api, 'one')).toEqual({ kind: 'refused', message: 'GitHub answered HTTP 503: busy.' });
    expect(asked(api).filter((each) => each.startsWith('POST'))).toHaveLength(3);
  });

  test('a limit on what is written is waited for', async () => {
    const api = await newGithub();
    const refusal = { status: 403, body: { message: 'You have exceeded a secondary rate limit.' } };
    api.goWrong('POST', { ...refusal, headers: { 'retry-after': '30' } });
    const options = optionsFor(api.url);
    expect((await put(api, 'one', options)).kind).toBe('created');
    expect([options.clock.slept, api.world.bodies(7)]).toEqual([[30_000], [body('one')]]);
  });

  test('the hourly limit is told with its end', async () => {
    const api = await newGithub();
    api.world.rate = { remaining: 0, reset: 4_102_444_800 };
    expect(await put(api, 'one')).toEqual({
      kind: 'refused',
      message:
        'GitHub answered HTTP 403: API rate limit exceeded for installation ID 1. - https://docs.github.com/rest. Its rate limit is reached, until 2100-01-01T00:00:00.000Z: run the job again after that.',
    });
  });

  test('a step that is cancelled meanwhile ends with its reason', async () => {
    const api = await newGithub();
    const stop = new AbortController();
    const reason = new Error('cancelled');
    api.before('POST', () => stop.abort(reason));
    await expect(put(api, 'one', { signal: stop.signal })).rejects.toBe(reason);
  });
});

describe('a token that may not write', () => {
  const RIGHTS = "Give the job 'permissions: pull-requests: write' (beside id-token: write)";
  const FORK = 'To the run of a pull request from a fork GitHub gives a read-only token';
  test.each<{ name: string; fromFork: boolean | undefined; told: readonly string[]; untold: readonly string[] }>([
    { name: 'for a branch', fromFork: false, told: [RIGHTS, 'input github_token'], untold: [FORK] },
    { name: 'for a fork', fromFork: true, told: [FORK], untold: [RIGHTS] },
    { name: 'for nobody knows which', fromFork: undefined, told: [RIGHTS, FORK], untold: [] },
  ])('is told with what mends it: $name', async ({ fromFork, told, untold }) => {
    const api = await newGithub();
    api.world.rights = new Set(['contents: read']);
    api.world.comment(7, body('one'));
    const outcome = await put(api, 'two', { pull: { number: 7, fromFork } });
    const message = outcome.kind === 'refused' ? outcome.message : '';
    expect(message).toMatch(/^GitHub answered HTTP 403: Resource not accessible by integration\b/);
    for (const part of told) expect(message).toContain(part);
    for (const part of untold) expect(message).not.toContain(part);
    expect(api.world.bodies(7)).toEqual([body('one')]);
  });

  test('is told from a conversation that is locked', async () => {
    const api = await newGithub();
    api.world.locked.add(7);
    const outcome = await put(api, 'one');
    expect(outcome).toEqual({
      kind: 'refused',
      message: expect.stringMatching(/is locked\. .* The conversation of the pull request is locked: unlock it/s),
    });
  });

  test('is told from one that is none', async () => {
    const api = await newGithub();
    const outcome = await put(api, 'one', optionsFor(api.url, { token: 'ghs_another-token' }));
    expect(outcome).toEqual({
      kind: 'refused',
      message:
        'GitHub answered HTTP 401: Bad credentials. GitHub does not take the token in the input github_token, or no longer: give one that is valid.',
    });
  });
});

describe('the body', () => {
  test('reaches GitHub as it is, whatever it holds', async () => {
    const api = await newGithub();
    const text = [...HOSTILE, '\u0000', '"\\', '{{owner}} {owner}', '😀'].join('\n');
    expect((await put(api, text)).kind).toBe('created');
    expect((await put(api, text)).kind).toBe('unchanged');
    expect(api.world.bodies(7)).toEqual([body(text)]);
  });

  test('is the same comment for any text that is put twice', async () => {
    const api = await newGithub();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        expect((await put(api, text)).kind).not.toBe('refused');
        expect((await put(api, text)).kind).toBe('unchanged');
        expect(api.world.bodies(7)).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  test('has at most as many characters as GitHub takes', async () => {
    const api = await newGithub();
    const fits = '😀'.repeat(COMMENT_LIMIT - MARKER.length);
    expect((await put(api, '', { body: MARKER + fits })).kind).toBe('created');
    await expect(put(api, '', { body: `${MARKER}${fits}x` })).rejects.toThrow('more than 65536 characters');
  });

  test('begins with its marker', async () => {
    const api = await newGithub();
    await expect(put(api, '', { body: `x${MARKER}` })).rejects.toThrow('does not begin with its marker');
    expect(api.requests()).toEqual([]);
  });

  test('loses the halves of characters, which are no UTF-8', async () => {
    const api = await newGithub();
    expect((await put(api, 'a\ud800b')).kind).toBe('created');
    expect(api.world.bodies(7)).toEqual([body('a\ufffdb')]);
  });
});

describe('the marker', () => {
  test('is an HTML comment that shows nothing of what it stands for', () => {
    expect(MARKER).toMatch(/^<!-- train-on-vertex:[0-9a-f]{32} -->$/);
  });

  test('is the same in every run and on every ref', () => {
    const other = { ...CONTEXT, ref: 'refs/heads/main', runId: '9', runAttempt: '2', sha: 'x', workflow: 'y' };
    expect(markerOf(other, 'null', '')).toBe(MARKER);
  });

  test.each<{ name: string; marker: string }>([
    { name: 'another repository', marker: markerOf({ ...CONTEXT, repositoryId: '8' }, 'null', '') },
    { name: 'another workflow', marker: markerOf({ ...CONTEXT, workflowPath: 'x.yml' }, 'null', '') },
    { name: 'another job', marker: markerOf({ ...CONTEXT, jobId: 'x' }, 'null', '') },
    { name: 'another step', marker: markerOf({ ...CONTEXT, stepId: 'x' }, 'null', '') },
    { name: 'another leg of a matrix', marker: markerOf(CONTEXT, '{"seed":1}', '') },
    { name: 'another job_key', marker: markerOf(CONTEXT, 'null', 'x') },
  ])('is another one for $name', ({ marker }) => {
    expect(marker).not.toBe(MARKER);
  });
});

describe('the next page', () => {
  test.each<{ name: string; link: string | undefined; query: Record<string, string> | undefined }>([
    { name: 'is none without the header', link: undefined, query: undefined },
    {
      name: 'is the one with rel="next"',
      link: '<https://api.github.com/r/1/c?page=1>; rel="prev", <https://api.github.com/r/1/c?per_page=100&page=3>; rel="next", <https://api.github.com/r/1/c?page=9>; rel="last"',
      query: { page: '3' },
    },
    { name: 'may be told by a cursor', link: '<https://x/c?after=ab%3D%3D>; rel="next"', query: { after: 'ab==' } },
    { name: 'is none after the last', link: '<https://x/c?page=1>; rel="first"', query: undefined },
    { name: 'is none at no address', link: '<::>; rel="next"', query: undefined },
    { name: 'is none without a page', link: '<https://x/c?evil=1>; rel="next"', query: undefined },
    { name: 'is none in what is no header', link: '<<>>;;,rel=next,<a', query: undefined },
  ])('$name', ({ link, query }) => {
    expect(nextQuery({ headers: link === undefined ? {} : { link } })).toEqual(query);
  });

  test('is read of any text, and soon', () => {
    fc.assert(fc.property(fc.string(), (link) => void nextQuery({ headers: { link } })));
    nextQuery({ headers: { link: '<'.repeat(1_000_000) } });
    nextQuery({ headers: { link: `<${'; rel='.repeat(100_000)}` } });
  });
});

test('the bot of GitHub Actions is the author', async () => {
  const api = await newGithub();
  await put(api, 'one');
  expect(api.world.comments.map(({ user }) => user)).toEqual([ACTIONS_BOT]);
});
