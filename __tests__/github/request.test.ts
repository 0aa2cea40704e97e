import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/faults.ts';
import { GithubError } from '../../src/github/error.ts';
import { askGithub, type GithubOptions } from '../../src/github/request.ts';
import { type Answer, loopbacks } from '../google/loopback.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { failureOf, githubs, optionsFor, TOKEN } from './given.ts';

const newServer = loopbacks();
const newGithub = githubs();
const QUESTION = { route: 'GET /repos/{owner}/{repo}', permission: 'actions: read' };
const OK: Answer = { body: { id: 1 } };

/** GitHub's API with these answers in turn, the last one ever after. */
async function opened(answers: readonly Answer[], more: Partial<GithubOptions> = {}) {
  const server = await newServer((_, index) => answers[Math.min(index, answers.length - 1)] ?? OK);
  const options = optionsFor(server.url, more);
  return { server, options, ask: askGithub(options) };
}

const RESET = String(Date.parse('2026-11-23T06:00:00Z') / 1_000);
const limits = (remaining: string, reset = RESET) => ({
  'x-ratelimit-remaining': remaining,
  'x-ratelimit-reset': reset,
  date: 'Mon, 23 Nov 2026 05:00:00 GMT',
});

test('a question is asked of the repository, signed and with the wish for JSON', async () => {
  const { server, ask } = await opened([OK]);
  expect((await ask(QUESTION)).data).toEqual({ id: 1 });
  expect(server.seen.map(({ method, url, headers }) => [method, url, headers.authorization])).toEqual([
    ['GET', '/repos/octo-org/digits', `token ${TOKEN}`],
  ]);
  expect(server.seen[0]?.headers).toMatchObject({
    'user-agent': expect.stringContaining('octokit'),
    accept: 'application/vnd.github.v3+json',
  });
});

describe('what GitHub refuses is told with what mends it', () => {
  const RIGHTS =
    "Give the job 'permissions: actions: read' (beside id-token: write), or give another token in the input github_token.";

  test.each<{ name: string; answer: Answer; message: string; kind: string }>([
    {
      name: 'a right that the token lacks',
      answer: { status: 403, headers: limits('4999'), body: { message: 'Resource not accessible by integration' } },
      message: `GitHub answered HTTP 403: Resource not accessible by integration. ${RIGHTS}`,
      kind: 'denied',
    },
    {
      name: 'the hourly limit',
      answer: { status: 403, headers: limits('0'), body: { message: 'API rate limit exceeded for installation.' } },
      message:
        'GitHub answered HTTP 403: API rate limit exceeded for installation. Its rate limit is reached, until 2026-11-23T06:00:00.000Z: run the job again after that.',
      kind: 'limited',
    },
    {
      name: 'the hourly limit by its headers',
      answer: { status: 403, headers: limits('0'), body: { message: 'Forbidden' } },
      message:
        'HTTP 403: Forbidden. Its rate limit is reached, until 2026-11-23T06:00:00.000Z: run the job again after that.',
      kind: 'limited',
    },
    {
      name: 'the hourly limit by its status',
      answer: { status: 429, headers: limits('0'), body: { message: 'too much' } },
      message: 'HTTP 429: too much. Its rate limit is reached, until 2026-11-23T06:00:00.000Z:',
      kind: 'limited',
    },
    {
      name: 'a long secondary limit',
      answer: {
        status: 403,
        headers: { ...limits('4000'), 'retry-after': '61' },
        body: { message: 'You have exceeded a secondary rate limit.' },
      },
      message:
        'GitHub answered HTTP 403: You have exceeded a secondary rate limit. Its rate limit is reached, for 61 s more: run the job again after that.',
      kind: 'limited',
    },
    {
      name: 'a token that is none',
      answer: { status: 401, body: { message: 'Bad credentials' } },
      message:
        'GitHub answered HTTP 401: Bad credentials. GitHub does not take the token in the input github_token, or no longer: give one that is valid.',
      kind: 'unauthorised',
    },
    {
      name: 'nothing of that name',
      answer: { status: 404, body: { message: 'Not Found' } },
      message: `HTTP 404: Not Found. There is no such thing, or this token may not see it. ${RIGHTS}`,
      kind: 'missing',
    },
    {
      name: 'another refusal',
      answer: { status: 410, body: { message: 'gone' } },
      message: 'HTTP 410',
      kind: 'refused',
    },
    { name: 'a refusal without words', answer: { status: 403, body: '' }, message: 'HTTP 403. Give', kind: 'denied' },
    {
      name: 'a redirect that goes round',
      answer: { status: 301, headers: { location: '/repos/octo-org/digits' }, body: '' },
      message: 'GitHub gave no answer: ',
      kind: 'unanswered',
    },
  ])('$name', async ({ answer, message, kind }) => {
    const { ask, server, options } = await opened([answer]);
    const error = await failureOf(ask(QUESTION));
    expect(error.message).toContain(message);
    expect(error.kind).toBe(kind);
    if (kind === 'unanswered') return;
    expect([server.seen.length, options.clock.slept]).toEqual([1, []]);
    // The message holds what GitHub said, so that it is not told again as the cause.
    expect(messageOf(error)).toBe(error.message);
  });

  test('in one line that is no command, whatever GitHub says', async () => {
    const { ask } = await opened([{ status: 410, body: { message: 'a\n::error::b\r##[error]c\u001b[31m' } }]);
    const { message } = await failureOf(ask(QUESTION));
    expect(message).toMatch(/^GitHub answered HTTP 410: a ::error::b ##\\\[error\]c\b[ -~]*$/);
  });

  test('briefly, however much GitHub says', async () => {
    const { ask } = await opened([{ status: 410, body: { message: 'x'.repeat(100_000) } }]);
    expect((await failureOf(ask(QUESTION))).message.length).toBeLessThan(500);
  });

  test('naming the input that the token is given in', async () => {
    const { ask } = await opened([{ status: 401, body: { message: 'Bad credentials' } }], { input: 'token' });
    expect((await failureOf(ask(QUESTION))).message).toContain('the token in the input token');
  });
});

describe('the token is in no error', () => {
  test.each<{ name: string; token: string; answer: Answer }>([
    { name: 'though GitHub says it', token: TOKEN, answer: { status: 410, body: { message: `bad ${TOKEN}!` } } },
    { name: 'though it is no header', token: 'ghs_first\nghs_second', answer: OK },
    { name: 'though it is in no alphabet', token: 'ghs_\u{1f600}secret', answer: OK },
  ])('$name', async ({ token, answer }) => {
    const { ask } = await opened([answer], { token });
    const error = await failureOf(ask(QUESTION));
    const whole = [messageOf(error), error.stack, JSON.stringify(error.cause)].join('\n');
    for (const part of token.split('\n')) expect(whole).not.toContain(part);
    expect(error.message).toMatch(/^GitHub (?:answered HTTP 410: bad \*\*\*!|gave no answer: )/);
  });
});

describe('a limit that ends soon is waited for', () => {
  const SECONDARY = { message: 'You have exceeded a secondary rate limit.' };
  test.each<{ name: string; answer: Answer; waitMs: number }>([
    {
      name: 'by Retry-After',
      answer: { status: 403, headers: { ...limits('4000'), 'retry-after': '60' }, body: SECONDARY },
      waitMs: 60_000,
    },
    {
      name: 'by the end of the hour, counted by the clock of GitHub',
      answer: { status: 403, headers: limits('0', String(Date.parse('2026-11-23T05:00:40Z') / 1_000)), body: {} },
      waitMs: 41_000,
    },
    {
      name: 'whose end is past already',
      answer: { status: 429, headers: limits('0', '1'), body: {} },
      waitMs: 1_000,
    },
    { name: 'that does not say for how long', answer: { status: 403, body: SECONDARY }, waitMs: 60_000 },
    {
      name: 'whose headers are no numbers',
      answer: { status: 429, headers: { 'retry-after': '::error::x', 'x-ratelimit-remaining': '0' }, body: {} },
      waitMs: 60_000,
    },
  ])('$name', async ({ answer, waitMs }) => {
    const { ask, server, options } = await opened([answer, OK]);
    expect((await ask(QUESTION)).data).toEqual({ id: 1 });
    expect([server.seen.length, options.clock.slept]).toEqual([2, [waitMs]]);
    expect(options.log.texts('info')).toEqual([`GitHub's rate limit is reached: waiting ${waitMs / 1_000} s.`]);
  });

  test('twice, and no longer', async () => {
    const answer = { status: 429, headers: { 'retry-after': '5' }, body: {} };
    const { ask, server, options } = await opened([answer]);
    expect((await failureOf(ask(QUESTION))).message).toContain('for 5 s more');
    expect([server.seen.length, options.clock.slept]).toEqual([3, [5_000, 5_000]]);
  });

  test('also where the question must not be asked twice: what is refused has not been done', async () => {
    const answer = { status: 403, headers: { 'retry-after': '5' }, body: SECONDARY };
    const { ask, server } = await opened([answer, OK]);
    expect((await ask({ ...QUESTION, once: true })).data).toEqual({ id: 1 });
    expect(server.seen).toHaveLength(2);
  });
});

describe('no answer', () => {
  test.each<{ name: string; answer: Answer; message: RegExp }>([
    { name: 'a passing failure', answer: { status: 502, body: '<html>' }, message: /^GitHub answered HTTP 502: / },
    { name: 'a busy one', answer: { status: 503, body: { message: 'busy' } }, message: /HTTP 503: busy\./ },
    { name: 'a broken connection', answer: { body: '', lack: 'reset' }, message: /^GitHub gave no answer: / },
    { name: 'what is no JSON', answer: { body: '<html>' }, message: /no answer: what came is not whole, or no JSON\./ },
    { name: 'an empty body', answer: { body: '' }, message: /no answer: what came is not whole/ },
  ])('is asked for again, a few times: $name', async ({ answer, message }) => {
    const { ask, server, options } = await opened([answer, answer, OK]);
    expect((await ask(QUESTION)).data).toEqual({ id: 1 });
    expect([server.seen.length, options.clock.slept]).toEqual([3, [250, 500]]);
    const always = await opened([answer]);
    const error = await failureOf(always.ask(QUESTION));
    expect(error.message).toMatch(message);
    expect([error.kind, always.server.seen.length]).toEqual(['unanswered', 4]);
  });

  test('that is whole', async () => {
    const api = await newGithub();
    api.goWrong('GET', 'cut', 2);
    const options = optionsFor(api.url);
    expect((await askGithub(options)(QUESTION)).data).toMatchObject({ id: 700123456 });
    expect([api.requests().length, options.clock.slept, api.problems]).toEqual([3, [250, 500], []]);
  });

  test('at all', async () => {
    const error = await failureOf(askGithub(optionsFor('http://127.0.0.1:1'))(QUESTION));
    expect([error.kind, error.httpStatus]).toEqual(['unanswered', undefined]);
    expect(error.message).toMatch(/^GitHub gave no answer: /);
  });

  test('in time', async () => {
    const { ask } = await opened([{ body: '', lack: 'hang' }], { answerMs: 20 });
    expect((await failureOf(ask(QUESTION))).message).toBe('GitHub gave no answer: none came within 0.02 s.');
  });

  test('to what must not be asked twice is not asked for again', async () => {
    const { ask, server } = await opened([{ status: 502, body: {} }]);
    expect((await failureOf(ask({ ...QUESTION, once: true }))).kind).toBe('unanswered');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a signal that aborts ends it at once, with its reason', () => {
  const reason = new Error('cancelled');

  test('before it is asked', async () => {
    const { ask, server } = await opened([OK], { signal: AbortSignal.abort(reason) });
    await expect(ask(QUESTION)).rejects.toBe(reason);
    expect(server.seen).toEqual([]);
  });

  test('while an answer is waited for', async () => {
    const stop = new AbortController();
    const server = await newServer(() => {
      setImmediate(() => stop.abort(reason));
      return { body: '', lack: 'hang' };
    });
    await expect(askGithub(optionsFor(server.url, { signal: stop.signal }))(QUESTION)).rejects.toBe(reason);
  });

  test('while a limit is waited for', async () => {
    const stop = new AbortController();
    const { options } = await opened([{ status: 429, headers: { 'retry-after': '60' }, body: {} }], {
      signal: stop.signal,
    });
    const clock = new SimulatedClock();
    clock.at(1_000, () => stop.abort(reason));
    await expect(askGithub({ ...options, clock })(QUESTION)).rejects.toBe(reason);
  });
});

test('what is no failure of GitHub is one all the same, with its cause', async () => {
  const cause = new Error('a fault of this program');
  const options = { ...optionsFor('http://127.0.0.1:1'), request: () => Promise.reject(cause) };
  const error = await failureOf(askGithub(options)({ ...QUESTION, once: true }));
  expect(error).toBeInstanceOf(GithubError);
  expect(error.cause).toBe(cause);
});
